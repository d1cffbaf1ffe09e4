// The whole product on a free port with a data directory of its own, the conformance fixture beside it.
import fs from "node:fs";
import path from "node:path";
import { freePort, start, until } from "./run.mjs";

const home = path.resolve(import.meta.dirname, "../../..");
const modules = path.resolve(import.meta.dirname, "../node_modules");

/** The launcher. */
export const mist = path.join(home, "mist");

/** The Java that `./mist` runs on, and the class paths of the fixture and of the simulated Mist. */
export const java = path.join(process.env.JAVA_HOME, "bin/java");
export const classPath = `${process.env.FIXTURE_CLASSES}:${home}/gateway/target/lib/*`;
export const simulator = `${home}/servers/mist-sim/target/mist-sim-0.1.0.jar:${home}/servers/mist-sim/target/lib/*`;
export const quick = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"];

/** The upstreams beside our own: others' servers, one of them without a policy line, and the fixture in both eras. */
function upstreams(fixture, peers) {
  const everything = {
    command: [process.execPath, path.join(modules, "@modelcontextprotocol/server-everything/dist/index.js"), "stdio"],
    reads: ["*"],
    sites: "none",
  };
  const relay = ["elicitation", "sampling", "roots", "logging"];
  const suite = { url: fixture, reads: ["*"], sites: "none", relay };
  const peer = (name, prefix) => ({ url: peers[name].url, reads: ["*"], sites: "none", relay: ["elicitation", "logging"], prefix });
  return {
    upstreams: {
      everything: { ...everything, prefix: "ev", relay: ["elicitation", "logging"] },
      unlisted: { ...everything, prefix: "un" },
      "fixture-modern": { ...suite, prefix: "fm", era: "modern" },
      "fixture-legacy": { ...suite, prefix: "fl", era: "legacy" },
      // Their era is found out.
      "peer-v1": peer("peer-v1", "p1"),
      "peer-v2": peer("peer-v2", "p2"),
    },
  };
}

const allowed = ["mist-ro/*", "everything/*", "fixture-modern/*", "fixture-legacy/*", "peer-v1/*", "peer-v2/*"];
const policy = {
  version: 1,
  roles: {
    ReadOnly: { allow: allowed, deny: [] },
    ReadWrite: { allow: [...allowed, "mist-rw/*"], deny: [] },
  },
  confirm: "page",
  grants: { audit: [], pin: [] },
};

/** Starts the fixture: the server that the suite's scenarios call by fixed names. */
export async function startFixture(work) {
  const fixture = start(java, [...quick, "-cp", classPath, "mistmcp.acceptance.fixture.FixtureServer"], path.join(work, "fixture.log"));
  const port = await until("the fixture", 30, () => /listening on (\d+)/.exec(fixture.log())?.[1]);
  return { ...fixture, url: `http://127.0.0.1:${port}/mcp` };
}

/** Starts `./mist up` and waits until every upstream has listed its tools. */
export async function startStack(work, fixture, peers) {
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  fs.writeFileSync(path.join(work, "upstreams.json"), JSON.stringify(upstreams(fixture, peers)));
  fs.writeFileSync(path.join(work, "policy.json"), JSON.stringify(policy));
  const stack = start(mist, ["up"], path.join(work, "up.log"), {
    cwd: work,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      JAVA_HOME: process.env.JAVA_HOME,
      DATA_DIR: path.join(work, "data"),
      GATEWAY_PORT: String(port),
      WRITE_ENABLED: "true",
      UPSTREAMS_PATH: path.join(work, "upstreams.json"),
      POLICY_PATH: path.join(work, "policy.json"),
    },
  });
  try {
    await until("the gateway", 120, async () => {
      if (!stack.running()) {
        throw new Error("it ended");
      }
      return (await (await fetch(`${base}/readyz`)).json()).ready;
    });
  } catch (late) {
    const health = await fetch(`${base}/readyz`).then((answer) => answer.text(), String);
    await stack.stop();
    throw new Error(`${late.message}: ${health}\n${stack.log()}`);
  }
  return { ...stack, base };
}

/** A DEV token, minted as `mist token` does. */
export async function mint(base, role) {
  const answer = await fetch(`${base}/auth/dev/mint`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ sub: `clients-${role}`, roles: [role], ttl: 3600 }),
  });
  if (!answer.ok) {
    throw new Error(`no token: ${await answer.text()}`);
  }
  return (await answer.json()).access_token;
}
