// A proxy that adds one header to each request and changes nothing else: the conformance suite cannot send a token, and the
// gateway takes no call without one.
import http from "node:http";

/** Starts on a free loopback port; `header` gives the value of Authorization anew for each request. */
export async function addHeader(target, header) {
  const upstream = new URL(target);
  const server = http.createServer((request, response) => {
    const onward = http.request(
      {
        host: upstream.hostname,
        port: upstream.port,
        method: request.method,
        path: upstream.pathname,
        headers: { ...request.headers, authorization: header() },
      },
      (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        response.flushHeaders();
        answer.pipe(response);
      },
    );
    onward.on("error", () => response.destroy());
    response.on("close", () => onward.destroy());
    request.pipe(onward);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}${upstream.pathname}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
