import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(tsx?|css)$/.test(name))
  .map((name) => [name, readFileSync(join(root, 'src', name), 'utf8')] as const);

// Names of devices and clients are written by strangers: text from the network becomes text nodes, nothing else.
const FORBIDDEN = [
  /dangerouslySetInnerHTML/, /\.innerHTML\b/, /\.outerHTML\b/, /insertAdjacentHTML/, /document\.write/, /\beval\(/, /new Function\(/,
  /srcdoc/i, /javascript:/i, /https?:\/\/(?!www\.w3\.org)/, /@import/, /url\(/,
];

describe('sources', () => {
  test('were found at all', () => expect(sources.length).toBeGreaterThan(20));
  test.each(sources)('%s makes no markup of text and reaches for nothing outside', (_, text) => {
    for (const pattern of FORBIDDEN) expect(text).not.toMatch(pattern);
  });
  test('the lock file names no host of a registry', () => {
    const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
    expect(lock).not.toContain('"resolved"');
  });
});
