import { Button } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { ApiProblem } from '../api/client';
import type { Json } from '../api/types';

/** Something is on its way. */
export function Loading({ what }: { what: string }) {
  return (
    <div role="status" className="stack">
      <span className="quiet row">
        <span className="spinner" aria-hidden="true" /> Loading {what}…
      </span>
      <span className="skeleton" aria-hidden="true">
        <span />
        <span />
      </span>
    </div>
  );
}

/** There is nothing to show, and why. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="notice">
      <strong>{title}</strong>
      {children}
    </div>
  );
}

interface FailureProps {
  title: string;
  problem: unknown;
  retry?: () => void;
  children?: ReactNode;
}

/** A call that failed: what the gateway says, its code and the id under which the log has the rest. */
export function Failure({ title, problem, retry, children }: FailureProps) {
  const known = problem instanceof ApiProblem ? problem : undefined;
  return (
    <div className="notice bad" role="alert">
      <strong>{title}</strong>
      <p>{known?.detail ?? 'something went wrong on this page'}</p>
      {children}
      {known && (
        <p className="mono">
          {known.code}
          {known.requestId && (
            <>
              {' · request '}
              {known.requestId} <Copy text={known.requestId} what="request id" />
            </>
          )}
        </p>
      )}
      {retry && (
        <Button variant="default" size="xs" onClick={retry}>
          Try again
        </Button>
      )}
    </div>
  );
}

/** A button that copies a text. */
export function Copy({ text, what }: { text: string; what: string }) {
  const [done, setDone] = useState(false);
  return (
    <button
      type="button"
      className="quiet-button"
      onClick={() => {
        navigator.clipboard?.writeText(text).then(
          () => setDone(true),
          () => setDone(false),
        );
      }}
    >
      {done ? 'Copied' : 'Copy'} <span className="hidden">{what}</span>
    </button>
  );
}

const RAW_LIMIT = 20_000;

/** JSON as it came, on demand, capped. */
export function RawJson({ value, label = 'Raw JSON' }: { value: Json; label?: string }) {
  const [open, setOpen] = useState(false);
  const text = open ? JSON.stringify(value, null, 2) : '';
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{label}</summary>
      {open && (
        <>
          <pre className="raw" tabIndex={0} role="region" aria-label={label}>
            {text.length > RAW_LIMIT ? `${text.slice(0, RAW_LIMIT)}\n…` : text}
          </pre>
          <span className="row">
            <Copy text={text} what={label} />
            {text.length > RAW_LIMIT && (
              <span className="quiet">The first {RAW_LIMIT.toLocaleString('en-GB')} of {text.length.toLocaleString('en-GB')} characters; copy gives all.</span>
            )}
          </span>
        </>
      )}
    </details>
  );
}
