package mistmcp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Holds `docs/errors.md` against the sources: each stable code has a row, and each row a code.
class ErrorsDocTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final List<String> MODULES = List.of(
            "commons", "mcp", "mist-api", "servers/mist-ro", "servers/mist-rw", "servers/mist-sim", "gateway", "cli");
    private static final String WORD = "([a-z]+(?:_[a-z0-9]+)*)";

    /// A code as it is made: the first text of what stands for a refusal or a failure.
    private static final Pattern MADE = Pattern.compile(
            "\\b(?:HttpProblem|Denial|Failed|Refused|Refusal|Declined|AuditUnavailable|Unusable|NotSent|OAuthFault|failed|refused|problem)"
                    + "\\(\\s*(?:[\\w.()]+,\\s*){0,2}\"" + WORD + "\"\\s*[,)]");
    /// The codes of the enumerations and variants that carry them.
    private static final Pattern FAULT = Pattern.compile("\"((?:token|mist|mint|audit|plan|sign_in)_[a-z_]*[a-z])\"");
    private static final List<String> FAULT_FILES =
            List.of("TokenFault", "SignInFault", "MistFault", "MistWriter", "DevSignIn");

    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`[a-z][^|]*) \\|");
    private static final Pattern CODE = Pattern.compile("`" + WORD + "`");

    private static String sources = "";
    private static final Set<String> MADE_CODES = new TreeSet<>();
    private static final Set<String> ROWS = new TreeSet<>();

    @BeforeAll
    static void readAll() throws IOException {
        var all = new StringBuilder();
        for (var module : MODULES) {
            try (var files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                for (var file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    var text = Files.readString(file);
                    all.append(text);
                    MADE.matcher(text).results().forEach(match -> MADE_CODES.add(match.group(1)));
                    if (FAULT_FILES.stream()
                            .anyMatch(name -> file.getFileName().toString().equals(name + ".java"))) {
                        FAULT.matcher(text).results().forEach(match -> MADE_CODES.add(match.group(1)));
                    }
                }
            }
        }
        sources = all.toString();
        ROW.matcher(Files.readString(ROOT.resolve("docs/errors.md")))
                .results()
                .forEach(row -> CODE.matcher(row.group(1)).results().forEach(code -> ROWS.add(code.group(1))));
    }

    @Test
    void everyCodeThatIsMadeHasARow() {
        assertThat(MADE_CODES).hasSizeGreaterThan(100);
        assertThat(MADE_CODES.stream().filter(code -> !ROWS.contains(code)).collect(Collectors.toSet()))
                .isEmpty();
    }

    @Test
    void everyRowHasItsCodeInTheSources() {
        assertThat(ROWS).hasSizeGreaterThan(100);
        assertThat(ROWS.stream()
                        .filter(code -> !sources.contains("\"" + code + "\""))
                        .collect(Collectors.toSet()))
                .isEmpty();
    }
}
