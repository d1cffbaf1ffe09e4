let code: string | undefined;
const listeners = new Set<() => void>();

/**
 * Takes the one-time sign-in code out of the address bar, where the launcher's link has put it. It stays in memory
 * only: no history entry, no storage, no Referer holds it.
 */
export function takeSignInCode(): void {
  read();
  window.addEventListener('hashchange', read);
}

function read(): void {
  const found = new URLSearchParams(window.location.hash.replace(/^#/, '')).get('code');
  if (!found) return;
  code = found;
  window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search);
  listeners.forEach((listener) => listener());
}

/** The code at hand, if a link brought one. */
export const signInCode = (): string | undefined => code;

/** Forgets the code: it works once. */
export function forgetSignInCode(): void {
  code = undefined;
  listeners.forEach((listener) => listener());
}

/** Tells when a link brings a code, or it is used up. */
export function onSignInCode(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
