import type { Plan } from '../api/types';
import { peopleOf } from './people';
import { steps, type StepState } from './states';

const SPOKEN: Record<StepState, string> = { past: 'done', now: 'next', todo: 'to come', wrong: 'not done' };

/** Planned, Confirm, Apply, Verify. */
export function PlanSteps({ plan, state }: { plan: Plan; state: string }) {
  const far = steps(state);
  const request = plan.requests?.[0];
  const send = request?.method ? `${request.method}${plan.requests!.length > 1 ? ` and ${plan.requests!.length - 1} more` : ''}` : 'send';
  const by = plan.approval?.by;
  const who = by !== undefined ? peopleOf(plan)(by) : (plan.level === 'two-person' ? 'a second person' : 'you');
  const parts = [
    ['Planned', 'nothing sent'],
    ['Confirm', who],
    ['Apply', send],
    ['Verify', 'read back'],
  ] as const;
  return (
    <ol className="steps" aria-label="How far the plan is">
      {parts.map(([name, detail], index) => {
        const step = far[index]!;
        return (
          <li key={name} className={step} aria-current={step === 'now' ? 'step' : undefined}>
            <span className="dot" aria-hidden="true">
              {step === 'past' ? '✓' : step === 'wrong' ? '✕' : index + 1}
            </span>
            <span className="label">
              {name}
              <span>{detail}</span>
              <span className="hidden">{SPOKEN[step]}</span>
            </span>
          </li>
        );
      })}
    </ol>
  );
}
