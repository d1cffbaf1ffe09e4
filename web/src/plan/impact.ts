import { plain } from '../api/format';
import type { Json } from '../api/types';

/** `impact` is a sentence, a list or an object; each is shown as a person reads it. */
export function impactLines(impact: Json | undefined): string[] {
  if (impact === undefined || impact === null) return [];
  if (Array.isArray(impact)) return impact.map(plain);
  if (typeof impact !== 'object') return [plain(impact)];
  const facts = Object.keys(impact).filter((key) => key !== 'summary').map((key) => `${key}: ${yesNo(impact[key])}`);
  const rest = facts.length === 0 ? [] : [facts.join(' · ')];
  return typeof impact['summary'] === 'string' ? [impact['summary'], ...rest] : rest;
}

const yesNo = (value: Json | undefined): string => (typeof value === 'boolean' ? (value ? 'yes' : 'no') : plain(value));

/** A warning as one sentence. */
export function warningText(warning: Json): string {
  if (warning && typeof warning === 'object' && !Array.isArray(warning)) {
    return plain(warning['message'] ?? warning['text'] ?? warning);
  }
  return plain(warning);
}
