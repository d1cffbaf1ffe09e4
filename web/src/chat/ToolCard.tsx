import { useMutation } from '@tanstack/react-query';
import { Link } from 'react-router';
import { post } from '../api/client';
import { duration, oneLine, plain } from '../api/format';
import type { Denial, Json, ToolCall } from '../api/types';
import type { Tone } from '../plan/states';
import { Copy, Failure, RawJson } from '../shell/states';
import { DenialText } from './DenialText';
import { Table } from './Markup';
import { endOf } from './question';
import { resultRows } from './rows';

const STATES: Record<string, [string, Tone]> = {
  running: ['Running', 'info'],
  done: ['Done', 'good'],
  planned: ['Plan', 'warn'],
  denied: ['Denied', 'bad'],
  failed: ['Failed', 'bad'],
};

/** One tool call of an answer: its state, arguments, time, why policy said so, and what came back. */
export function ToolCard({ call }: { call: ToolCall }) {
  const [label, tone] = STATES[call.outcome] ?? [call.outcome, ''];
  const why = useMutation({
    mutationFn: () => post<{ [key: string]: Json }>('/policy/why', { tool: call.tool, arguments: call.arguments ?? {} }),
  });
  const rows = call.outcome === 'done' ? resultRows(call.result) : undefined;
  const rpc = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: call.tool, arguments: call.arguments ?? {} } };
  return (
    <article className="card" aria-label={`Tool call ${call.tool}: ${label}`}>
      <div className="row apart">
        <span className="row">
          <span className="mono tool-name">{call.tool}</span>
          <span className={`pill ${tone}`}>{label}</span>
          {call.durationMs !== undefined && <span className="duration">{duration(call.durationMs)}</span>}
        </span>
        <button
          type="button"
          className="quiet-button"
          aria-expanded={why.isSuccess || why.isError}
          onClick={() => (why.isIdle ? why.mutate() : why.reset())}
        >
          Why?<span className="hidden"> Policy for {call.tool}</span>
        </button>
      </div>
      {call.arguments !== undefined && <div className="arguments">{oneLine(call.arguments)}</div>}
      {(call.asked ?? []).map((asked, index) => (
        <p key={index} className="quiet asked">
          The server <strong>{asked.server}</strong> asked you ({asked.mode === 'url' ? 'to open an address' : 'a form'}): {endOf(asked.action ?? '', asked.reason)}.
        </p>
      ))}
      {call.denial && <DenialText denial={call.denial} />}
      {call.error !== undefined && <Fault error={call.error} />}
      {why.isPending && <p role="status">Asking the policy…</p>}
      {why.isError && <Failure title="The policy gave no reason" problem={why.error} />}
      {why.data && <Reason answer={why.data} />}
      <div className="disclosures">
      {rows && (
        <details>
          <summary>
            {rows.total > rows.rows.length ? `${rows.rows.length} of ${rows.total.toLocaleString('en-GB')} rows` : `${rows.total} ${rows.total === 1 ? 'row' : 'rows'}`}
          </summary>
          <Table head={rows.head} rows={rows.rows} />
        </details>
      )}
      <details>
        <summary>
          More<span className="hidden"> on {call.tool}</span>
        </summary>
        <div className="row">
          {call.auditIndex !== undefined && (
            <Link className="link" to={`/audit/${call.auditIndex}`}>
              Audit record {call.auditIndex}
            </Link>
          )}
          {call.mode && <span className="quiet">mode {call.mode.replace('_', ' ')}</span>}
          <Copy text={JSON.stringify(rpc)} what={`${call.tool} as MCP call`} />
        </div>
        <RawJson value={call as unknown as Json} label={call.result === undefined ? 'The call as JSON' : 'Call and result as JSON'} />
      </details>
      </div>
    </article>
  );
}

function Fault({ error }: { error: NonNullable<ToolCall['error']> }) {
  const text = typeof error === 'string' ? error : (error.message ?? error.detail ?? error.code ?? 'the call failed');
  return (
    <p style={{ margin: '6px 0 0', fontSize: '0.84rem' }}>
      {text} {typeof error !== 'string' && error.code && <code>{error.code}</code>}
    </p>
  );
}

function Reason({ answer }: { answer: { [key: string]: Json } }) {
  const denial = answer['denial'];
  const told = ['decision', 'allowed', 'mode', 'rule', 'reason', 'remedy', 'level'].filter(
    (key) => answer[key] !== undefined && answer[key] !== null,
  );
  return (
    <div className="notice" style={{ marginTop: 8 }} role="status">
      <dl className="facts">
        {told.map((key) => (
          <div key={key} style={{ display: 'contents' }}>
            <dt>{key}</dt>
            <dd>{plain(answer[key])}</dd>
          </div>
        ))}
      </dl>
      {denial && typeof denial === 'object' && !Array.isArray(denial) && <DenialText denial={denial as unknown as Denial} />}
      <RawJson value={answer} label="The whole decision" />
    </div>
  );
}
