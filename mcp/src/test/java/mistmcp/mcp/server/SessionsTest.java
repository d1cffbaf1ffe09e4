package mistmcp.mcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.stream.IntStream;
import mistmcp.json.JsonObject;
import mistmcp.mcp.Revision;
import org.junit.jupiter.api.Test;

class SessionsTest {
    private final Ticking clock = new Ticking();
    private final Sessions sessions = new Sessions(clock.options(10, 3, 8));

    @Test
    void keepsNoMoreForOneCallerThanItMayHaveAndLetsTheOldestGo() {
        var first = open("ann");
        IntStream.range(0, 20).forEach(_ -> open("ann"));

        assertThat(sessions.size()).isEqualTo(3);
        assertThat(sessions.use(first.id(), "ann")).isEmpty();
    }

    @Test
    void keepsNoMoreInAllThanThereMayBe() {
        IntStream.range(0, 100).forEach(i -> open("caller" + i));

        assertThat(sessions.size()).isEqualTo(10);
    }

    @Test
    void leavesTheSessionsOfOthersAloneWhenOneCallerOpensMany() {
        var bob = open("bob");
        IntStream.range(0, 50).forEach(_ -> open("ann"));

        assertThat(sessions.use(bob.id(), "bob")).contains(bob);
    }

    @Test
    void forgetsASessionThatWasIdleTooLong() {
        var session = open("ann");
        clock.pass(Duration.ofMinutes(30).plusSeconds(1));

        assertThat(sessions.use(session.id(), "ann")).isEmpty();
        assertThat(sessions.size()).isZero();
    }

    @Test
    void keepsASessionThatIsUsed() {
        var session = open("ann");
        for (int i = 0; i < 5; i++) {
            clock.pass(Duration.ofMinutes(29));
            assertThat(sessions.use(session.id(), "ann")).contains(session);
        }
    }

    @Test
    void givesASessionToNobodyButItsCaller() {
        var session = open("ann");

        assertThat(sessions.use(session.id(), "bob")).isEmpty();
        assertThat(sessions.end(session.id(), "bob")).isFalse();
        assertThat(sessions.use(session.id(), "ann")).contains(session);
    }

    @Test
    void endsASessionOnce() {
        var session = open("ann");

        assertThat(sessions.end(session.id(), "ann")).isTrue();
        assertThat(sessions.end(session.id(), "ann")).isFalse();
    }

    @Test
    void namesSessionsInVisibleAsciiAndNeverAlike() {
        var seen = new HashSet<String>();
        IntStream.range(0, 100).forEach(_ -> seen.add(open("ann").id()));

        assertThat(seen).hasSize(100).allMatch(id -> id.matches("[\\x21-\\x7e]{32,}"));
    }

    private Session open(String key) {
        return sessions.open(key, Revision.V2025_11_25, JsonObject.EMPTY, JsonObject.EMPTY);
    }
}
