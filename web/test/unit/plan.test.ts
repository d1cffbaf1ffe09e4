import { describe, expect, test } from 'vitest';
import type { Plan, Session } from '../../src/api/types';
import { lines } from '../../src/plan/difference';
import { impactLines } from '../../src/plan/impact';
import { peopleOf } from '../../src/plan/people';
import { headline, isFresh, isOpen, isOwn, portOf, stateNow, stateText, steps } from '../../src/plan/states';

const plan = (patch: Partial<Plan> = {}): Plan => ({
  id: 'pl_1', state: 'planned', tool: 'set_switch_port', createdAt: 0, expiresAt: '2026-11-23T18:00:00Z', level: 'page', ...patch,
});
const BEFORE = Date.parse('2026-11-23T17:59:59Z');
const AFTER = Date.parse('2026-11-23T18:00:00Z');

describe('plan', () => {
  test('is expired from its last moment on, whatever state it was read in', () => {
    expect(stateNow(plan(), BEFORE)).toBe('planned');
    expect(stateNow(plan(), AFTER)).toBe('expired');
    expect(isOpen(plan({ state: 'approved' }), AFTER)).toBe(false);
    expect(stateNow(plan({ state: 'verified' }), AFTER)).toBe('verified');
  });
  test('counts a proof of who one is only when it was given after the plan was made', () => {
    const made = plan({ createdAt: '2026-11-23T17:50:00.500Z' });
    const by = (provenAt?: string) => isFresh(made, { provenAt } as Session);
    expect(by('2026-11-23T17:50:01Z')).toBe(true);
    expect(by('2026-11-23T17:50:00Z')).toBe(false);
    expect(by(undefined)).toBe(false);
  });
  test.each([
    ['planned', 'past now todo todo'],
    ['approved', 'past past now todo'],
    ['stale', 'past wrong todo todo'],
    ['unknown', 'past past wrong todo'],
    ['applied', 'past past past now'],
    ['mismatch', 'past past past wrong'],
    ['verified', 'past past past past'],
  ])('%s stands at %s', (state, expected) => {
    expect(steps(state).join(' ')).toBe(expected);
  });
  test('names people by their subject, bars and all, and by their issuer only to tell two apart', () => {
    const one = peopleOf(plan({ history: [{ state: 'planned', by: 'https://a.example|auth0|wim' }], approval: { by: 'system:gateway' } }));
    expect(one('https://a.example|auth0|wim')).toBe('auth0|wim');
    expect(one('system:gateway')).toBe('system:gateway');
    const two = peopleOf(plan({ history: [{ state: 'planned', by: 'https://a.example|wim' }, { state: 'applied' }], approval: { by: 'https://b.example|wim' } }));
    expect(two('https://a.example|wim')).toBe('wim (https://a.example)');
    expect(two('https://b.example|wim')).toBe('wim (https://b.example)');
  });
  test('shows a state that it does not know by its own name', () => {
    expect(stateText('frozen').label).toBe('frozen');
  });
  test('finds the port of a switch, and none for other targets', () => {
    expect(portOf(plan({ targets: [{ kind: 'port', name: 'ber-sw-01 ge-0/0/7' }] }))).toBe('ge-0/0/7');
    expect(portOf(plan({ phrase: 'ber-sw-01 mge-1/0/12' }))).toBe('mge-1/0/12');
    expect(portOf(plan({ tool: 'create_site', phrase: 'ge-0/0/7', targets: [{ kind: 'site' }] }))).toBeUndefined();
  });
  test('counts changes and targets in its headline', () => {
    expect(headline(plan({ diff: [{ op: 'add', path: '/a' }], targets: [{ kind: 'switch_port' }] }), 'planned')).toBe('Dry run: 1 change on 1 switch port');
    expect(headline(plan({ targets: [{ kind: 'alarm' }, { kind: 'alarm' }] }), 'verified')).toBe('Change: set_switch_port on 2 alarms');
  });
  test('knows who asked, as far as it is told', () => {
    const session = { iss: 'i', sub: 'alice' } as Session;
    expect(isOwn(plan({ own: true }), session)).toBe(true);
    expect(isOwn(plan({ history: [{ state: 'planned', by: 'i|alice' }] }), session)).toBe(true);
    expect(isOwn(plan({ history: [{ state: 'planned', by: 'i|bob' }] }), session)).toBe(false);
  });
  test('reads impact as a sentence, a list and an object', () => {
    expect(impactLines('goes down')).toEqual(['goes down']);
    expect(impactLines(['a', 'b'])).toEqual(['a', 'b']);
    expect(impactLines({ summary: 's', clients: 1 })).toEqual(['s', 'clients: 1']);
    expect(impactLines(undefined)).toEqual([]);
  });
});

describe('difference', () => {
  test('shows what is cut and added, and not the order of members', () => {
    expect(lines({ b: 1, a: { y: 1, x: 2 } }, { a: { x: 2, y: 3 }, b: 1 }).filter((one) => one.sign !== ' ')).toEqual([
      { sign: '-', text: '    "y": 1' },
      { sign: '+', text: '    "y": 3' },
    ]);
    expect(lines({ a: 1, b: 2 }, { b: 2, a: 1 }).every((one) => one.sign === ' ')).toBe(true);
  });
  test('shows only added lines when nothing was there before', () => {
    expect(lines(null, { a: 1 }).map((one) => one.sign)).toEqual(['+', '+', '+']);
    expect(lines({ a: 1 }, null).map((one) => one.sign)).toEqual(['-', '-', '-']);
  });
});
