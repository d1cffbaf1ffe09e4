// Every page, in both schemes, loading, empty, in error and full: no axe violation, no message of the CSP, nothing
// wider than the window. Then the journeys: by keyboard alone, hostile text, a sign-in that ends in the middle.
// node test/browser.mjs DIST [--journeys | --part]
import { AxeBuilder } from '@axe-core/playwright';
import assert from 'node:assert/strict';
import { browserPath, startBrowser } from './chromium.mjs';
import { FORM_QUESTION, plansInEveryState, portPlan, startFake, URL_QUESTION } from './fake-gateway.mjs';

const [dist] = process.argv.slice(2);
const ALL = [['light', 1360, true], ['dark', 1360, true], ['light', 390, false], ['dark', 320, false]];
const LOOKS = process.argv.includes('--journeys') ? [] : process.argv.includes('--part') ? [['dark', 320, false], ['light', 1360, false]] : ALL;
const fake = await startFake(dist);
const browser = await startBrowser(browserPath());
const { state, base } = fake;
const faults = [];
let checks = 0;

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

async function axe(page, name) {
  checks++;
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
  for (const found of violations) {
    faults.push(`axe, ${name}: ${found.id} (${found.help}) at ${found.nodes.slice(0, 3).map((node) => node.target.join(' ')).join(' | ')}`);
  }
  const width = page.viewportSize().width;
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  if (wide > width) faults.push(`${name}: ${wide} wide in a window of ${width}`);
}

const PAGES = [
  ['chat', '/ui/', 'Ask about your network', true],
  ['thread', '/ui/threads/th_x', 'What comes back'],
  ['plans', '/ui/plans', 'Expires'],
  ['plan', '/ui/plans/pl_open', 'What has happened'],
  ['tools', '/ui/tools', 'list_devices'],
  ['audit', '/ui/audit', 'call.outcome'],
  ['record', '/ui/audit/12', 'All records'],
];

async function everyPage(scheme, width, whole) {
  const page = await tab({ colorScheme: scheme, viewport: { width, height: 844 } });
  const name = (what) => `${what}, ${scheme}, ${width}`;
  state.user = null;
  await page.goto(`${base}/ui/`);
  await page.getByText('For this machine only').first().waitFor();
  await axe(page, name('sign-in dev'));
  const refusal = { code: 'no_role', detail: "none of the token's values gives a role: it has `guests`, `<b>printers</b>`", requestId: 'req-1' };
  const ended = { code: 'sign_in_renewal_refused', detail: 'the provider did not renew your sign-in' };
  for (const [what, patch, text] of [
    ['first', {}, 'Sign in with login.example.com'],
    ['refused', { refusal }, 'You have no role here'],
    ['ended', { ended }, 'the provider did not renew your sign-in'],
    ['not set up', { signInSetUp: false }, 'Signing in with a browser is not set up'],
  ]) {
    Object.assign(state, { auth: 'oidc', refusal: null, ended: null, signInSetUp: true }, patch);
    await page.goto(`${base}/ui/`);
    await page.getByText(text).first().waitFor();
    await axe(page, name(`sign-in oidc ${what}`));
  }
  Object.assign(state, { refusal: null, ended: null, signInSetUp: true, trouble: 'the provider did not renew your sign-in' });
  state.signIn('alice@example.com', 'ReadWrite', 1);
  await page.goto(`${base}/ui/plans`);
  await page.getByText('Your sign-in will end soon').waitFor();
  await axe(page, name('sign-in that is not renewed'));
  state.trouble = null;
  state.auth = 'dev';
  state.signIn();
  const hostile = '<b>bold</b>';
  state.threads.set('th_x', [
    { role: 'user', text: hostile },
    { role: 'assistant', text: `What comes back ${hostile}\n\n| a | b |\n| --- | --- |\n| 1 | 2 |`, model: 'planner/1', toolCalls: [{ tool: 'find', arguments: {}, outcome: 'done', durationMs: 3, auditIndex: 1 }], results: ['{"rows":[{"a":1}]}'] },
  ]);
  for (const mode of whole ? ['ok', 'loading', 'empty', 'error'] : ['ok', 'error']) {
    for (const [what, path, text, constant] of PAGES) {
      state.mode = mode;
      state.plans = [portPlan('pl_open'), ...plansInEveryState()];
      await page.goto(base + path);
      await page.locator('main h1').first().waitFor();
      if (mode === 'ok') await page.getByText(text).first().waitFor();
      else if (mode === 'loading' && !constant) await page.getByText('Loading').first().waitFor();
      else if (mode === 'error' && !constant) await page.getByText('audit_unavailable').first().waitFor();
      else if (mode === 'empty' && ['plans', 'tools', 'audit'].includes(what)) await page.locator('main .notice').first().waitFor();
      await axe(page, name(`${what} ${mode}`));
      fake.letGo();
    }
  }
  state.mode = 'ok';
  state.plans = plansInEveryState();
  for (const plan of state.plans.filter(({ id }) => whole || ['pl_mismatch', 'pl_site'].includes(id))) {
    await page.goto(`${base}/ui/plans/${plan.id}`);
    await page.getByText('What has happened').waitFor();
    assert.match(await page.locator('.entries').last().innerText(), /by alice@example\.com/);
    await axe(page, name(`plan ${plan.id}`));
  }
  await page.goto(`${base}/ui/no/such/page`);
  await page.getByText('There is no such page').first().waitFor();
  await axe(page, name('not found'));
  await page.goto(`${base}/ui/`);
  await page.getByLabel('Message').fill('Move port 7 of ld-core-1');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: 'Apply change' }).waitFor();
  await page.getByRole('button', { name: 'Why? Policy for create_site' }).click();
  await page.getByText('the role may call every write tool').waitFor();
  await page.locator('summary', { hasText: 'More' }).first().click();
  await page.getByText('2 of 1,431 rows').first().click();
  await page.getByRole('button', { name: 'Earlier chats' }).click();
  await page.locator('.threads a').first().waitFor();
  await axe(page, name('chat with everything open'));
  await page.getByRole('button', { name: 'Earlier chats' }).click();
  for (const [what, asks] of [
    ['form', FORM_QUESTION],
    ['form for a secret', { ...FORM_QUESTION, message: 'Your API key, please' }],
    ['address', URL_QUESTION],
    ['address in other letters', { ...URL_QUESTION, url: 'https://xn--pple-43d.com/', host: 'xn--pple-43d.com', punycode: true }],
  ]) {
    state.asks = [asks];
    await page.getByLabel('Message').fill('a question');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('button', { name: 'Decline' }).waitFor();
    if (what === 'form') await page.getByRole('button', { name: 'Accept and send' }).click();
    await axe(page, name(`question, ${what}`));
    await page.getByRole('button', { name: 'Decline' }).click();
    await page.getByText('you declined').first().waitFor();
    await page.getByRole('button', { name: 'Send' }).waitFor();
  }
  await axe(page, name('a question that was declined'));
  state.user = null;
  await page.getByLabel('Message').fill('hello');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('dialog').waitFor();
  await page.waitForTimeout(400);
  await axe(page, name('sign-in ended'));
  await page.context().close();
}

/** Presses Tab until the element with this text or label has the focus. */
async function tabTo(page, wanted) {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab');
    const [text, outline] = await page.evaluate(() => {
      const active = document.activeElement;
      const label = active.labels?.[0]?.textContent ?? active.getAttribute('aria-label') ?? active.textContent ?? '';
      const style = getComputedStyle(active);
      return [label.trim(), style.outlineStyle !== 'none' || style.borderColor !== ''];
    });
    if (text.startsWith(wanted)) {
      assert.ok(outline, `focus is visible on ${wanted}`);
      return;
    }
  }
  assert.fail(`the keyboard does not reach ${wanted}`);
}

async function journeyByKeyboard() {
  const page = await tab();
  Object.assign(state, { user: null, code: 'one-time', plans: [], sent: 0, moved: false, mode: 'ok' });
  await page.goto(`${base}/ui/#code=one-time`);
  await page.getByText('For this machine only').waitFor();
  await page.waitForTimeout(100);
  assert.equal(state.permitted, true, 'the code is handed in at once');
  assert.equal(new URL(page.url()).hash, '', 'the code is gone from the address bar');
  assert.equal(await page.evaluate(() => history.length), 2, 'and left no history entry of its own');
  await tabTo(page, 'Name');
  await page.keyboard.type('alice@example.com');
  await tabTo(page, 'Role');
  await page.keyboard.type('ReadWrite');
  await tabTo(page, 'Sign in');
  await page.keyboard.press('Enter');
  await page.getByLabel('Message').waitFor();
  assert.equal(state.user.role, 'ReadWrite');
  await page.locator('body').press('Tab');
  await tabTo(page, 'Message');
  await page.keyboard.type('Move port 7 of ld-core-1 to the guest profile');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: 'Apply change' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Apply change' }).isDisabled(), true, 'nothing typed yet');
  await page.evaluate(() => document.activeElement.blur());
  await tabTo(page, 'Type ld-core-1 ge-0/0/7');
  await page.keyboard.type('yes');
  assert.equal(await page.getByRole('button', { name: 'Apply change' }).isDisabled(), true, '`yes` is not the phrase');
  assert.equal(state.sent, 0);
  await page.keyboard.press('Control+A');
  await page.keyboard.type('ld-core-1 ge-0/0/7');
  await tabTo(page, 'Apply change');
  await page.keyboard.press('Enter');
  await page.getByText('Applied, read back, and found to be exactly as shown').first().waitFor();
  assert.equal(state.sent, 1);
  await tabTo(page, 'Undo: plan the opposite');
  await page.keyboard.press('Enter');
  await page.getByText('What has happened').waitFor();
  assert.match(page.url(), /\/ui\/plans\/pl_undo/);
  assert.equal(state.sent, 1, 'an undo is a plan first');
  await tabTo(page, 'Audit');
  await page.keyboard.press('Enter');
  await page.getByText('call.outcome').first().waitFor();
  await tabTo(page, 'Sign out');
  await page.keyboard.press('Enter');
  await page.getByText('You are signed out.').waitFor();
  await page.context().close();
}

async function skipsToThePage() {
  const page = await tab();
  state.signIn();
  await page.goto(`${base}/ui/plans`);
  await page.locator('main h1').waitFor();
  // After many tabs of other journeys the browser may take a key or two before the page has the focus.
  for (let i = 0; i < 3 && (await page.evaluate(() => document.activeElement === document.body)); i++) {
    await page.keyboard.press('Tab');
  }
  assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), 'Skip to the page');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
  await page.context().close();
}

async function losesNothingWhenTheSignInEnds() {
  const page = await tab();
  state.signIn('bob');
  Object.assign(state, { code: 'second', permitted: false });
  await page.goto(`${base}/ui/`);
  await page.getByLabel('Message').fill('List the switches, all of them');
  state.user = null;
  await page.keyboard.press('Control+Enter');
  await page.getByRole('dialog').getByText('Your sign-in has ended').waitFor();
  assert.equal(await page.getByLabel('Message').inputValue(), 'List the switches, all of them');
  await page.getByRole('dialog').getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByText('A sign-in code is needed').waitFor();
  await page.getByText('./mist login').first().waitFor();
  await page.evaluate(() => { window.location.hash = '#code=second'; });
  await page.getByRole('dialog').getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(await page.getByLabel('Message').inputValue(), 'List the switches, all of them');
  await page.reload();
  await page.getByLabel('Message').waitFor();
  assert.equal(await page.getByLabel('Message').inputValue(), 'List the switches, all of them', 'a draft survives a reload');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText('3 of 14 switches.', { exact: true }).waitFor();
  await page.context().close();
}

async function showsHostileTextAsText() {
  const page = await tab();
  state.signIn();
  state.plans = plansInEveryState();
  let dialogs = 0;
  page.on('dialog', (dialog) => { dialogs++; void dialog.dismiss(); });
  for (const path of ['/ui/plans/pl_site', '/ui/tools', '/ui/audit', '/ui/audit/12']) {
    await page.goto(base + path);
    await page.getByText('<img src=x').first().waitFor();
    assert.equal(await page.locator('main img, main a[href^="javascript"]').count(), 0, path);
    assert.doesNotMatch(await page.title(), /owned/);
  }
  assert.equal(dialogs, 0);
  await page.context().close();
}

async function refusesStaleCommits() {
  const page = await tab();
  state.signIn();
  Object.assign(state, { plans: [portPlan('pl_move')], moved: true, sent: 0 });
  await page.goto(`${base}/ui/plans/pl_move`);
  await page.getByLabel(/^Type/).fill('ld-core-1 ge-0/0/7');
  await page.getByRole('button', { name: 'Apply change' }).click();
  await page.getByText('Stale: nothing was sent').waitFor();
  await page.getByRole('button', { name: 'Plan again' }).click();
  assert.match(await page.getByLabel('Message').inputValue(), /^\/call set_switch_port \{/);
  assert.equal(state.sent, 0);
  state.moved = false;
  await page.context().close();
}

async function keepsTheAskerFromApprovingAtTwoPerson() {
  const page = await tab();
  state.signIn();
  state.plans = plansInEveryState();
  await page.goto(`${base}/ui/plans/pl_two`);
  await page.getByText('Someone else has to approve this').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Apply change' }).count(), 0);
  await page.context().close();
}

async function letsTheSecondPersonApproveAndTheFirstApply() {
  const page = await tab();
  state.signIn('bob@example.com');
  Object.assign(state, { plans: [portPlan('pl_two', { level: 'two-person', own: undefined })], sent: 0 });
  await page.goto(`${base}/ui/plans/pl_two`);
  await page.getByLabel(/^Type/).fill('ld-core-1 ge-0/0/7');
  assert.equal(await page.getByRole('button', { name: 'Discard' }).count(), 0, 'not theirs to give up');
  await page.getByRole('button', { name: 'Approve for the person who asked' }).click();
  await page.getByText('Whoever asked for this change can apply it now').waitFor();
  await axe(page, 'a plan that the second person has approved');
  assert.equal(state.sent, 0, 'an approval sends nothing');
  state.signIn();
  await page.goto(`${base}/ui/plans/pl_two`);
  await page.getByRole('button', { name: 'Apply change' }).click();
  await page.getByText('Applied, read back, and found to be exactly as shown').first().waitFor();
  assert.equal(state.sent, 1);
  await page.context().close();
}

async function holdsApplyBackWhenWritesAreOffOrTimeIsOver() {
  const page = await tab();
  state.signIn();
  state.writeEnabled = false;
  state.plans = [portPlan('pl_off')];
  await page.goto(`${base}/ui/plans/pl_off`);
  await page.getByLabel(/^Type/).fill('ld-core-1 ge-0/0/7');
  await page.getByText('Writes are off').first().waitFor();
  assert.equal(await page.getByRole('button', { name: 'Apply change' }).isDisabled(), true);
  state.writeEnabled = true;
  state.plans = [portPlan('pl_soon', { expiresAt: new Date(Date.now() + 2500).toISOString() })];
  await page.goto(`${base}/ui/plans/pl_soon`);
  await page.getByRole('button', { name: 'Apply change' }).waitFor();
  await page.getByRole('button', { name: 'Apply change' }).waitFor({ state: 'detached' });
  await page.getByText('not applied in time').first().waitFor();
  await page.context().close();
}

async function stopsAndReportsCutAnswers() {
  const page = await tab();
  state.signIn();
  state.chatDelay = 1500;
  await page.goto(`${base}/ui/`);
  await page.getByLabel('Message').fill('Move port 7');
  await page.keyboard.press('Control+Enter');
  await page.locator('.pill', { hasText: 'Running' }).waitFor();
  await axe(page, 'chat while an answer is on its way');
  await page.keyboard.press('Escape');
  await page.getByText('Stopped', { exact: true }).first().waitFor();
  assert.equal(await page.getByLabel('Message').inputValue(), 'Move port 7');
  state.chatDelay = 0;
  await page.getByLabel('Message').fill('please cut this');
  await page.keyboard.press('Control+Enter');
  await page.getByText('answer_cut_off').waitFor();
  assert.equal(await page.getByLabel('Message').inputValue(), 'please cut this');
  await page.context().close();
}

async function refusesACodeThatWasUsed() {
  const page = await tab();
  Object.assign(state, { user: null, code: 'other', permitted: false });
  await page.goto(`${base}/ui/#code=used`);
  await page.getByText('sign_in_code_wrong').waitFor();
  assert.equal(state.permitted, false);
  await page.context().close();
}

async function comesBackFromTheProviderWithNothingLost() {
  const page = await tab();
  state.auth = 'oidc';
  state.signIn();
  await page.goto(`${base}/ui/threads/th_x`);
  await page.getByLabel('Message').fill('List the switches, all of them');
  state.user = null;
  state.ended = { code: 'sign_in_renewal_refused', detail: 'the provider did not renew your sign-in' };
  await page.keyboard.press('Control+Enter');
  await page.getByRole('dialog').getByText('the provider did not renew your sign-in').waitFor();
  await tabTo(page, 'Sign in with login.example.com');
  await page.keyboard.press('Enter');
  await page.getByLabel('Message').waitFor();
  assert.equal(new URL(page.url()).pathname, '/ui/threads/th_x', 'back on the same page');
  assert.equal(await page.getByLabel('Message').inputValue(), 'List the switches, all of them');
  assert.equal(await page.getByRole('dialog').count(), 0);
  state.user = null;
  state.loginAs = 'mallory@example.com';
  await page.reload();
  await page.getByRole('link', { name: 'Sign in with login.example.com' }).click();
  await page.getByLabel('Message').waitFor();
  assert.equal(await page.getByLabel('Message').inputValue(), '', 'what one person typed is not for another');
  await page.context().close();
}

async function provesWhoOneIsForAFreshLogin() {
  const page = await tab();
  state.auth = 'oidc';
  state.signIn();
  state.user.provenAt -= 3_600_000;
  state.plans = [portPlan('pl_fresh', { level: 'fresh-login' })];
  await page.goto(`${base}/ui/plans/pl_fresh`);
  await page.getByText('Prove who you are for this change').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Apply change' }).count(), 0);
  await axe(page, 'a plan that wants a fresh sign-in');
  state.declines = true;
  await page.evaluate(() => document.activeElement.blur());
  await tabTo(page, 'Sign in again for this plan');
  await page.keyboard.press('Enter');
  await page.getByText('You were not asked to prove who you are').waitFor();
  assert.match(state.lastLogin, /fresh=1/);
  assert.equal(await page.getByRole('button', { name: 'Apply change' }).count(), 0);
  await axe(page, 'a fresh sign-in that was refused');
  state.declines = false;
  await page.getByRole('button', { name: 'Sign in again for this plan' }).click();
  await page.getByLabel(/^Type/).fill('ld-core-1 ge-0/0/7');
  assert.equal(new URL(page.url()).pathname, '/ui/plans/pl_fresh');
  state.user.provenAt -= 301_000;
  state.plans[0].createdAt = new Date(Date.now() - 400_000).toISOString();
  await page.getByRole('button', { name: 'Apply change' }).click();
  await page.getByText('Sign in again for this change').waitFor();
  assert.equal(state.sent, 0);
  await page.getByRole('button', { name: 'Sign in again for this plan' }).click();
  await page.getByLabel(/^Type/).fill('ld-core-1 ge-0/0/7');
  await page.getByRole('button', { name: 'Apply change' }).click();
  await page.getByText('Applied, read back, and found to be exactly as shown').first().waitFor();
  assert.equal(state.sent, 1);
  await page.context().close();
}

async function provesWhoOneIsInDev() {
  const page = await tab();
  state.signIn();
  state.permitted = true;
  state.user.provenAt -= 3_600_000;
  state.plans = [portPlan('pl_fresh', { level: 'fresh-login' })];
  await page.goto(`${base}/ui/plans/pl_fresh`);
  await page.getByRole('button', { name: 'Sign in again for this plan' }).click();
  await page.getByRole('dialog').getByText('Prove who you are').waitFor();
  await axe(page, 'the dialog for a proof');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Sign in again for this plan' }).click();
  await page.getByRole('dialog').getByLabel('Role').selectOption('ReadWrite');
  await page.getByRole('dialog').getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByLabel(/^Type/).waitFor();
  assert.equal(await page.getByRole('dialog').count(), 0);
  await page.context().close();
}

async function keepsWorkingWhenAnotherTabSignsInAgain() {
  const page = await tab();
  state.signIn();
  Object.assign(state, { plans: [portPlan('pl_tabs')], sent: 0 });
  await page.goto(`${base}/ui/plans/pl_tabs`);
  await page.getByLabel(/^Type/).fill('ld-core-1 ge-0/0/7');
  state.signIn();
  await page.getByRole('button', { name: 'Apply change' }).click();
  await page.getByText('Applied, read back, and found to be exactly as shown').first().waitFor();
  assert.equal(state.sent, 1, 'once, although the first call was refused for its old token');
  await page.context().close();
}

async function answersAServerByKeyboard() {
  const page = await tab();
  state.signIn();
  let dialogs = 0;
  page.on('dialog', (dialog) => { dialogs++; void dialog.dismiss(); });
  await page.goto(`${base}/ui/`);
  await page.getByLabel('Message').fill('ask me a question');
  await page.keyboard.press('Control+Enter');
  const card = page.getByRole('group', { name: 'The server helpdesk asks you' });
  await card.waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H2', 'the focus is where no key does anything');
  assert.match(await page.locator('[role=status]', { hasText: 'The server helpdesk asks you: ' }).first().innerText(), /Who looks after/);
  assert.match(await card.locator('.said').innerText(), /^<img src=x onerror=.*\*\*AP\*\* \[click\]\(javascript/);
  assert.equal(await card.locator('img, a, .said *').count(), 0, 'text stays text');
  assert.match(await card.innerText(), /Neither this gateway nor the assistant asks/);
  assert.match(await card.innerText(), /4:5\d left/);
  assert.match(await card.innerText(), /Passwords, tokens and keys do not belong here/);
  assert.equal(await card.getByLabel(HOSTILE_LABEL).inputValue(), 'Ada', 'a default is there to be looked at');
  await tabTo(page, 'Accept and send to helpdesk');
  await page.keyboard.press('Enter');
  await card.getByText('Nothing was sent: 3 fields to mend.').waitFor();
  assert.deepEqual(state.answers, []);
  assert.equal(await page.evaluate(() => document.activeElement.labels?.[0]?.textContent), 'Contact *', 'the first field to mend has the focus');
  await page.keyboard.type('ada@example.invalid');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.type('4.5');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await page.keyboard.type('La');
  await tabTo(page, 'Second');
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await card.getByText('Type a whole number').waitFor();
  assert.deepEqual(state.answers, []);
  await page.keyboard.press('Control+A');
  await page.keyboard.type('4');
  await page.keyboard.press('Enter');
  await card.getByText('is not of the form').waitFor();
  assert.deepEqual(state.answers, [], 'what the gateway refuses is mended too');
  await card.getByLabel('Contact').fill('ada@example.com');
  await page.keyboard.press('Enter');
  await page.getByText('asked you (a form): you answered.').waitFor();
  assert.deepEqual(state.answers, [{ action: 'accept', content: { contact: 'ada@example.com', name: 'Ada', seats: 4, night: true, size: 'l', floors: ['2'] } }]);
  await page.reload();
  await page.getByText('asked you (a form): you answered.').waitFor();
  assert.doesNotMatch(await page.locator('main').innerText(), /ada@example\.com/, 'what was answered is not kept');
  assert.equal(dialogs, 0);
  await page.context().close();
}

async function declinesAndCancelsByKeyboard() {
  const page = await tab();
  state.signIn();
  state.asks = [FORM_QUESTION, FORM_QUESTION];
  await page.goto(`${base}/ui/`);
  await page.getByLabel('Message').fill('two questions');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: 'Decline' }).waitFor();
  await tabTo(page, 'Decline');
  await page.keyboard.press('Enter');
  await page.locator('.question .pill', { hasText: 'you declined' }).waitFor();
  await page.getByRole('button', { name: 'Cancel' }).waitFor();
  await tabTo(page, 'Cancel');
  await page.keyboard.press('Enter');
  await page.getByText('you cancelled').first().waitFor();
  assert.deepEqual(state.answers, [{ action: 'decline' }, { action: 'cancel' }]);
  await page.context().close();
}

async function opensAnAddressByAClickOnly() {
  const page = await tab();
  state.signIn();
  state.asks = [URL_QUESTION];
  const asked = [];
  await page.context().route('https://login.example.com/**', (route) => {
    asked.push({ url: route.request().url(), referer: route.request().headers()['referer'] });
    return route.fulfill({ contentType: 'text/html', body: '<title>there</title>' });
  });
  await page.goto(`${base}/ui/`);
  await page.getByLabel('Message').fill('a question');
  await page.keyboard.press('Control+Enter');
  const open = page.getByRole('button', { name: 'Open login.example.com in a new tab' });
  await open.waitFor();
  const card = page.locator('.question');
  assert.equal(await card.locator('.address').innerText(), URL_QUESTION.url, 'the address in full');
  assert.equal(await card.locator('.address .host').innerText(), 'login.example.com');
  assert.equal(await page.locator('a[href^="https:"], link[rel*="pre"][href^="https:"], link[rel="dns-prefetch"]').count(), 0, 'nothing that a browser would look up');
  await open.hover();
  await page.waitForTimeout(300);
  assert.deepEqual(asked, []);
  const [opened] = await Promise.all([page.context().waitForEvent('page'), open.click()]);
  await opened.waitForLoadState();
  assert.equal(await opened.evaluate(() => window.opener), null);
  assert.equal(await opened.evaluate(() => document.referrer), '');
  assert.deepEqual(asked, [{ url: URL_QUESTION.url.split('#')[0], referer: undefined }]);
  await page.getByText('asked you (to open an address): you answered.').waitFor();
  assert.deepEqual(state.answers, [{ action: 'accept' }]);
  await page.context().close();
}

async function opensNoAddressThatIsNotFit() {
  const page = await tab();
  state.signIn();
  for (const url of ['http://login.example.com/', 'javascript:alert(1)//login.example.com', 'https://login.example.com@evil.example/']) {
    state.asks = [{ ...URL_QUESTION, url }];
    await page.goto(`${base}/ui/`);
    await page.getByLabel('Message').fill('a question');
    await page.keyboard.press('Control+Enter');
    await page.getByText('not fit to be opened').waitFor();
    assert.equal(await page.getByRole('button', { name: /^Open/ }).count(), 0);
    await page.getByRole('button', { name: 'Decline' }).click();
    await page.getByText('you declined').first().waitFor();
  }
  await page.context().close();
}

async function takesNoAnswerWhenTimeIsOver() {
  const page = await tab();
  state.signIn();
  Object.assign(state, { patience: 2_500 });
  await page.goto(`${base}/ui/`);
  await page.getByLabel('Message').fill('a question');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: 'Accept and send' }).waitFor();
  await page.getByText('Fifteen seconds left').waitFor({ state: 'attached' });
  await page.getByText('time was over').first().waitFor();
  assert.equal(await page.getByRole('button', { name: 'Accept and send' }).count(), 0);
  await page.getByText('asked you (a form): time was over.').waitFor();
  assert.deepEqual(state.answers, []);
  await page.context().close();
}

async function stopsAQuestionWithItsAnswer() {
  const page = await tab();
  state.signIn();
  await page.goto(`${base}/ui/`);
  await page.getByLabel('Message').fill('a question');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: 'Accept and send' }).waitFor();
  const said = state.log.length;
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByText('Stopped', { exact: true }).first().waitFor();
  assert.equal(await page.locator('.question').count(), 0);
  assert.equal(state.log.slice(said).filter((call) => call === 'POST /mcp/chat').length, 0, 'the click that stops sends nothing');
  assert.deepEqual(state.answers, []);
  await page.context().close();
}

const HOSTILE_LABEL = /^<img src=x/;
const JOURNEYS = [
  answersAServerByKeyboard, declinesAndCancelsByKeyboard, opensAnAddressByAClickOnly, opensNoAddressThatIsNotFit, takesNoAnswerWhenTimeIsOver, stopsAQuestionWithItsAnswer,
  comesBackFromTheProviderWithNothingLost, provesWhoOneIsForAFreshLogin, provesWhoOneIsInDev, keepsWorkingWhenAnotherTabSignsInAgain,
  refusesACodeThatWasUsed,
  journeyByKeyboard, skipsToThePage, losesNothingWhenTheSignInEnds, showsHostileTextAsText, refusesStaleCommits,
  keepsTheAskerFromApprovingAtTwoPerson, letsTheSecondPersonApproveAndTheFirstApply, holdsApplyBackWhenWritesAreOffOrTimeIsOver, stopsAndReportsCutAnswers,
];
try {
  for (const journey of JOURNEYS) {
    await journey().then(
      () => console.log(`ok   ${journey.name}`),
      (failure) => {
        console.log(`FAIL ${journey.name}`);
        faults.push(`${journey.name}: ${failure.message}`);
      },
    );
    Object.assign(state, { user: null, mode: 'ok', auth: 'dev', moved: false, chatDelay: 0, writeEnabled: true, loginAs: 'alice@example.com', declines: false, refusal: null, ended: null, sent: 0, asks: [FORM_QUESTION], patience: 300_000, answers: [] });
  }
  for (const [scheme, width, whole] of LOOKS) {
    const before = faults.length;
    await everyPage(scheme, width, whole).catch((failure) => faults.push(`every page, ${scheme}, ${width}: ${failure.message}`));
    console.log(`${faults.length === before ? 'ok  ' : 'FAIL'} every page, ${scheme}, ${width} wide`);
  }
} finally {
  await browser.close();
  await fake.close();
}
console.log(`${checks} views checked with axe, ${JOURNEYS.length} journeys, ${faults.length} faults`);
for (const fault of new Set(faults)) console.log(`  ${fault}`);
process.exit(faults.length === 0 ? 0 : 1);
