package mistmcp.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mistmcp.fuzz.Mutations;
import mistmcp.json.InvalidJson;
import mistmcp.json.Json;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonSpans;
import mistmcp.json.JsonString;
import mistmcp.json.JsonValue;
import mistmcp.json.RawJson;
import org.junit.jupiter.api.Test;

/// The scanner of envelopes and spans against the tree parser, on any bytes.
class EnvelopeFuzzTest {
    private static final JsonValue MARK = Json.parse("{\"mark\":[1.10,\"}\"]}");

    @FuzzTest(maxDuration = "5m")
    void anyBytes(byte[] bytes) {
        check(bytes);
    }

    @Test
    void seededBytes() {
        new Mutations(
                        List.of(
                                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"t\",\"arguments\":{\"a\":[1,{\"b\":null}]},\"_meta\":{\"progressToken\":\"x\"}}}",
                                "{\"jsonrpc\":\"2.0\",\"id\":\"a\\u0022\\\\\",\"result\":{\"x\":1e400,\"y\":1.10,\"z\":12345678901234567890}}",
                                "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"m\",\"data\":[{}]}}",
                                " { \"jsonrpc\" : \"2.0\" ,\n\t\"method\" : \"n\" , \"\\u006dethod2\":\"é🌐\" } ",
                                "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]",
                                "{\"jsonrpc\":\"2.0\",\"id\":99999999999,\"error\":{\"code\":4294967296,\"message\":\"m\"}}",
                                "{}",
                                "\0{\0}",
                                "{\0\0\0}\0\0\0",
                                "\0\0{\0",
                                ""),
                        20_260_728)
                .run(15_000, EnvelopeFuzzTest::check);
    }

    private static void check(byte[] bytes) {
        var envelope = Envelope.read(bytes, JsonLimits.REQUEST);
        var tree = tree(bytes);
        boolean refusedAsJson =
                envelope instanceof Envelope.Invalid invalid && invalid.reason().isPresent();
        if (tree.isEmpty()) {
            assertThat(envelope).isInstanceOf(Envelope.Invalid.class);
        } else if (tree.get() instanceof JsonObject object) {
            assertThat(refusedAsJson).as("valid JSON is refused").isFalse();
            same(envelope, object);
            spans(RawJson.of(bytes), object);
        } else {
            assertThat(envelope).isInstanceOf(Envelope.Invalid.class);
        }
    }

    private static Optional<JsonValue> tree(byte[] bytes) {
        try {
            return Optional.of(Json.parse(bytes, JsonLimits.REQUEST));
        } catch (InvalidJson invalid) {
            return Optional.empty();
        }
    }

    private static void same(Envelope envelope, JsonObject tree) {
        switch (envelope) {
            case Envelope.Request request -> {
                assertThat(Optional.of(parsed(request.id()))).isEqualTo(tree.get("id"));
                assertThat(Optional.of(request.method())).isEqualTo(tree.string("method"));
                assertThat(parsed(request.params().raw()))
                        .isEqualTo(tree.get("params").orElse(JsonObject.EMPTY));
            }
            case Envelope.Notification note -> {
                assertThat(Optional.of(note.method())).isEqualTo(tree.string("method"));
                assertThat(tree.has("id")).isFalse();
            }
            case Envelope.Success answer ->
                assertThat(Optional.of(parsed(answer.result().raw()))).isEqualTo(tree.get("result"));
            case Envelope.Fault fault -> {
                var error = tree.object("error").orElseThrow();
                assertThat(error.get("code").map(Object::toString)).contains(Integer.toString(fault.code()));
                assertThat(fault.data().map(EnvelopeFuzzTest::parsed)).isEqualTo(error.get("data"));
            }
            case Envelope.Invalid _ -> {
                // No message, and nothing is taken from it.
            }
        }
    }

    /// What the fast scan finds, sets and joins is what the tree has.
    private static void spans(RawJson raw, JsonObject tree) {
        var trimmed =
                JsonSpans.open(raw, JsonLimits.REQUEST, java.util.Set.of()).object();
        var object = trimmed.raw();
        assertThat(trimmed.members().keySet())
                .containsExactlyElementsOf(tree.members().keySet());
        trimmed.members().forEach((name, value) -> {
            assertThat(Optional.of(parsed(value))).isEqualTo(tree.get(name));
            assertThat(JsonSpans.find(object, name).map(RawJson::toString)).contains(value.toString());
            assertThat(parsed(JsonSpans.set(object, Map.of(name, RawJson.of(MARK)))))
                    .isEqualTo(tree.with(name, MARK));
        });
        assertThat(parsed(JsonSpans.join(trimmed.members()))).isEqualTo(tree);
        assertThat(JsonSpans.set(object, Map.of()).toString()).isEqualTo(object.toString());
        var fresh = "not there \" \\ " + tree.members().size();
        if (!tree.has(fresh)) {
            var more = JsonSpans.set(object, Map.of(fresh, RawJson.of(new JsonString("x"))));
            assertThat(parsed(more)).isEqualTo(tree.with(fresh, "x"));
        }
    }

    private static JsonValue parsed(RawJson raw) {
        return raw.parse(JsonLimits.REQUEST);
    }
}
