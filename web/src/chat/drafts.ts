const PREFIX = 'draft:';

/** What was typed in a thread and not sent yet; kept for this tab, so that a reload or a sign-in loses nothing. */
export function readDraft(thread: string): string {
  try {
    return sessionStorage.getItem(PREFIX + thread) ?? '';
  } catch {
    return '';
  }
}

/** Keeps a draft, or forgets it when it is empty. */
export function keepDraft(thread: string, text: string): void {
  try {
    if (text === '') sessionStorage.removeItem(PREFIX + thread);
    else sessionStorage.setItem(PREFIX + thread, text);
  } catch {
    // Storage is off or full: the draft lives as long as the page.
  }
}

const OWNER = 'drafts-of';

/** Keeps the drafts for the one who typed them: they outlive the way to a provider and back, but not another person. */
export function keepDraftsOf(who: string): void {
  try {
    const owner = sessionStorage.getItem(OWNER);
    if (owner !== null && owner !== who) forgetDrafts();
    sessionStorage.setItem(OWNER, who);
  } catch {
    // Storage is off: no draft outlives the page.
  }
}

/** Forgets every draft, when someone else signs in. */
export function forgetDrafts(): void {
  try {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
    }
  } catch {
    // Storage is off: there is nothing to forget.
  }
}
