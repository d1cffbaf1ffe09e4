import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { call } from '../api/client';
import { plain } from '../api/format';
import type { AuditRecord } from '../api/types';
import { Page } from '../shell/Page';
import { Failure, Loading, RawJson } from '../shell/states';
import { summary } from './records';

/** One record, whole, with the way to the others of the same call. */
export function AuditRecordPage() {
  const { index = '' } = useParams();
  const answer = useQuery({
    queryKey: ['audit', 'record', index],
    queryFn: ({ signal }) => call<{ record: AuditRecord; leafHash?: string; siblings?: AuditRecord[] }>(`/audit/${encodeURIComponent(index)}`, { signal }),
  });
  const record = answer.data?.record;
  const siblings = answer.data?.siblings ?? [];
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
          {answer.data?.leafHash && (
            <p className="quiet mono">Leaf hash {answer.data.leafHash}</p>
          )}
          {siblings.length > 0 && (
            <div>
              <h2>Records of the same call</h2>
              <ul className="entries">
                {siblings.map(summary).map((one, position) => (
                  <li key={position}>
                    <Link className="link" to={`/audit/${encodeURIComponent(one.index)}`}>
                      Record {one.index}
                    </Link>{' '}
                    <span className="mono">{one.event}</span> {one.result && <span className={`pill ${one.tone}`}>{one.result}</span>}{' '}
                    <span className="quiet">{one.at}</span>
                  </li>
                ))}
              </ul>
            </div>
          )}
          <RawJson value={record} label="The record as JSON" />
        </div>
      )}
    </Page>
  );
}
