package mistmcp.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Holds the byte code against `architecture.txt` and the rules that stay whatever arrows are added.
class ArchitectureTest {
    private static final String ROOT = "mistmcp.";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("mistmcp");
    private static final Map<String, Set<String>> ARROWS = arrows();

    @Test
    void hasExactlyTheArrowsThatTheFileNames() throws IOException {
        assertThat(lines(ARROWS)).containsExactlyElementsOf(lines(file()));
    }

    @Test
    void hasNoCycles() {
        var free = new HashSet<String>();
        for (var start : ARROWS.keySet()) {
            assertThat(cycle(start, new ArrayList<>(), free)).isEmpty();
        }
    }

    @Test
    void reachesUpstreamsThroughTheCallGateOnly() {
        assertThat(originsOf("gateway.upstream")).isSubsetOf("gateway.call", "gateway");
        // The classes of `gateway` itself wire the object graph; they send nothing.
        assertThat(classesTouching("gateway", "gateway.upstream")).isSubsetOf("Main", "Gateway", "GatewaySettings");
        assertThat(originsOf("mcp.client")).isSubsetOf("gateway.upstream");
    }

    @Test
    void keepsTheGatewayFreeOfMistAndTheReadServerFreeOfWrites() {
        assertThat(targetsUnder("gateway")).noneMatch(name -> isUnder(name, "mist", "ro", "rw", "sim"));
        assertThat(targetsUnder("ro")).noneMatch(name -> isUnder(name, "rw", "sim", "gateway"));
        assertThat(targetsUnder("mist")).noneMatch(name -> isUnder(name, "ro", "rw", "sim", "gateway"));
    }

    @Test
    void keepsTheCallersTokenFromUpstreams() {
        assertThat(ARROWS.get("gateway.upstream")).doesNotContain("gateway.identity", "gateway.auth");
    }

    @Test
    void decidesWithoutNetworkFileClockOrThread() {
        var forbidden = Pattern.compile(
                "java\\.net\\..*|java\\.nio\\.(file|channels)\\..*|java\\.io\\.(File|RandomAccess).*"
                        + "|java\\.time\\.(Clock|InstantSource)|java\\.util\\.concurrent\\..*|java\\.lang\\.(Thread.*|Process.*)");
        assertThat(dependencies(
                        inPackage("gateway.policy", "gateway.identity"),
                        name -> forbidden.matcher(name).matches()))
                .isEmpty();
        assertThat(calls(
                        inPackage("gateway.policy", "gateway.identity"),
                        access -> access.getName().equals("now")
                                || access.getName().equals("currentTimeMillis")
                                || access.getName().equals("nanoTime")))
                .isEmpty();
    }

    @Test
    void readsTheEnvironmentInSettingsAndExitsInMainOnly() {
        assertThat(calls(notInPackage("settings"), access -> isCall(access, System.class, "getenv")))
                .isEmpty();
        assertThat(calls(type -> !type.getSimpleName().equals("Main"), access -> isCall(access, System.class, "exit")))
                .isEmpty();
        assertThat(dependencies(_ -> true, name -> name.matches("java\\.lang\\.(Inheritable)?ThreadLocal")))
                .isEmpty();
    }

    @Test
    void keepsEachLibraryInItsPackage() {
        assertThat(dependencies(notInPackage("json"), startsWith("tools.jackson.", "com.fasterxml.", "com.networknt.")))
                .isEmpty();
        assertThat(dependencies(notInPackage("gateway.auth"), startsWith("com.nimbusds.")))
                .isEmpty();
        assertThat(dependencies(
                        notInPackage("http"), startsWith("io.javalin.", "org.eclipse.jetty.", "jakarta.servlet.")))
                .isEmpty();
    }

    @Test
    void keepsSecretsOutOfStrings() {
        var secret = Pattern.compile("(?i).*(token|secret|password|passphrase|apikey|privatekey)");
        var fields = CLASSES.stream()
                .flatMap(type -> type.getFields().stream())
                .filter(field ->
                        secret.matcher(field.getName().replace("_", "")).matches())
                .filter(field -> field.getRawType().isEquivalentTo(String.class))
                .filter(field -> !(field.getModifiers().contains(JavaModifier.STATIC)
                        && field.getModifiers().contains(JavaModifier.FINAL)))
                .map(field -> field.getFullName())
                .toList();
        assertThat(fields).isEmpty();
    }

    @Test
    void namesNoTypeAfterALeftover() {
        var leftover = Pattern.compile(".*(Impl|Manager|Utils?|Helper|Base)|Abstract.*");
        assertThat(CLASSES.stream()
                        .filter(type -> leftover.matcher(type.getSimpleName()).matches())
                        .map(JavaClass::getName))
                .isEmpty();
    }

    @Test
    void sawEveryModuleAndKnowsEveryPackage() throws IOException {
        assertThat(ARROWS.keySet()).contains("json", "mcp", "mist", "ro", "rw", "sim", "gateway", "cli");
        assertThat(CLASSES).hasSizeGreaterThan(400);
        assertThat(file().keySet()).containsAll(ARROWS.keySet());
    }

    private static Map<String, Set<String>> arrows() {
        var arrows = new TreeMap<String, Set<String>>();
        for (var type : CLASSES) {
            var targets = arrows.computeIfAbsent(name(type), absent -> new TreeSet<>());
            for (var dependency : type.getDirectDependenciesFromSelf()) {
                var target = dependency.getTargetClass().getBaseComponentType();
                if (target.getPackageName().startsWith(ROOT) && !name(target).equals(name(type))) {
                    targets.add(name(target));
                }
            }
        }
        return arrows;
    }

    private static Map<String, Set<String>> file() throws IOException {
        var arrows = new TreeMap<String, Set<String>>();
        for (var line : Files.readAllLines(root().resolve("architecture.txt"))) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            assertThat(line).matches("[a-z.]+ +->( [a-z.]+(, [a-z.]+)*)?");
            var sides = line.split(" *-> ?", -1);
            var targets = sides[1].isEmpty() ? Set.<String>of() : Set.of(sides[1].split(", "));
            assertThat(arrows.put(sides[0], new TreeSet<>(targets)))
                    .as("%s stands twice", sides[0])
                    .isNull();
        }
        return arrows;
    }

    private static Path root() {
        return RunningStack.root();
    }

    private static List<String> lines(Map<String, Set<String>> arrows) {
        return arrows.entrySet().stream()
                .map(entry -> (entry.getKey() + " -> " + String.join(", ", entry.getValue())).strip())
                .toList();
    }

    /// The first cycle found from a package, as a path; empty when there is none.
    private static List<String> cycle(String at, List<String> path, Set<String> free) {
        if (path.contains(at)) {
            path.add(at);
            return path;
        }
        path.add(at);
        for (var target : ARROWS.getOrDefault(at, Set.of())) {
            if (!free.contains(target)) {
                var found = cycle(target, path, free);
                if (!found.isEmpty()) {
                    return found;
                }
            }
        }
        path.removeLast();
        free.add(at);
        return List.of();
    }

    private static Set<String> originsOf(String target) {
        var origins = new TreeSet<String>();
        ARROWS.forEach((origin, targets) -> {
            if (targets.contains(target)) {
                origins.add(origin);
            }
        });
        return origins;
    }

    private static Set<String> classesTouching(String origin, String target) {
        var touching = new TreeSet<String>();
        CLASSES.stream()
                .filter(inPackage(origin))
                .filter(type -> type.getDirectDependenciesFromSelf().stream()
                        .anyMatch(one -> name(one.getTargetClass()).equals(target)))
                .forEach(type -> touching.add(topLevel(type)));
        return touching;
    }

    private static Set<String> targetsUnder(String parent) {
        var targets = new TreeSet<String>();
        ARROWS.forEach((origin, reached) -> {
            if (isUnder(origin, parent)) {
                targets.addAll(reached);
            }
        });
        return targets;
    }

    private static boolean isUnder(String name, String... parents) {
        return Stream.of(parents).anyMatch(parent -> name.equals(parent) || name.startsWith(parent + "."));
    }

    private static List<String> dependencies(Predicate<JavaClass> from, Predicate<String> target) {
        return CLASSES.stream()
                .filter(from)
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(one ->
                        target.test(one.getTargetClass().getBaseComponentType().getName()))
                .map(Dependency::getDescription)
                .toList();
    }

    private static List<String> calls(Predicate<JavaClass> from, Predicate<JavaAccess<?>> access) {
        return CLASSES.stream()
                .filter(from)
                .flatMap(type -> type.getAccessesFromSelf().stream())
                .filter(access)
                .map(JavaAccess::getDescription)
                .toList();
    }

    private static boolean isCall(JavaAccess<?> access, Class<?> owner, String method) {
        return access.getTargetOwner().isEquivalentTo(owner) && access.getName().equals(method);
    }

    private static Predicate<JavaClass> inPackage(String... names) {
        return type -> List.of(names).contains(name(type));
    }

    private static Predicate<JavaClass> notInPackage(String name) {
        return inPackage(name).negate();
    }

    private static Predicate<String> startsWith(String... prefixes) {
        return name -> Stream.of(prefixes).anyMatch(name::startsWith);
    }

    private static String topLevel(JavaClass type) {
        return type.getName().substring(type.getPackageName().length() + 1).replaceAll("\\$.*", "");
    }

    private static String name(JavaClass type) {
        return type.getPackageName().startsWith(ROOT)
                ? type.getPackageName().substring(ROOT.length())
                : type.getPackageName();
    }
}
