import { describe, expect, it } from 'vitest';
import { baseOf } from '../../src/api/base';

describe('what stands before the paths of the gateway', () => {
  it.each([
    ['https://gw.example.com/ui/assets/index-a.js', ''],
    ['http://127.0.0.1:8000/ui/assets/index-a.js', ''],
    ['https://example.com/mist/ui/assets/index-a.js', '/mist'],
    ['https://example.com/a/b/ui/assets/index-a.js', '/a/b'],
    ['https://example.com/ui/assets/ui/assets/index-a.js', '/ui/assets'],
    ['file:///srv/ui/assets/index-a.js', ''],
  ])('%s', (script, base) => {
    expect(baseOf(script)).toBe(base);
  });
});
