package mistmcp.mist;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PortNamesTest {
    @Test
    void readsANameARangeAndAList() {
        assertThat(PortNames.of("ge-0/0/7").orElseThrow()).containsExactly("ge-0/0/7");
        assertThat(PortNames.of("ge-0/0/9-11").orElseThrow()).containsExactly("ge-0/0/9", "ge-0/0/10", "ge-0/0/11");
        assertThat(PortNames.of("ge-0/0/0-1, mge-1/0/3,ae2").orElseThrow())
                .containsExactly("ge-0/0/0", "ge-0/0/1", "mge-1/0/3", "ae2");
    }

    @Test
    void readsNothingIntoAKeyOfAnotherForm() {
        assertThat(PortNames.of("")).isEmpty();
        assertThat(PortNames.of("ge-0/0/5-2")).isEmpty();
        assertThat(PortNames.of("ge-0/0/0-9999")).isEmpty();
        assertThat(PortNames.of("ge-0/0/*")).isEmpty();
        assertThat(PortNames.of("ge-0/0/0-999,ge-1/0/0-999")).isEmpty();
    }

    @Test
    void coversByNumberAndNotByText() {
        assertThat(PortNames.covers("ge-0/0/0-10", "ge-0/0/10")).isTrue();
        assertThat(PortNames.covers("ge-0/0/0-10", "ge-0/0/11")).isFalse();
        assertThat(PortNames.covers("ge-0/0/1", "ge-0/0/10")).isFalse();
        assertThat(PortNames.covers("${var}", "${var}")).isTrue();
    }

    @Test
    void splitsARangeAroundAPort() {
        assertThat(PortNames.without("ge-0/0/0-10", "ge-0/0/4")).containsExactly("ge-0/0/0-3", "ge-0/0/5-10");
        assertThat(PortNames.without("ge-0/0/0-2", "ge-0/0/0")).containsExactly("ge-0/0/1-2");
        assertThat(PortNames.without("ge-0/0/0-1", "ge-0/0/1")).containsExactly("ge-0/0/0");
        assertThat(PortNames.without("ge-0/0/0,xe-0/1/0-1", "ge-0/0/0")).containsExactly("xe-0/1/0-1");
        assertThat(PortNames.without("ge-0/0/0", "ge-0/0/0")).isEmpty();
    }

    @Test
    void sortsPortsAsPeopleCount() {
        assertThat(List.of("ge-0/0/10", "ge-0/0/9", "ge-1/0/0").stream()
                        .sorted(java.util.Comparator.comparing(PortNames::sortKey)))
                .containsExactly("ge-0/0/9", "ge-0/0/10", "ge-1/0/0");
    }
}
