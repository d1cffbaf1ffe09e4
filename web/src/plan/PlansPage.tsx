import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { clock, instant, when } from '../api/format';
import { Page } from '../shell/Page';
import { Empty, Failure, Loading } from '../shell/states';
import { useNow } from '../shell/useNow';
import { plansQuery } from './queries';
import { isOpen, stateNow, stateText } from './states';

/** Every plan that the caller may see. */
export function PlansPage() {
  const plans = useQuery(plansQuery());
  const [shown, setShown] = useState('all');
  const now = useNow();
  const rows = (plans.data ?? []).filter((plan) => shown === 'all' || isOpen(plan, now));
  return (
    <Page
      title="Plans"
      aside={
        <NativeSelect
          aria-label="Which plans"
          size="xs"
          value={shown}
          onChange={(event) => setShown(event.currentTarget.value)}
          data={[
            { value: 'all', label: 'All plans' },
            { value: 'open', label: 'Only those that wait' },
          ]}
        />
      }
    >
      {plans.isPending && <Loading what="the plans" />}
      {plans.isError && <Failure title="The plans cannot be shown" problem={plans.error} retry={() => void plans.refetch()} />}
      {plans.data && rows.length === 0 && (
        <Empty title={shown === 'all' ? 'No plan yet' : 'No plan waits'}>
          <p>
            A plan is made when someone asks for a change. <Link className="link" to="/">Ask in the chat</Link>
          </p>
        </Empty>
      )}
      {rows.length > 0 && (
        <div className="scroll" tabIndex={0} role="region" aria-label="Plans">
          <table className="grid">
            <thead>
              <tr>
                <th scope="col">State</th>
                <th scope="col">Change</th>
                <th scope="col">Tool</th>
                <th scope="col">Site</th>
                <th scope="col">Planned</th>
                <th scope="col">Expires</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((plan) => {
                const text = stateText(stateNow(plan, now));
                return (
                  <tr key={plan.id}>
                    <td>
                      <span className={`pill ${text.tone}`}>{text.label}</span>
                    </td>
                    <td>
                      <Link className="link" to={`/plans/${encodeURIComponent(plan.id)}`}>
                        {plan.phrase ?? plan.id}
                      </Link>
                    </td>
                    <td className="mono">{plan.tool}</td>
                    <td>{[...new Set((plan.targets ?? []).map((target) => target.siteName).filter(Boolean))].join(', ')}</td>
                    <td>{when(plan.createdAt)}</td>
                    <td>{isOpen(plan, now) ? `in ${clock((instant(plan.expiresAt) ?? now) - now)}` : '–'}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </Page>
  );
}
