// The official conformance suite: our server side and client side directly, then through the gateway.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { check } from "./lib/checks.mjs";
import { addHeader } from "./lib/proxy.mjs";
import { run } from "./lib/run.mjs";
import { classPath, java, quick } from "./lib/stack.mjs";

const program = path.resolve(import.meta.dirname, "node_modules/@modelcontextprotocol/conformance/dist/index.js");
const revisions = ["2025-11-25", "2026-07-28"];

const suite = (...args) => run(process.execPath, [program, ...args]);

/** The scenarios that a revision scores, as the suite itself lists them. */
async function scored(revision, side) {
  const { stdout } = await suite("list", "--requirements", revision);
  const start = stdout.indexOf(side === "server" ? "Server scenarios" : "Client scenarios");
  const part = stdout.slice(start).split(/\n\s*\n/)[0];
  const names = [...part.matchAll(/^ {2}- (\S+)$/gm)].map((match) => match[1]);
  assert.ok(names.length > 5, stdout);
  return names;
}

/** Passed and failed scenarios in a run's summary; a scenario without a check of its own counts as failed. */
export function verdicts(text) {
  const summary = text.slice(text.indexOf("=== SUMMARY ==="));
  const lines = [...summary.matchAll(/^([✓✗]) (\S+): (\d+) passed, (\d+) failed/gm)];
  return new Map(lines.map(([, sign, name, good, bad]) => [name, sign === "✓" && Number(good) > 0 && bad === "0"]));
}

export async function directServer({ fixture }) {
  for (const revision of revisions) {
    await check(`conformance ${revision}: every scored server scenario, directly`, async () => {
      const names = await scored(revision, "server");
      const answer = await suite("server", "--url", fixture, "--requirements", revision);
      const found = verdicts(answer.stdout);
      assert.deepEqual(names.filter((name) => !found.get(name)), [], answer.stdout);
      assert.equal(answer.code, 0);
    });
  }
  await unscored(fixture, "directly");
}

export async function directClient({ work }) {
  const command = path.join(work, "conformance-client.sh");
  const line = [java, ...quick, "-cp", classPath, "mistmcp.acceptance.conformance.ConformanceClient"].map((word) => `'${word}'`).join(" ");
  fs.writeFileSync(command, `#!/bin/sh\nexec ${line} "$@"\n`, { mode: 0o700 });
  for (const revision of revisions) {
    for (const scenario of await scored(revision, "client")) {
      await check(`conformance ${revision}: client scenario ${scenario}`, async () => {
        const answer = await suite("client", "--command", command, "--scenario", scenario, "--spec-version", revision);
        assert.equal(answer.code, 0, answer.stdout + answer.stderr);
        assert.match(answer.stdout + answer.stderr, / 0 failed, 0 warnings/);
      });
    }
  }
}

/** The one scenario that a legacy upstream cannot pass: it wants the name that the upstream gave to its question, and the
 * legacy wire has no names. The reason that the suite gives is checked, so that nothing else hides behind it. */
const nameless = {
  upstream: "fixture-legacy",
  scenario: "input-required-result-basic-elicitation",
  reason: 'inputRequests missing expected key "user_name"',
};

export async function throughGateway({ base, tokens, report }) {
  for (const upstream of ["fixture-modern", "fixture-legacy"]) {
    const proxy = await addHeader(`${base}/mcp/${upstream}`, () => `Bearer ${tokens.ReadOnly}`);
    try {
      for (const revision of revisions) {
        const names = await scored(revision, "server");
        const answer = await suite("server", "--url", proxy.url, "--requirements", revision);
        const found = verdicts(answer.stdout);
        report(`${upstream}-${revision}.log`, answer.stdout + answer.stderr);
        console.log(`      ${names.filter((name) => found.get(name)).length} of ${names.length} scored scenarios pass`);
        for (const name of names) {
          if (upstream === nameless.upstream && name === nameless.scenario) {
            await check(`conformance ${revision} through the gateway to ${upstream}: ${name}: fails for the missing name alone`, async () => {
              // A run of many scenarios gives no reasons.
              const alone = await suite("server", "--url", proxy.url, "--scenario", name, "--spec-version", revision);
              const reasons = [...alone.stdout.matchAll(/Error: (.*)/g)].map(([, reason]) => reason.trim());
              assert.deepEqual(new Set(reasons), new Set([nameless.reason]), alone.stdout);
            });
          } else {
            await check(`conformance ${revision} through the gateway to ${upstream}: ${name}`, () => {
              assert.equal(found.get(name), true, "the suite's output is in the run's folder");
            });
          }
        }
      }
      await unscored(proxy.url, upstream);
    } finally {
      proxy.close();
    }
  }
}

/** Checks of headers that the suite does not score yet; a legacy upstream marks its tools as well. */
async function unscored(url, name) {
  for (const scenario of ["http-header-validation", "http-custom-header-server-validation"]) {
    await check(`conformance 2026-07-28 ${name}: ${scenario} (not scored)`, async () => {
      const answer = await suite("server", "--url", url, "--scenario", scenario, "--spec-version", "2026-07-28");
      assert.equal(answer.code, 0, answer.stdout);
    });
  }
}
