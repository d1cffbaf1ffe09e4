import { ApiProblem, send } from '../api/client';
import type { ChatAnswer, Json, ToolCall } from '../api/types';
import type { Question } from './question';
import { jsonOf } from './thread';

/** What has been seen of an answer that is still on its way. */
export interface Progress {
  text: string;
  calls: (ToolCall & { id: string })[];
  questions: Question[];
}

export const NOTHING_YET: Progress = { text: '', calls: [], questions: [] };

export type AgUiEvent = { type: string; [key: string]: Json };

/** The next state of an answer after one AG-UI event; events that a page need not show change nothing. */
export function advance(progress: Progress, event: AgUiEvent): Progress {
  const id = String(event['toolCallId'] ?? '');
  const change = (patch: (call: Progress['calls'][number]) => Partial<ToolCall>) => ({
    ...progress,
    calls: progress.calls.map((call) => (call.id === id ? { ...call, ...patch(call) } : call)),
  });
  switch (event.type) {
    case 'TEXT_MESSAGE_CONTENT':
      return { ...progress, text: progress.text + String(event['delta'] ?? '') };
    case 'TOOL_CALL_START':
      return { ...progress, calls: [...progress.calls, { id, tool: String(event['toolCallName'] ?? ''), outcome: 'running' }] };
    case 'TOOL_CALL_ARGS':
      return change((call) => {
        const text = (typeof call.arguments === 'string' ? call.arguments : '') + String(event['delta'] ?? '');
        return { arguments: jsonOf(text) };
      });
    case 'TOOL_CALL_RESULT':
      return change(() => ({ result: jsonOf(String(event['content'] ?? '')) }));
    case 'CUSTOM': {
      const value = event['value'];
      if (!value || typeof value !== 'object' || Array.isArray(value)) return progress;
      if (event['name'] === 'question') {
        const until = Date.now() + Number(value['patienceMs'] ?? 0);
        return { ...progress, questions: [...progress.questions, { ...(value as unknown as Question), until }] };
      }
      if (event['name'] === 'question.ended') {
        const questions = progress.questions.map((open) => (open.id === value['id'] ? { ...open, action: String(value['action']) } : open));
        return { ...progress, questions };
      }
      if (event['name'] !== 'policy.decision') return progress;
      const { toolCallId, ...told } = value;
      const named = String(toolCallId ?? '');
      return {
        ...progress,
        calls: progress.calls.map((call) => (call.id === named ? { ...call, ...(told as unknown as ToolCall) } : call)),
      };
    }
    default:
      return progress;
  }
}

/** The complete events in a piece of an SSE stream, and the rest that is not complete yet. */
export function events(buffer: string): { events: AgUiEvent[]; rest: string } {
  const parts = buffer.replaceAll('\r\n', '\n').split('\n\n');
  const rest = parts.pop() ?? '';
  const found = parts.flatMap((part) => {
    const data = part
      .split('\n')
      .filter((line) => line.startsWith('data:'))
      .map((line) => line.slice(5).replace(/^ /, ''))
      .join('\n');
    if (data === '') return [];
    const event = jsonOf(data);
    return event && typeof event === 'object' && !Array.isArray(event) && typeof event['type'] === 'string' ? [event as AgUiEvent] : [];
  });
  return { events: found, rest };
}

const CUT_OFF = new ApiProblem(0, 'answer_cut_off', 'the answer was cut off before its end; the audit log has what was done');

/**
 * Asks, and tells how the answer grows. A stream that ends without RUN_FINISHED is a failure, never a short answer.
 */
export async function ask(
  body: { message: string; thread?: string },
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<ChatAnswer> {
  const response = await send('/mcp/chat', { method: 'POST', body, signal, accept: 'text/event-stream, application/json;q=0.9' });
  if (!response.headers.get('Content-Type')?.startsWith('text/event-stream')) return (await response.json()) as ChatAnswer;
  if (!response.body) throw CUT_OFF;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = '';
  let progress = NOTHING_YET;
  try {
    for (;;) {
      const { value, done } = await reader.read();
      const read = events(buffer + (value ?? '') + (done ? '\n\n' : ''));
      buffer = read.rest;
      for (const event of read.events) {
        if (event.type === 'RUN_FINISHED') return finished(event, progress);
        if (event.type === 'RUN_ERROR') throw new ApiProblem(0, String(event['code'] ?? 'run_error'), String(event['message'] ?? 'the answer failed'));
        progress = advance(progress, event);
      }
      if (done) throw CUT_OFF;
      onProgress(progress);
    }
  } catch (failure) {
    if (failure instanceof ApiProblem || (failure instanceof DOMException && failure.name === 'AbortError')) throw failure;
    throw CUT_OFF;
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** The whole answer that the last event carries, with the results that came before it. */
function finished(event: AgUiEvent, progress: Progress): ChatAnswer {
  const answer = event['result'] as unknown as ChatAnswer | undefined;
  if (!answer?.thread) throw CUT_OFF;
  const toolCalls = answer.toolCalls?.map((call, index) => {
    const seen = progress.calls[index];
    return seen?.tool === call.tool && seen.result !== undefined ? { ...call, result: seen.result } : call;
  });
  return { ...answer, ...(toolCalls && { toolCalls }) };
}
