package mistmcp.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonSchemaTest {
    private static final JsonSchema SCHEMA = JsonSchema.compile(Json.parseObject(
            "{\"type\":\"object\",\"required\":[\"n\"],\"additionalProperties\":false,\"properties\":{\"n\":{\"type\":"
                    + "\"integer\",\"minimum\":-5,\"maximum\":9007199254740993},\"list\":{\"type\":\"array\",\"items\":{\"type\":"
                    + "[\"string\",\"boolean\",\"null\"]}},\"x\":{\"type\":\"number\"}}}"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"n":1}                                          | 0
        {"n":-5}                                         | 0
        {"n":-6}                                         | 1
        {"n":9007199254740993}                           | 0
        {"n":9007199254740994}                           | 1
        {"n":1.0}                                        | 0
        {"n":1.5}                                        | 1
        {"n":1e2}                                        | 0
        {"n":123456789012345678901234567890}             | 1
        {"n":"1"}                                        | 1
        {"n":1,"list":["a",true,null],"x":1.5}           | 0
        {"n":1,"list":[1]}                               | 1
        {"n":1,"other":{}}                               | 1
        {}                                               | 1
        """)
    void judgesNumbersAsTheyAreWhicheverWayTheyCome(String value, int faults) {
        assertThat(SCHEMA.check(Json.parse(value))).hasSize(faults);
    }
}
