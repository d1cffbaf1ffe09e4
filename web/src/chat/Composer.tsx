import { Button, Textarea } from '@mantine/core';
import type { Ref } from 'react';

interface Props {
  ref: Ref<HTMLTextAreaElement>;
  draft: string;
  busy: boolean;
  onType: (text: string) => void;
  onSend: () => void;
  onStop: () => void;
}

/** The next message: Ctrl+Enter sends, Escape stops what runs. */
export function Composer({ ref, draft, busy, onType, onSend, onStop }: Props) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSend();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && busy) onStop();
      }}
    >
      <Textarea
        ref={ref}
        label="Message"
        placeholder="Ask, or type / for commands"
        autosize
        minRows={2}
        maxRows={12}
        maxLength={8000}
        value={draft}
        readOnly={busy}
        onChange={(event) => onType(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            if (!busy) onSend();
          }
        }}
      />
      <div className="row apart" style={{ marginTop: 10 }}>
        <span className="quiet" style={{ fontSize: '0.84rem' }}>
          <kbd>Ctrl</kbd>+<kbd>Enter</kbd> sends{busy && ', '}
          {busy && (
            <>
              <kbd>Esc</kbd> stops
            </>
          )}
        </span>
        {busy ? (
          // Not the same element as the one that sends: a click on Stop would go on as a click on Send.
          <Button key="stop" type="button" variant="default" onClick={onStop}>
            Stop
          </Button>
        ) : (
          <Button key="send" type="submit" aria-disabled={draft.trim() === ''}>
            Send
          </Button>
        )}
      </div>
    </form>
  );
}
