import type { Plan } from '../api/types';

/** A principal's key, `issuer|subject`, taken apart at its first bar: a subject may have bars of its own. */
function parts(key: string): { issuer: string; subject: string } {
  const bar = key.indexOf('|');
  return bar < 0 ? { issuer: '', subject: key } : { issuer: key.slice(0, bar), subject: key.slice(bar + 1) };
}

/** How people are named on a plan: by subject, and by issuer too where two of them share one. */
export function peopleOf(plan: Plan): (key: string) => string {
  const keys = new Set([plan.approval?.by, ...(plan.history ?? []).map((entry) => entry.by)].filter((key) => key !== undefined));
  return (key) => {
    const { issuer, subject } = parts(key);
    const shared = [...keys].some((other) => other !== key && parts(other).subject === subject);
    return shared && issuer ? `${subject} (${issuer})` : subject;
  };
}
