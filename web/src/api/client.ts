import { base } from './base';
import type { Json } from './types';

/** What a call to the gateway ended with when it did not succeed: a problem of the gateway, or no answer at all. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly requestId?: string,
    readonly body: { [key: string]: Json } = {},
  ) {
    super(detail);
  }
}

let csrf = '';
let onSignedOut: () => void = () => {};

/** The token that every call that changes something carries. */
export function setCsrfToken(token: string): void {
  csrf = token;
}

/** Who is told when the gateway no longer knows this browser. */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

async function problemOf(response: Response): Promise<ApiProblem> {
  let body: { [key: string]: Json } = {};
  try {
    const read = (await response.json()) as Json;
    if (read && typeof read === 'object' && !Array.isArray(read)) body = read;
  } catch {
    // Not JSON: whatever stands in front of the gateway answered; the status has to do.
  }
  const text = (key: string) => (typeof body[key] === 'string' ? (body[key] as string) : undefined);
  return new ApiProblem(
    response.status,
    text('code') ?? `http_${response.status}`,
    text('detail') ?? text('title') ?? `the gateway answered with status ${response.status}`,
    text('requestId'),
    body,
  );
}

/** A sign-in in another tab gives this browser a new token; the one at hand is asked for anew, once for a call. */
async function renewCsrfToken(): Promise<boolean> {
  const before = csrf;
  try {
    const response = await fetch(`${base}/auth/session`, { credentials: 'same-origin', cache: 'no-store', redirect: 'error' });
    const session = (await response.json()) as { csrf?: unknown };
    if (response.ok && typeof session.csrf === 'string') csrf = session.csrf;
  } catch {
    // The call's own answer tells.
  }
  return csrf !== before;
}

interface Call {
  method?: string;
  body?: unknown;
  signal?: AbortSignal | undefined;
  /** A 401 of this call is an answer, not the end of the browser session. */
  anonymous?: boolean;
  accept?: string;
}

/** Calls the gateway. Throws an ApiProblem for every answer that is not a success, an AbortError when stopped. */
export async function send(path: string, options: Call = {}, again = false): Promise<Response> {
  const { method = 'GET', body, signal, anonymous, accept } = options;
  const headers: Record<string, string> = { Accept: accept ?? 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (method !== 'GET' && csrf) headers['X-CSRF-Token'] = csrf;
  let response: Response;
  try {
    response = await fetch(base + path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      signal: signal ?? null,
    });
  } catch (failure) {
    if (failure instanceof DOMException && failure.name === 'AbortError') throw failure;
    throw new ApiProblem(0, 'unreachable', 'the gateway did not answer; is it still running?');
  }
  if (!response.ok) {
    const problem = await problemOf(response);
    // Nothing was done: the token is looked at before anything else.
    if (problem.code === 'csrf_wrong' && !again && (await renewCsrfToken())) return send(path, options, true);
    if (response.status === 401 && !anonymous) onSignedOut();
    throw problem;
  }
  return response;
}

/** Calls the gateway and reads its JSON; undefined for an empty answer. */
export async function call<T>(path: string, options: Call = {}): Promise<T> {
  const response = await send(path, options);
  try {
    const text = await response.text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  } catch (failure) {
    if (failure instanceof DOMException && failure.name === 'AbortError') throw failure;
    throw new ApiProblem(response.status, 'unreadable_answer', 'the answer was cut off or is no JSON');
  }
}

export const post = <T>(path: string, body: unknown = {}, signal?: AbortSignal): Promise<T> =>
  call<T>(path, { method: 'POST', body, signal });
