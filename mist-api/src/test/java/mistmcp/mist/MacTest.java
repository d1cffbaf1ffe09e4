package mistmcp.mist;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MacTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"5c5b350e0061", "5C:5B:35:0E:00:61", "5c-5b-35-0e-00-61", "5c5b.350e.0061", " 5c5b350e0061 "})
    void readsAllForms(String text) {
        assertThat(Mac.of(text)).contains(new Mac("5c5b350e0061"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5c5b350e006", "5c:5b-35:0e:00:61", "5c5b350e006g", "ber-sw-01", "5c5b:350e:0061"})
    void readsNothingElse(String text) {
        assertThat(Mac.of(text)).isEmpty();
    }

    @Test
    void writesPairsForPeople() {
        assertThat(new Mac("5c5b350e0061").withColons()).isEqualTo("5c:5b:35:0e:00:61");
    }
}
