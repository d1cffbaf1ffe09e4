import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from 'react-router';
import { post } from '../api/client';
import { clock, count, instant } from '../api/format';
import type { Session } from '../api/types';
import { useLeave, useSession } from '../session/SessionGate';
import { signInAddress } from '../session/SignIn';
import { SchemeButton } from './SchemeButton';
import { useNow } from './useNow';

const PLANNER = 'Built-in planner, not an AI';

/** The model as people should know it; the planner never passes for an AI. */
export function modelLabel(model: Session['model']): string {
  if (!model) return 'Model not stated';
  if (typeof model === 'string') return /^(planner\b|built-in planner)/i.test(model) ? PLANNER : model;
  if (model.provider.startsWith('planner')) return PLANNER;
  return model.label ?? [model.provider, model.name].filter(Boolean).join(' ');
}

/** The site scope in few words. */
export function sitesLabel(session: Pick<Session, 'sites' | 'siteCount'>): string {
  const sites = session.sites ?? [];
  if (sites.includes('*')) return 'all sites';
  if (session.siteCount !== undefined) return `${sites.length} of ${count(session.siteCount, 'site')}`;
  return sites.length === 0 ? 'no sites' : count(sites.length, 'site');
}

/** Who is signed in, with which rights, for how long, on which Mist and model. */
export function IdentityBar() {
  const session = useSession();
  const leave = useLeave();
  const now = useNow();
  const out = useMutation({
    mutationFn: () => post<{ next?: string } | undefined>('/auth/logout'),
    onSuccess: (answer) => {
      leave();
      // The provider has a session of its own; it ends there, and comes back here.
      if (answer?.next) window.location.assign(answer.next);
    },
  });
  const ends = instant(session.expiresAt);
  const left = ends === undefined ? undefined : ends - now;
  const renews = session.renews === true && !session.trouble;
  const source = session.roleSource?.claim ? ` from claim ${session.roleSource.claim} = ${session.roleSource.value ?? ''}` : '';
  const simulated = session.mist?.simulated;
  return (
    <header className="header">
      <Link className="brand" to="/">
        Mist MCP Gateway
      </Link>
      {session.authMode === 'dev' && <span className="pill ribbon">DEV sign-in</span>}
      <ul className="identity" aria-label="You and this gateway">
        <li title={`${session.iss} | ${session.sub}`}>{session.email || session.sub}</li>
        <li>
          <span className={`pill outline ${session.role === 'ReadWrite' ? 'bad' : ''}`} title={`Role${source}`}>
            {session.role}
          </span>
        </li>
        <li>
          <span className="pill outline" title={(session.sites ?? []).join('\n')}>
            {sitesLabel(session)}
          </span>
        </li>
        <li>
          <span
            className={`pill ${session.writeEnabled ? 'warn' : ''}`}
            title={session.writeEnabled ? 'WRITE_ENABLED=true: an approved plan can be applied' : 'WRITE_ENABLED=false: plans can be made and looked at, not applied'}
          >
            Writes {session.writeEnabled ? 'on' : 'off'}
          </span>
        </li>
        <li>
          <span className={`pill ${simulated ? 'info' : 'warn'}`} title={session.mist?.host}>
            {simulated ? 'Simulated Mist' : `Live: ${session.mist?.host ?? 'Mist'}`}
          </span>
        </li>
        <li>
          <span className="pill" style={{ textTransform: 'none' }}>{modelLabel(session.model)}</span>
        </li>
        {left !== undefined && (
          <li>
            <span
              className={`pill outline ${left < 120_000 && !renews ? 'bad' : ''}`}
              title={renews ? 'Time until your token ends; it is renewed before' : 'Time until your sign-in ends'}
            >
              Token {clock(left)}
            </span>
          </li>
        )}
        <li className="row">
          <SchemeButton />
          <Button variant="default" size="compact-sm" loading={out.isPending} onClick={() => out.mutate()}>
            Sign out
          </Button>
        </li>
      </ul>
      {session.trouble && left !== undefined && (
        <span role="alert" className="notice">
          Your sign-in will end soon: {session.trouble}.{' '}
          <a className="link" href={signInAddress()}>
            Sign in again
          </a>
        </span>
      )}
      {out.isError && <span role="alert">Signing out failed: {out.error.message}</span>}
    </header>
  );
}
