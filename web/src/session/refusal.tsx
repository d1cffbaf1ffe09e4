import { ApiProblem } from '../api/client';
import type { Json, Refusal } from '../api/types';
import { Failure } from '../shell/states';

/** The members of an object that are texts. */
export function textsOf(value: Json | undefined): Record<string, string> {
  if (!value || typeof value !== 'object' || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** Why the provider's way back did not sign this browser in, as the gateway keeps it for a while. */
export function refusalOf(body: { [key: string]: Json } | undefined): Refusal | undefined {
  const { code, detail, requestId } = textsOf(body?.['refusal']);
  return code && detail ? { code, detail, ...(requestId ? { requestId } : {}) } : undefined;
}

const TITLES: Record<string, string> = {
  no_role: 'You have no role here',
  groups_overage: 'Your groups did not come along',
  sign_in_declined: 'The provider did not sign you in',
  sign_in_not_fresh: 'You were not asked to prove who you are',
  sign_in_other_person: 'Somebody else signed in',
  sign_in_provider_unavailable: 'The provider does not answer as it should',
};

const HELP: Record<string, string> = {
  no_role: 'Nobody gets a role by default. Ask whoever runs this gateway to give you one, and show them the values above.',
};

/** A sign-in that was refused: which check failed, what was seen, and the id under which the logs have it. */
export function SignInRefused({ refusal }: { refusal: Refusal }) {
  const problem = new ApiProblem(401, refusal.code, refusal.detail, refusal.requestId);
  return (
    <Failure title={TITLES[refusal.code] ?? 'You were not signed in'} problem={problem}>
      {HELP[refusal.code] && <p>{HELP[refusal.code]}</p>}
    </Failure>
  );
}
