import { queryOptions } from '@tanstack/react-query';
import { call } from '../api/client';
import type { Plan } from '../api/types';

/** The plan in an answer, whether it stands alone or as a member. */
export function planOf(answer: Plan | { plan: Plan }): Plan {
  return 'plan' in answer ? answer.plan : answer;
}

/** Every plan that the caller may see, newest first as the gateway lists them. */
export const plansQuery = () =>
  queryOptions({
    queryKey: ['plans'],
    queryFn: async ({ signal }) => (await call<{ plans: Plan[] }>('/plans', { signal })).plans,
    refetchInterval: 20_000,
  });

const MOVING = new Set(['sending', 'applied', 'unknown']);

/** One plan; asked again soon while it is under way. */
export const planQuery = (id: string, initial?: Plan) =>
  queryOptions({
    queryKey: ['plan', id],
    queryFn: async ({ signal }) =>
      planOf(await call<Plan | { plan: Plan }>(`/plans/${encodeURIComponent(id)}`, { signal })),
    ...(initial ? { initialData: initial, initialDataUpdatedAt: 0 } : {}),
    refetchInterval: (query) => (MOVING.has(query.state.data?.state ?? '') ? 1_500 : 15_000),
  });
