package mistmcp.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What each process finds wrong with its part of the settings; nothing is started and nothing is called.
///
/// @param home     the folder of the installation
/// @param settings as the launcher read them
record SettingsCheck(Path home, Settings settings) {
    private static final String SETTING = "cannot start: setting ";
    private static final String KEY = "SERVICE_KEY_RO";

    /// The faults, in the words of the processes.
    List<String> faults() throws IOException, InterruptedException {
        var faults = new ArrayList<String>();
        new GatewayDiagnosis(home, settings)
                .settingsAndPolicy().stream()
                        .filter(finding -> finding.state() == Finding.State.FAIL)
                        .forEach(finding -> faults.add(finding.told()));
        if (settings.live()) {
            faults.addAll(ofMistRo());
        }
        return faults.stream().distinct().toList();
    }

    /// mist-ro never starts without the key that its calls are checked with, so it can be asked for its
    /// faults.
    private List<String> ofMistRo() throws IOException, InterruptedException {
        var builder =
                new ProcessBuilder(Programs.MIST_RO.command(home)).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(settings.forMistRo());
        builder.environment().remove(KEY);
        var process = builder.start();
        process.getOutputStream().close();
        var said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said.lines()
                .map(Child::message)
                .filter(message -> message.startsWith(SETTING) && !message.contains(KEY))
                .map(message -> message.substring(SETTING.length()).replaceFirst(" \\([a-z_]+\\)$", ""))
                .toList();
    }
}
