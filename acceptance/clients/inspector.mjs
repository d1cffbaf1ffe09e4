// The MCP Inspector's command line, pinned to each era by its configuration file.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { check } from "./lib/checks.mjs";
import { run } from "./lib/run.mjs";

const program = path.resolve(import.meta.dirname, "node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js");

/** Runs the Inspector on the server of a configuration file. */
export function inspect(work, config, ...args) {
  return run(process.execPath, [program, "--cli", "--config", config, "--server", "mist", "--format", "json", ...args], {
    cwd: work,
    env: { PATH: process.env.PATH, HOME: work, MCP_INSPECTOR_SECRET_STORE: "memory" },
  });
}

export async function inspector({ work, base, tokens }) {
  for (const era of ["legacy", "modern"]) {
    const config = path.join(work, `inspector-${era}.json`);
    const server = { type: "streamable-http", url: `${base}/mcp`, headers: { Authorization: `Bearer ${tokens.ReadOnly}` }, protocolEra: era };
    fs.writeFileSync(config, JSON.stringify({ mcpServers: { mist: server } }));
    const asked = (...args) => inspect(work, config, ...args);

    await check(`Inspector ${era}: tools/list shows the read tools and no write`, async () => {
      const answer = await asked("--method", "tools/list");
      assert.equal(answer.code, 0, answer.stderr);
      const names = resultOf(answer.stdout).tools.map((tool) => tool.name);
      assert.ok(names.includes("list_sites") && names.includes("whoami_gateway"), names.join());
      assert.ok(!names.includes("set_switch_port"), "a ReadOnly caller is shown a write");
    });

    await check(`Inspector ${era}: tools/call list_sites answers the sites`, async () => {
      const answer = await asked("--method", "tools/call", "--tool-name", "list_sites", "--tool-arg", "limit=3");
      assert.equal(answer.code, 0, answer.stderr + answer.stdout);
      const result = resultOf(answer.stdout);
      assert.notEqual(result.isError, true);
      assert.match(JSON.stringify(result.structuredContent), /Berlin-HQ/);
    });

    await check(`Inspector ${era}: resources and prompts`, async () => {
      const resources = await asked("--method", "resources/list");
      assert.ok(resultOf(resources.stdout).resources.some(({ uri }) => uri === "mist://org"), resources.stdout + resources.stderr);
      const prompts = await asked("--method", "prompts/list");
      assert.ok(resultOf(prompts.stdout).prompts.some(({ name }) => name === "morning_report"), prompts.stdout + prompts.stderr);
    });

    await check(`Inspector ${era}: a tool that is not there is an error`, async () => {
      const answer = await asked("--method", "tools/call", "--tool-name", "no_such_tool");
      assert.notEqual(answer.code, 0, answer.stdout);
    });
  }

  await check("Inspector: without a token it is told to sign in", async () => {
    const answer = await run(
      process.execPath,
      [program, "--cli", `${base}/mcp`, "--transport", "http", "--method", "tools/list", "--format", "json"],
      { cwd: work, env: { PATH: process.env.PATH, HOME: work, MCP_INSPECTOR_SECRET_STORE: "memory" } },
    );
    assert.equal(answer.code, 3, answer.stdout + answer.stderr);
  });
}

/** The result in what the Inspector prints: it puts some methods' answers under `result`. */
export function resultOf(text) {
  const printed = JSON.parse(text);
  return printed.result ?? printed;
}
