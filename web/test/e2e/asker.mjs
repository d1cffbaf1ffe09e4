// An MCP server over stdio (2025-11-25) with one tool that asks before it answers: a form, or an address. What it was
// answered is kept in the file that ASKER_HEARD names, one line each, and is no part of its result.
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const heard = (line) => appendFileSync(process.env.ASKER_HEARD, `${line}\n`);
const QUESTIONS = {
  form: {
    message: 'Who opens the <b>ticket</b>?',
    requestedSchema: {
      type: 'object',
      properties: {
        name: { type: 'string', title: 'Name', minLength: 3 },
        urgency: { type: 'string', title: 'Urgency', enum: ['low', 'high'], enumNames: ['Low', 'High'], default: 'low' },
      },
      required: ['name'],
    },
  },
  url: { mode: 'url', elicitationId: 'e1', message: 'Sign in at the desk first', url: 'https://desk.example/sign-in?for=mist' },
  beyond: { message: 'All of it', requestedSchema: { type: 'object', properties: { all: { type: 'object' } } } },
};
const TOOL = {
  name: 'open_ticket',
  description: 'Opens a ticket at the help desk.',
  inputSchema: { type: 'object', properties: { ask: { type: 'string', enum: Object.keys(QUESTIONS) } }, required: ['ask'] },
};
const calls = new Map();
let ids = 0;

const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const answer = (id, result) => send({ id, result });
const said = (id, text) => answer(id, { content: [{ type: 'text', text }], structuredContent: { said: text } });

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params, result, error } = JSON.parse(line);
  if (method === 'initialize') answer(id, { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'asker', version: '1' } });
  else if (method === 'tools/list') answer(id, { tools: [TOOL] });
  else if (method === 'tools/call') {
    const question = `ask-${++ids}`;
    calls.set(question, id);
    send({ id: question, method: 'elicitation/create', params: QUESTIONS[params.arguments.ask] });
  } else if (method === 'notifications/cancelled') heard('cancelled');
  else if (method === undefined && calls.has(id)) {
    heard(JSON.stringify(result ?? { error: error.code }));
    said(calls.get(id), `thank you, ${result?.action ?? 'nobody was asked'}`);
    calls.delete(id);
  } else if (id !== undefined && method !== undefined) send({ id, error: { code: -32601, message: 'method not found' } });
});
