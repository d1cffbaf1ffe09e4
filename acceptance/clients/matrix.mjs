// The four cells: callers and upstreams of both eras, all of them written by others, with the gateway between.
import assert from "node:assert/strict";
import { check } from "./lib/checks.mjs";
import { odd } from "./lib/peers.mjs";
import { until } from "./lib/run.mjs";
import { asking, everyKind, subscribed } from "./sdk.mjs";

const features = ["tools", "resources", "prompts", "progress", "cancellation", "elicitation", "updates"];

export async function matrix({ base, tokens, peers }) {
  const cells = new Map();
  for (const [upstream, era] of [
    ["peer-v1", "legacy"],
    ["peer-v2", "modern"],
    ["everything", "legacy"],
  ]) {
    for (const kind of everyKind) {
      const cell = `${kind.endsWith("modern") ? "modern" : "legacy"} caller (${kind}), ${era} upstream (${upstream})`;
      const run = upstream === "everything" ? everythingCell : peerCell;
      cells.set(cell, await run({ cell, kind, upstream, base, tokens, peer: peers[upstream] }));
    }
  }
  await faithful({ base, tokens });
  await check("matrix: no token of a caller reached an upstream", () => {
    for (const [name, { seen }] of Object.entries(peers)) {
      assert.deepEqual([...seen.authorization], [undefined], name);
    }
  });
  print(cells);
}

/** Runs each feature's check and answers which went well. */
async function each(cell, acts) {
  const good = new Set();
  for (const feature of features) {
    await check(`matrix: ${feature}: ${cell}`, async () => {
      await acts[feature]();
      good.add(feature);
    });
  }
  return good;
}

async function peerCell({ cell, kind, upstream, base, tokens, peer }) {
  const asked = [];
  const answer = (params) => {
    asked.push(params);
    return { action: "accept", content: { name: "Ann" } };
  };
  const caller = await asking(kind, `${base}/mcp/${upstream}`, tokens.ReadOnly, answer);
  try {
    return await each(cell, {
      tools: async () => {
        const names = (await caller.listTools()).tools.map(({ name }) => name);
        assert.ok(["echo", "count", "wait", "ask"].every((name) => names.includes(name)), names.join());
        const result = await caller.callTool({ name: "echo", arguments: { message: "größe 🌐" } });
        assert.deepEqual(result.content, [{ type: "text", text: "echo größe 🌐" }]);
      },
      resources: async () => {
        const { resources } = await caller.listResources();
        assert.deepEqual(resources.map(({ uri }) => uri), ["peer://note", "peer://other"]);
        const { contents } = await caller.readResource({ uri: "peer://note" });
        assert.equal(contents[0].text, "the text of peer://note");
      },
      prompts: async () => {
        const { prompts } = await caller.listPrompts();
        assert.deepEqual(prompts.map(({ name }) => name), ["greet"]);
        const { messages } = await caller.getPrompt({ name: "greet", arguments: { who: "Bob" } });
        assert.equal(messages[0].content.text, "greet Bob");
      },
      progress: () => counted(kind, caller, { name: "count", arguments: {} }),
      cancellation: async () => {
        const before = { ...peer.seen };
        const abort = new AbortController();
        const call = invoke(kind, caller, { name: "wait", arguments: {} }, { signal: abort.signal }).then(
          () => assert.fail("it was answered"),
          () => undefined,
        );
        await until("the call at the upstream", 10, () => peer.seen.started > before.started);
        abort.abort();
        await call;
        await until("the cancel at the upstream", 2, () => peer.seen.cancelled > before.cancelled);
      },
      elicitation: async () => {
        const result = await caller.callTool({ name: "ask", arguments: {} });
        assert.deepEqual(result.content, [{ type: "text", text: "accept Ann" }]);
        assert.equal(asked.length, 1);
        assert.equal(asked[0].message, "Who are you?");
        assert.deepEqual(asked[0].requestedSchema.required, ["name"]);
      },
      updates: async () => {
        const heard = [];
        const end = await subscribed(kind, caller, "peer://note", (uri) => heard.push(uri));
        // A legacy SDK opens its stream beside all else, and says nothing when it is open.
        await until("the update", 10, async () => {
          await caller.callTool({ name: "touch", arguments: { uri: "peer://other" } });
          await caller.callTool({ name: "touch", arguments: { uri: "peer://note" } });
          return heard.length > 0;
        });
        assert.deepEqual([...new Set(heard)], ["peer://note"]);
        await end();
      },
    });
  } finally {
    await caller.close();
  }
}

/** The protocol's own reference server, over stdio; it does not tell of a cancel. */
async function everythingCell({ cell, kind, base, tokens }) {
  const asked = [];
  const answer = (params) => {
    asked.push(params);
    return { action: "decline" };
  };
  const caller = await asking(kind, `${base}/mcp/everything`, tokens.ReadOnly, answer);
  try {
    return await each(cell, {
      tools: async () => {
        const sum = await caller.callTool({ name: "get-sum", arguments: { a: 19, b: 23 } });
        assert.match(sum.content[0].text, /42/);
      },
      resources: async () => {
        const { resources } = await caller.listResources();
        const { contents } = await caller.readResource({ uri: resources[0].uri });
        assert.equal(contents[0].uri, resources[0].uri);
      },
      prompts: async () => {
        const { messages } = await caller.getPrompt({ name: "args-prompt", arguments: { city: "Berlin" } });
        assert.match(messages[0].content.text, /Berlin/);
      },
      progress: () => counted(kind, caller, { name: "trigger-long-running-operation", arguments: { duration: 0.3, steps: 3 } }),
      cancellation: async () => {
        const abort = new AbortController();
        const began = Date.now();
        const call = invoke(
          kind,
          caller,
          { name: "trigger-long-running-operation", arguments: { duration: 20, steps: 20 } },
          { signal: abort.signal, onprogress: () => abort.abort() },
        );
        await assert.rejects(call);
        assert.ok(Date.now() - began < 15_000, "the caller waited for the end");
      },
      elicitation: async () => {
        const result = await caller.callTool({ name: "trigger-elicitation-request", arguments: {} });
        assert.match(JSON.stringify(result.content), /declined/);
        assert.equal(asked.length, 1);
      },
      updates: async () => {
        const heard = [];
        const { resources } = await caller.listResources();
        const end = await subscribed(kind, caller, resources[0].uri, (uri) => heard.push(uri));
        // It tells of all that is subscribed to, at once and each five seconds, until it is called again.
        await caller.callTool({ name: "toggle-subscriber-updates", arguments: {} });
        await until("the update", 20, () => heard.length > 0);
        await caller.callTool({ name: "toggle-subscriber-updates", arguments: {} });
        assert.deepEqual([...new Set(heard)], [resources[0].uri]);
        await end();
      },
    });
  } finally {
    await caller.close();
  }
}

async function counted(kind, caller, call) {
  const heard = [];
  await invoke(kind, caller, call, { onprogress: ({ progress }) => heard.push(progress) });
  assert.ok(heard.length >= 2, `progress: ${heard.join()}`);
  assert.deepEqual(heard, [...new Set(heard)].sort((a, b) => a - b));
}

/** The two versions of the SDK take their options in different places. */
function invoke(kind, caller, call, options) {
  return kind === "SDK v1" ? caller.callTool(call, undefined, options) : caller.callTool(call, options);
}

/** Bytes in, bytes out: nothing outside `_meta` is changed where both sides are modern, and no value where one is not. */
async function faithful({ base, tokens }) {
  const post = async (body, headers) => {
    const answer = await fetch(`${base}/mcp/peer-v2`, {
      method: "POST",
      headers: { authorization: `Bearer ${tokens.ReadOnly}`, "content-type": "application/json", accept: "application/json", ...headers },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", ...body }),
    });
    return answer.text();
  };

  await check("fidelity: modern to modern, byte-identical outside _meta", async () => {
    const said = await post(
      {
        params: {
          name: "odd",
          arguments: {},
          _meta: { "io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {} },
        },
      },
      { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": "odd" },
    );
    // What the wire itself must add stands before and behind the members, which stay as they were to the byte.
    const begin = `{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete",${odd.slice(1, -1)}`;
    assert.ok(said.startsWith(begin), said);
    const added = JSON.parse(`{${said.slice(begin.length + 1, -1)}`);
    assert.deepEqual(Object.keys(added), ["_meta"]);
  });

  await check("fidelity: legacy from modern, every value survives", async () => {
    const said = await post({ params: { name: "odd", arguments: {} } }, { "mcp-protocol-version": "2025-11-25" });
    assert.ok(said.startsWith(`{"jsonrpc":"2.0","id":1,"result":${odd.slice(0, -1)}`), said);
  });
}

function print(cells) {
  const width = Math.max(...[...cells.keys()].map((cell) => cell.length));
  console.log(`      ${"".padEnd(width)}  ${features.join("  ")}`);
  for (const [cell, good] of cells) {
    console.log(`      ${cell.padEnd(width)}  ${features.map((feature) => (good.has(feature) ? "yes" : "NO").padEnd(feature.length)).join("  ")}`);
  }
}
