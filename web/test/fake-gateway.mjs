// A small stand-in for the gateway: the same addresses, JSON, headers and CSP over real HTTP, with its state at hand
// of the test. It is for the page's own tests; whole paths with the real gateway are tried in `acceptance`.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';

const ISSUER = 'http://127.0.0.1/dev';
const HOSTILE = '<img src=x onerror="document.title=\'owned\'"> **AP** [click](javascript:alert(1))';
const TYPES = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8', svg: 'image/svg+xml' };

const iso = (ms) => new Date(ms).toISOString();

export function portPlan(id, patch = {}) {
  const now = Date.now();
  const before = { 'ge-0/0/7': { usage: 'camera', poe_disabled: false, description: 'lobby cam' } };
  const after = { 'ge-0/0/7': { usage: 'guest', poe_disabled: false, description: 'lobby kiosk' } };
  return {
    id,
    state: 'planned',
    tool: 'set_switch_port',
    arguments: { device: 'ld-core-1', port_id: 'ge-0/0/7', usage: 'guest', description: 'lobby kiosk' },
    createdAt: iso(now - 14_000),
    expiresAt: iso(now + 287_000),
    level: 'page',
    url: `/ui/plans/${id}`,
    targets: [{ kind: 'port', id: 'd1:ge-0/0/7', name: 'ld-core-1 ge-0/0/7', siteId: 's1', siteName: 'London' }],
    requests: [{ method: 'PUT', path: '/api/v1/sites/s1/devices/d1', summary: 'sets the whole port_config map with one port changed' }],
    before,
    after,
    diff: [
      { op: 'replace', path: '/ge-0~10~17/usage', from: 'camera', to: 'guest' },
      { op: 'replace', path: '/ge-0~10~17/description', from: 'lobby cam', to: 'lobby kiosk' },
    ],
    beforeHash: `sha256:${'a'.repeat(64)}`,
    changeDigest: `sha256:${'b'.repeat(64)}`,
    impact: '1 wired client (axis-cam-07) loses its VLAN; the port goes down for about 2 s.',
    warnings: ['the port is up and has a client'],
    reversible: true,
    undo: { tool: 'set_switch_port', arguments: { device: 'ld-core-1', port_id: 'ge-0/0/7', usage: 'camera' } },
    phrase: 'ld-core-1 ge-0/0/7',
    ports: Array.from({ length: 48 }, (_, n) => ({ name: `ge-0/0/${n}`, up: n % 5 !== 0 })),
    history: [{ at: iso(now - 14_000), state: 'planned', by: `${ISSUER}|alice@example.com` }],
    ...patch,
  };
}

function sitePlan(id, patch = {}) {
  return portPlan(id, {
    tool: 'create_site',
    arguments: { name: HOSTILE },
    targets: [{ kind: 'site', id: 'new', name: HOSTILE }],
    requests: [{ method: 'POST', path: '/api/v1/orgs/o1/sites', summary: 'creates the site' }],
    before: null,
    after: { name: HOSTILE, country_code: 'NO' },
    diff: [{ op: 'add', path: '', to: { name: HOSTILE, country_code: 'NO' } }],
    undo: { impossible: 'a site that was created cannot be removed by this gateway' },
    reversible: false,
    phrase: 'create Oslo-2',
    ports: undefined,
    ...patch,
  });
}

/** Plans in every state that a page can meet, by name of the state. */
export function plansInEveryState() {
  const states = 'approved sending applied verified mismatch unknown rejected aborted stale expired discarded awaiting_keep kept rolled_back rollback_blocked';
  const done = { by: `${ISSUER}|alice@example.com`, at: iso(Date.now()), level: 'page' };
  const all = states.split(' ').map((state) =>
    portPlan(`pl_${state}`, {
      state,
      ...(['stale', 'expired', 'discarded'].includes(state) ? {} : { approval: done }),
      ...(state === 'mismatch' ? { result: { code: 'mismatch', field: '/ge-0~10~17/usage', expected: 'guest', found: 'camera' } } : {}),
      ...(state === 'rejected' ? { result: { code: 'mist_400', message: 'usage `guest` is not defined' } } : {}),
      ...(state === 'verified' ? { replayed: true } : {}),
    }),
  );
  return [...all, portPlan('pl_fresh', { level: 'fresh-login', createdAt: iso(Date.now() + 1) }), portPlan('pl_two', { level: 'two-person', own: true }), sitePlan('pl_site'), sitePlan('pl_sitedone', { state: 'verified' })];
}

const TOOLS = [
  { name: 'list_devices', upstream: 'mist-ro', title: 'List devices', description: 'Access points, switches and gateways of a site.', write: false, allowed: true, rule: 'ReadOnly.allow mist-ro/*', inputSchema: { type: 'object', properties: { site: { type: 'string' } } } },
  { name: 'set_switch_port', upstream: 'mist-rw', description: 'Changes a switch port.', write: true, allowed: true, rule: 'ReadWrite.allow mist-rw/*' },
  { name: 'create_site', upstream: 'mist-rw', description: HOSTILE, write: true, allowed: false, rule: 'site-scope', denial: { code: 'site_scope', rule: 'site-scope', reason: 'your scope is 2 sites, this tool changes the organisation', remedy: 'ask netops-admins for all sites' } },
];

/** What a server asks of the person at the chat, its own words hostile. */
export const FORM_QUESTION = {
  mode: 'form',
  message: `${HOSTILE}\nWho looks after the site?`,
  schema: {
    type: 'object',
    properties: {
      contact: { type: 'string', title: 'Contact', description: 'Whom to write to', format: 'email' },
      name: { type: 'string', title: HOSTILE, minLength: 3, default: 'Ada' },
      seats: { type: 'integer', title: 'Seats', minimum: 1, maximum: 99 },
      night: { type: 'boolean', title: 'Work at night', description: 'Between 22:00 and 06:00' },
      size: { type: 'string', title: 'Size', oneOf: [{ const: 's', title: 'Small' }, { const: 'l', title: 'Large' }] },
      floors: { type: 'array', title: 'Floors', minItems: 1, items: { anyOf: [{ const: '1', title: 'First' }, { const: '2', title: 'Second' }] } },
      from: { type: 'string', title: 'From', format: 'date' },
    },
    required: ['contact', 'seats', 'floors'],
  },
};

export const URL_QUESTION = { mode: 'url', message: 'Sign in there, then come back.', url: 'https://login.example.com/start?for=mist&step=1#top', host: 'login.example.com', punycode: false };

function records() {
  const row = (index, patch) => ({ index, at: iso(Date.now() - (40 - index) * 7000), event: 'call.decision', principal: { iss: ISSUER, sub: 'alice@example.com' }, role: 'ReadWrite', requestId: 'req-7', decision: 'allow', ...patch });
  return [
    row(12, { event: 'call.outcome', tool: 'create_site', outcome: 'denied', decision: 'deny', rule: 'site-scope', site: HOSTILE }),
    row(11, { event: 'call.outcome', tool: 'set_switch_port', outcome: 'planned', rule: 'ReadWrite.allow mist-rw/*', site: 'London' }),
    row(10, { tool: 'list_devices', site: 'London', rule: 'ReadOnly.allow mist-ro/*' }),
  ];
}

export async function startFake(dist) {
  const state = { mode: 'ok', auth: 'dev', user: null, writeEnabled: true, code: 'one-time', plans: [], threads: new Map(), sent: 0, moved: false, permitted: false, chatDelay: 0, loginAs: 'alice@example.com', lastLogin: '', declines: false, refusal: null, ended: null, trouble: null, signInSetUp: true, asks: [FORM_QUESTION], patience: 300_000, answers: [], log: [] };
  const waiting = new Map();
  const hanging = new Set();
  let number = 0;

  state.signIn = (sub = 'alice@example.com', role = 'ReadWrite', minutes = 12) => {
    state.user = { sub, role, sites: ['s1', 's2'], ends: Date.now() + minutes * 60_000 + 4_000, provenAt: Date.now(), csrf: randomBytes(8).toString('hex') };
  };
  const session = () => ({
    iss: ISSUER, sub: state.user.sub, email: state.user.sub.includes('@') ? state.user.sub : null, role: state.user.role,
    roleSource: { claim: 'roles', value: state.user.role }, sites: state.user.sites, siteCount: 14, authMode: state.auth,
    writeEnabled: state.writeEnabled, mist: { simulated: true, host: '127.0.0.1' }, model: 'planner/1', expiresAt: iso(state.user.ends), provenAt: iso(state.user.provenAt), csrf: state.user.csrf,
    ...(state.auth === 'oidc' ? { renews: !state.trouble, ...(state.trouble ? { trouble: state.trouble } : {}) } : {}),
    ...(state.refusal ? { refusal: state.refusal } : {}),
  });

  const server = createServer((request, response) => {
    answer(request, response).catch((failure) => {
      if (!response.headersSent) problem(response, 500, 'internal', String(failure));
    });
  });

  function json(response, status, body, type = 'application/json') {
    response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(JSON.stringify(body));
  }
  function problem(response, status, code, detail, extra = {}) {
    json(response, status, { type: 'about:blank', status, code, detail, requestId: `req-${++number}`, ...extra }, 'application/problem+json');
  }
  async function bodyOf(request) {
    let text = '';
    for await (const piece of request) text += piece;
    return text === '' ? {} : JSON.parse(text);
  }
  async function page(response) {
    const nonce = randomBytes(16).toString('base64url');
    const html = (await readFile(join(dist, 'index.html'), 'utf8')).replaceAll('{{nonce}}', nonce);
    response
      .writeHead(200, {
        'Content-Type': 'text/html; charset=utf-8',
        'Cache-Control': 'no-store',
        'X-Content-Type-Options': 'nosniff',
        'Referrer-Policy': 'no-referrer',
        'Content-Security-Policy': `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      })
      .end(html);
  }

  async function answer(request, response) {
    const url = new URL(request.url, 'http://127.0.0.1');
    const path = url.pathname;
    if (path === '/' || path === '/ui') return response.writeHead(302, { Location: '/ui/' }).end();
    if (path.startsWith('/ui/assets/')) {
      const name = path.slice('/ui/assets/'.length);
      const bytes = await readFile(join(dist, 'assets', name.replace(/[^\w.-]/g, '')));
      return response.writeHead(200, { 'Content-Type': TYPES[name.split('.').pop()] ?? 'application/octet-stream', 'Cache-Control': 'public, max-age=31536000, immutable' }).end(bytes);
    }
    if (path.startsWith('/ui')) return page(response);
    state.log.push(`${request.method} ${path}`);
    if (path === '/.well-known/jwks.json') return state.auth === 'dev' ? json(response, 200, { keys: [] }) : problem(response, 404, 'not_found', 'there is nothing at this address');
    if (path === '/.well-known/oauth-protected-resource') return json(response, 200, { authorization_servers: ['https://login.example.com/realm'] });
    if (path === '/auth/login') {
      // The provider is left out: it signs in whoever was here, and comes back.
      state.lastLogin = url.search;
      if (state.declines) state.refusal = { code: 'sign_in_not_fresh', detail: 'the provider did not say that you signed in just now (`auth_time`)', requestId: `req-${++number}` };
      else {
        state.refusal = null;
        state.signIn(state.loginAs);
      }
      return response.writeHead(302, { Location: url.searchParams.get('return') ?? '/ui/' }).end();
    }
    if (path === '/auth/dev/session') {
      const body = await bodyOf(request);
      if (body.code && body.code !== state.code) return problem(response, 403, 'sign_in_code_wrong', 'the sign-in code was used before, is too old, or is not one');
      if (body.code) {
        state.code = null;
        state.permitted = true;
        if (!body.sub) return json(response, 200, { permitted: true, expiresIn: 43200 });
      }
      if (!state.permitted) return problem(response, 403, 'sign_in_code_required', 'this browser needs a sign-in link first');
      state.signIn(body.sub, body.roles[0], body.ttl / 60);
      if (body.sites) state.user.sites = body.sites;
      return json(response, 200, session());
    }
    if (!state.user) return problem(response, 401, 'sign_in_required', 'this browser is not signed in', {
      authMode: state.auth,
      ...(state.auth === 'oidc' ? { issuer: 'https://login.example.com/realm', signInSetUp: state.signInSetUp } : { signInPermitted: state.permitted }),
      ...(state.refusal ? { refusal: state.refusal } : {}),
      ...(state.ended ? { ended: state.ended } : {}),
    });
    if (path === '/auth/session') return json(response, 200, session());
    if (request.method !== 'GET' && request.headers['x-csrf-token'] !== state.user.csrf) return problem(response, 403, 'csrf_wrong', 'the X-CSRF-Token is not that of this browser session');
    if (path === '/auth/logout') {
      state.user = null;
      return response.writeHead(204).end();
    }
    if (state.mode === 'loading') return hanging.add(response);
    if (state.mode === 'error') return problem(response, 503, 'audit_unavailable', `the audit log cannot be written ${HOSTILE}`);
    const empty = state.mode === 'empty';
    if (path === '/plans') return json(response, 200, { plans: empty ? [] : state.plans });
    if (path === '/tools') return json(response, 200, { tools: empty ? [] : TOOLS });
    if (path === '/threads') return json(response, 200, { threads: empty ? [] : [...state.threads.keys()].map((id) => ({ id, title: HOSTILE, createdAt: iso(Date.now()), updatedAt: iso(Date.now()) })) });
    if (path === '/policy/why') return json(response, 200, { decision: 'allow', mode: 'dry_run', rule: 'ReadWrite.allow mist-rw/*', reason: 'the role may call every write tool', trace: ['deny: none', 'allow: mist-rw/*'] });
    if (path === '/audit') {
      const q = url.searchParams;
      const rows = empty ? [] : records().filter((row) => !q.get('tool') || row.tool === q.get('tool'));
      return json(response, 200, q.get('cursor') ? { records: [{ ...records()[2], index: 9 }] } : { records: rows, ...(rows.length > 2 ? { cursor: 'older' } : {}) });
    }
    let match;
    if ((match = /^\/audit\/(\d+)$/.exec(path))) {
      const found = records().find((row) => row.index === Number(match[1]));
      return found ? json(response, 200, { record: found, leafHash: 'sha256:00ff', siblings: records().slice(1) }) : problem(response, 404, 'not_found', 'there is no such record among yours');
    }
    if ((match = /^\/threads\/([\w-]+)$/.exec(path))) {
      const found = state.threads.get(match[1]);
      return found ? json(response, 200, { id: match[1], title: 'Chat', messages: found }) : problem(response, 404, 'thread_not_found', 'there is no such thread');
    }
    if ((match = /^\/threads\/([\w-]+)\/questions\/([\w-]+)$/.exec(path))) return question(match[1], match[2], await bodyOf(request), response);
    if (path === '/mcp/chat') return chat(await bodyOf(request), request, response);
    if ((match = /^\/plans\/([\w-]+)(?:\/(\w+))?$/.exec(path))) return plan(match[1], match[2], request, response);
    return problem(response, 404, 'not_found', 'there is nothing at this address');
  }

  async function plan(id, act, request, response) {
    const found = state.plans.find((one) => one.id === id);
    if (!found) return problem(response, 404, 'plan_not_found', 'there is no such plan, or it is not yours');
    if (!act) return json(response, 200, found);
    const body = await bodyOf(request);
    const move = (next, detail) => {
      found.state = next;
      found.history = [...found.history, { at: iso(Date.now()), state: next, by: `${ISSUER}|${state.user.sub}`, ...(detail ? { detail } : {}) }];
    };
    if (act === 'approve') {
      if (found.level === 'fresh-login' && (state.user.provenAt <= Date.parse(found.createdAt) || Date.now() - state.user.provenAt > 300_000)) return problem(response, 403, 'fresh_login_required', 'sign in again for this plan: at most 5 minutes ago, and after it was made');
      if (body.phrase !== found.phrase) return problem(response, 403, 'phrase_mismatch', 'the phrase does not match');
      move('approved');
      found.approval = { by: `${ISSUER}|${state.user.sub}`, at: iso(Date.now()), level: 'page' };
      return json(response, 200, found);
    }
    if (act === 'commit') {
      if (state.moved) {
        move('stale');
        return problem(response, 409, 'stale', 'the port was changed since the plan was made; nothing was sent');
      }
      if (found.state === 'verified') return json(response, 200, { ...found, replayed: true });
      if (found.state !== 'approved') return problem(response, 403, 'approval_required', 'the plan is not approved');
      state.sent++;
      move('sending');
      move('applied');
      move('verified', 'read back as shown');
      return json(response, 200, found);
    }
    if (act === 'discard') {
      move('discarded');
      return json(response, 200, found);
    }
    if (act === 'undo') {
      const made = portPlan(`pl_undo${++number}`, { before: found.after, after: found.before });
      state.plans.unshift(made);
      return json(response, 200, made);
    }
    return problem(response, 404, 'not_found', 'there is nothing at this address');
  }

  function question(thread, id, body, response) {
    const open = waiting.get(id);
    if (open?.thread !== thread) return problem(response, 404, 'question_not_found', 'no such question waits for you');
    if (body.action === 'accept' && body.content?.contact?.endsWith('.invalid')) {
      return problem(response, 400, 'answer_not_valid', 'the answer does not fit what was asked; the question still waits', { faults: [{ field: 'contact', message: 'is not of the form `email`' }] });
    }
    waiting.delete(id);
    state.answers.push(body);
    open.done(body.action);
    return json(response, 200, { action: body.action });
  }

  /** Asks what the state says, one after the other, and gives what came of each. */
  async function ask(thread, toolCallId, event, response) {
    const asked = [];
    for (const what of state.asks) {
      const id = `q_${++number}`;
      const given = new Promise((done) => waiting.set(id, { thread, done }));
      event('CUSTOM', { name: 'question', value: { id, thread, toolCallId, server: 'helpdesk', ...what, patienceMs: state.patience, expiresAt: iso(Date.now() + state.patience) } });
      const action = await Promise.race([given, new Promise((late) => setTimeout(late, state.patience, 'expired')), new Promise((gone) => response.on('close', () => gone('ended')))]);
      waiting.delete(id);
      event('CUSTOM', { name: 'question.ended', value: { id, toolCallId, server: 'helpdesk', mode: what.mode, action } });
      asked.push({ server: 'helpdesk', mode: what.mode, action });
    }
    return asked;
  }

  async function chat(body, request, response) {
    const thread = body.thread ?? `th_${++number}`;
    const made = portPlan(`pl_7q2${String(++number).padStart(4, '0')}abcdefghijklmn`);
    const wantsPlan = /port/i.test(body.message);
    const toolCalls = wantsPlan
      ? [
          { tool: 'find_devices', arguments: { site: 'London', name: 'ld-core-1' }, mode: 'read', outcome: 'done', durationMs: 84, auditIndex: 10 },
          { tool: 'get_port', arguments: { device: 'ld-core-1', port: 'ge-0/0/7' }, mode: 'read', outcome: 'done', durationMs: 131, auditIndex: 11 },
          { tool: 'set_switch_port', arguments: { port: 'ge-0/0/7', usage: 'guest' }, mode: 'dry_run', outcome: 'planned', durationMs: 12, auditIndex: 12 },
          { tool: 'create_site', arguments: { name: 'Oslo-2' }, mode: 'dry_run', outcome: 'denied', denial: TOOLS[2].denial, durationMs: 1, auditIndex: 13 },
          { tool: 'ack_alarms', arguments: { alarms: [HOSTILE] }, mode: 'dry_run', outcome: 'failed', error: { code: 'upstream_timeout', message: 'the server did not answer in 20 s' }, durationMs: 20_004, auditIndex: 14 },
        ]
      : [{ tool: 'list_devices', arguments: { site: 'Berlin-HQ', type: 'switch' }, mode: 'read', outcome: 'done', durationMs: 43, auditIndex: 15 }];
    const text = wantsPlan
      ? 'I have planned one change. Nothing has been sent to Mist. Review the difference and confirm it, or discard it.'
      : `3 of 14 switches.\n\n| name | model | status |\n| --- | --- | --- |\n| ber-sw-01 | EX4400-48P | connected |\n| ${HOSTILE.replaceAll('|', '\\|')} | EX2300 | connected |\n\n- \`ber-sw-01\` has **2 alarms**`;
    const result = { structuredContent: { switches: [{ name: 'ber-sw-01', status: 'connected' }, { name: HOSTILE, status: 'connected' }], total: 1431 } };
    const whole = { thread, text, toolCalls, plans: wantsPlan ? [made] : [], model: 'planner/1', suggestions: [{ label: 'List open alarms', message: 'list open alarms' }] };
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    const event = (type, members) => response.write(`data: ${JSON.stringify({ type, ...members })}\n\n`);
    event('RUN_STARTED', { threadId: thread, runId: 'run_1' });
    for (const [index, call] of toolCalls.entries()) {
      event('TOOL_CALL_START', { toolCallId: `call_${index}`, toolCallName: call.tool });
      event('TOOL_CALL_ARGS', { toolCallId: `call_${index}`, delta: JSON.stringify(call.arguments) });
      event('TOOL_CALL_END', { toolCallId: `call_${index}` });
      if (state.chatDelay) await new Promise((done) => setTimeout(done, state.chatDelay));
      if (/question/.test(body.message)) call.asked = await ask(thread, `call_${index}`, event, response);
      if (response.destroyed) return;
      event('TOOL_CALL_RESULT', { toolCallId: `call_${index}`, content: JSON.stringify(result) });
      event('CUSTOM', { name: 'policy.decision', value: { ...call, toolCallId: `call_${index}` } });
    }
    if (/cut/.test(body.message)) return response.end();
    if (wantsPlan) state.plans.unshift(made);
    state.threads.set(thread, [...(state.threads.get(thread) ?? []), { role: 'user', text: body.message }, { role: 'assistant', ...whole, results: toolCalls.map(() => JSON.stringify(result)) }]);
    event('TEXT_MESSAGE_START', { messageId: 'msg_1', role: 'assistant' });
    event('TEXT_MESSAGE_CONTENT', { messageId: 'msg_1', delta: text });
    event('TEXT_MESSAGE_END', { messageId: 'msg_1' });
    event('RUN_FINISHED', { threadId: thread, runId: 'run_1', result: whole });
    response.end();
  }

  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    state,
    base: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((closed) => {
      hanging.forEach((response) => response.destroy());
      server.closeAllConnections();
      server.close(closed);
    }),
    letGo: () => {
      hanging.forEach((response) => response.destroy());
      hanging.clear();
    },
  };
}
