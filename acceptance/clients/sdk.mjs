// The TypeScript SDK's clients: version 1, and version 2 pinned to each era.
import assert from "node:assert/strict";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema, ResourceUpdatedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { Client as ClientV2, StreamableHTTPClientTransport as TransportV2 } from "@modelcontextprotocol/client";
import { check } from "./lib/checks.mjs";

const info = { name: "mist-acceptance", version: "1.0.0" };

/** A client of one kind and its transport; each kind speaks to the gateway in its own way. */
const kinds = {
  "SDK v1": {
    make: (options) => new ClientV1(info, options),
    Transport: TransportV1,
    elicitation: ElicitRequestSchema,
    updated: ResourceUpdatedNotificationSchema,
  },
  "SDK v2 legacy": {
    make: (options) => new ClientV2(info, { ...options, versionNegotiation: { mode: "legacy" } }),
    Transport: TransportV2,
    elicitation: "elicitation/create",
    updated: "notifications/resources/updated",
  },
  "SDK v2 modern": {
    make: (options) => new ClientV2(info, { ...options, versionNegotiation: { mode: { pin: "2026-07-28" } } }),
    Transport: TransportV2,
    elicitation: "elicitation/create",
    updated: "notifications/resources/updated",
  },
};

/** A connected client that can be asked nothing. */
export function client(kind, url, token) {
  return connect(kinds[kind], kinds[kind].make({}), url, token);
}

/** A connected client that takes forms; `answer` fills them in. */
export function asking(kind, url, token, answer) {
  const made = kinds[kind].make({ capabilities: { elicitation: { form: {} } } });
  made.setRequestHandler(kinds[kind].elicitation, async ({ params }) => answer(params));
  return connect(kinds[kind], made, url, token);
}

async function connect({ Transport }, made, url, token) {
  await made.connect(new Transport(new URL(url), { requestInit: { headers: { Authorization: `Bearer ${token}` } } }));
  return made;
}

/** Subscribes to a resource as this kind of client does; `heard` takes the URI of each update. Answers what ends it. */
export async function subscribed(kind, caller, uri, heard) {
  caller.setNotificationHandler(kinds[kind].updated, ({ params }) => heard(params.uri));
  if (kind.endsWith("modern")) {
    const subscription = await caller.listen({ resourceSubscriptions: [uri] });
    assert.deepEqual(subscription.honoredFilter.resourceSubscriptions, [uri]);
    return () => subscription.close();
  }
  await caller.subscribeResource({ uri });
  return () => caller.unsubscribeResource({ uri });
}

export const everyKind = Object.keys(kinds);

export async function sdk({ base, tokens }) {
  for (const kind of everyKind) {
    const reader = await client(kind, `${base}/mcp`, tokens.ReadOnly);
    const writer = await client(kind, `${base}/mcp`, tokens.ReadWrite);

    await check(`${kind}: lists the tools that the role allows`, async () => {
      const names = async (who) => (await who.listTools()).tools.map((tool) => tool.name);
      const read = await names(reader);
      assert.ok(read.includes("list_sites"), read.join());
      assert.ok(!read.includes("set_switch_port"));
      assert.ok((await names(writer)).includes("set_switch_port"));
    });

    await check(`${kind}: calls list_sites`, async () => {
      const result = await reader.callTool({ name: "list_sites", arguments: { limit: 5 } });
      assert.notEqual(result.isError, true);
      assert.match(JSON.stringify(result.structuredContent), /Berlin-HQ/);
      assert.equal(result.content[0].type, "text");
    });

    await check(`${kind}: bad arguments are the tool's error`, async () => {
      const result = await reader.callTool({ name: "list_sites", arguments: { limit: "many" } });
      assert.equal(result.isError, true);
    });

    await check(`${kind}: an unknown and a denied tool look the same`, async () => {
      const fault = async (name) =>
        reader.callTool({ name, arguments: {} }).then(
          () => assert.fail(`${name} was answered`),
          (error) => ({ code: error.code, message: error.message.replaceAll(name, "NAME") }),
        );
      const unknown = await fault("no_such_tool");
      assert.equal(unknown.code, -32602);
      assert.deepEqual(await fault("set_switch_port"), unknown);
    });

    await check(`${kind}: a write is planned, with the difference and the link`, async () => {
      const devices = await writer.callTool({ name: "list_devices", arguments: { type: "switch", limit: 1 } });
      const device = first(devices.structuredContent);
      const ports = await writer.callTool({ name: "list_switch_ports", arguments: { device: device.name, limit: 50 } });
      assert.notEqual(ports.isError, true, JSON.stringify(ports));
      const result = await writer.callTool({
        name: "set_switch_port",
        arguments: { device: device.name, port: first(ports.structuredContent).port, description: "moved by a client" },
      });
      assert.notEqual(result.isError, true, JSON.stringify(result));
      const plan = result.structuredContent;
      assert.equal(plan.state, "planned");
      assert.ok(plan.url.startsWith(`${base}/`) && plan.url.endsWith(plan.id), plan.url);
      assert.ok(plan.diff.length > 0);
      assert.match(result.content[0].text, new RegExp(plan.id));

      const commit = await writer.callTool({
        name: "set_switch_port",
        arguments: { ...plan.arguments, commit: true, confirmation: plan.id },
      });
      assert.equal(commit.structuredContent.state, "planned", "a plan nobody approved was committed");
      const status = await writer.callTool({ name: "plan_status", arguments: { plan: plan.id } });
      assert.equal(status.structuredContent.state, "planned");
    });

    await check(`${kind}: lists and reads resources`, async () => {
      const { resources } = await reader.listResources();
      assert.ok(resources.some((resource) => resource.uri === "mist://org"), JSON.stringify(resources));
      const { resourceTemplates } = await reader.listResourceTemplates();
      assert.ok(resourceTemplates.some((template) => template.uriTemplate.startsWith("mist://site/")));
      const { contents } = await reader.readResource({ uri: "mist://sites" });
      assert.match(contents[0].text, /Berlin-HQ/);
    });

    await check(`${kind}: lists and gets prompts`, async () => {
      const { prompts } = await reader.listPrompts();
      assert.ok(prompts.some((prompt) => prompt.name === "morning_report"), JSON.stringify(prompts));
      const { messages } = await reader.getPrompt({ name: "morning_report", arguments: {} });
      assert.ok(messages.length > 0 && messages[0].content.text.length > 0);
    });

    await reader.close();
    await writer.close();
  }
}

/** The first row of a table, whatever the tool calls it. */
function first(structured) {
  const rows = Object.values(structured).find((value) => Array.isArray(value) && value.length > 0);
  assert.ok(rows, JSON.stringify(structured));
  return rows[0];
}
