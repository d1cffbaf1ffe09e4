import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link, useParams } from 'react-router';
import { Failure, Loading } from '../shell/states';
import { PlanCard } from './PlanCard';
import { planQuery } from './queries';

/** One plan by its address, as an AI client hands it to a person. */
export function PlanPage() {
  const { id = '' } = useParams();
  const plan = useQuery(planQuery(id));
  useEffect(() => {
    document.title = `Plan ${id} · Mist MCP Gateway`;
  }, [id]);
  return (
    <div className="page stack">
      <Link className="link" to="/plans">
        All plans
      </Link>
      {plan.isPending && (
        <>
          <h1>Plan</h1>
          <Loading what="the plan" />
        </>
      )}
      {plan.isError && !plan.data && (
        <>
          <h1>Plan</h1>
          <Failure title="This plan cannot be shown" problem={plan.error} retry={() => void plan.refetch()} />
        </>
      )}
      {plan.data && <PlanCard key={plan.data.id} plan={plan.data} alone />}
    </div>
  );
}
