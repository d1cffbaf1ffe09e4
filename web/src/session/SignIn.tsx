import { Button, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { base } from '../api/base';
import { ApiProblem, call } from '../api/client';
import { Failure, Loading } from '../shell/states';
import { forgetSignInCode, onSignInCode, signInCode } from './code';
import { refusalOf, SignInRefused, textsOf } from './refusal';

interface Ways {
  mode: 'dev' | 'oidc';
  issuer?: string;
  /** Whether the gateway is a client of the provider. */
  setUp: boolean;
}

/** What the gateway told when it did not know this browser; else DEV is known by its keys, which OIDC mode does not have. */
async function ways(told: ApiProblem | undefined): Promise<Ways> {
  const mode = told?.body['authMode'];
  const issuer = told?.body['issuer'];
  if (mode === 'dev') return { mode, setUp: true };
  if (mode === 'oidc' && typeof issuer === 'string') return { mode, issuer, setUp: told?.body['signInSetUp'] !== false };
  if (mode !== 'oidc') {
    const keys = await fetch(`${base}/.well-known/jwks.json`, { cache: 'no-store' }).catch(() => undefined);
    if (!keys) throw new ApiProblem(0, 'unreachable', 'the gateway did not answer; is it still running?');
    if (keys.ok) return { mode: 'dev', setUp: true };
  }
  const metadata = await call<{ authorization_servers?: string[] }>('/.well-known/oauth-protected-resource', {
    anonymous: true,
  }).catch(() => undefined);
  const named = metadata?.authorization_servers?.[0];
  return named ? { mode: 'oidc', issuer: named, setUp: true } : { mode: 'oidc', setUp: true };
}

function hostOf(issuer: string | undefined): string {
  try {
    return issuer ? new URL(issuer).host : 'your identity provider';
  } catch {
    return 'your identity provider';
  }
}

interface Props {
  problem: ApiProblem | undefined;
  onSignedIn: () => Promise<void>;
  name?: string;
}

/** The way in that this gateway offers: its own DEV form, or an identity provider. */
export function SignIn(props: Props) {
  const way = useQuery({ queryKey: ['session', 'ways'], queryFn: () => ways(props.problem), staleTime: Infinity });
  if (way.isPending) return <Loading what="how to sign in" />;
  if (way.isError) return <Failure title="No way to sign in" problem={way.error} retry={() => void way.refetch()} />;
  if (way.data.mode === 'oidc') return <ProviderSignIn {...props} issuer={way.data.issuer} setUp={way.data.setUp} />;
  return <DevForm {...props} />;
}

/** The address that signs in at the provider and comes back to this page. */
export function signInAddress(fresh = false): string {
  const back = window.location.pathname.slice(base.length) + window.location.search;
  return `${base}/auth/login?${fresh ? 'fresh=1&' : ''}return=${encodeURIComponent(back)}`;
}

function ProviderSignIn({ problem, issuer, setUp }: Props & { issuer: string | undefined; setUp: boolean }) {
  const refusal = refusalOf(problem?.body);
  const ended = textsOf(problem?.body['ended']);
  if (!setUp) {
    return (
      <div className="notice">
        <strong>Signing in with a browser is not set up</strong>
        <p>
          This gateway takes bearer tokens only. An operator sets it up with <code>OIDC_CLIENT_ID</code>.
        </p>
      </div>
    );
  }
  return (
    <div className="stack">
      {refusal && <SignInRefused refusal={refusal} />}
      {!refusal && ended['detail'] && (
        <div className="notice" role="status">
          <strong>Your sign-in has ended</strong>
          <p>{ended['detail']}</p>
          <p className="mono">{ended['code']}</p>
        </div>
      )}
      <p className="quiet">You sign in at {hostOf(issuer)} and come back to this page.</p>
      <Button component="a" href={signInAddress()} size="md">
        Sign in with {hostOf(issuer)}
      </Button>
      {refusal && (
        <a className="link" href={`${signInAddress()}&switch=1`}>
          Sign in as somebody else
        </a>
      )}
    </div>
  );
}

/** The command that prints a fresh link. */
const FRESH_LINK = './mist login';

function DevForm({ onSignedIn, name: known, problem: told }: Props) {
  const code = useSyncExternalStore(onSignInCode, signInCode);
  // A code lives for a minute; handed in at once it opens this browser's sign-in for as long as the form takes.
  const permit = useMutation({
    mutationFn: async (found: string) => {
      forgetSignInCode();
      await call('/auth/dev/session', { method: 'POST', anonymous: true, body: { code: found } });
    },
  });
  useEffect(() => {
    if (code) permit.mutate(code);
  }, [code]);
  const permitted = permit.isSuccess || permit.isPending || told?.body['signInPermitted'] === true;
  const [name, setName] = useState(known ?? '');
  const [role, setRole] = useState('ReadOnly');
  const [sites, setSites] = useState('');
  const [minutes, setMinutes] = useState<number | string>(15);
  const listed = sites.split(/[\s,]+/).filter((site) => site !== '');
  const signIn = useMutation({
    mutationFn: async () => {
      await call('/auth/dev/session', {
        method: 'POST',
        anonymous: true,
        body: {
          sub: name.trim(),
          ...(name.includes('@') ? { email: name.trim() } : {}),
          roles: [role],
          ...(listed.length > 0 ? { sites: listed } : {}),
          ttl: Math.round(Number(minutes) * 60),
        },
      });
      await onSignedIn();
    },
  });
  return (
    <form
      className="stack card large"
      aria-label="DEV sign-in"
      onSubmit={(event) => {
        event.preventDefault();
        signIn.mutate();
      }}
    >
      <div className="row">
        <span className="pill ribbon">DEV sign-in</span>
        <span className="quiet">You choose who you are. For this machine only.</span>
      </div>
      <TextInput
        label="Name"
        description="A name or an e-mail address; it stands in every audit record."
        required
        maxLength={128}
        autoComplete="username"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NativeSelect
        label="Role"
        value={role}
        onChange={(event) => setRole(event.currentTarget.value)}
        data={[
          { value: 'ReadOnly', label: 'ReadOnly: look, never change' },
          { value: 'ReadWrite', label: 'ReadWrite: plan changes, apply after approval' },
        ]}
      />
      <TextInput
        label="Sites"
        description="Ids of sites, with commas between; empty means all."
        value={sites}
        onChange={(event) => setSites(event.currentTarget.value)}
      />
      <NumberInput
        label="Minutes"
        description="How long the sign-in lasts, 1 to 60."
        min={1}
        max={60}
        allowDecimal={false}
        hideControls
        value={minutes}
        onChange={setMinutes}
      />
      {!permitted && !permit.isError && !signIn.isError && (
        <p className="notice">
          <strong>This browser needs a sign-in link first</strong>
          The link that <code>./mist up</code> prints works once and for a minute. Run <code>{FRESH_LINK}</code> for a fresh one.
        </p>
      )}
      {permit.isError && !signIn.isError && <SignInFailure problem={permit.error} />}
      {signIn.isError && <SignInFailure problem={signIn.error} />}
      <Button type="submit" size="md" loading={signIn.isPending} disabled={name.trim() === ''}>
        Sign in
      </Button>
    </form>
  );
}

function SignInFailure({ problem }: { problem: Error }) {
  const code = problem instanceof ApiProblem ? problem.code : '';
  if (/^sign_in_code_/.test(code)) {
    return (
      <Failure title={code === 'sign_in_code_required' ? 'A sign-in code is needed' : 'This sign-in code does not work any more'} problem={problem}>
        <p>
          Run <code>{FRESH_LINK}</code> for a fresh link and open it in this browser. What you filled in here stays.
        </p>
      </Failure>
    );
  }
  return <Failure title="You were not signed in" problem={problem} />;
}
