import { queryOptions } from '@tanstack/react-query';
import { call } from '../api/client';
import type { ChatAnswer, Json, Plan, ThreadMessage, ThreadSummary } from '../api/types';

/** JSON of a text that should be JSON; the text itself when it is not. */
export function jsonOf(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** Puts what each call gave beside the call. */
function withResults({ results, ...message }: ThreadMessage): ThreadMessage {
  if (!results || !message.toolCalls) return message;
  return {
    ...message,
    toolCalls: message.toolCalls.map((made, index) => {
      const result = results[index];
      return result === undefined || made.result !== undefined ? made : { ...made, result: jsonOf(result) };
    }),
  };
}

/** The messages of a stored thread, whether it lists messages or turns of ask and answer. */
export function messagesOf(stored: unknown): ThreadMessage[] {
  const thread = stored as { messages?: ThreadMessage[]; turns?: (ThreadMessage & { message?: string })[] };
  if (Array.isArray(thread.messages)) return thread.messages.map(withResults);
  return (thread.turns ?? []).flatMap(({ message, ...answer }) => [
    ...(message === undefined ? [] : [{ role: 'user', text: message }]),
    { ...answer, role: answer.role ?? 'assistant' },
  ]);
}

/** An ask and its answer as two messages. */
export function exchange(message: string, answer: ChatAnswer): ThreadMessage[] {
  const { thread: _, ...rest } = answer;
  return [
    { role: 'user', text: message },
    { role: 'assistant', ...rest },
  ];
}

/** The plan that the thread came to last. */
export function lastPlan(messages: ThreadMessage[]): Plan | undefined {
  return messages.findLast((message) => (message.plans ?? []).length > 0)?.plans?.at(-1);
}

export const threadQuery = (id: string) =>
  queryOptions({
    queryKey: ['thread', id],
    queryFn: async ({ signal }) => messagesOf(await call(`/threads/${encodeURIComponent(id)}`, { signal })),
    enabled: id !== '',
    staleTime: 60_000,
  });

export const threadsQuery = () =>
  queryOptions({
    queryKey: ['threads'],
    queryFn: async ({ signal }) => (await call<{ threads: ThreadSummary[] }>('/threads', { signal })).threads,
  });
