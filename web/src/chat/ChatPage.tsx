import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Fragment, useEffect, useRef, useState } from 'react';
import { Link, useLocation, useNavigate, useParams } from 'react-router';
import { ApiProblem } from '../api/client';
import type { Plan, ThreadMessage } from '../api/types';
import { PlanCard } from '../plan/PlanCard';
import { useSession } from '../session/SessionGate';
import { modelLabel } from '../shell/IdentityBar';
import { Failure, Loading } from '../shell/states';
import { useNow } from '../shell/useNow';
import { Composer } from './Composer';
import { keepDraft, readDraft } from './drafts';
import { Message, Suggestions } from './Message';
import { Markup } from './Markup';
import { QuestionCard } from './QuestionCard';
import { ask, NOTHING_YET, type Progress } from './stream';
import { exchange, lastPlan, threadQuery } from './thread';
import { ThreadList } from './ThreadList';
import { ToolCard } from './ToolCard';

interface Running {
  message: string;
  since: number;
  stop: AbortController;
}

const STARTERS = ['/help', '/tools', '/sites', '/whoami'];

/** The chat: what was asked and answered, the plan it came to, and the next message. */
export function ChatPage() {
  const { thread = '' } = useParams();
  const location = useLocation();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const session = useSession();
  const stored = useQuery(threadQuery(thread));
  const [draft, setDraft] = useState(() => readDraft(thread));
  const [running, setRunning] = useState<Running>();
  const [progress, setProgress] = useState(NOTHING_YET);
  const [failure, setFailure] = useState<{ problem: unknown; stopped: boolean }>();
  const [chosen, setChosen] = useState<Plan>();
  const [said, setSaid] = useState('');
  const input = useRef<HTMLTextAreaElement>(null);
  const bottom = useRef<HTMLDivElement>(null);
  const shownThread = useRef(thread);

  const messages = thread === '' ? [] : (stored.data ?? []);
  const plan = chosen ?? lastPlan(messages);

  useEffect(() => {
    document.title = 'Chat · Mist MCP Gateway';
  }, []);
  useEffect(() => {
    if (shownThread.current === thread) return;
    shownThread.current = thread;
    setDraft(readDraft(thread));
    setFailure(undefined);
    setChosen(undefined);
  }, [thread]);
  const brought = (location.state as { draft?: unknown } | null)?.draft;
  useEffect(() => {
    if (typeof brought !== 'string') return;
    type(brought);
    input.current?.focus();
    void navigate(location.pathname, { replace: true, state: null });
  }, [brought]);
  useEffect(() => () => running?.stop.abort(), [running]);

  function type(text: string) {
    setDraft(text);
    keepDraft(thread, text);
  }

  async function send(message: string) {
    if (running || message.trim() === '') return;
    const stop = new AbortController();
    setRunning({ message, since: Date.now(), stop });
    setProgress(NOTHING_YET);
    setFailure(undefined);
    setSaid('Working on it');
    try {
      const answer = await ask({ message, ...(thread ? { thread } : {}) }, stop.signal, (next) => {
        setProgress(next);
        const open = next.questions.findLast(({ action }) => action === undefined);
        if (open) setSaid(`The server ${open.server} asks you: ${open.message.slice(0, 300)}`);
      });
      queries.setQueryData<ThreadMessage[]>(['thread', answer.thread], [...messages, ...exchange(message, answer)]);
      for (const made of answer.plans ?? []) queries.setQueryData(['plan', made.id], made);
      void queries.invalidateQueries({ queryKey: ['plans'] });
      void queries.invalidateQueries({ queryKey: ['threads'] });
      setChosen(undefined);
      keepDraft(thread, '');
      setDraft('');
      setSaid(`Answer: ${answer.text.slice(0, 600)}`);
      shownThread.current = answer.thread;
      if (answer.thread !== thread) void navigate(`/threads/${encodeURIComponent(answer.thread)}`, { replace: true });
      setTimeout(() => bottom.current?.scrollIntoView({ block: 'nearest' }), 50);
    } catch (problem) {
      // What was asked goes back into the field: no failure and no ended sign-in costs typed text.
      type(message);
      const stopped = problem instanceof DOMException && problem.name === 'AbortError';
      setSaid(stopped ? 'Stopped' : '');
      setFailure({ problem, stopped });
    } finally {
      setRunning(undefined);
    }
  }

  const empty = thread === '' && !running && messages.length === 0;
  return (
    <div className={`columns chat ${plan ? 'two' : ''}`}>
      <div className="stack talk">
        <div className="row apart">
          <h1>Chat</h1>
          <ThreadList current={thread} />
        </div>
        {empty && (
          <div className="notice">
            <strong>Ask about your network, or ask for a change</strong>
            <p>Reads run at once. A change becomes a plan with its exact difference; nothing is sent before a person approves it.</p>
          </div>
        )}
        {thread !== '' && stored.isPending && <Loading what="the chat" />}
        {thread !== '' && stored.isError && !stored.data && (
          <Failure title="This chat cannot be shown" problem={stored.error} retry={() => void stored.refetch()} />
        )}
        {messages.map((message, index) => (
          <Message
            key={index}
            message={message}
            model={modelLabel(message.model ?? session.model)}
            last={index === messages.length - 1 && !running}
            shown={plan?.id}
            onPlan={setChosen}
            onAsk={(text) => void send(text)}
          />
        ))}
        {running && <Working running={running} progress={progress} />}
        {failure &&
          (failure.stopped ? (
            <div className="notice">
              <strong>Stopped</strong>
              <p>
                The answer is not waited for any more. A call that had begun may have been finished;{' '}
                <Link className="link" to="/audit">
                  the audit log
                </Link>{' '}
                has it.
              </p>
            </div>
          ) : (
            <Failure title="No answer" problem={failure.problem}>
              {failure.problem instanceof ApiProblem && failure.problem.status === 401 && <p>Your message is still in the field below.</p>}
            </Failure>
          ))}
        <span className="hidden" role="status" aria-live="polite">
          {said}
        </span>
      </div>
      {plan && (
        <div className="plan-area">
          <PlanCard key={plan.id} plan={plan} />
        </div>
      )}
      <div className="compose" ref={bottom}>
        {empty && <Suggestions suggestions={STARTERS} onAsk={(text) => void send(text)} />}
        <Composer
          ref={input}
          draft={running ? '' : draft}
          busy={running !== undefined}
          onType={type}
          onSend={() => void send(draft)}
          onStop={() => running?.stop.abort()}
        />
      </div>
    </div>
  );
}

function Working({ running, progress }: { running: Running; progress: Progress }) {
  const seconds = Math.max(0, Math.round((useNow() - running.since) / 1000));
  return (
    <>
      <div className="ask">{running.message}</div>
      {progress.calls.map((call) => (
        <Fragment key={call.id}>
          <ToolCard call={call} />
          {progress.questions
            .filter((question) => question.toolCallId === call.id && call.outcome === 'running')
            .map((question) => (
              <QuestionCard key={question.id} question={question} tool={call.tool} />
            ))}
        </Fragment>
      ))}
      {progress.text && <Markup text={progress.text} />}
      <div className="row quiet">
        <span className="spinner" aria-hidden="true" />
        {progress.questions.some(({ action }) => action === undefined) ? 'Waiting for you' : 'Working'}
        {seconds > 1 && <span aria-hidden="true">, {seconds} s</span>}
      </div>
    </>
  );
}
