// Starts the fixture and the whole product, lets clients that others wrote loose on it, and stops it all again.
import fs from "node:fs";
import path from "node:path";
import { directClient, directServer, throughGateway } from "./conformance.mjs";
import { everything } from "./everything.mjs";
import { inspector } from "./inspector.mjs";
import { sum } from "./lib/checks.mjs";
import { legacyPeer, modernPeer } from "./lib/peers.mjs";
import { mint, startFixture, startStack } from "./lib/stack.mjs";
import { matrix } from "./matrix.mjs";
import { sdk } from "./sdk.mjs";
import { stdio } from "./stdio.mjs";

const work = process.env.WORK;
const parts = { directServer, directClient, sdk, everything, inspector, throughGateway, matrix, stdio };
const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(parts);
const running = [];
const stop = async () => {
  for (const program of running.reverse()) {
    await program.stop();
  }
};
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => stop().finally(() => process.exit(1)));
}

let code = 1;
try {
  const fixture = await startFixture(work);
  running.push(fixture);
  const peers = { "peer-v1": await legacyPeer(), "peer-v2": await modernPeer() };
  running.push(...Object.values(peers));
  const stack = await startStack(work, fixture.url, peers);
  running.push(stack);
  const tokens = { ReadOnly: await mint(stack.base, "ReadOnly"), ReadWrite: await mint(stack.base, "ReadWrite") };
  const report = (name, text) => fs.writeFileSync(path.join(work, name), text);
  for (const name of wanted) {
    const began = Date.now();
    await parts[name]({ work, base: stack.base, fixture: fixture.url, tokens, report, peers });
    console.log(`      ${name}: ${((Date.now() - began) / 1000).toFixed(1)} s`);
  }
  code = sum();
} catch (fault) {
  console.error(fault);
} finally {
  await stop();
}
process.exit(code);
