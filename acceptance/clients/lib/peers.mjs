// Upstreams that others wrote, in both eras: the same offer under the TypeScript SDK's servers of version 1 (legacy, with
// sessions) and version 2 (2026-07-28 only). Each writes down what it sees of a call.
import http from "node:http";
import { randomUUID } from "node:crypto";
import { Server as ServerV1 } from "@modelcontextprotocol/sdk/server/index.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import * as v1 from "@modelcontextprotocol/sdk/types.js";
import { createMcpHandler, Server as ServerV2 } from "@modelcontextprotocol/server";

const capabilities = { tools: { listChanged: true }, resources: { subscribe: true, listChanged: true }, prompts: {} };
const tool = (name, properties = {}) => ({ name, description: `Of a test: ${name}.`, inputSchema: { type: "object", properties } });
const tools = [tool("echo", { message: { type: "string" } }), tool("count"), tool("wait"), tool("ask"), tool("touch", { uri: { type: "string" } }), tool("odd")];
const form = { type: "object", properties: { name: { type: "string" } }, required: ["name"] };

/** A result that no typed proxy brings through: fields of a vendor, odd numbers, odd order. */
export const odd = '{"zVendor":{"b":1.10,"a":1e400},"isError":false,"content":[{"text":"odd","type":"text","xVendor":[12345678901234567890]}],"aVendor":null}';

const text = (said) => ({ content: [{ type: "text", text: said }] });
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** What the tools do, whatever the SDK; `kit` is how this SDK does it. */
async function call(params, kit, seen) {
  switch (params.name) {
    case "echo":
      return text(`echo ${params.arguments?.message}`);
    case "count":
      for (let progress = 1; progress <= 3; progress++) {
        await kit.progress(progress);
        await pause(20);
      }
      return text("counted");
    case "wait":
      seen.started++;
      await kit.progress(1);
      await new Promise((resolve) => {
        kit.signal.addEventListener("abort", resolve, { once: true });
        setTimeout(resolve, 20_000).unref();
      });
      if (kit.signal.aborted) {
        seen.cancelled++;
      }
      return text("waited");
    case "touch":
      await kit.updated(params.arguments.uri);
      return text("touched");
    case "ask":
      return kit.ask({ mode: "form", message: "Who are you?", requestedSchema: form });
    default:
      throw new Error(`no tool ${params.name}`);
  }
}

const other = { uri: "peer://other", name: "other", mimeType: "text/plain" };
const note = { uri: "peer://note", name: "note", mimeType: "text/plain" };
const reading = (uri) => ({ contents: [{ uri, mimeType: "text/plain", text: `the text of ${uri}` }] });
const greet = { name: "greet", arguments: [{ name: "who", required: true }] };
const greeting = (who) => ({ messages: [{ role: "user", content: { type: "text", text: `greet ${who}` } }] });

/** A server of the SDK's version 1 with sessions. */
export async function legacyPeer() {
  const seen = { cancelled: 0, started: 0, capabilities: [], authorization: new Set() };
  const sessions = new Map();
  /** The servers whose client has subscribed, by resource: one server for each session. */
  const subscribers = new Map();
  const open = async () => {
    const server = new ServerV1({ name: "peer-v1", version: "1" }, { capabilities });
    server.setRequestHandler(v1.ListToolsRequestSchema, () => ({ tools: tools.filter(({ name }) => name !== "odd") }));
    server.setRequestHandler(v1.CallToolRequestSchema, ({ params }, extra) =>
      call(
        params,
        {
          signal: extra.signal,
          progress: async (progress) => {
            const progressToken = extra._meta?.progressToken;
            if (progressToken !== undefined) {
              await extra.sendNotification({ method: "notifications/progress", params: { progressToken, progress, total: 3 } });
            }
          },
          updated: (uri) => Promise.all([...(subscribers.get(uri) ?? [])].map((one) => one.sendResourceUpdated({ uri }))),
          ask: async (question) => {
            const { action, content } = await server.elicitInput(question, { relatedRequestId: extra.requestId });
            return text(`${action} ${content?.name}`);
          },
        },
        seen,
      ),
    );
    server.setRequestHandler(v1.ListResourcesRequestSchema, () => ({ resources: [note, other] }));
    server.setRequestHandler(v1.ReadResourceRequestSchema, ({ params }) => reading(params.uri));
    server.setRequestHandler(v1.ListPromptsRequestSchema, () => ({ prompts: [greet] }));
    server.setRequestHandler(v1.GetPromptRequestSchema, ({ params }) => greeting(params.arguments.who));
    server.setRequestHandler(v1.SubscribeRequestSchema, ({ params }) => {
      subscribers.set(params.uri, (subscribers.get(params.uri) ?? new Set()).add(server));
      return {};
    });
    server.setRequestHandler(v1.UnsubscribeRequestSchema, ({ params }) => {
      subscribers.get(params.uri)?.delete(server);
      return {};
    });
    server.oninitialized = () => seen.capabilities.push(server.getClientCapabilities());
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => sessions.set(id, transport),
      onsessionclosed: (id) => sessions.delete(id),
    });
    await server.connect(transport);
    return transport;
  };
  return listen(seen, async (request, response) => {
    const id = request.headers["mcp-session-id"];
    const known = id === undefined ? await open() : sessions.get(id);
    if (known === undefined) {
      response.writeHead(404).end();
      return;
    }
    await known.handleRequest(request, response);
  });
}

/** A server of the SDK's version 2 that speaks 2026-07-28 and nothing else. */
export async function modernPeer() {
  const seen = { cancelled: 0, started: 0, capabilities: [], authorization: new Set() };
  const make = () => {
    const server = new ServerV2({ name: "peer-v2", version: "1" }, { capabilities });
    server.setRequestHandler("tools/list", () => ({ tools }));
    server.setRequestHandler("tools/call", ({ params }, ctx) =>
      call(
        params,
        {
          signal: ctx.mcpReq.signal,
          progress: async (progress) => {
            const progressToken = ctx.mcpReq._meta?.progressToken;
            if (progressToken !== undefined) {
              await ctx.mcpReq.notify({ method: "notifications/progress", params: { progressToken, progress, total: 3 } });
            }
          },
          updated: (uri) => handler.notify.resourceUpdated(uri),
          ask: (question) => {
            seen.capabilities.push(ctx.mcpReq.envelope?.["io.modelcontextprotocol/clientCapabilities"]);
            const answer = ctx.mcpReq.inputResponses?.who;
            return answer === undefined
              ? { resultType: "input_required", inputRequests: { who: { method: "elicitation/create", params: question } } }
              : text(`${answer.action} ${answer.content?.name}`);
          },
        },
        seen,
      ),
    );
    server.setRequestHandler("resources/list", () => ({ resources: [note, other] }));
    server.setRequestHandler("resources/read", ({ params }) => reading(params.uri));
    server.setRequestHandler("prompts/list", () => ({ prompts: [greet] }));
    server.setRequestHandler("prompts/get", ({ params }) => greeting(params.arguments.who));
    return server;
  };
  const handler = createMcpHandler(make, { legacy: "reject" });
  return listen(seen, async (request, response) => {
    const body = await whole(request);
    if (request.headers["mcp-name"] === "odd") {
      // The SDK could not write this result: it goes out by hand, to the byte.
      const { id } = JSON.parse(body.toString("utf8"));
      response.writeHead(200, { "content-type": "application/json" });
      response.end(`{"result":${odd},"id":${JSON.stringify(id)},"jsonrpc":"2.0"}`);
      return;
    }
    await relay(handler, request, body, response);
  });
}

async function whole(request) {
  const chunks = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** One request through a handler in the shape of `fetch`; a caller that goes away aborts it. */
async function relay(handler, request, body, response) {
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  const answer = await handler.fetch(
    new Request(`http://127.0.0.1${request.url}`, {
      method: request.method,
      headers: request.headers,
      body: body.length === 0 ? undefined : body,
      signal: gone.signal,
    }),
  );
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  const reader = answer.body?.getReader();
  gone.signal.addEventListener("abort", () => reader?.cancel().catch(() => undefined));
  for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader.read()) {
    response.write(part.value);
  }
  response.end();
}

async function listen(seen, handle) {
  const server = http.createServer((request, response) => {
    seen.authorization.add(request.headers.authorization);
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/mcp`,
    seen,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
