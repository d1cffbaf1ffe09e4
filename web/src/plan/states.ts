import { instant } from '../api/format';
import type { Plan, Session, Target } from '../api/types';

export type Tone = 'good' | 'warn' | 'bad' | 'info' | '';

interface StateText {
  label: string;
  tone: Tone;
  text: string;
}

const STATES: Record<string, StateText> = {
  planned: { label: 'Waits', tone: 'warn', text: 'Nothing has been sent. The change waits for an approval.' },
  approved: { label: 'Approved', tone: 'info', text: 'Approved, and not sent yet.' },
  sending: { label: 'Sending', tone: 'info', text: 'The change is being sent. This page follows it.' },
  applied: { label: 'Applied', tone: 'good', text: 'Mist took the change; it is being read back.' },
  verified: { label: 'Verified', tone: 'good', text: 'Applied, read back, and found to be exactly as shown.' },
  mismatch: { label: 'Mismatch', tone: 'bad', text: 'Applied, but what was read back differs from what was shown.' },
  unknown: {
    label: 'Unknown',
    tone: 'bad',
    text: 'The answer was lost, so it is not known whether Mist took the change. It is not sent again; the gateway looks and compares.',
  },
  rejected: { label: 'Rejected', tone: 'bad', text: 'Mist refused the change. Nothing was changed.' },
  aborted: { label: 'Aborted', tone: 'bad', text: 'Stopped before anything was sent. Nothing was changed.' },
  stale: {
    label: 'Stale',
    tone: 'bad',
    text: 'What the plan would change has moved since it was made, so nothing was sent. Plan again to see the new difference.',
  },
  expired: { label: 'Expired', tone: '', text: 'The plan was not applied in time. Nothing was sent. Plan again if it is still wanted.' },
  discarded: { label: 'Discarded', tone: '', text: 'Discarded. Nothing was sent.' },
  awaiting_keep: { label: 'Keep it?', tone: 'warn', text: 'Applied. Unless someone keeps it in time, the gateway rolls it back.' },
  kept: { label: 'Kept', tone: 'good', text: 'Applied and kept.' },
  rolled_back: { label: 'Rolled back', tone: '', text: 'Rolled back: the object is as it was before.' },
  rollback_blocked: {
    label: 'Rollback blocked',
    tone: 'bad',
    text: 'Not rolled back, because the object has been changed by someone else since.',
  },
};

/** How a state reads. A state that this page does not know shows its own name. */
export function stateText(state: string): StateText {
  return STATES[state] ?? { label: state, tone: '', text: `The plan is in the state ${state}.` };
}

/** The state a plan is in now: one whose time is over is expired, also before the gateway has said so. */
export function stateNow(plan: Plan, now: number): string {
  const ends = instant(plan.expiresAt);
  const open = plan.state === 'planned' || plan.state === 'approved';
  return open && ends !== undefined && ends <= now ? 'expired' : plan.state;
}

/** Whether it can still be approved, applied or discarded. */
export function isOpen(plan: Plan, now: number): boolean {
  const state = stateNow(plan, now);
  return state === 'planned' || state === 'approved';
}

const DONE = new Set(['applied', 'verified', 'mismatch', 'awaiting_keep', 'kept', 'rolled_back', 'rollback_blocked']);
const VERIFIED = new Set(['verified', 'awaiting_keep', 'kept', 'rolled_back', 'rollback_blocked']);

export type StepState = 'past' | 'now' | 'todo' | 'wrong';

/** Planned, Confirm, Apply, Verify: how far the plan has come. */
export function steps(state: string): [StepState, StepState, StepState, StepState] {
  if (state === 'planned') return ['past', 'now', 'todo', 'todo'];
  if (state === 'approved') return ['past', 'past', 'now', 'todo'];
  if (state === 'sending') return ['past', 'past', 'now', 'todo'];
  if (state === 'unknown' || state === 'rejected' || state === 'aborted') return ['past', 'past', 'wrong', 'todo'];
  if (state === 'stale' || state === 'expired' || state === 'discarded') return ['past', 'wrong', 'todo', 'todo'];
  if (state === 'mismatch') return ['past', 'past', 'past', 'wrong'];
  if (VERIFIED.has(state)) return ['past', 'past', 'past', 'past'];
  if (DONE.has(state)) return ['past', 'past', 'past', 'now'];
  return ['past', 'todo', 'todo', 'todo'];
}

/** Whether the change was made, so that undoing it makes sense. */
export const wasApplied = (state: string): boolean => DONE.has(state) && state !== 'rolled_back';

/** What an approval of this level takes. */
export function levelText(level: string): string {
  switch (level) {
    case 'field':
      return 'The asker’s own confirmation is enough.';
    case 'client':
      return 'A yes in the AI client or on this page is enough.';
    case 'page':
      return 'A person types the phrase on this page.';
    case 'fresh-login':
      return 'A person signs in again for this, then types the phrase.';
    case 'two-person':
      return 'A second person types the phrase; whoever asked cannot approve.';
    default:
      return `Approval at level ${level}.`;
  }
}

/** Whether the human proved who they are after the plan was made, by the gateway's clock; how long ago, it checks itself. */
export function isFresh(plan: Plan, session: Session): boolean {
  const proven = instant(session.provenAt);
  const made = instant(plan.createdAt);
  return proven !== undefined && made !== undefined && proven > made;
}

/** Whether this caller asked for the plan, as far as the plan tells. */
export function isOwn(plan: Plan, session: Session): boolean {
  if (plan.own !== undefined) return plan.own;
  const by = plan.history?.find((entry) => entry.state === 'planned')?.by;
  return by !== undefined && [session.sub, `${session.iss}|${session.sub}`].includes(by);
}

const noun = (targets: Target[]): string => {
  const kinds = new Set(targets.map((target) => target.kind ?? 'object'));
  const [kind] = kinds;
  return kinds.size === 1 && kind ? kind.replace(/_/g, ' ') : 'object';
};

/** `Dry run: 2 changes on 1 switch port`. */
export function headline(plan: Plan, state: string): string {
  const changes = plan.diff?.length ?? 0;
  const targets = plan.targets ?? [];
  const many = (n: number, one: string) => `${n} ${one}${n === 1 ? '' : 's'}`;
  const what = changes > 0 ? many(changes, 'change') : plan.tool;
  const on = targets.length > 0 ? ` on ${many(targets.length, noun(targets))}` : '';
  const lead = wasApplied(state) || state === 'rolled_back' ? 'Change' : 'Dry run';
  return `${lead}: ${what}${on}`;
}

/** The port that a plan is about, when it is about a port of a switch. */
export function portOf(plan: Plan): string | undefined {
  const texts = [
    ...(plan.targets ?? []).flatMap((target) => [target.name, target.id]),
    plan.phrase,
    ...(plan.diff ?? []).map((entry) => entry.path.replaceAll('~1', '/')),
  ];
  if (!(plan.targets ?? []).some((target) => /port/i.test(target.kind ?? '')) && !/port/i.test(plan.tool)) return undefined;
  for (const text of texts) {
    const found = /\b(?:ge|mge|xe|et)-\d{1,2}\/\d{1,2}\/\d{1,3}\b/.exec(text ?? '');
    if (found) return found[0];
  }
  return undefined;
}
