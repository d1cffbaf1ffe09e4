// Our two Mist servers over standard input and output, as one desktop client starts them, in both eras. The Mist cloud is a
// simulator of this test's own, whose journal says what reached it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as StdioV1 } from "@modelcontextprotocol/sdk/client/stdio.js";
import { Client as ClientV2 } from "@modelcontextprotocol/client";
import { StdioClientTransport as StdioV2 } from "@modelcontextprotocol/client/stdio";
import { inspect, resultOf } from "./inspector.mjs";
import { check } from "./lib/checks.mjs";
import { until } from "./lib/run.mjs";
import { java, mist, quick, simulator } from "./lib/stack.mjs";

const info = { name: "mist-acceptance", version: "1.0.0" };
/** A child is a launcher and a Java virtual machine: on a busy machine it is not there in the few seconds of the default. */
const probe = { timeoutMs: 60_000 };
const kinds = {
  "SDK v1 (legacy)": (server) => [new ClientV1(info), new StdioV1(server)],
  "SDK v2 legacy": (server) => [new ClientV2(info, { versionNegotiation: { mode: "legacy" } }), new StdioV2(server)],
  "SDK v2 modern": (server) => [new ClientV2(info, { versionNegotiation: { mode: { pin: "2026-07-28" }, probe } }), new StdioV2(server)],
  "SDK v2 auto": (server) => [new ClientV2(info, { versionNegotiation: { mode: "auto", probe } }), new StdioV2(server)],
};

export async function stdio({ work }) {
  const cloud = await startSimulator();
  try {
    for (const [kind, make] of Object.entries(kinds)) {
      await reading(kind, make, cloud);
      await planning(kind, make, cloud);
    }
    for (const era of ["legacy", "modern"]) {
      await check(`stdio mist-ro, Inspector ${era}: lists and calls`, async () => {
        const config = path.join(work, `inspector-stdio-${era}.json`);
        const server = { type: "stdio", ...cloud.server("mist-ro"), protocolEra: era };
        fs.writeFileSync(config, JSON.stringify({ mcpServers: { mist: server } }), { mode: 0o600 });
        const listed = await inspect(work, config, "--method", "tools/list");
        assert.ok(resultOf(listed.stdout).tools.some(({ name }) => name === "list_sites"), listed.stdout + listed.stderr);
        const called = await inspect(work, config, "--method", "tools/call", "--tool-name", "list_sites", "--tool-arg", "limit=3");
        assert.match(JSON.stringify(resultOf(called.stdout)), /Berlin-HQ/);
      });
    }
    await check("stdio: no write has reached the cloud", async () => {
      assert.deepEqual(await cloud.writes(), []);
    });
  } finally {
    await cloud.stop();
  }
}

async function reading(kind, make, cloud) {
  await check(`stdio mist-ro, ${kind}: tools, resources, prompts, and the child ends with its client`, async () => {
    const [client, transport] = make(cloud.server("mist-ro"));
    await client.connect(transport);
    const { pid } = transport;
    const names = (await client.listTools()).tools.map(({ name }) => name);
    assert.ok(names.includes("list_sites") && !names.includes("set_switch_port"), names.join());
    const result = await client.callTool({ name: "list_sites", arguments: { limit: 5 } });
    assert.match(JSON.stringify(result.structuredContent), /Berlin-HQ/);
    // Version 1 holds a failure against the tool's output schema as well, and says so in place of the failure.
    const wrong = await client.callTool({ name: "list_sites", arguments: { limit: "many" } }).catch((fault) => ({ isError: fault.code === -32602 }));
    assert.equal(wrong.isError, true);
    await assert.rejects(client.callTool({ name: "no_such_tool", arguments: {} }), { code: -32602 });
    const { contents } = await client.readResource({ uri: "mist://sites" });
    assert.match(contents[0].text, /Berlin-HQ/);
    const { messages } = await client.getPrompt({ name: "morning_report", arguments: {} });
    assert.ok(messages.length > 0);
    await client.close();
    await until("the child's end", 15, () => !alive(pid));
  });
}

async function planning(kind, make, cloud) {
  await check(`stdio mist-rw, ${kind}: plans, whatever is asked`, async () => {
    const [client, transport] = make(cloud.server("mist-rw"));
    await client.connect(transport);
    const names = (await client.listTools()).tools.map(({ name }) => name);
    assert.ok(names.includes("set_switch_port"), names.join());
    const change = { device: "ber-sw-01", port: "ge-0/0/9", description: "moved over stdio" };
    const plan = await client.callTool({ name: "set_switch_port", arguments: change });
    assert.notEqual(plan.isError, true, JSON.stringify(plan));
    assert.ok(plan.structuredContent.diff.length > 0, JSON.stringify(plan.structuredContent));
    const commit = await client.callTool({ name: "set_switch_port", arguments: { ...change, commit: true } }).catch((refused) => refused);
    assert.ok(!JSON.stringify(commit.structuredContent ?? {}).includes("applied"), JSON.stringify(commit));
    await client.close();
    assert.deepEqual(await cloud.writes(), []);
  });
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The simulated Mist; it ends when its standard input closes. */
async function startSimulator() {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, JAVA_HOME: process.env.JAVA_HOME };
  const tokens = { SIM_TOKEN_RO: "stdio-test-ro", SIM_TOKEN_RW: "stdio-test-rw", SIM_CONTROL_TOKEN: "stdio-test-control" };
  const child = spawn(java, [...quick, "-cp", simulator, "mistmcp.sim.Main"], { env: { ...env, ...tokens }, stdio: ["pipe", "pipe", "ignore"] });
  const gone = new Promise((resolve) => child.on("close", resolve));
  let said = "";
  child.stdout.on("data", (text) => (said += text));
  const { port, orgId } = await until("the simulator", 60, () => JSON.parse(said.split("\n").find((line) => line.includes('"ready"'))));
  const base = `http://127.0.0.1:${port}`;
  return {
    server: (name) => ({
      command: mist,
      args: ["stdio", name],
      env: { ...env, MIST_API_BASE: base, MIST_ORG_ID: orgId, MIST_TOKEN_RO: tokens.SIM_TOKEN_RO, MIST_TOKEN_RW: tokens.SIM_TOKEN_RW },
    }),
    writes: async () => {
      const answer = await fetch(`${base}/sim/journal?writes=1`, { headers: { "X-Sim-Control": tokens.SIM_CONTROL_TOKEN } });
      return (await answer.json()).requests;
    },
    stop: async () => {
      child.stdin.end();
      await gone;
    },
  };
}
