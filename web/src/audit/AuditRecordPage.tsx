import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { call } from '../api/client';
import { plain } from '../api/format';
import type { AuditRecord } from '../api/types';
import { Page } from '../shell/Page';
import { Failure, Loading, RawJson } from '../shell/states';
import { summary } from './records';

/** One record, whole, with the way to the others of the same request. */
export function AuditRecordPage() {
  const { index = '' } = useParams();
  const answer = useQuery({
    queryKey: ['audit', 'record', index],
    queryFn: async ({ signal }) => {
      const read = await call<AuditRecord>(`/audit/${encodeURIComponent(index)}`, { signal });
      const inner = read['record'];
      return inner && typeof inner === 'object' && !Array.isArray(inner) ? { index, ...inner } : read;
    },
  });
  const record = answer.data;
  const request = record && typeof record['requestId'] === 'string' ? record['requestId'] : undefined;
  const row = record && summary(record);
  return (
    <Page title={`Record ${index}`} aside={row?.result && <span className={`pill ${row.tone}`}>{row.result}</span>}>
      <Link className="link" to="/audit">
        All records
      </Link>
      {answer.isPending && <Loading what="the record" />}
      {answer.isError && <Failure title="This record cannot be shown" problem={answer.error} retry={() => void answer.refetch()} />}
      {record && (
        <div className="card large stack">
          <dl className="facts">
            {Object.keys(record).map((key) => (
              <div key={key} style={{ display: 'contents' }}>
                <dt>{key}</dt>
                <dd className={typeof record[key] === 'string' ? '' : 'mono'}>{plain(record[key])}</dd>
              </div>
            ))}
          </dl>
          {request && (
            <p style={{ margin: 0 }}>
              <Link className="link" to={`/audit?q=${encodeURIComponent(request)}`}>
                Every record of this request
              </Link>
            </p>
          )}
          <RawJson value={record} label="The record as JSON" />
        </div>
      )}
    </Page>
  );
}
