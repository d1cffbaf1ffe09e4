import { plain } from '../api/format';
import type { Json } from '../api/types';

const MAX_ROWS = 200;
const MAX_COLUMNS = 8;

type Fields = { [key: string]: Json };
const fields = (value: Json | undefined): Fields | undefined =>
  value && typeof value === 'object' && !Array.isArray(value) ? value : undefined;

/** The first list of objects in a tool's result as a table, and how many rows there are in all. */
export function resultRows(result: Json | undefined): { head: string[]; rows: string[][]; total: number } | undefined {
  const root = fields(result);
  const body = fields(root?.['structuredContent']) ?? root;
  const list = Array.isArray(result) ? result : Object.values(body ?? {}).find((value) => Array.isArray(value) && value.length > 0 && fields(value[0]));
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const objects = list.map(fields).filter((row) => row !== undefined);
  const head = [...new Set(objects.slice(0, MAX_ROWS).flatMap((row) => Object.keys(row)))].slice(0, MAX_COLUMNS);
  if (head.length === 0) return undefined;
  const told = body?.['total'] ?? body?.['count'];
  return {
    head,
    rows: objects.slice(0, MAX_ROWS).map((row) => head.map((key) => plain(row[key]))),
    total: typeof told === 'number' && told > objects.length ? told : objects.length,
  };
}
