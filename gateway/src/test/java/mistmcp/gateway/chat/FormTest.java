package mistmcp.gateway.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.stream.Collectors;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FormTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'string','minLength':2,'maxLength':3} | 'ab' | 'a'",
                "{'type':'string','maxLength':3}               | ''   | 'abcd'",
                "{'type':'string','pattern':'^[A-Z]+$'}        | 'AB' | 'Ab'",
                "{'type':'string','format':'email'}            | 'a@example.com' | 'a.example.com'",
                "{'type':'string','format':'uri'}              | 'https://example.com/a' | '/a'",
                "{'type':'string','format':'date'}             | '2026-02-28' | '2026-02-30'",
                "{'type':'string','format':'date-time'}        | '2026-02-28T10:00:00Z' | '2026-02-28 10:00'",
                "{'type':'integer','minimum':1,'maximum':9}    | 9    | 10",
                "{'type':'integer'}                            | 3    | 3.5",
                "{'type':'number','minimum':0.5}               | 0.5  | 0.25",
                "{'type':'number'}                             | 1e3  | '7'",
                "{'type':'boolean'}                            | true | 'true'",
                "{'type':'string','enum':['a','b']}            | 'b'  | 'c'",
                "{'type':'string','enum':['a'],'enumNames':['First']} | 'a' | 'First'",
                "{'type':'string','oneOf':[{'const':'a','title':'A'}]} | 'a' | 'A'",
                "{'type':'array','items':{'type':'string','enum':['a','b']},'minItems':1} | ['a','b'] | []",
                "{'type':'array','items':{'enum':['a','b']},'maxItems':1} | ['b'] | ['a','b']",
                "{'type':'array','items':{'anyOf':[{'const':'a','title':'A'}]}} | ['a'] | ['A']",
                "{'type':'array','items':{'enum':['a','b']}}   | ['a'] | ['a','a']",
                "{'type':'string'}                             | 'x'  | null",
                "{'type':'string'}                             | 'x'  | {'a':1}",
            })
    void takesWhatASchemaAllowsAndNamesTheFieldOfWhatItDoesNot(String schema, String good, String bad) throws Unusable {
        var form = Form.read(of(schema));

        assertThat(form.faults(json("{'it':" + good + "}"))).isEmpty();
        assertThat(form.faults(json("{'it':" + bad + "}")))
                .isNotEmpty()
                .allSatisfy(fault -> assertThat(fault.name()).isEqualTo("it"))
                .noneMatch(fault -> fault.message().contains("Ab"));
    }

    @Test
    void namesTheFieldThatIsMissingAndTheOneThatIsNotKnown() throws Unusable {
        var form = Form.read(
                json("{'type':'object','properties':{'a':{'type':'string'}},'required':['a'],'$schema':'x'}"));

        assertThat(form.faults(json("{'b':'x'}"))).extracting(Form.Fault::name).containsExactlyInAnyOrder("a", "b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'object','properties':{}}",
                "{'type':'array','items':{'type':'string'}}",
                "{'type':'array','items':{'type':'object'}}",
                "{'type':'string','minLength':'2'}",
                "{'type':'string','minLength':-1}",
                "{'type':'string','format':'password'}",
                "{'type':'string','pattern':'['}",
                "{'type':'string','contentEncoding':'base64'}",
                "{'type':['string','null']}",
                "{'type':'number','minimum':'1'}",
                "{'type':'number','exclusiveMinimum':1}",
                "{'type':'string','enum':[]}",
                "{'type':'string','enum':[1,2]}",
                "{'type':'string','enum':['a','a']}",
                "{'type':'string','enum':['a\u202eb']}",
                "{'type':'string','oneOf':[{'const':'a','title':'A','if':{}}]}",
                "{'type':'string','oneOf':[{'title':'A'}]}",
                "{'type':'string','enum':['a'],'oneOf':[{'const':'b'}]}",
                "{'type':'string','default':7}",
                "{'type':'string','enum':['a'],'default':'b'}",
                "{'type':'array','items':{'enum':['a']},'default':['b']}",
                "{'type':'boolean','default':'yes'}",
                "{'$ref':'#/x'}",
                "{'anyOf':[{'type':'string'}]}",
                "true"
            })
    void declinesAFieldBeyondWhatMcpAllows(String schema) {
        assertThatExceptionOfType(Unusable.class)
                .isThrownBy(() -> Form.read(of(schema)))
                .matches(unusable -> unusable.reason().startsWith("the f"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'type':'string'}",
                "{'type':'object','allOf':[]}",
                "{'type':'object','$defs':{}}",
                "{'type':'object','patternProperties':{}}",
                "{'type':'object','required':['a']}",
                "{'type':'object','properties':{'a':{'type':'string'}},'required':[1]}",
                "{'type':'object','properties':{'':{'type':'string'}}}",
                "{'type':'object','properties':{'a\u200b':{'type':'string'}}}"
            })
    void declinesAFormBeyondWhatMcpAllows(String schema) {
        assertThatExceptionOfType(Unusable.class).isThrownBy(() -> Form.read(json(schema)));
    }

    @Test
    void declinesAFormThatIsLargerThanAPersonCanBeShown() {
        var fields = new JsonObject(java.util.stream.IntStream.range(0, 33)
                .boxed()
                .collect(Collectors.toMap(n -> "f" + n, _ -> JsonObject.of("type", "string"))));
        var choices = JsonArray.ofAll(
                java.util.stream.IntStream.range(0, 201).mapToObj(n -> "c" + n).toList());

        assertThatExceptionOfType(Unusable.class)
                .isThrownBy(() -> Form.read(JsonObject.of("type", "object", "properties", fields)));
        assertThatExceptionOfType(Unusable.class)
                .isThrownBy(() -> Form.read(JsonObject.of(
                        "type",
                        "object",
                        "properties",
                        JsonObject.of("a", JsonObject.of("type", "string", "enum", choices)))));
        assertThatExceptionOfType(Unusable.class)
                .isThrownBy(() -> Form.read(JsonObject.of("type", "object", "description", "x".repeat(33 << 10))));
    }

    @Test
    void showsKnownMembersOnlyAndNoHiddenCharacters() throws Unusable {
        var shown = Form.read(of("{'type':'string','title':'a\u202eb','description':'c\u200bd','enum':['x'],"
                        + "'enumNames':['X\\u0007'],'default':'x','x-icon':'https://example.com/i.svg'}"))
                .toJson();

        assertThat(Json.text(shown))
                .isEqualTo(Json.text(json("{'type':'object','properties':{'it':{'type':'string','title':'a b',"
                        + "'description':'c d','default':'x','oneOf':[{'const':'x','title':'X'}]}},'required':[]}")));
    }

    @Test
    void givesUpOnAPatternThatWouldNeverEnd() throws Unusable {
        var form = Form.read(of("{'type':'string','pattern':'^(a+)+$'}"));

        assertThat(form.faults(json("{'it':'" + "a".repeat(60) + "!'}"))).hasSize(1);
    }

    private static JsonObject of(String property) {
        return json("{'type':'object','properties':{'it':" + property + "}}");
    }

    private static JsonObject json(String text) {
        return Json.parseObject(text.replace('\'', '"'));
    }
}
