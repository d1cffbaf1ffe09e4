// Pictures of every page, in both schemes and at three widths, to be looked at: node test/shots.mjs DIST FOLDER
import { mkdir } from 'node:fs/promises';
import { browserPath, startBrowser } from './chromium.mjs';
import { FORM_QUESTION, plansInEveryState, portPlan, startFake, URL_QUESTION } from './fake-gateway.mjs';

const [dist, folder] = process.argv.slice(2);
await mkdir(folder, { recursive: true });
const fake = await startFake(dist);
const browser = await startBrowser(browserPath());
const only = process.env.ONLY?.split(',');
for (const [name, width, height] of [['desktop', 1360, 900], ['phone', 390, 844], ['tiny', 320, 700]]) {
  for (const scheme of ['light', 'dark']) {
    if (name === 'tiny' && scheme === 'dark') continue;
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme });
    const page = await context.newPage();
    page.on('console', (message) => message.type() === 'error' && console.log('console:', message.text()));
    page.on('pageerror', (failure) => console.log('pageerror:', failure.message));
    const shot = async (what) => {
      if (only && !only.includes(what)) return;
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      if (wide > width) console.log(`${what} at ${width}: content is ${wide} wide`);
      await page.screenshot({ path: `${folder}/${what}-${name}-${scheme}.png`, fullPage: true });
    };
    fake.state.user = null;
    fake.state.code = 'one-time';
    await page.goto(`${fake.base}/ui/`);
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await shot('sign-in');
    for (const [what, patch] of [
      ['oidc', {}],
      ['oidc-refused', { refusal: { code: 'no_role', detail: "none of the token's values gives a role: it has `guests`, `printers`", requestId: '5f0c4a52-0b1e-4b5e-9c53-2f9e7f6f5b11' } }],
      ['oidc-ended', { ended: { code: 'sign_in_renewal_refused', detail: 'the provider did not renew your sign-in' } }],
    ]) {
      Object.assign(fake.state, { auth: 'oidc', refusal: null, ended: null }, patch);
      await page.goto(`${fake.base}/ui/`);
      await page.getByRole('link', { name: 'Sign in with login.example.com' }).waitFor();
      await shot(what);
    }
    fake.state.signIn('alice@example.com', 'ReadWrite', 1);
    Object.assign(fake.state, { refusal: null, ended: null, trouble: 'the provider did not renew your sign-in' });
    fake.state.user.provenAt -= 3_600_000;
    fake.state.plans = [portPlan('pl_fresh', { level: 'fresh-login' })];
    await page.goto(`${fake.base}/ui/plans/pl_fresh`);
    await page.getByText('Prove who you are for this change').waitFor();
    await shot('oidc-fresh');
    Object.assign(fake.state, { auth: 'dev', trouble: null });
    fake.state.signIn();
    fake.state.plans = [portPlan('pl_open'), ...plansInEveryState()];
    await page.goto(`${fake.base}/ui/`);
    await page.getByLabel('Message').waitFor();
    await shot('chat-empty');
    await page.getByLabel('Message').fill('List the switches of Berlin-HQ');
    await page.keyboard.press('Control+Enter');
    await page.getByText('3 of 14 switches.', { exact: true }).waitFor();
    await shot('chat-table');
    await page.goto(`${fake.base}/ui/`);
    await page.getByLabel('Message').fill('Move port 7 of ld-core-1 to the guest profile');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('button', { name: 'Apply change' }).waitFor();
    await shot('chat-plan');
    for (const [what, asks] of [
      ['question-form', FORM_QUESTION],
      ['question-secret', { ...FORM_QUESTION, message: 'Your API key, please' }],
      ['question-address', URL_QUESTION],
      ['question-punycode', { ...URL_QUESTION, url: 'https://xn--pple-43d.com/start', host: 'xn--pple-43d.com', punycode: true }],
    ]) {
      fake.state.asks = [asks];
      await page.goto(`${fake.base}/ui/`);
      await page.getByLabel('Message').fill('Open a ticket, and ask me a question when you must');
      await page.keyboard.press('Control+Enter');
      await page.getByRole('button', { name: 'Decline' }).waitFor();
      if (what === 'question-form') await page.getByRole('button', { name: 'Accept and send' }).click();
      await shot(what);
      await page.getByRole('button', { name: 'Decline' }).click();
      await page.getByText('you declined').first().waitFor();
    }
    await shot('question-declined');
    for (const [what, path, wait] of [
      ['plans', '/ui/plans', 'Verified'],
      ['plan', '/ui/plans/pl_open', 'What has happened'],
      ['plan-verified', '/ui/plans/pl_verified', 'What has happened'],
      ['plan-stale', '/ui/plans/pl_stale', 'What has happened'],
      ['plan-mismatch', '/ui/plans/pl_mismatch', 'What has happened'],
      ['plan-two', '/ui/plans/pl_two', 'What has happened'],
      ['plan-site', '/ui/plans/pl_site', 'What has happened'],
      ['tools', '/ui/tools', 'list_devices'],
      ['audit', '/ui/audit', 'call.outcome'],
      ['record', '/ui/audit/12', 'principal'],
      ['not-found', '/ui/nowhere', 'There is no such page'],
      ['error', '/ui/plans/pl_none', 'plan_not_found'],
    ]) {
      await page.goto(fake.base + path);
      await page.getByText(wait).first().waitFor();
      await shot(what);
    }
    await context.close();
  }
}
await browser.close();
await fake.close();
