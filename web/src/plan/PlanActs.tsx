import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { ApiProblem, call, post } from '../api/client';
import type { Plan } from '../api/types';
import { SignInRefused } from '../session/refusal';
import { useProveAgain, useSession } from '../session/SessionGate';
import { Failure } from '../shell/states';
import { planOf } from './queries';
import { isFresh, isOwn, wasApplied } from './states';

type Act = 'apply' | 'discard' | 'undo' | 'keep' | 'rollback';

/** The acts on a plan that fit its state: apply after the typed phrase, discard, undo, keep, roll back, plan again. */
export function PlanActs({ plan, state, open }: { plan: Plan; state: string; open: boolean }) {
  const session = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const forAnother = plan.level === 'two-person' && !isOwn(plan, session);
  const address = `/plans/${encodeURIComponent(plan.id)}`;
  const act = useMutation({
    mutationFn: async (wanted: Act) => {
      if (wanted !== 'apply') return call<Plan | { plan: Plan }>(`${address}/${wanted}`, { method: 'POST', body: {} });
      if (plan.state !== 'approved') {
        const approved = await post<Plan | { plan: Plan }>(`${address}/approve`, { phrase: typed.trim() });
        // Whoever asked for the change applies it, and nobody else.
        if (forAnother) return approved;
      }
      return post<Plan | { plan: Plan }>(`${address}/commit`);
    },
    onSuccess: (answer, wanted) => {
      const next = answer && typeof answer === 'object' ? planOf(answer) : undefined;
      if (wanted === 'undo' && next?.id && next.id !== plan.id) {
        queries.setQueryData(['plan', next.id], next);
        void navigate(`/plans/${encodeURIComponent(next.id)}`);
      }
    },
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['plan', plan.id] }),
        queries.invalidateQueries({ queryKey: ['plans'] }),
        queries.invalidateQueries({ queryKey: ['audit'] }),
      ]),
  });
  const phrase = plan.phrase ?? plan.id;
  const matches = typed.trim() === phrase || plan.state === 'approved';
  const otherOnly = plan.level === 'two-person' && isOwn(plan, session) && plan.state === 'planned';
  const late = act.error instanceof ApiProblem && act.error.code === 'fresh_login_required';
  const proven = plan.level !== 'fresh-login' || plan.state === 'approved' || (isFresh(plan, session) && !late);
  const again = () => void navigate('/', { state: { draft: `/call ${plan.tool} ${JSON.stringify(plan.arguments ?? {})}` } });
  return (
    <div className="stack">
      {open && otherOnly && (
        <div className="notice">
          <strong>Someone else has to approve this</strong>
          <p>You asked for this change, and the policy wants a second person. Send them the address of the plan’s page.</p>
        </div>
      )}
      {open && forAnother && plan.state === 'approved' && (
        <div className="notice good">
          <strong>Approved</strong>
          <p>Whoever asked for this change can apply it now.</p>
        </div>
      )}
      {open && !session.writeEnabled && (
        <div className="notice">
          <strong>Writes are off</strong>
          <p>
            The plan can be looked at, and not applied, while <code>WRITE_ENABLED</code> is false. An operator turns it on with{' '}
            <code>./mist writes on</code>.
          </p>
        </div>
      )}
      {open && !proven && <ProofNeeded />}
      {session.refusal && plan.level === 'fresh-login' && !proven && <SignInRefused refusal={session.refusal} />}
      {open && (
        <form
          className="confirm"
          onSubmit={(event) => {
            event.preventDefault();
            if (matches && !act.isPending) act.mutate('apply');
          }}
        >
          {plan.state !== 'approved' && !otherOnly && proven && (
            <TextInput
              className="phrase"
              label={
                <>
                  Type <code>{phrase}</code> to confirm
                </>
              }
              autoComplete="off"
              autoCapitalize="off"
              autoCorrect="off"
              spellCheck={false}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
          )}
          {!otherOnly && proven && !(forAnother && plan.state === 'approved') && (
            <Button type="submit" disabled={!matches || (!session.writeEnabled && !forAnother) || session.role !== 'ReadWrite'} loading={act.isPending && act.variables === 'apply'}>
              {forAnother ? 'Approve for the person who asked' : 'Apply change'}
            </Button>
          )}
          {!forAnother && (
            <Button variant="default" loading={act.isPending && act.variables === 'discard'} onClick={() => act.mutate('discard')}>
              Discard
            </Button>
          )}
        </form>
      )}
      {state === 'awaiting_keep' && (
        <div className="row">
          <Button loading={act.isPending && act.variables === 'keep'} onClick={() => act.mutate('keep')}>
            Keep the change
          </Button>
          <Button variant="default" loading={act.isPending && act.variables === 'rollback'} onClick={() => act.mutate('rollback')}>
            Roll back now
          </Button>
        </div>
      )}
      {wasApplied(state) && state !== 'awaiting_keep' && (
        <div className="row">
          <Button
            variant="default"
            disabled={!plan.undo?.tool}
            loading={act.isPending && act.variables === 'undo'}
            onClick={() => act.mutate('undo')}
          >
            Undo: plan the opposite
          </Button>
          {!plan.undo?.tool && <span className="quiet">{plan.undo?.impossible ?? 'The server tells no way back.'}</span>}
        </div>
      )}
      {['stale', 'expired', 'rejected', 'aborted', 'discarded'].includes(state) && (
        <div className="row">
          <Button variant="default" onClick={again}>
            Plan again
          </Button>
          <span className="quiet">Puts the same call into the chat, for you to send.</span>
        </div>
      )}
      {act.data && typeof act.data === 'object' && planOf(act.data).replayed && (
        <p className="notice" role="status">
          This plan was applied before; nothing was sent again.
        </p>
      )}
      {act.isError && <ActFailure problem={act.error} />}
    </div>
  );
}

/** Level `fresh-login`: the human proves anew who they are before they approve. */
function ProofNeeded() {
  const proveAgain = useProveAgain();
  return (
    <div className="notice">
      <strong>Prove who you are for this change</strong>
      <p>The policy wants a sign-in of the last five minutes, made after this plan. You come back here, and then type the phrase.</p>
      <Button onClick={proveAgain}>Sign in again for this plan</Button>
    </div>
  );
}

const TITLES: Record<string, string> = {
  stale: 'Stale: nothing was sent',
  plan_stale: 'Stale: nothing was sent',
  phrase_mismatch: 'The phrase does not match',
  plan_used: 'This plan was used before',
  plan_expired: 'The plan has expired',
  plan_in_progress: 'Someone else acted on this plan just now',
  fresh_login_required: 'Sign in again for this change',
  second_person_required: 'Someone else has to approve this',
  applied_unrecorded: 'Applied, but not recorded: tell your operator',
};

function ActFailure({ problem }: { problem: Error }) {
  const body = problem instanceof ApiProblem ? problem.body : {};
  const denial = body['denial'] && typeof body['denial'] === 'object' && !Array.isArray(body['denial']) ? body['denial'] : body;
  const text = (key: string) => (typeof denial[key] === 'string' ? (denial[key] as string) : undefined);
  const title = (problem instanceof ApiProblem && TITLES[problem.code]) || 'That was not done';
  return (
    <Failure title={title} problem={problem}>
      {text('rule') && (
        <p>
          Rule <code>{text('rule')}</code>
          {text('reason') && `: ${text('reason')}`}
        </p>
      )}
      {text('remedy') && <p>{text('remedy')}</p>}
    </Failure>
  );
}
