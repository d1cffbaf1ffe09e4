package mistmcp.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonDiffTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":1}         | {\"a\":1.0}        | []",
                "{\"a\":1}         | {\"a\":2}          | [{\"op\":\"replace\",\"path\":\"/a\",\"from\":1,\"to\":2}]",
                "{\"a\":1}         | {}                 | [{\"op\":\"remove\",\"path\":\"/a\",\"from\":1}]",
                "{}                | {\"a\":null}       | [{\"op\":\"add\",\"path\":\"/a\",\"to\":null}]",
                "{\"a/b\":{\"~\":1}} | {\"a/b\":{\"~\":2}} | [{\"op\":\"replace\",\"path\":\"/a~1b/~0\",\"from\":1,\"to\":2}]",
                "{\"a\":[1,2]}     | {\"a\":[2,1]}      | [{\"op\":\"replace\",\"path\":\"/a\",\"from\":[1,2],\"to\":[2,1]}]",
                "{\"a\":{}}        | {\"a\":[]}         | [{\"op\":\"replace\",\"path\":\"/a\",\"from\":{},\"to\":[]}]",
                "{\"a\":1e400}     | {\"a\":2e400}      | [{\"op\":\"replace\",\"path\":\"/a\",\"from\":1e400,\"to\":2e400}]"
            })
    void saysWhatChanged(String before, String after, String changes) {
        var found = JsonDiff.between(Json.parse(before), Json.parse(after)).stream()
                .map(JsonDiff.Change::toJson)
                .toList();

        assertThat(Json.text(JsonArray.ofAll(found))).isEqualTo(changes);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``        | {\"a\":[10,{\"b\":2}],\"\":3,\"m~n/o\":4}",
                "/a/1/b    | 2",
                "/         | 3",
                "/m~0n~1o  | 4",
                "/a/2      | -",
                "/a/01     | -",
                "/a/-      | -",
                "/x        | -"
            })
    void findsByPointer(String pointer, String value) {
        var root = Json.parse("{\"a\":[10,{\"b\":2}],\"\":3,\"m~n/o\":4}");

        var found = JsonPointer.parse(pointer).orElseThrow().find(root);

        assertThat(found.map(Json::text).orElse("-")).isEqualTo(value);
    }

    @Test
    void refusesAPointerWithoutASlash() {
        assertThat(JsonPointer.parse("a")).isEmpty();
    }
}
