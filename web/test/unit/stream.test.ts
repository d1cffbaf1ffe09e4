import { afterEach, describe, expect, test, vi } from 'vitest';
import { ApiProblem } from '../../src/api/client';
import { advance, ask, events, NOTHING_YET, type AgUiEvent } from '../../src/chat/stream';

const line = (event: object) => `data: ${JSON.stringify(event)}\n\n`;
const DONE = { type: 'RUN_FINISHED', result: { thread: 'th', text: 'hi', toolCalls: [{ tool: 'find', outcome: 'done' }] } };

function answerWith(...pieces: string[]) {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      pieces.forEach((piece) => controller.enqueue(new TextEncoder().encode(piece)));
      controller.close();
    },
  });
  vi.stubGlobal('fetch', async () => new Response(body, { headers: { 'Content-Type': 'text/event-stream' } }));
}

afterEach(() => vi.unstubAllGlobals());

describe('stream', () => {
  test('keeps what is not complete for the next piece', () => {
    const whole = line({ type: 'A' }) + line({ type: 'B' });
    const first = events(whole.slice(0, 25));
    expect(first.events).toEqual([{ type: 'A' }]);
    expect(events(first.rest + whole.slice(25)).events).toEqual([{ type: 'B' }]);
  });
  test('follows a call from its start over arguments in pieces to its decision', () => {
    const told: AgUiEvent[] = [
      { type: 'TOOL_CALL_START', toolCallId: '1', toolCallName: 'find' },
      { type: 'TOOL_CALL_ARGS', toolCallId: '1', delta: '{"a":' },
      { type: 'TOOL_CALL_ARGS', toolCallId: '1', delta: '1}' },
      { type: 'TOOL_CALL_RESULT', toolCallId: '1', content: '{"n":2}' },
      { type: 'CUSTOM', name: 'policy.decision', value: { toolCallId: '1', tool: 'find', outcome: 'denied' } },
    ];
    const calls = told.reduce(advance, NOTHING_YET).calls;
    expect(calls).toEqual([{ id: '1', tool: 'find', outcome: 'denied', arguments: { a: 1 }, result: { n: 2 } }]);
  });
  test('keeps a question until it has ended, and is not troubled by signs of life', () => {
    const asked = events(`: waiting\n\n${line({ type: 'CUSTOM', name: 'question', value: { id: 'q', toolCallId: '1', server: 'net', patienceMs: 1000 } })}`);
    const open = asked.events.reduce(advance, NOTHING_YET);
    expect(open.questions).toEqual([{ id: 'q', toolCallId: '1', server: 'net', patienceMs: 1000, until: expect.any(Number) }]);
    const ended = advance(open, { type: 'CUSTOM', name: 'question.ended', value: { id: 'q', action: 'decline' } });
    expect(ended.questions[0]?.action).toBe('decline');
    expect(advance(ended, { type: 'CUSTOM', name: 'question.ended', value: { id: 'other', action: 'accept' } }).questions).toEqual(ended.questions);
  });
  test('gives the whole answer with the results that came before it', async () => {
    answerWith(
      line({ type: 'TOOL_CALL_START', toolCallId: '1', toolCallName: 'find' }),
      line({ type: 'TOOL_CALL_RESULT', toolCallId: '1', content: '{"n":2}' }),
      line(DONE),
    );
    const answer = await ask({ message: 'x' }, new AbortController().signal, () => {});
    expect(answer.toolCalls).toEqual([{ tool: 'find', outcome: 'done', result: { n: 2 } }]);
  });
  test('takes a stream without an end for a failure', async () => {
    answerWith(line({ type: 'TEXT_MESSAGE_CONTENT', delta: 'half an ans' }));
    await expect(ask({ message: 'x' }, new AbortController().signal, () => {})).rejects.toMatchObject({ code: 'answer_cut_off' });
  });
  test('passes the code of a failed run on', async () => {
    answerWith(line({ type: 'RUN_ERROR', code: 'model_failed', message: 'no' }));
    const failure = await ask({ message: 'x' }, new AbortController().signal, () => {}).catch((problem: unknown) => problem);
    expect(failure).toBeInstanceOf(ApiProblem);
    expect(failure).toMatchObject({ code: 'model_failed', detail: 'no' });
  });
});
