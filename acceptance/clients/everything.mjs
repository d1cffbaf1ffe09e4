// The protocol's own reference server as an upstream over stdio: behind a prefix, and only by a policy line.
import assert from "node:assert/strict";
import { check } from "./lib/checks.mjs";
import { client, everyKind } from "./sdk.mjs";

export async function everything({ base, tokens }) {
  for (const kind of everyKind) {
    const caller = await client(kind, `${base}/mcp`, tokens.ReadOnly);

    await check(`server-everything, ${kind}: listed behind its prefix, without a policy line not at all`, async () => {
      const names = (await caller.listTools()).tools.map((tool) => tool.name);
      assert.ok(names.includes("ev_echo") && names.includes("ev_get-sum"), names.join());
      assert.ok(!names.includes("echo"));
      assert.deepEqual(names.filter((name) => name.startsWith("un_")), []);
    });

    await check(`server-everything, ${kind}: called behind its prefix`, async () => {
      const echo = await caller.callTool({ name: "ev_echo", arguments: { message: "grüße 🌐" } });
      assert.deepEqual(echo.content, [{ type: "text", text: "Echo: grüße 🌐" }]);
      const sum = await caller.callTool({ name: "ev_get-sum", arguments: { a: 19, b: 23 } });
      assert.match(sum.content[0].text, /42/);
    });

    await check(`server-everything, ${kind}: without a policy line a call is refused as unknown`, async () => {
      await assert.rejects(caller.callTool({ name: "un_echo", arguments: { message: "hello" } }), { code: -32602 });
    });

    await check(`server-everything, ${kind}: its prompts and resources come through`, async () => {
      const { prompts } = await caller.listPrompts();
      assert.ok(prompts.some((prompt) => prompt.name === "simple-prompt"), JSON.stringify(prompts));
      const { messages } = await caller.getPrompt({ name: "simple-prompt" });
      assert.ok(messages[0].content.text.length > 0);
      const { resources } = await caller.listResources();
      const theirs = resources.filter((resource) => !resource.uri.startsWith("mist://") && !resource.uri.startsWith("test://"));
      assert.ok(theirs.length > 0);
      const { contents } = await caller.readResource({ uri: theirs[0].uri });
      assert.equal(contents[0].uri, theirs[0].uri);
    });

    await caller.close();
  }

}
