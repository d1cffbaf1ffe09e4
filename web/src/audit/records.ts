import { plain, when } from '../api/format';
import type { AuditRecord } from '../api/types';
import type { Tone } from '../plan/states';

const AT = ['at', 'time', 'timestamp', 'wallTime'];
const WHO = ['principal', 'email', 'user', 'sub', 'by'];

function first(record: AuditRecord, keys: string[]): string {
  for (const key of keys) {
    const value = record[key];
    if (value && typeof value === 'object' && !Array.isArray(value)) {
      const inner = value['email'] ?? value['sub'] ?? value['id'];
      if (inner !== undefined && inner !== null) return plain(inner);
    } else if (value !== undefined && value !== null && value !== '') {
      return plain(value);
    }
  }
  return '';
}

/** What the list shows of a record; keys are those of the audit's one vocabulary. */
export function summary(record: AuditRecord) {
  const decision = first(record, ['decision']);
  const outcome = first(record, ['outcome']);
  return {
    index: first(record, ['index', 'seq']),
    at: when(AT.map((key) => record[key]).find((value) => value !== undefined)),
    event: first(record, ['event', 'kind', 'type']),
    who: first(record, WHO),
    role: first(record, ['role']),
    tool: first(record, ['tool', 'name']),
    site: site(record),
    rule: first(record, ['rule']),
    result: outcome || decision,
    tone: tone(outcome || decision),
  };
}

function site(record: AuditRecord): string {
  const scope = record['sites'];
  if (!Array.isArray(scope) || record['siteName'] || record['site']) return first(record, ['siteName', 'site', 'sites']);
  return scope.includes('*') ? 'all' : scope.map(plain).join(', ');
}

function tone(result: string): Tone {
  switch (result) {
    case 'deny':
    case 'denied':
    case 'failed':
    case 'refused':
      return 'bad';
    case 'planned':
      return 'warn';
    case 'done':
    case 'allow':
    case 'verified':
      return 'good';
    default:
      return '';
  }
}
