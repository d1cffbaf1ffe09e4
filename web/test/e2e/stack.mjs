// What the journeys need of the running product besides the browser: sign-in links, and the simulator's control addresses.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

function wanted(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: start the journeys with test/e2e.sh`);
  return value;
}

export const base = wanted('E2E_BASE');
const launcher = wanted('E2E_LAUNCHER');
const controlToken = wanted('SIM_CONTROL_TOKEN');
const simulator = () => {
  const port = /simulated Mist is ready port=(\d+)/.exec(readFileSync(join(wanted('DATA_DIR'), 'log', 'mist-sim.log'), 'utf8'));
  if (!port) throw new Error('the log of mist-sim names no port');
  return `http://127.0.0.1:${port[1]}`;
};
const sim = simulator();

/** A one-time sign-in link, as a person gets it. */
export async function freshLink() {
  const { stdout } = await run(launcher, ['login', '--pipe']);
  const link = /http:\S+#code=\S+/.exec(stdout);
  if (!link) throw new Error('`./mist login --pipe` printed no link');
  return link[0];
}

async function control(method, path, body) {
  const answer = await fetch(sim + path, {
    method,
    headers: { 'X-Sim-Control': controlToken, ...(body ? { 'Content-Type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!answer.ok) throw new Error(`${method} ${path} of the simulator: ${answer.status} ${await answer.text()}`);
  const text = await answer.text();
  return text === '' ? undefined : JSON.parse(text);
}

const stateAt = async (pointer) => (await control('GET', `/sim/state?path=${encodeURIComponent(pointer)}`)).value;

/** The switch of this name, as the simulator holds it. */
export async function switchNamed(name) {
  const found = Object.values(await stateAt('/devices')).find((device) => device.name === name);
  if (!found) throw new Error(`the simulator has no ${name}`);
  return found;
}

/** Changes an object behind everybody's back. */
export const drift = (pointer, patch) => control('POST', '/sim/drift', { pointer, patch });

/** What the server that asks was answered, one line each. */
export const heard = () => readFileSync(wanted('E2E_HEARD'), 'utf8').split('\n').filter(Boolean);

/** Whether a text stands anywhere in what the product has written. */
export function isKept(text) {
  const root = wanted('DATA_DIR');
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .some((entry) => readFileSync(join(entry.parentPath, entry.name)).includes(text));
}

/** Every write that reached the simulator since its start. */
export async function writes() {
  const { entries, requests, journal } = await control('GET', '/sim/journal?writes=1');
  const list = entries ?? requests ?? journal;
  if (!Array.isArray(list)) throw new Error('the journal is not a list');
  return list;
}
