import { plain } from '../api/format';
import type { Plan } from '../api/types';
import { lines, type Line } from './difference';

const ROW = { '+': 'add', '-': 'cut', ' ': '' } as const;
const SPOKEN = { '+': 'added: ', '-': 'removed: ', ' ': '' } as const;
const WORD: Record<string, string> = { add: 'adds', remove: 'removes', replace: 'replaces' };

/** The exact difference: line by line, and as a list of what is added, removed and replaced. */
export function PlanDifference({ plan }: { plan: Plan }) {
  const all: Line[] = plan.before === undefined && plan.after === undefined ? [] : lines(plan.before, plan.after);
  return (
    <div className="stack">
      {all.length > 0 && (
        <div className="scroll" tabIndex={0} role="region" aria-label="Difference, line by line">
          <table className="difference">
            <caption className="hidden">Before and after, line by line</caption>
            <tbody>
              {all.map((line, index) => (
                <tr key={index} className={ROW[line.sign]}>
                  <td className="number">{index + 1}</td>
                  <td className="sign">
                    <span aria-hidden="true">{line.sign}</span>
                    <span className="hidden">{SPOKEN[line.sign]}</span>
                  </td>
                  <td>{line.text}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {plan.diff && plan.diff.length > 0 && (
        <details open={all.length === 0}>
          <summary>
            {plan.diff.length} {plan.diff.length === 1 ? 'field' : 'fields'}, one by one
          </summary>
          <ul className="entries">
            {plan.diff.map((entry) => (
              <li key={entry.op + entry.path}>
                {WORD[entry.op] ?? entry.op} <code>{entry.path}</code>
                {entry.from !== undefined && (
                  <>
                    {' '}
                    from <code>{plain(entry.from)}</code>
                  </>
                )}
                {entry.to !== undefined && (
                  <>
                    {' '}
                    to <code>{plain(entry.to)}</code>
                  </>
                )}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
