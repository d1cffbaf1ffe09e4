import { Button } from '@mantine/core';
import type { Plan, Suggestion, ThreadMessage } from '../api/types';
import { Markup } from './Markup';
import { ToolCard } from './ToolCard';

interface Props {
  message: ThreadMessage;
  model: string;
  last: boolean;
  shown: string | undefined;
  onPlan: (plan: Plan) => void;
  onAsk: (text: string) => void;
}

/** One message of a thread: an ask, or an answer with its tool calls and plans. */
export function Message({ message, model, last, shown, onPlan, onAsk }: Props) {
  if (message.role === 'user') {
    return (
      <div className="ask">
        <span className="hidden">You: </span>
        {message.text}
      </div>
    );
  }
  return (
    <>
      {(message.toolCalls ?? []).map((call, index) => (
        <ToolCard key={index} call={call} />
      ))}
      {message.text && <Markup text={message.text} />}
      {message.error && (
        <p className="notice bad">
          The answer is not whole: {message.error.message} <code>{message.error.code}</code>
        </p>
      )}
      {(message.plans ?? [])
        .filter((plan) => plan.id !== shown)
        .map((plan) => (
          <div key={plan.id}>
            <Button variant="default" size="xs" onClick={() => onPlan(plan)}>
              Show the plan {plan.phrase ?? plan.id}
            </Button>
          </div>
        ))}
      {last && <Suggestions suggestions={message.suggestions ?? []} onAsk={onAsk} />}
      {last && <p className="quiet" style={{ margin: 0, fontSize: '0.86rem' }}>Answered by: {model}.</p>}
    </>
  );
}

/** What could be asked next, as buttons. */
export function Suggestions({ suggestions, onAsk }: { suggestions: Suggestion[]; onAsk: (text: string) => void }) {
  if (suggestions.length === 0) return null;
  return (
    <div className="row" role="group" aria-label="Suggestions" style={{ marginBottom: 8 }}>
      {suggestions.map((suggestion, index) => {
        const { label, message } = typeof suggestion === 'string' ? { label: suggestion, message: suggestion } : suggestion;
        return (
          <Button key={index} variant="default" size="compact-sm" onClick={() => onAsk(message)}>
            {label}
          </Button>
        );
      })}
    </div>
  );
}
