import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useRef, useState, type ReactNode } from 'react';
import { ApiProblem, call, setCsrfToken, whenSignedOut } from '../api/client';
import type { Session } from '../api/types';
import { forgetDrafts, keepDraftsOf } from '../chat/drafts';
import { Failure, Loading } from '../shell/states';
import { SignIn, signInAddress } from './SignIn';
import { SignInPage } from './SignInPage';

const Current = createContext<Session | undefined>(undefined);

/** Who is signed in. Only below the gate. */
export function useSession(): Session {
  const session = useContext(Current);
  if (!session) throw new Error('used outside the session gate');
  return session;
}

const who = (session: Session) => `${session.iss}|${session.sub}`;

/**
 * Shows the pages to whoever is signed in, else the sign-in. When the browser session ends in the middle, the page
 * stays as it is beneath a sign-in, so that nothing typed is lost.
 */
export function SessionGate({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [known, setKnown] = useState<Session>();
  const [ended, setEnded] = useState(false);
  const [signedOut, setSignedOut] = useState(false);
  const [again, setAgain] = useState(false);
  const session = useQuery({
    queryKey: ['session'],
    queryFn: ({ signal }) => call<Session>('/auth/session', { signal, anonymous: true }),
    staleTime: 30_000,
    refetchInterval: 60_000,
    refetchOnWindowFocus: 'always',
  });
  const problem = session.error instanceof ApiProblem ? session.error : undefined;
  const fresh = session.data;
  const unknown = problem?.status === 401;

  useEffect(
    () =>
      whenSignedOut(() => {
        setEnded(true);
        // The gateway tells there why it ended.
        void queries.invalidateQueries({ queryKey: ['session'], exact: true });
      }),
    [],
  );
  useEffect(() => {
    if (unknown && known) setEnded(true);
  }, [unknown, known]);
  useEffect(() => {
    if (!fresh || unknown) return;
    setCsrfToken(fresh.csrf);
    keepDraftsOf(who(fresh));
    if (known && who(known) !== who(fresh)) {
      queries.removeQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
    }
    setKnown(fresh);
    setEnded(false);
  }, [fresh, unknown, session.dataUpdatedAt]);

  const signedIn = async () => {
    setSignedOut(false);
    setAgain(false);
    await session.refetch();
    await queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
  };
  const leave = () => {
    forgetDrafts();
    setKnown(undefined);
    setEnded(false);
    setSignedOut(true);
    queries.clear();
  };

  // The provider asks anew who it is, and sends the browser back to this page; DEV asks in a dialog.
  const proveAgain = () => {
    if (known?.authMode === 'oidc') window.location.assign(signInAddress(true));
    else setAgain(true);
  };

  if (!known) {
    if (signedOut || unknown) return <SignInPage signedOut={signedOut} problem={problem} onSignedIn={signedIn} />;
    if (problem) {
      return (
        <main className="sign-in">
          <Failure title="The gateway does not answer as it should" problem={problem} retry={() => void session.refetch()} />
        </main>
      );
    }
    return (
      <main className="sign-in" aria-busy="true">
        <h1 className="hidden">Mist MCP Gateway</h1>
        <Loading what="your sign-in" />
      </main>
    );
  }
  return (
    <Current.Provider value={known}>
      <Leave.Provider value={leave}>
        <ProveAgain.Provider value={proveAgain}>
          {children}
          {(ended || again) && (
            <Dialog title={ended ? 'Your sign-in has ended' : 'Prove who you are'} {...(ended ? {} : { onClose: () => setAgain(false) })}>
              <p className="quiet">
                {ended ? 'Nothing that you typed is lost. Sign in again and go on where you were.' : 'Sign in again as who you are, for the plan that you want to approve.'}
              </p>
              <SignIn problem={problem} onSignedIn={signedIn} name={known.sub} />
            </Dialog>
          )}
        </ProveAgain.Provider>
      </Leave.Provider>
    </Current.Provider>
  );
}

const Leave = createContext<() => void>(() => {});

/** Forgets who was signed in, after the gateway has. */
export const useLeave = () => useContext(Leave);

const ProveAgain = createContext<() => void>(() => {});

/** Lets the human prove anew who they are, for an approval at level `fresh-login`, and come back to this page. */
export const useProveAgain = () => useContext(ProveAgain);

/** A dialog above the page, which stays as it was: the browser keeps the focus inside and gives it back after. */
function Dialog({ title, onClose, children }: { title: string; onClose?: () => void; children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = dialog.current;
    if (shown && !shown.open) shown.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog
      className="ended"
      ref={dialog}
      aria-labelledby="dialog-title"
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
    >
      <h2 id="dialog-title">{title}</h2>
      {children}
      {onClose && (
        <button type="button" className="quiet-button" onClick={onClose}>
          Cancel
        </button>
      )}
    </dialog>
  );
}
