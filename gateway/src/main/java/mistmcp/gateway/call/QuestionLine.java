package mistmcp.gateway.call;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import mistmcp.gateway.audit.AuditUnavailable;
import mistmcp.json.JsonSpans;
import mistmcp.json.RawJson;
import mistmcp.mcp.Exchange;

/// The line from one upstream to the caller of one call. The audit log keeps who was asked by which server
/// and what they did, never what they answered; an answer goes on only once its record is on the disk. Safe
/// for several threads.
record QuestionLine(Exchange exchange, Call call, String upstream, CallRecords records) implements Exchange.Passing {
    @Override
    public Answer ask(String method, RawJson params, Duration patience) throws InterruptedException {
        return recorded(new Question(method, params), exchange.ask(method, params, patience));
    }

    @Override
    public Map<String, Answer> askAll(Map<String, Question> questions, Duration patience) throws InterruptedException {
        var answers = new LinkedHashMap<String, Answer>();
        var given = exchange.askAll(questions, patience);
        questions.forEach((name, question) ->
                answers.put(name, recorded(question, given.getOrDefault(name, new Answer.NoAnswer()))));
        return answers;
    }

    private Answer recorded(Question question, Answer answer) {
        if (answer instanceof Answer.NotSupported) {
            return answer;
        }
        boolean elicits = question.method().equals("elicitation/create");
        var mode = elicits ? Optional.of(text(question.params(), "mode").orElse("form")) : Optional.<String>empty();
        var host = text(question.params(), "url").filter(_ -> elicits).flatMap(QuestionLine::host);
        try {
            records.question(call, upstream, question.method(), mode, host, action(elicits, answer), reason(answer))
                    .await();
            return answer;
        } catch (AuditUnavailable unavailable) {
            return new Answer.NoAnswer();
        }
    }

    private static String action(boolean elicits, Answer answer) {
        return switch (answer) {
            case Answer.Given given
            when elicits ->
                text(given.result(), "action")
                        .filter(action -> action.equals("accept") || action.equals("decline"))
                        .orElse("cancel");
            case Answer.Given _ -> "answer";
            case Answer.Refused _ -> "refuse";
            case Answer.NotSupported _, Answer.NoAnswer _ -> "none";
        };
    }

    /// Why we declined for the person; an MCP client has no say in this.
    private Optional<String> reason(Answer answer) {
        return answer instanceof Answer.Given given
                        && call.invocation().via().channel().equals("chat")
                ? JsonSpans.find(given.result(), "_meta")
                        .filter(RawJson::isObject)
                        .flatMap(meta -> text(meta, Answer.REASON))
                : Optional.empty();
    }

    private static Optional<String> host(String url) {
        try {
            return Optional.ofNullable(new URI(url).getHost());
        } catch (URISyntaxException none) {
            return Optional.empty();
        }
    }

    private static Optional<String> text(RawJson object, String member) {
        return JsonSpans.find(object, member).flatMap(RawJson::string);
    }
}
