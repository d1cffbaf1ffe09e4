import type { Denial } from '../api/types';

/** Why something is denied: the rule, the reason, and what would change it. */
export function DenialText({ denial }: { denial: Denial }) {
  return (
    <div style={{ fontSize: '0.84rem' }}>
      <p style={{ margin: '6px 0 0' }}>
        Denied{denial.rule && (
          <>
            {' '}
            by rule <code>{denial.rule}</code>
          </>
        )}
        {denial.reason && `: ${denial.reason}`}
      </p>
      {denial.remedy && <p style={{ margin: '4px 0 0' }}>What helps: {denial.remedy}</p>}
      {denial.code && <p className="quiet mono" style={{ margin: '4px 0 0' }}>{denial.code}</p>}
    </div>
  );
}
