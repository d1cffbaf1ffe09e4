package mistmcp.mcp.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ChallengeTest {
    static Stream<Arguments> headers() {
        return Stream.of(
                Arguments.of("Bearer", Optional.empty(), Set.of()),
                Arguments.of(
                        "Bearer resource_metadata=\"https://a.example/m\", scope=\"x y\"",
                        Optional.of("https://a.example/m"),
                        Set.of("x", "y")),
                Arguments.of("bearer SCOPE = x", Optional.empty(), Set.of("x")),
                Arguments.of(
                        "Basic realm=\"scope=z, Bearer scope=q\", Bearer scope=\"x\"", Optional.empty(), Set.of("x")),
                Arguments.of("Bearer scope=\"x\", Digest scope=\"z\"", Optional.empty(), Set.of("x")),
                Arguments.of("Negotiate abc==, Bearer scope=\"x\"", Optional.empty(), Set.of("x")),
                Arguments.of("Bearer realm=\"a \\\"b\\\" c\", scope=\"x\"", Optional.empty(), Set.of("x")),
                Arguments.of("Bearer scope=\"x\", scope=\"z\"", Optional.empty(), Set.of("x")),
                Arguments.of("Bearer scope=\"x \u0007 y\\\\\"", Optional.empty(), Set.of("x")),
                Arguments.of("Bearer scope=\"", Optional.empty(), Set.of()),
                Arguments.of("=,=\"", Optional.empty(), Set.of()),
                Arguments.of("Bearer scope=\"" + "x".repeat(9000) + "\"", Optional.empty(), Set.of()));
    }

    @ParameterizedTest
    @MethodSource("headers")
    void readsWhatARefusalAsksFor(String header, Optional<String> metadata, Set<String> scopes) {
        assertThat(Challenge.of(401, List.of(header))).contains(new Challenge(401, metadata, scopes));
    }

    @Test
    void takesA403AsAChallengeOnlyWhenItNamesWhatIsMissing() {
        assertThat(Challenge.of(403, List.of("Bearer error=\"insufficient_scope\", scope=\"w\"")))
                .contains(new Challenge(403, Optional.empty(), Set.of("w")));
        assertThat(Challenge.of(403, List.of("Bearer scope=\"w\""))).isPresent();
        assertThat(Challenge.of(403, List.of("Bearer error=\"access_denied\", scope=\"w\"")))
                .isEmpty();
        assertThat(Challenge.of(403, List.of("Bearer error=\"insufficient_scope\"")))
                .isEmpty();
        assertThat(Challenge.of(403, List.of())).isEmpty();
    }

    @Test
    void takesEvery401AndNothingElse() {
        assertThat(Challenge.of(401, List.of())).isPresent();
        assertThat(Challenge.of(400, List.of("Bearer scope=\"x\""))).isEmpty();
        assertThat(Challenge.of(200, List.of("Bearer scope=\"x\""))).isEmpty();
    }
}
