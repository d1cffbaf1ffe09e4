import { describe, expect, test } from 'vitest';
import { blocks, spans } from '../../src/chat/markup';

describe('markup', () => {
  test('reads paragraphs, lists and code', () => {
    expect(blocks('one\ntwo\n\n- a\n- b\n\n1. c\n\n```\nx | y\n```')).toEqual([
      { kind: 'paragraph', text: 'one\ntwo' },
      { kind: 'list', ordered: false, items: ['a', 'b'] },
      { kind: 'list', ordered: true, items: ['c'] },
      { kind: 'code', text: 'x | y' },
    ]);
  });
  test('reads a table with a bar inside a cell, right after a line of text', () => {
    expect(blocks('Two:\n| name | model |\n| --- | :-- |\n| a \\| b | EX |')).toEqual([
      { kind: 'paragraph', text: 'Two:' },
      { kind: 'table', head: ['name', 'model'], rows: [['a | b', 'EX']] },
    ]);
  });
  test('reads a table drawn with spaces, and leaves one alone whose rows do not keep to the columns', () => {
    expect(blocks('```\nname    ip          note\n----------------------\nsw-01   10.10.0.11\nsw two  10.10.0.12  a b\n```\n2 entries.')).toEqual([
      { kind: 'table', head: ['name', 'ip', 'note'], rows: [['sw-01', '10.10.0.11', ''], ['sw two', '10.10.0.12', 'a b']] },
      { kind: 'paragraph', text: '2 entries.' },
    ]);
    const crooked = 'name  ip\n----------\nlonger than its column';
    expect(blocks(`\`\`\`\n${crooked}\n\`\`\``)).toEqual([{ kind: 'code', text: crooked }]);
  });
  test.each(['a | b', '|', '```', '```\nopen', '- ', '#', '| a |\n| --- |', '\u0000', '|||\n---'])('ends on %j', (text) => {
    expect(Array.isArray(blocks(text))).toBe(true);
  });
  test('knows code and strong, and leaves links and tags as text', () => {
    expect(spans('`a` **b** [c](javascript:x) <img>')).toEqual([
      { kind: 'code', text: 'a' },
      { kind: 'text', text: ' ' },
      { kind: 'strong', text: 'b' },
      { kind: 'text', text: ' [c](javascript:x) <img>' },
    ]);
  });
});
