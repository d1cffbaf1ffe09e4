import { Button, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { ApiProblem, call } from '../api/client';
import { Failure, Loading } from '../shell/states';
import { forgetSignInCode, onSignInCode, signInCode } from './code';

interface Ways {
  mode: 'dev' | 'oidc';
  issuer?: string;
}

/** DEV publishes its keys at an address that does not exist in OIDC mode. */
async function ways(told: ApiProblem | undefined): Promise<Ways> {
  const mode = told?.body['authMode'];
  if (mode === 'dev') return { mode };
  if (mode !== 'oidc') {
    const keys = await fetch('/.well-known/jwks.json', { cache: 'no-store' }).catch(() => undefined);
    if (!keys) throw new ApiProblem(0, 'unreachable', 'the gateway did not answer; is it still running?');
    if (keys.ok) return { mode: 'dev' };
  }
  const metadata = await call<{ authorization_servers?: string[] }>('/.well-known/oauth-protected-resource', {
    anonymous: true,
  }).catch(() => undefined);
  const issuer = metadata?.authorization_servers?.[0];
  return issuer ? { mode: 'oidc', issuer } : { mode: 'oidc' };
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
  if (way.data.mode === 'oidc') {
    const back = window.location.pathname + window.location.search;
    return (
      <div className="stack">
        <Refusal />
        <p className="quiet">You sign in at {hostOf(way.data.issuer)} and come back to this page.</p>
        <Button component="a" href={`/auth/login?return=${encodeURIComponent(back)}`} size="md">
          Sign in with {hostOf(way.data.issuer)}
        </Button>
      </div>
    );
  }
  return <DevForm {...props} />;
}

/** What the identity provider's way back told, such as a role that is not mapped. */
function Refusal() {
  const query = new URLSearchParams(window.location.search);
  const code = query.get('error');
  if (!code) return null;
  const problem = new ApiProblem(403, code, query.get('detail') ?? 'the sign-in was refused', query.get('requestId') ?? undefined);
  return <Failure title="You were not signed in" problem={problem} />;
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
