// The whole path in a real browser, against the running product: sign in, ask, look, type, apply, read the audit, undo;
// and that nothing is sent when nothing may be. What Mist got is read from the simulator's journal and state.
// SHOTS=FOLDER keeps a picture of every page looked at.
import { AxeBuilder } from '@axe-core/playwright';
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { browserPath, startBrowser } from '../chromium.mjs';
import { base, drift, freshLink, heard, isKept, switchNamed, writes } from './stack.mjs';

const SHOTS = process.env.SHOTS;
const LINK_LIFE = 60_000;
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
if (SHOTS) await mkdir(SHOTS, { recursive: true });
const browser = await startBrowser(browserPath());
const faults = [];
const tabs = new Map();

async function tab(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.on('pageerror', (failure) => faults.push(`page error at ${page.url()}: ${failure.message}`));
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/i.test(message.text())) faults.push(`CSP at ${page.url()}: ${message.text()}`);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(base) && !request.url().startsWith('data:')) faults.push(`outside request: ${request.url()}`);
  });
  return page;
}

async function signIn(page, name, role, link) {
  await page.goto(link ?? (await freshLink()));
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Role').selectOption(role);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('Message').waitFor();
}

/** Alice, who may write: signed in once, as long as the journeys last. */
async function alice() {
  if (!tabs.has('alice')) {
    const page = await tab();
    await signIn(page, 'alice@example.com', 'ReadWrite');
    tabs.set('alice', page);
  }
  return tabs.get('alice');
}

async function ask(page, text) {
  await page.goto(`${base}/ui/`);
  await page.getByLabel('Message').fill(text);
  await page.keyboard.press('Control+Enter');
}

/** Asks for a change of a port; gives the plan's id once its card is there. */
async function planned(page, device, port, usage) {
  await ask(page, `Set port ${port} of ${device} to usage ${usage}`);
  await page.getByRole('button', { name: 'Apply change' }).waitFor();
  return /^Plan (pl_\w+)$/.exec(await page.locator('section[aria-label^="Plan pl_"]').getAttribute('aria-label'))[1];
}

async function apply(page, device, port) {
  await page.getByLabel(/^Type/).fill(`${device} ${port}`);
  await page.getByRole('button', { name: 'Apply change' }).click();
}

const usageOf = async (device, port) => (await switchNamed(device)).port_config[port]?.usage;

/** Runs what must send nothing to Mist. */
async function sendsNothing(what) {
  const before = (await writes()).length;
  const result = await what();
  assert.equal((await writes()).length, before, 'the journal of the simulator has no new write');
  return result;
}

/** A state-changing call from within the page, as script on it could make. */
const post = (page, path, body) =>
  page.evaluate(
    async ([address, content]) => {
      const { csrf } = await (await fetch('/auth/session')).json();
      const answer = await fetch(address, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf },
        body: JSON.stringify(content ?? {}),
      });
      return { status: answer.status, body: await answer.json().catch(() => undefined) };
    },
    [path, body],
  );

const applied = { device: 'ber-sw-01', port: 'ge-0/0/20' };

async function appliesAnApprovedPlan() {
  const page = await alice();
  const { device, port } = applied;
  applied.before = (await switchNamed(device)).port_config;
  applied.plan = await sendsNothing(async () => {
    const id = await planned(page, device, port, 'guest');
    const difference = page.getByRole('region', { name: 'Difference, line by line' });
    await difference.getByText('"guest"').first().waitFor();
    const button = page.getByRole('button', { name: 'Apply change' });
    assert.equal(await button.isDisabled(), true, 'nothing typed yet');
    await page.getByLabel(/^Type/).fill('yes');
    assert.equal(await button.isDisabled(), true, '`yes` is not the phrase');
    const refused = await post(page, `/plans/${id}/commit`);
    assert.equal(refused.status, 409);
    assert.equal(refused.body.code, 'approval_required');
    assert.equal((await post(page, `/plans/${id}/approve`, { phrase: 'yes' })).status >= 400, true);
    return id;
  });
  const before = (await writes()).length;
  await apply(page, device, port);
  await page.getByText('Applied, read back, and found to be exactly as shown').first().waitFor();
  const sent = (await writes()).slice(before);
  assert.equal(sent.length, 1, 'one write');
  assert.equal(sent[0].method, 'PUT');
  const after = (await switchNamed(device)).port_config;
  assert.equal(after[port].usage, 'guest');
  assert.notDeepEqual(after, applied.before);
}

async function tellsTheStoryInTheAudit() {
  const page = await alice();
  await page.goto(`${base}/ui/audit?q=${applied.plan}`);
  const events = page.locator('main tbody td:nth-child(3)');
  await events.first().waitFor();
  const story = (await events.allTextContents()).reverse();
  const steps = ['plan.created', 'plan.approved', 'commit.intent', 'commit.outcome', 'call.outcome'].filter((step) => !story.includes(step));
  assert.deepEqual(steps, [], `the story is ${story.join(', ')}`);
  await page.locator('main tbody a').first().click();
  await page.getByRole('link', { name: 'All records' }).waitFor();
  await page.getByText(applied.plan).first().waitFor();
}

async function sendsNothingWhenAppliedAgain() {
  const page = await alice();
  await sendsNothing(async () => {
    const again = await post(page, `/plans/${applied.plan}/commit`);
    assert.ok(again.status >= 400 || again.body.replayed === true || again.body.plan?.replayed === true, `answers ${again.status} ${JSON.stringify(again.body)}`);
    assert.ok((await post(page, `/plans/${applied.plan}/approve`, { phrase: `${applied.device} ${applied.port}` })).status >= 400);
    await page.goto(`${base}/ui/plans/${applied.plan}`);
    await page.getByText('What has happened').waitFor();
    assert.match(await page.locator('.entries').last().innerText(), /by \S+@?\S*/);
    assert.doesNotMatch(await page.locator('main').innerText(), /\w\|\w/, 'people are named, not keyed');
    assert.equal(await page.getByRole('button', { name: 'Apply change' }).count(), 0);
  });
}

async function refusesAPlanThatWentStale() {
  const page = await alice();
  const device = 'ber-sw-02';
  const port = 'ge-0/0/3';
  await planned(page, device, port, 'iot');
  const found = await switchNamed(device);
  await drift(`/devices/${found.id}`, { port_config: { 'ge-0/0/0-11': { usage: 'printer' } } });
  await sendsNothing(async () => {
    await apply(page, device, port);
    await page.getByText('Stale').first().waitFor();
    await page.getByText('nothing was sent').first().waitFor();
    await picture(page, 'plan-stale');
  });
  assert.equal(await usageOf(device, port), undefined);
  assert.equal(await usageOf(device, 'ge-0/0/0-11'), 'printer');
}

async function undoes() {
  const page = await alice();
  await page.goto(`${base}/ui/plans/${applied.plan}`);
  await sendsNothing(async () => {
    await page.getByRole('button', { name: 'Undo: plan the opposite' }).click();
    await page.getByRole('button', { name: 'Apply change' }).waitFor();
    assert.doesNotMatch(page.url(), new RegExp(applied.plan));
  });
  await apply(page, applied.device, applied.port);
  await page.getByText('Applied, read back, and found to be exactly as shown').first().waitFor();
  const now = await switchNamed(applied.device);
  assert.equal(usageFor(now.port_config, 20), usageFor(applied.before, 20));
}

/** The usage that the map gives ge-0/0/N, by name or by range. */
function usageFor(map, n) {
  for (const [keys, config] of Object.entries(map)) {
    for (const key of keys.split(',')) {
      const range = /^ge-0\/0\/(\d+)(?:-(\d+))?$/.exec(key.trim());
      if (range && n >= Number(range[1]) && n <= Number(range[2] ?? range[1])) return config.usage;
    }
  }
  return undefined;
}

async function deniesAReader() {
  const page = await tab();
  await signIn(page, 'rita', 'ReadOnly');
  await sendsNothing(async () => {
    await ask(page, 'Set port ge-0/0/5 of lyo-sw-02 to usage iot');
    await page.locator('.pill', { hasText: 'Denied' }).first().waitFor();
    assert.equal(await page.getByRole('button', { name: 'Apply change' }).count(), 0);
    const other = await post(page, `/plans/${applied.plan}/commit`);
    assert.ok(other.status >= 400);
  });
  await ask(page, 'List the switches of Berlin-HQ');
  await page.locator('.markup table').getByText('ber-sw-01').first().waitFor();
  await page.context().close();
}

/** Presses Tab until the element with this text or label has the focus. */
async function tabTo(page, wanted) {
  for (let presses = 0; presses < 120; presses++) {
    await page.keyboard.press('Tab');
    const text = await page.evaluate(() => {
      const active = document.activeElement;
      return (active.labels?.[0]?.textContent ?? active.getAttribute('aria-label') ?? active.textContent ?? '').trim();
    });
    if (text.startsWith(wanted)) return;
  }
  assert.fail(`the keyboard does not reach ${wanted}`);
}

async function goesTheWholeWayByKeyboard() {
  const page = await tab();
  const device = 'lyo-sw-01';
  const port = 'ge-0/0/30';
  await page.goto(await freshLink());
  await page.getByText('For this machine only').waitFor();
  assert.equal(new URL(page.url()).hash, '', 'the code is gone from the address bar');
  await tabTo(page, 'Name');
  await page.keyboard.type('carol@example.com');
  await tabTo(page, 'Role');
  await page.keyboard.type('ReadWrite');
  await tabTo(page, 'Sign in');
  await page.keyboard.press('Enter');
  await page.getByLabel('Message').waitFor();
  await tabTo(page, 'Message');
  await page.keyboard.type(`Set port ${port} of ${device} to usage iot`);
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: 'Apply change' }).waitFor();
  await page.evaluate(() => document.activeElement.blur());
  await tabTo(page, `Type ${device} ${port}`);
  await page.keyboard.type(`${device} ${port}`);
  await tabTo(page, 'Apply change');
  await page.keyboard.press('Enter');
  await page.getByText('Applied, read back, and found to be exactly as shown').first().waitFor();
  assert.equal(await usageOf(device, port), 'iot');
  await tabTo(page, 'Undo: plan the opposite');
  await page.keyboard.press('Enter');
  await page.getByText('What has happened').waitFor();
  await tabTo(page, 'Audit');
  await page.keyboard.press('Enter');
  await page.getByText('call.outcome').first().waitFor();
  await tabTo(page, 'Sign out');
  await page.keyboard.press('Enter');
  await page.getByText('You are signed out.').waitFor();
  assert.equal(await page.evaluate(async () => (await fetch('/auth/session')).status), 401);
  await page.goBack();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.context().close();
}

async function refusesALinkThatWasUsed() {
  const link = await freshLink();
  const first = await tab();
  await first.goto(link);
  await first.getByText('For this machine only').waitFor();
  await first.waitForFunction(async () => (await (await fetch('/auth/session')).json()).signInPermitted === true);
  const second = await tab();
  await second.goto(link);
  await second.getByText('This sign-in code does not work any more').waitFor();
  await second.getByText('sign_in_code_wrong').waitFor();
  await second.getByText('./mist login').first().waitFor();
  await first.context().close();
  await second.context().close();
}

async function asksForALinkWhenThereIsNone() {
  const page = await tab();
  await page.goto(`${base}/ui/`);
  await page.getByText('This browser needs a sign-in link first').waitFor();
  await page.getByLabel('Name').fill('mallory');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('sign_in_code_required').waitFor();
  assert.equal(await page.evaluate(async () => (await fetch('/auth/session')).status), 401);
  await page.context().close();
}

async function refusesALinkThatIsTooOld() {
  const wait = old.at + LINK_LIFE + 1000 - Date.now();
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  const page = await tab();
  await page.goto(await old.link);
  await page.getByText('sign_in_code_wrong').waitFor();
  await page.context().close();
}

let view = '';

async function picture(page, name) {
  if (SHOTS) await page.screenshot({ path: join(SHOTS, `${name}${view}.png`), fullPage: true });
}

async function look(page, name) {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  for (const found of violations) {
    faults.push(`axe, ${name}${view}: ${found.id} (${found.help}) at ${found.nodes.slice(0, 3).map((node) => node.target.join(' ')).join(' | ')}`);
  }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  if (wide > page.viewportSize().width) faults.push(`${name}${view}: ${wide} wide in a window of ${page.viewportSize().width}`);
  await picture(page, name);
}

async function hasNoAxeViolationOnAnyPage() {
  const state = await (await alice()).context().storageState();
  const open = await planned(await alice(), 'por-sw-01', 'ge-0/0/8', 'iot');
  const stranger = await tab();
  for (const [scheme, width] of [['light', 1360], ['dark', 1360], ['light', 390], ['dark', 390]]) {
    view = `-${scheme}-${width}`;
    await stranger.emulateMedia({ colorScheme: scheme });
    await stranger.setViewportSize({ width, height: 844 });
    await stranger.goto(`${base}/ui/`);
    await stranger.getByText('This browser needs a sign-in link first').waitFor();
    await look(stranger, 'sign-in');
    const page = await tab({ storageState: state, colorScheme: scheme, viewport: { width, height: 900 } });
    await page.goto(`${base}/ui/`);
    await page.getByLabel('Message').waitFor();
    await look(page, 'chat-empty');
    await ask(page, 'List the switches of Berlin-HQ');
    await page.locator('.markup table').getByText('ber-sw-01').first().waitFor();
    await look(page, 'chat-table');
    await ask(page, '/help');
    await page.getByText('Answered by').waitFor();
    await look(page, 'chat-help');
    await planned(page, 'por-sw-01', 'ge-0/0/9', 'iot');
    await look(page, 'chat-plan');
    for (const [name, path, text] of [
      ['plans', '/ui/plans', 'Verified'],
      ['plan-open', `/ui/plans/${open}`, 'What has happened'],
      ['plan-verified', `/ui/plans/${applied.plan}`, 'What has happened'],
      ['tools', '/ui/tools', 'list_devices'],
      ['audit', '/ui/audit', 'call.outcome'],
      ['audit-empty', '/ui/audit?q=zzzzzzzz', 'No record fits the filters'],
    ]) {
      await page.goto(base + path);
      await page.getByText(text).first().waitFor();
      await look(page, name);
    }
    await page.goto(`${base}/ui/audit`);
    await page.locator('main tbody a').first().click();
    await page.getByRole('link', { name: 'All records' }).waitFor();
    await page.getByText('The record as JSON').waitFor();
    await look(page, 'record');
    await page.goto(`${base}/ui/plans/pl_none`);
    await page.getByRole('alert').first().waitFor();
    await look(page, 'plan-missing');
    await page.context().close();
  }
  view = '';
  await stranger.context().close();
}

/** Runs what must reach the server that asks with nothing. */
async function tellsTheServerNothing(what) {
  const before = heard().length;
  await what();
  assert.deepEqual(heard().slice(before), []);
}

const question = (page) => page.locator('.question');

async function answersWhatAServerAsks() {
  const page = await alice();
  const secret = `nobody-${Date.now()}`;
  const before = heard().length;
  await ask(page, '/call open_ticket {"ask":"form"}');
  await question(page).getByRole('heading', { name: 'The server desk asks you' }).waitFor();
  await question(page).getByText('Who opens the <b>ticket</b>?').waitFor();
  await picture(page, 'question-form');
  await tellsTheServerNothing(async () => {
    await question(page).getByRole('button', { name: 'Accept and send to desk' }).click();
    await question(page).getByText('This is needed').waitFor();
    await question(page).getByLabel('Name').fill('ab');
    await page.keyboard.press('Enter');
    await question(page).getByText('At least 3 characters').waitFor();
  });
  await question(page).getByLabel('Name').fill(secret);
  await question(page).getByLabel('Urgency').selectOption('High');
  const sent = page.waitForRequest((request) => request.method() === 'POST' && request.url().includes('/questions/'));
  await question(page).getByRole('button', { name: 'Accept and send to desk' }).click();
  await page.getByText('asked you (a form): you answered.').waitFor();
  assert.deepEqual(heard().slice(before), [`{"action":"accept","content":{"name":"${secret}","urgency":"high"}}`]);
  // A reload before the end would stop the call.
  await page.getByRole('button', { name: 'Send' }).waitFor();
  await page.reload();
  await page.getByText('asked you (a form): you answered.').waitFor();
  assert.equal(isKept('open_ticket'), true, 'what is kept would be found');
  assert.equal(isKept(secret), false, 'what was answered is in no file of the product');
  await tellsTheServerNothing(async () => {
    const path = new URL((await sent).url()).pathname;
    const again = await post(page, path, { action: 'accept', content: { name: 'mallory' } });
    assert.deepEqual([again.status, again.body.code], [404, 'question_not_found']);
  });
  await page.goto(`${base}/ui/audit?q=call.question`);
  await page.locator('main tbody a').first().click();
  await page.getByText('The record as JSON').first().waitFor();
  assert.match(await page.locator('main').innerText(), /desk/);
}

async function takesAnAnswerFromTheGatewaysOwnPageOnly() {
  const page = await alice();
  await ask(page, '/call open_ticket {"ask":"form"}');
  await question(page).getByLabel('Name').fill('alice');
  const refused = page.waitForResponse((response) => response.url().includes('/questions/'));
  await page.route('**/questions/**', (route) => route.continue({ headers: { ...route.request().headers(), 'x-csrf-token': '' } }), { times: 2 });
  await tellsTheServerNothing(async () => {
    await question(page).getByRole('button', { name: 'Accept and send to desk' }).click();
    assert.equal((await refused).status(), 403);
    await question(page).getByText('The answer was not taken').waitFor();
  });
  await page.unroute('**/questions/**');
  const before = heard().length;
  await question(page).getByRole('button', { name: 'Decline' }).click();
  await page.getByText('you declined').first().waitFor();
  assert.deepEqual(heard().slice(before), ['{"action":"decline"}']);
}

async function opensAnAddressOfAServerByAClickOnly() {
  const page = await alice();
  const opened = [];
  await page.context().route('https://desk.example/**', (route) => {
    opened.push(route.request().url());
    return route.fulfill({ contentType: 'text/html', body: '<title>desk</title>' });
  });
  const before = heard().length;
  await ask(page, '/call open_ticket {"ask":"url"}');
  await question(page).locator('.host', { hasText: 'desk.example' }).waitFor();
  await picture(page, 'question-address');
  assert.deepEqual(opened, []);
  const [there] = await Promise.all([page.context().waitForEvent('page'), question(page).getByRole('button', { name: 'Open desk.example in a new tab' }).click()]);
  await there.waitForLoadState();
  assert.equal(await there.evaluate(() => window.opener), null);
  await there.close();
  await page.getByText('asked you (to open an address): you answered.').waitFor();
  assert.deepEqual(opened, ['https://desk.example/sign-in?for=mist']);
  assert.deepEqual(heard().slice(before), ['{"action":"accept"}']);
}

async function declinesAFormThatCannotBeShown() {
  const page = await alice();
  const before = heard().length;
  await ask(page, '/call open_ticket {"ask":"beyond"}');
  await page.getByText('declined for you: the field `all`').waitFor();
  assert.equal(await question(page).count(), 0);
  assert.match(heard().slice(before).join(), /^{"action":"decline","_meta"/);
}

async function cancelsAQuestionByLeaving() {
  const page = await alice();
  await ask(page, '/call open_ticket {"ask":"form"}');
  await question(page).getByRole('button', { name: 'Decline' }).waitFor();
  const before = heard().length;
  await page.goto(`${base}/ui/plans`);
  for (let waited = 0; heard().length === before && waited < 100; waited++) await new Promise((resolve) => setTimeout(resolve, 100));
  assert.deepEqual(heard().slice(before), ['cancelled']);
}

async function signsOut() {
  const page = await alice();
  await page.goto(`${base}/ui/plans`);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('You are signed out.').waitFor();
  await picture(page, 'signed-out');
  await page.goto(`${base}/ui/plans/${applied.plan}`);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  assert.equal(await page.getByText(applied.port).count(), 0);
  await page.context().close();
}

const old = { at: Date.now(), link: freshLink() };
const JOURNEYS = [
  asksForALinkWhenThereIsNone, refusesALinkThatWasUsed, appliesAnApprovedPlan, tellsTheStoryInTheAudit,
  sendsNothingWhenAppliedAgain, refusesAPlanThatWentStale, undoes, deniesAReader, goesTheWholeWayByKeyboard,
  answersWhatAServerAsks, takesAnAnswerFromTheGatewaysOwnPageOnly, opensAnAddressOfAServerByAClickOnly, declinesAFormThatCannotBeShown,
  cancelsAQuestionByLeaving, hasNoAxeViolationOnAnyPage, signsOut, refusesALinkThatIsTooOld,
];
let failed = 0;
try {
  for (const journey of JOURNEYS) {
    const begun = Date.now();
    await journey().catch((failure) => faults.push(`${failure.message}`));
    const found = [...new Set(faults.splice(0))];
    console.log(`${found.length === 0 ? 'ok  ' : 'FAIL'} ${journey.name} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
    for (const fault of found) console.log(`     ${fault}`);
    if (found.length > 0) failed++;
  }
} finally {
  await browser.close();
}
console.log(`[e2e] ${JOURNEYS.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
