import { diffLines } from 'diff';
import type { Json } from '../api/types';

export interface Line {
  sign: '+' | '-' | ' ';
  text: string;
}

/** JSON with sorted keys, so that the order of members makes no difference. */
export function sorted(value: Json | undefined): string {
  const order = (key: string, inner: Json): Json =>
    key !== '' && inner && typeof inner === 'object' && !Array.isArray(inner) ? inSequence(inner) : inner;
  const root = value && typeof value === 'object' && !Array.isArray(value) ? inSequence(value) : (value ?? null);
  return value === undefined ? '' : JSON.stringify(root, order as (key: string, inner: unknown) => unknown, 2);
}

function inSequence(value: { [key: string]: Json }): { [key: string]: Json } {
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, value[key] as Json]));
}

/** The lines of before and after: kept, cut and added. A missing side counts as no lines. */
export function lines(before: Json | undefined, after: Json | undefined): Line[] {
  const left = before === null ? '' : sorted(before);
  const right = after === null ? '' : sorted(after);
  return diffLines(left === '' ? '' : `${left}\n`, right === '' ? '' : `${right}\n`).flatMap((part) =>
    part.value
      .replace(/\n$/, '')
      .split('\n')
      .map((text) => ({ sign: part.added ? '+' : part.removed ? '-' : ' ', text }) as Line),
  );
}
