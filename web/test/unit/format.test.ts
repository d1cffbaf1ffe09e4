import { describe, expect, test } from 'vitest';
import { clock, count, duration, instant, oneLine } from '../../src/api/format';

describe('format', () => {
  test('reads instants as text, seconds and milliseconds', () => {
    expect(instant('2026-11-23T17:00:00Z')).toBe(1795453200000);
    expect(instant(1795453200)).toBe(1795453200000);
    expect(instant(1795453200000)).toBe(1795453200000);
    expect(instant('soon')).toBeUndefined();
    expect(instant(null)).toBeUndefined();
  });
  test('counts down and never below zero', () => {
    expect(clock(287_000)).toBe('4:47');
    expect(clock(3_850_000)).toBe('1:04:10');
    expect(clock(-5)).toBe('0:00');
  });
  test('writes durations and counts', () => {
    expect([duration(84), duration(20_004)]).toEqual(['84 ms', '20.0 s']);
    expect([count(1, 'change'), count(1431, 'row')]).toEqual(['1 change', '1,431 rows']);
  });
  test('cuts long JSON', () => {
    expect(oneLine({ a: 'x'.repeat(500) }).length).toBe(401);
  });
});
