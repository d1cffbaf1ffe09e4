import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import { clock, count, instant, plain, when } from '../api/format';
import type { Json, Plan } from '../api/types';
import { Inline } from '../chat/Markup';
import { RawJson } from '../shell/states';
import { useNow } from '../shell/useNow';
import { impactLines, warningText } from './impact';
import { peopleOf } from './people';
import { PlanActs } from './PlanActs';
import { PlanDifference } from './PlanDifference';
import { PlanSteps } from './PlanSteps';
import { PortMap } from './PortMap';
import { planQuery } from './queries';
import { headline, isOpen, levelText, portOf, stateNow, stateText } from './states';

/** One plan: what would change, what it means, and the acts on it. Follows the plan while it is shown. */
export function PlanCard({ plan: given, alone = false }: { plan: Plan; alone?: boolean }) {
  const live = useQuery(planQuery(given.id, given));
  const plan = live.data ?? given;
  const now = useNow();
  const state = stateNow(plan, now);
  const open = isOpen(plan, now);
  const text = stateText(state);
  const port = portOf(plan);
  const ends = instant(plan.expiresAt);
  const named = peopleOf(plan);
  const Heading = alone ? 'h1' : 'h2';
  return (
    <section className="card large stack" aria-label={`Plan ${plan.id}`}>
      <div className="row apart">
        <Heading>{headline(plan, state)}</Heading>
        {open && ends !== undefined ? (
          <span className="pill outline plain" title={plan.id}>
            Plan {short(plan.id)} expires in {clock(ends - now)}
          </span>
        ) : (
          <span className={`pill ${text.tone}`}>{text.label}</span>
        )}
      </div>
      <PlanSteps plan={plan} state={state} />
      <Announced text={`${text.label}. ${text.text}`} />
      {state !== 'planned' && (
        <div className={`notice ${text.tone === 'info' ? '' : text.tone}`}>
          <strong>{text.label}</strong>
          <p>{text.text}</p>
          {plan.replayed && <p>This plan was applied before; nothing was sent again.</p>}
          <Detail result={plan.result} />
        </div>
      )}
      {port && <PortMap target={port} ports={plan.ports ?? []} />}
      <PlanDifference plan={plan} />
      <Impact plan={plan} />
      <PlanActs plan={plan} state={state} open={open} />
      <dl className="facts">
        <dt>Target</dt>
        <dd>
          {(plan.targets ?? []).map((target, index) => (
            <div key={target.id ?? index}>
              {target.kind ? `${target.kind.replace(/_/g, ' ')} ` : ''}
              <strong>{target.name ?? target.id}</strong>
              {target.siteName && ` at ${target.siteName}`}
            </div>
          ))}
        </dd>
        <dt>{open ? 'Would be sent' : 'Request'}</dt>
        <dd>
          {(plan.requests ?? []).map((request, index) => (
            <div key={index}>
              <code>
                {request.method} {request.path}
              </code>{' '}
              {request.summary}
            </div>
          ))}
          {(plan.requests ?? []).length === 0 && 'not told by the server'}
        </dd>
        <dt>Undo</dt>
        <dd>
          {plan.undo?.impossible
            ? `Not possible: ${plan.undo.impossible}`
            : plan.reversible === false
              ? 'Not possible'
              : plan.undo?.tool
                ? 'Possible: a new plan with the opposite difference'
                : 'Not known'}
        </dd>
        <dt>Approval</dt>
        <dd>
          {levelText(plan.level)}
          {plan.approval?.by && ` Approved by ${named(plan.approval.by)}${plan.approval.at ? `, ${when(plan.approval.at)}` : ''}.`}
        </dd>
        <dt>Planned</dt>
        <dd>
          {when(plan.createdAt)} with <code>{plan.tool}</code>
          {!alone && (
            <>
              {' · '}
              <Link className="link" to={`/plans/${encodeURIComponent(plan.id)}`}>
                Open the plan’s page
              </Link>
            </>
          )}
        </dd>
      </dl>
      {alone && (plan.history ?? []).length > 0 && (
        <div>
          <h2>What has happened</h2>
          <ul className="entries">
            {plan.history!.map((entry, index) => (
              <li key={index}>
                <strong>{entry.state === 'planned' ? 'Planned' : stateText(entry.state).label}</strong> <span className="quiet">{when(entry.at)}</span>
                {entry.by && ` by ${named(entry.by)}`}
                {entry.detail !== undefined && ` ${plain(entry.detail)}`}
              </li>
            ))}
          </ul>
        </div>
      )}
      <RawJson value={plan as unknown as Json} label="The plan as JSON" />
    </section>
  );
}

const short = (id: string) => (id.length > 10 ? id.slice(0, 7) : id);

/** Tells a screen reader when the plan moves, not when the card appears. */
function Announced({ text }: { text: string }) {
  const first = useRef(text);
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (text !== first.current) setSaid(text);
  }, [text]);
  return (
    <span className="hidden" role="status">
      {said}
    </span>
  );
}

function Detail({ result }: { result: Plan['result'] }) {
  if (!result) return null;
  const known = ['code', 'message', 'detail', 'reason', 'field', 'expected', 'found'].filter((key) => result[key] !== undefined);
  if (known.length === 0) return <RawJson value={result} label="Evidence" />;
  return (
    <dl className="facts">
      {known.map((key) => (
        <div key={key} style={{ display: 'contents' }}>
          <dt>{key}</dt>
          <dd>{plain(result[key])}</dd>
        </div>
      ))}
    </dl>
  );
}

function Impact({ plan }: { plan: Plan }) {
  const impact = impactLines(plan.impact);
  const warnings = plan.warnings ?? [];
  if (impact.length === 0 && warnings.length === 0) return null;
  return (
    <div className="notice warn">
      <strong>{impact.length > 0 ? 'Impact' : count(warnings.length, 'warning')}</strong>
      {impact.map((line, index) => (
        <p key={index}>{line}</p>
      ))}
      {warnings.length > 0 && (
        <ul style={{ margin: 0, paddingLeft: 20 }} aria-label="Warnings">
          {warnings.map((warning, index) => (
            <li key={index}>
              <Inline text={warningText(warning)} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
