package mistmcp.gateway.upstream;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mistmcp.assertion.Assertion;
import mistmcp.assertion.AssertionKey;
import mistmcp.json.RawJson;
import mistmcp.json.Sha256;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.UpstreamReply;
import mistmcp.mcp.client.McpClient;
import mistmcp.mcp.client.UpstreamRequest;

/// One MCP server behind the gateway and the connection to it. Safe for several threads.
final class Upstream implements AutoCloseable {
    private static final byte[] NOTHING = new byte[0];

    private final UpstreamSettings.Configured configured;
    private final McpClient client;
    private final Optional<AssertionKey> key;

    Upstream(UpstreamSettings.Configured configured, McpClient client, Optional<AssertionKey> key) {
        this.configured = configured;
        this.client = client;
        this.key = key;
    }

    UpstreamSettings.Configured configured() {
        return configured;
    }

    McpClient client() {
        return client;
    }

    /// Sends a request.
    UpstreamReply send(Sending sending, Exchange exchange) throws InterruptedException {
        return client.send(request(sending), new RelayFilter(exchange, configured.relay()));
    }

    /// The request as it goes out: its headers are made from nothing but our own credential and the
    /// assertion.
    UpstreamRequest request(Sending sending) {
        var headers = new HashMap<String, String>();
        configured
                .credential()
                .ifPresent(credential ->
                        headers.put(credential.header(), credential.value().reveal()));
        key.ifPresent(signer -> headers.put(Assertion.HEADER, signer.sign(assertion(signer, sending))));
        return new UpstreamRequest(
                sending.method(),
                sending.target(),
                sending.params(),
                sending.meta(),
                sending.principal(),
                headers,
                sending.deadline());
    }

    private Assertion assertion(AssertionKey signer, Sending sending) {
        return new Assertion(
                configured.name(),
                sending.principal(),
                sending.role(),
                sending.sites(),
                sending.mode(),
                sending.method(),
                sending.target().orElse(""),
                sending.arguments().map(Sha256::of).orElseGet(() -> Sha256.of(NOTHING)),
                signer.newId(),
                signer.expiry(),
                sending.commit());
    }

    @Override
    public void close() {
        client.close();
    }

    /// Lets only those questions and log messages through that the configuration names.
    private record RelayFilter(Exchange exchange, Set<String> relay) implements Exchange.Passing {
        @Override
        public void notify(String method, RawJson params) {
            if (!method.equals("notifications/message") || relay.contains("logging")) {
                exchange.notify(method, params);
            }
        }

        @Override
        public Answer ask(String method, RawJson params, java.time.Duration patience) throws InterruptedException {
            return named(method) ? exchange.ask(method, params, patience) : new Answer.NotSupported();
        }

        /// Asked at once, as they came: one by one, a caller of 2026-07-28 would see other names and more
        /// rounds.
        @Override
        public Map<String, Answer> askAll(Map<String, Question> questions, java.time.Duration patience)
                throws InterruptedException {
            var answers = new LinkedHashMap<String, Answer>();
            var asked = new LinkedHashMap<String, Question>();
            questions.forEach((name, question) -> {
                if (named(question.method())) {
                    asked.put(name, question);
                } else {
                    answers.put(name, new Answer.NotSupported());
                }
            });
            if (!asked.isEmpty()) {
                answers.putAll(exchange.askAll(asked, patience));
            }
            return answers;
        }

        private boolean named(String method) {
            return relay.contains(method.substring(0, Math.max(0, method.indexOf('/'))));
        }
    }
}
