import { Button, Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useId, useMemo, useRef, useState, type FormEvent } from 'react';
import { ApiProblem, post } from '../api/client';
import { clock, count } from '../api/format';
import type { Json } from '../api/types';
import { Failure } from '../shell/states';
import { useNow } from '../shell/useNow';
import { asksForSecret, contentOf, endOf, faultsOf, fieldsOf, firstValues, partsOf, type Faults, type Field, type Question, type Values } from './question';

type Action = 'accept' | 'decline' | 'cancel';

/** What a server asks the person at the chat: who asks, its words as text, and accept, decline or cancel. */
export function QuestionCard({ question, tool }: { question: Question; tool: string }) {
  const { server } = question;
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const fields = useMemo(() => fieldsOf(question.schema), [question.schema]);
  const [values, setValues] = useState(() => firstValues(fields));
  const [faults, setFaults] = useState<Faults>({});
  const left = question.until - useNow();
  const answer = useMutation({
    mutationFn: ({ action, content }: { action: Action; content?: Json }) =>
      post(`/threads/${encodeURIComponent(question.thread)}/questions/${encodeURIComponent(question.id)}`, {
        action,
        ...(content !== undefined && { content }),
      }),
    onError: (problem) => setFaults(faultsIn(problem)),
  });
  const action = question.action ?? (answer.isSuccess ? answer.variables.action : left <= 0 ? 'expired' : undefined);
  const open = action === undefined;

  // Whoever waited in the message field, or nowhere, is brought here: to the heading, where no key does anything.
  useEffect(() => {
    const active = document.activeElement;
    if (active === null || active === document.body || (active instanceof HTMLTextAreaElement && active.readOnly)) heading.current?.focus();
  }, []);
  useEffect(() => {
    if (!open && (document.activeElement === null || document.activeElement === document.body)) heading.current?.focus();
  }, [open]);

  function accept(event: FormEvent) {
    event.preventDefault();
    if (answer.isPending) return;
    const found = faultsOf(fields, values);
    setFaults(found);
    if (Object.keys(found).length === 0) answer.mutate({ action: 'accept', content: contentOf(fields, values) });
    else focusFirst(fields, found, id);
  }

  const wrong = Object.keys(faults).length;
  return (
    <div role="group" className={`card large question ${open ? 'open' : ''}`} aria-labelledby={`${id}-title`}>
      <div className="row apart">
        <h2 id={`${id}-title`} ref={heading} tabIndex={-1}>
          The server <span className="server">{server}</span> asks you
        </h2>
        {open ? (
          <span className="pill warn" aria-hidden="true">
            {clock(left)} left
          </span>
        ) : (
          <span className={`pill ${action === 'accept' ? 'good' : ''}`}>{endOf(action)}</span>
        )}
      </div>
      {open && <span className="hidden" role="timer">{clock(left)} left</span>}
      <span className="hidden" role="status">
        {open ? remaining(left) : `The question of ${server}: ${endOf(action)}`}
      </span>
      <p className="quiet">
        These are the words of the server <strong>{server}</strong>, which the tool <code>{tool}</code> belongs to. Neither this gateway nor the assistant asks.
      </p>
      <blockquote className="said">{question.message}</blockquote>
      {open &&
        (question.mode === 'url' ? (
          <Visit question={question} pending={answer.isPending} act={(wanted) => answer.mutate({ action: wanted })} />
        ) : (
          <form className="stack" noValidate autoComplete="off" onSubmit={accept} aria-labelledby={`${id}-title`}>
            <div className={`notice ${asksForSecret(question, fields) ? 'bad' : 'warn'}`}>
              {asksForSecret(question, fields) && <strong>This seems to ask for a secret: decline</strong>}
              <p>
                Passwords, tokens and keys do not belong here, and no server may ask for them in a form. What you send goes to the server <code>{server}</code> as you type it, and
                nowhere else.
              </p>
            </div>
            {fields.map((field, index) => (
              <FieldInput
                key={field.name}
                id={`${id}-${index}`}
                field={field}
                value={values[field.name]}
                fault={faults[field.name]}
                onChange={(value) => setValues((before) => ({ ...before, [field.name]: value }))}
              />
            ))}
            <span className="quiet" role="alert">
              {wrong > 0 && `Nothing was sent: ${count(wrong, 'field')} to mend.`}
            </span>
            <div className="row">
              <Button type="submit" loading={answer.isPending && answer.variables.action === 'accept'}>
                Accept and send to {server}
              </Button>
              <Refusals pending={answer.isPending} act={(wanted) => answer.mutate({ action: wanted })} />
            </div>
          </form>
        ))}
      {answer.isError && !isFaulty(answer.error) && open && <Failure title="The answer was not taken" problem={answer.error} />}
    </div>
  );
}

function Refusals({ pending, act }: { pending: boolean; act: (action: Action) => void }) {
  return (
    <>
      <Button variant="default" disabled={pending} onClick={() => act('decline')}>
        Decline
      </Button>
      <Button variant="default" disabled={pending} onClick={() => act('cancel')}>
        Cancel
      </Button>
    </>
  );
}

/** An address that the server wants opened. It is no link, so that nothing looks it up before it is clicked. */
function Visit({ question, pending, act }: { question: Question; pending: boolean; act: (action: Action) => void }) {
  const parts = partsOf(question);
  if (!parts) {
    return (
      <div className="stack">
        <div className="notice bad">
          <strong>It wants you to open an address that is not fit to be opened</strong>
        </div>
        <div className="row">
          <Refusals pending={pending} act={act} />
        </div>
      </div>
    );
  }
  return (
    <div className="stack">
      <p>It wants you to open this address, in a new tab, and to go on there:</p>
      <p className="address" aria-label="Address">
        {parts.before}
        <strong className="host">{parts.host}</strong>
        {parts.after}
      </p>
      {question.punycode && (
        <div className="notice bad">
          <strong>Look twice at the host</strong>
          <p>
            <code>xn--</code> in it stands for letters that are not those of the English alphabet. A browser may show it so that it looks like another host.
          </p>
        </div>
      )}
      <div className="notice warn">
        <p>
          This gateway has not looked at the address and will not. Open it only when you expected this, and know <code>{parts.host}</code>.
        </p>
      </div>
      <div className="row">
        <Button
          disabled={pending}
          onClick={() => {
            window.open(question.url, '_blank', 'noopener,noreferrer');
            act('accept');
          }}
        >
          Open {parts.host} in a new tab
        </Button>
        <Refusals pending={pending} act={act} />
      </div>
    </div>
  );
}

interface FieldProps {
  id: string;
  field: Field;
  value: Values[string] | undefined;
  fault: string | undefined;
  onChange: (value: Values[string]) => void;
}

const INPUT_TYPES: Record<string, string> = { date: 'date', 'date-time': 'datetime-local' };

function FieldInput({ id, field, value, fault, onChange }: FieldProps) {
  const shared = { id, label: field.title, description: field.help, error: fault, autoComplete: 'off', spellCheck: false };
  switch (field.type) {
    case 'flag':
      return (
        <Checkbox
          id={id}
          label={field.title}
          description={field.help}
          error={fault}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case 'one':
      return (
        <NativeSelect {...shared} required={field.required} value={String(value ?? '')} onChange={(event) => onChange(event.currentTarget.value)}>
          {(field.fallback === undefined || !field.required) && <option value="">{field.required ? 'Choose one' : 'None'}</option>}
          {field.choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.title}
            </option>
          ))}
        </NativeSelect>
      );
    case 'several':
      return (
        <Checkbox.Group
          id={id}
          label={field.title}
          description={field.help}
          error={fault}
          withAsterisk={field.required}
          value={Array.isArray(value) ? value : []}
          onChange={onChange}
        >
          <div className="choices">
            {field.choices.map((choice) => (
              <Checkbox key={choice.value} value={choice.value} label={choice.title} />
            ))}
          </div>
        </Checkbox.Group>
      );
    case 'number':
    case 'integer':
      return (
        <TextInput
          {...shared}
          required={field.required}
          inputMode={field.type === 'integer' ? 'numeric' : 'decimal'}
          value={String(value ?? '')}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'text': {
      const text = { ...shared, required: field.required, value: String(value ?? '') };
      return (field.max ?? 0) > 200 && !field.format ? (
        <Textarea {...text} autosize minRows={2} maxRows={8} onChange={(event) => onChange(event.currentTarget.value)} />
      ) : (
        <TextInput {...text} type={INPUT_TYPES[field.format ?? ''] ?? 'text'} onChange={(event) => onChange(event.currentTarget.value)} />
      );
    }
  }
}

function focusFirst(fields: Field[], faults: Faults, id: string): void {
  const index = fields.findIndex(({ name }) => faults[name]);
  const found = document.getElementById(`${id}-${index}`);
  (found instanceof HTMLInputElement || found instanceof HTMLSelectElement || found instanceof HTMLTextAreaElement ? found : found?.querySelector('input'))?.focus();
}

const isFaulty = (problem: unknown): boolean => problem instanceof ApiProblem && problem.code === 'answer_not_valid' && Object.keys(faultsIn(problem)).length > 0;

function faultsIn(problem: unknown): Faults {
  const told = problem instanceof ApiProblem ? problem.body['faults'] : undefined;
  const faults: Faults = {};
  for (const fault of Array.isArray(told) ? told : []) {
    if (!fault || typeof fault !== 'object' || Array.isArray(fault)) continue;
    const { field, message } = fault;
    if (typeof field === 'string' && field !== '') faults[field] = String(message);
  }
  return faults;
}

/** Told to a screen reader when it changes, which is seldom enough to be heard. */
function remaining(milliseconds: number): string {
  if (milliseconds <= 15_000) return 'Fifteen seconds left';
  return milliseconds <= 60_000 ? 'One minute left' : '';
}
