import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/api/types';
import { asksForSecret, contentOf, faultsOf, fieldsOf, firstValues, partsOf, type Question } from '../../src/chat/question';

const SCHEMA: Json = {
  type: 'object',
  properties: {
    text: { type: 'string', title: 'Text', minLength: 2, maxLength: 3, default: 'ab' },
    whole: { type: 'integer', minimum: 1, maximum: 9 },
    half: { type: 'number' },
    flag: { type: 'boolean', default: true },
    one: { type: 'string', oneOf: [{ const: 'a', title: 'A' }] },
    several: { type: 'array', maxItems: 1, items: { anyOf: [{ const: 'a', title: 'A' }, { const: 'b' }] }, default: ['b'] },
    at: { type: 'string', format: 'date-time', default: '2026-02-28T10:00:00Z' },
  },
  required: ['whole'],
};
const question = (patch: Partial<Question>): Question => ({ id: 'q', thread: 't', toolCallId: '1', server: 'net', mode: 'url', message: 'm', until: 0, ...patch });

describe('questions', () => {
  const fields = fieldsOf(SCHEMA);
  const first = firstValues(fields);
  test('fields keep their order, titles and what they held before', () => {
    expect(fields.map(({ name, type }) => `${name}:${type}`)).toEqual(['text:text', 'whole:integer', 'half:number', 'flag:flag', 'one:one', 'several:several', 'at:text']);
    expect(fields[1]?.required).toBe(true);
    expect(first).toMatchObject({ text: 'ab', whole: '', flag: true, one: '', several: ['b'] });
  });
  test('what is left empty is left out, and an instant comes back as it was', () => {
    expect(contentOf(fields, { ...first, whole: '7' })).toEqual({ text: 'ab', whole: 7, flag: true, several: ['b'], at: '2026-02-28T10:00:00.000Z' });
  });
  test.each([
    [{ whole: '' }, { whole: 'This is needed' }],
    [{ whole: ' ' }, { whole: 'Type a number' }],
    [{ whole: '1.5' }, { whole: 'Type a whole number' }],
    [{ whole: '10' }, { whole: 'At most 9' }],
    [{ whole: '0' }, { whole: 'At least 1' }],
    [{ half: 'x' }, { half: 'Type a number' }],
    [{ text: 'a' }, { text: 'At least 2 characters' }],
    [{ text: 'abcd' }, { text: 'At most 3 characters' }],
    [{ text: '' }, {}],
    [{ several: ['a', 'b'] }, { several: 'Choose at most 1' }],
    [{ several: [] }, {}],
  ])('%j: %j', (patch, faults) => {
    expect(faultsOf(fields, { ...first, whole: '5', ...patch })).toEqual(faults);
  });
  test('an address falls into three parts only when it may be opened', () => {
    expect(partsOf(question({ url: 'https://a.example/b', host: 'a.example' }))).toEqual({ before: 'https://', host: 'a.example', after: '/b' });
    for (const url of ['http://a.example/', 'javascript:alert(1)', 'https://a.example@b.example/', 'https://b.example/a.example', 'nonsense']) {
      expect(partsOf(question({ url, host: 'a.example' }))).toBeUndefined();
    }
  });
  test('a form that wants a secret is noticed', () => {
    expect(asksForSecret(question({ message: 'Your name' }), fields)).toBe(false);
    expect(asksForSecret(question({ message: 'Your API key' }), [])).toBe(true);
    expect(asksForSecret(question({}), fieldsOf({ type: 'object', properties: { a: { type: 'string', title: 'Passphrase' } } }))).toBe(true);
  });
});
