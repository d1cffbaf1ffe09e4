export type Block =
  | { kind: 'paragraph'; text: string }
  | { kind: 'heading'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'list'; ordered: boolean; items: string[] }
  | { kind: 'table'; head: string[]; rows: string[][] };

export type Span = { kind: 'text' | 'code' | 'strong'; text: string };

const LIST = /^\s*(?:[-*•]|(\d+)[.)])\s+(.*)$/;
const RULE = /^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$/;

/** The few marks that answers use: paragraphs, headings, lists, tables, code. Everything else stays text. */
export function blocks(text: string): Block[] {
  const all = text.replace(/\r\n?/g, '\n').split('\n');
  const found: Block[] = [];
  let at = 0;
  const line = (index: number) => all[index] ?? '';
  while (at < all.length) {
    if (line(at).trim() === '') {
      at++;
    } else if (line(at).startsWith('```')) {
      const code: string[] = [];
      for (at++; at < all.length && !line(at).startsWith('```'); at++) code.push(line(at));
      at++;
      found.push(aligned(code) ?? { kind: 'code', text: code.join('\n') });
    } else if (line(at).includes('|') && RULE.test(line(at + 1)) && line(at + 1).includes('-')) {
      const head = cells(line(at));
      const rows: string[][] = [];
      for (at += 2; at < all.length && line(at).includes('|'); at++) rows.push(cells(line(at)));
      found.push({ kind: 'table', head, rows });
    } else if (LIST.test(line(at))) {
      const ordered = LIST.exec(line(at))?.[1] !== undefined;
      const items: string[] = [];
      for (; LIST.test(line(at)) && at < all.length; at++) items.push(LIST.exec(line(at))?.[2] ?? '');
      found.push({ kind: 'list', ordered, items });
    } else if (/^#{1,6}\s/.test(line(at))) {
      found.push({ kind: 'heading', text: line(at).replace(/^#+\s+/, '') });
      at++;
    } else {
      const words: string[] = [line(at)];
      for (at++; at < all.length && line(at).trim() !== '' && !LIST.test(line(at)) && !line(at).startsWith('```') && !RULE.test(line(at + 1) || 'x'); at++) {
        words.push(line(at));
      }
      found.push({ kind: 'paragraph', text: words.join('\n') });
    }
  }
  return found;
}

/**
 * A table drawn with spaces: a line of names, a line of dashes, rows. Read as a table only when every row keeps to the
 * columns of the names; anything else stays as it was written.
 */
function aligned(code: string[]): Block | undefined {
  const [names = '', dashes = '', ...lines] = code;
  if (!/^-{3,}$/.test(dashes) || lines.length === 0 || !/^\S/.test(names)) return undefined;
  const starts = [...names.matchAll(/(?:^|\s{2,})(?=\S)/g)].map((match) => match.index + match[0].length);
  const keeps = (line: string) => starts.every((start) => start === 0 || line.length <= start || /^ {2}$/.test(line.slice(start - 2, start)));
  if (!lines.every(keeps)) return undefined;
  const cut = (line: string) => starts.map((start, column) => line.slice(start, starts[column + 1]).trim());
  return { kind: 'table', head: cut(names), rows: lines.map(cut) };
}

/** The cells of a table's line; `\|` is a bar inside a cell. */
function cells(row: string): string[] {
  return row
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.replaceAll('\\|', '|').trim());
}

/** Code and strong text within a line. */
export function spans(text: string): Span[] {
  const found: Span[] = [];
  let rest = 0;
  for (const match of text.matchAll(/`([^`\n]+)`|\*\*([^*\n]+)\*\*/g)) {
    if (match.index > rest) found.push({ kind: 'text', text: text.slice(rest, match.index) });
    found.push(match[1] !== undefined ? { kind: 'code', text: match[1] } : { kind: 'strong', text: match[2] ?? '' });
    rest = match.index + match[0].length;
  }
  if (rest < text.length) found.push({ kind: 'text', text: text.slice(rest) });
  return found;
}
