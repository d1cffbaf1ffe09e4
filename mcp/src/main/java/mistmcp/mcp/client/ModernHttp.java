package mistmcp.mcp.client;

import java.util.Map;
import java.util.Optional;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonSpans;
import mistmcp.json.RawJson;
import mistmcp.json.RawObject;
import mistmcp.jsonrpc.Envelope;
import mistmcp.jsonrpc.ErrorCode;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.RequestMeta;
import mistmcp.mcp.UpstreamReply;

/// Sends requests to a server of the modern era over HTTP, each in as many rounds as the server asks for
/// input. Safe for several threads.
final class ModernHttp {
    private static final int MAX_ROUNDS = 16;

    private final HttpPost post;
    private final HttpEra era;
    private final ClientOptions options;
    private final Asides asides;
    private final ListedHeaders params = new ListedHeaders();

    ModernHttp(HttpPost post, HttpEra era, ClientOptions options, Asides asides) {
        this.post = post;
        this.era = era;
        this.options = options;
        this.asides = asides;
    }

    /// Sends a request and waits for its end.
    UpstreamReply send(UpstreamRequest request, Exchange exchange, Dialogue dialogue) throws InterruptedException {
        Map<String, RawJson> more = Map.of();
        boolean listed = false;
        for (int round = 0; round < MAX_ROUNDS; round++) {
            var posted = round(request, exchange, dialogue, more);
            if (!listed && needsList(request, posted)) {
                listed = true;
                round(listing(request), Exchange.SILENT, dialogue, Map.of());
                continue;
            }
            if (!(posted instanceof Posted.Good good)) {
                return era.reply(posted);
            }
            switch (dialogue.step(good.answer())) {
                case Dialogue.Step.End end -> {
                    return end.reply();
                }
                case Dialogue.Step.Again again -> more = again.members();
            }
            // Who has gone while they were asked gets no further round, and the server no answer.
            if (exchange.cancelled()) {
                return Failures.cancelled(true);
            }
        }
        return Failures.garbage("the server asks for input again and again");
    }

    /// Sends a request of ours once.
    Posted.Whole once(UpstreamRequest request) throws InterruptedException {
        return round(request, Exchange.SILENT, new Dialogue(request, Exchange.SILENT, options), Map.of())
                .whole();
    }

    /// A request as it goes out, without what was learned of its tool.
    HttpMessage message(UpstreamRequest request) {
        var headers = RequestText.modernHeaders(request.method(), request.target());
        return message(request, headers, Map.of());
    }

    private HttpMessage message(UpstreamRequest request, Map<String, String> headers, Map<String, RawJson> more) {
        var id = post.nextId();
        return HttpMessage.request(RequestText.modern(request, id, options, more), id, request.headers(), headers);
    }

    private Posted round(UpstreamRequest request, Exchange exchange, Dialogue dialogue, Map<String, RawJson> more)
            throws InterruptedException {
        var headers = RequestText.modernHeaders(request.method(), request.target());
        if (request.method().equals("tools/call")) {
            headers.putAll(params.of(request.target().orElse(""), JsonSpans.find(request.params(), "arguments")));
        }
        var message = message(request, headers, more);
        var posted = post.request(message, dialogue.left(), exchange, asides.of(dialogue));
        return request.method().equals("tools/list") && posted instanceof Posted.Good good
                ? new Posted.Good(learned(good.answer()), good.session())
                : posted;
    }

    private Envelope.Success learned(Envelope.Success listed) {
        return params.learn(listed.result().raw())
                .map(result -> new Envelope.Success(
                        listed.id(), new RawObject(result, JsonSpans.members(result, JsonLimits.TRUSTED))))
                .orElse(listed);
    }

    /// Headers that do not match: the tool may have been changed since it was listed.
    private static boolean needsList(UpstreamRequest request, Posted posted) {
        return request.method().equals("tools/call")
                && posted instanceof Posted.Bad bad
                && bad.fault().code() == ErrorCode.HEADER_MISMATCH;
    }

    private static UpstreamRequest listing(UpstreamRequest call) {
        return new UpstreamRequest(
                "tools/list",
                Optional.empty(),
                RawJson.EMPTY_OBJECT,
                RequestMeta.NONE,
                call.principal(),
                call.headers(),
                call.deadline());
    }
}
