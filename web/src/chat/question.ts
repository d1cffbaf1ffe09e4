import type { Json } from '../api/types';

/** What a server asks, as the stream tells it. Everything but `id`, `thread` and `server` is the server's own words. */
export interface Question {
  id: string;
  thread: string;
  toolCallId: string;
  server: string;
  mode: string;
  message: string;
  schema?: Json;
  url?: string;
  host?: string;
  punycode?: boolean;
  /** When it stops waiting, by this browser's clock. */
  until: number;
  /** How it ended; absent while it waits. */
  action?: string;
}

/** What a call was asked, and what came of it; the answers themselves are kept nowhere. */
export interface Asked {
  server?: string;
  mode?: string;
  action?: string;
  reason?: string;
}

export interface Choice {
  value: string;
  title: string;
}

export interface Field {
  name: string;
  type: 'text' | 'number' | 'integer' | 'flag' | 'one' | 'several';
  title: string;
  help?: string;
  required: boolean;
  format?: string;
  choices: Choice[];
  fallback?: Json;
  min?: number;
  max?: number;
}

export type Values = Record<string, string | boolean | string[]>;
export type Faults = Record<string, string>;

const object = (value: Json | undefined): { [key: string]: Json } =>
  value && typeof value === 'object' && !Array.isArray(value) ? value : {};
const list = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);
const number = (value: Json | undefined) => (typeof value === 'number' ? value : undefined);

/** The fields of a form, from the schema as the gateway writes it. */
export function fieldsOf(schema: Json | undefined): Field[] {
  const whole = object(schema);
  const required = list(whole['required']);
  return Object.entries(object(whole['properties'])).map(([name, told]) => {
    const field = object(told);
    const type = String(field['type']);
    const choices = list(field['oneOf'] ?? object(field['items'])['anyOf']).map((choice) => {
      const value = String(object(choice)['const']);
      return { value, title: String(object(choice)['title'] ?? value) };
    });
    const kind = type === 'array' ? 'several' : type === 'boolean' ? 'flag' : type === 'string' ? (choices.length > 0 ? 'one' : 'text') : type === 'integer' ? 'integer' : 'number';
    const min = number(field['minLength'] ?? field['minimum'] ?? field['minItems']);
    const max = number(field['maxLength'] ?? field['maximum'] ?? field['maxItems']);
    return {
      name,
      type: kind,
      title: String(field['title'] ?? name),
      required: required.includes(name),
      choices,
      ...(typeof field['description'] === 'string' && { help: field['description'] }),
      ...(typeof field['format'] === 'string' && { format: field['format'] }),
      ...(field['default'] !== undefined && { fallback: field['default'] }),
      ...(min !== undefined && { min }),
      ...(max !== undefined && { max }),
    };
  });
}

/** What the fields hold before they were touched. */
export function firstValues(fields: Field[]): Values {
  return Object.fromEntries(
    fields.map(({ name, type, fallback, format }) => {
      if (type === 'flag') return [name, fallback === true];
      if (type === 'several') return [name, list(fallback).map(String)];
      const text = fallback === undefined ? '' : String(fallback);
      return [name, format === 'date-time' ? localTime(text) : text];
    }),
  );
}

/** An instant as the browser's own field for dates and times wants it, in the person's time zone. */
function localTime(text: string): string {
  const at = new Date(text);
  if (text === '' || Number.isNaN(at.getTime())) return '';
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The answer of a form: what is left empty is left out. */
export function contentOf(fields: Field[], values: Values): { [key: string]: Json } {
  const content: { [key: string]: Json } = {};
  for (const { name, type, format, required } of fields) {
    const value = values[name];
    if (typeof value === 'boolean') content[name] = value;
    else if (Array.isArray(value)) {
      if (value.length > 0 || required) content[name] = value;
    } else if (value !== undefined && value !== '') {
      if (type === 'number' || type === 'integer') content[name] = Number(value);
      else content[name] = format === 'date-time' ? new Date(value).toISOString() : value;
    }
  }
  return content;
}

/** What a person can be told at once; the gateway looks at all of it again, patterns and formats too. */
export function faultsOf(fields: Field[], values: Values): Faults {
  const faults: Faults = {};
  for (const field of fields) {
    const fault = faultOf(field, values[field.name]);
    if (fault) faults[field.name] = fault;
  }
  return faults;
}

function faultOf({ type, required, min, max }: Field, value: Values[string] | undefined): string | undefined {
  if (value === undefined || typeof value === 'boolean') return undefined;
  if (Array.isArray(value)) {
    if (value.length === 0 && !required) return undefined;
    if (value.length < (min ?? (required ? 1 : 0))) return `Choose at least ${min ?? 1}`;
    return max !== undefined && value.length > max ? `Choose at most ${max}` : undefined;
  }
  if (value === '') return required ? 'This is needed' : undefined;
  if (type === 'number' || type === 'integer') {
    const given = value.trim() === '' ? Number.NaN : Number(value);
    if (!Number.isFinite(given)) return 'Type a number';
    if (type === 'integer' && !Number.isInteger(given)) return 'Type a whole number';
    if (min !== undefined && given < min) return `At least ${min}`;
    return max !== undefined && given > max ? `At most ${max}` : undefined;
  }
  if (type !== 'text') return undefined;
  const length = [...value].length;
  if (min !== undefined && length < min) return `At least ${min} characters`;
  return max !== undefined && length > max ? `At most ${max} characters` : undefined;
}

const SECRET = /pass(word|phrase|code|wort)|secret|token|credential|api[ _-]?key|private[ _-]?key|\b(pin|otp|psk)\b/i;

/** Whether a form seems to ask for what a form must never ask for. */
export const asksForSecret = (question: Question, fields: Field[]): boolean =>
  SECRET.test([question.message, ...fields.flatMap(({ name, title, help }) => [name, title, help ?? ''])].join('\n'));

/** An address in three parts, its host apart; nothing when it is not one that may be opened. */
export function partsOf({ url, host }: Question): { before: string; host: string; after: string } | undefined {
  if (!url || !host) return undefined;
  try {
    const read = new URL(url);
    if (read.protocol !== 'https:' || read.hostname !== host || read.username !== '' || read.password !== '') return undefined;
  } catch {
    return undefined;
  }
  const at = url.toLowerCase().indexOf(host);
  return { before: url.slice(0, at), host: url.slice(at, at + host.length), after: url.slice(at + host.length) };
}

const ENDS: Record<string, string> = {
  accept: 'you answered',
  decline: 'you declined',
  cancel: 'you cancelled',
  expired: 'time was over',
  ended: 'the call ended first',
};

/** How a question ended, in words. */
export const endOf = (action: string, reason?: string): string => (reason ? `declined for you: ${reason}` : (ENDS[action] ?? action));
