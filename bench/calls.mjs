// Measures a running `./mist up` from outside: gateway CPU per read, memory of each process idle and after many calls.
// Usage: node bench/calls.mjs URL DATA_DIR [calls=10000] [callers=8]. Loopback only; bounded; stops by itself.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import http from 'node:http';

const [url, dataDir, calls = '10000', callers = '8'] = process.argv.slice(2);
if (!url || !dataDir || !['127.0.0.1', 'localhost'].includes(new URL(url).hostname)) {
  console.error('usage: node bench/calls.mjs http://127.0.0.1:PORT DATA_DIR [calls] [callers]');
  process.exit(2);
}
const agent = new http.Agent({ keepAlive: true, maxSockets: Number(callers) });
const ticks = Number(execFileSync('getconf', ['CLK_TCK']).toString());

function send(path, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const request = http.request(url + path, { method: 'POST', agent, headers: { 'content-type': 'application/json', ...headers } });
    request.on('response', (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode, text: Buffer.concat(parts).toString() }));
    });
    request.on('error', reject);
    request.end(JSON.stringify(body));
  });
}

/** The processes whose log is in the data directory, and the launcher that started them. */
function processes() {
  const found = new Map();
  for (const pid of readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name))) {
    try {
      const log = readlinkSync(`/proc/${pid}/fd/2`);
      const main = /mistmcp\.(\w+)\.Main/.exec(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
      if (main && log.startsWith(`${dataDir}/log/`)) {
        found.set(main[1], pid);
        const parent = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1];
        found.set('cli', parent);
      }
    } catch {
      // The process ended, or is not ours to look at.
    }
  }
  return found;
}

const rss = (pid) => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
const cpu = (pid) => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticks;
};
const memory = () => Object.fromEntries([...processes()].map(([name, pid]) => [name, Math.round(rss(pid))]));

const tokens = [];
for (let i = 0; i < Number(callers); i++) {
  const minted = await send('/auth/dev/mint', { sub: `bench-${i}`, roles: ['ReadOnly'], ttl: 3600 });
  tokens.push(JSON.parse(minted.text).access_token);
}
const idle = memory();
const headers = (i) => ({
  authorization: `Bearer ${tokens[i]}`,
  accept: 'application/json, text/event-stream',
  'mcp-protocol-version': '2025-11-25',
});

async function load(total) {
  let next = 0;
  let wrong = 0;
  await Promise.all(
    tokens.map(async (_, i) => {
      while (next < total) {
        const id = next++;
        const answer = await send(
          '/mcp',
          { jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'list_sites', arguments: { limit: 1 + (id % 3) } } },
          headers(i),
        );
        wrong += answer.status === 200 && answer.text.includes('"isError":false') ? 0 : 1;
      }
    }),
  );
  return wrong;
}

await load(2000); // warm-up, not counted
const gateway = processes().get('gateway');
const before = cpu(gateway);
const started = process.hrtime.bigint();
const wrong = await load(Number(calls));
const seconds = Number(process.hrtime.bigint() - started) / 1e9;
const report = {
  calls: Number(calls),
  callers: Number(callers),
  wrongAnswers: wrong,
  callsPerSecond: Math.round(Number(calls) / seconds),
  gatewayCpuMicrosPerCall: Math.round(((cpu(gateway) - before) / Number(calls)) * 1e6),
  rssMiBIdle: idle,
  rssMiBAfter: memory(),
};
console.log(JSON.stringify(report, null, 2));
process.exit(wrong === 0 ? 0 : 1);
