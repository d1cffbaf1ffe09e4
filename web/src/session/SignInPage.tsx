import type { ApiProblem } from '../api/client';
import { SchemeButton } from '../shell/SchemeButton';
import { SignIn } from './SignIn';

/** The page of whoever is not signed in. */
export function SignInPage(props: { signedOut: boolean; problem: ApiProblem | undefined; onSignedIn: () => Promise<void> }) {
  return (
    <>
      <header className="header">
        <span className="brand">Mist MCP Gateway</span>
        <span style={{ marginLeft: 'auto' }}>
          <SchemeButton />
        </span>
      </header>
      <main className="sign-in stack">
        <h1>Sign in</h1>
        {props.signedOut && (
          <p className="notice good" role="status">
            You are signed out.
          </p>
        )}
        <SignIn problem={props.problem} onSignedIn={props.onSignedIn} />
      </main>
    </>
  );
}
