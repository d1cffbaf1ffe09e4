package mistmcp.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mistmcp.json.JsonNull;
import mistmcp.sim.api.Quirk;
import org.junit.jupiter.api.Test;

/// Holds every answer to a read against the Mist OpenAPI document, less the deviations named here. The
/// document is not part of the project: without it these tests say so and check nothing.
class ConformanceIT {
    /// What differs on purpose, by a part of the validator's message, and why.
    private static final Map<String, String> DEVIATIONS = Map.of(
            "getSiteSettingDerived", "the document's schema refuses the document's own example",
            "WirelessClientEvents", "Quirk.UNKNOWN_FIELDS: an event says whose it is, which the document leaves out",
            "connect: number", "Quirk.FRACTIONAL_TIMES: the same for client sessions",
            "deployment_ring", "Quirk.UNKNOWN_FIELDS: answers carry attributes that the document does not know",
            "marvis_ref", "Quirk.UNKNOWN_FIELDS: the same for alarms",
            "/privileges/0/views", "Quirk.OPEN_ENUMS: a value outside the closed list, as reported from tenants",
            "/last_disconnected", "Quirk.FRACTIONAL_TIMES: fractions where the document says integer",
            "/acked_time", "Quirk.FRACTIONAL_TIMES: the same for alarms",
            "orggroup_ids", "getOrgStats never sends the attribute that the document requires, as reported",
            "/msp_id", "an organisation without MSP has null where the document says string, as reported");

    private static final Map<String, String> NAMES =
            Map.of("{scope}", "site", "{metric}", "coverage", "{client_mac}", "a483e7002002", "{alarm_id}", "none");

    @Test
    void answersAsTheDocumentSaysLessTheNamedDeviations() throws IOException {
        check(SimSettings.fresh(), DEVIATIONS);
    }

    /// Without the quirks that deviate, only what the document itself gets wrong is left.
    @Test
    void answersAsTheDocumentSaysWhenDeviatingQuirksAreOff() throws IOException {
        check(
                SimSettings.fresh().without(Quirk.UNKNOWN_FIELDS, Quirk.OPEN_ENUMS, Quirk.FRACTIONAL_TIMES),
                Map.of(
                        "getSiteSettingDerived", "its own example is refused",
                        "orggroup_ids", "required, never sent",
                        "/msp_id", "null"));
    }

    private static void check(SimSettings settings, Map<String, String> deviations) throws IOException {
        var document = MistDocument.find();
        if (document.isEmpty()) {
            System.out.println("skipped: simulator answers against the Mist OpenAPI document, which is not here");
            return;
        }
        try (var mist = SimulatedMist.start(settings);
                var client = new Client(mist)) {
            var faults = new ArrayList<String>();
            int checked = 0;
            for (var id : mist.operations()) {
                var operation = document.get().operation(id);
                assertThat(operation).as("the document has " + id).isPresent();
                var schema = document.get().answer(id, "");
                if (!operation.get().method().equals("GET") || schema.isEmpty()) {
                    continue;
                }
                for (var path : paths(client, mist, operation.get().path())) {
                    var reply = client.get(path);
                    if (reply.status() == 404 && id.equals("troubleshootOrg")) {
                        continue;
                    }
                    assertThat(reply.status()).as(path).isEqualTo(200);
                    checked++;
                    if (!(reply.json() instanceof JsonNull)) {
                        document.get().answer(id, typeOf(path)).orElseThrow().faults(reply.json()).stream()
                                .filter(fault -> deviations.keySet().stream().noneMatch((id + " " + fault)::contains))
                                .forEach(fault -> faults.add(id + " " + fault));
                    }
                }
            }
            System.out.println("answers held against the Mist OpenAPI document: " + checked);
            assertThat(faults.stream().distinct().toList()).isEmpty();
        }
    }

    @Test
    void hasThePathsAndMethodsOfTheDocument() throws IOException {
        var document = MistDocument.find();
        if (document.isEmpty()) {
            System.out.println("skipped: simulator paths against the Mist OpenAPI document, which is not here");
            return;
        }
        var api = new mistmcp.sim.api.MistApi(new mistmcp.sim.api.Cloud(
                java.time.InstantSource.system(), mistmcp.sim.api.Quirks.without(java.util.Set.of())));
        assertThat(api.operations()).allSatisfy(operation -> {
            var described = document.get().operation(operation.id()).orElseThrow();
            assertThat(operation.path()).isEqualTo(described.path());
            assertThat(operation.method()).isEqualTo(described.method());
        });
        assertThat(api.operations()).hasSizeGreaterThanOrEqualTo(73);
    }

    private static List<String> paths(Client client, SimulatedMist mist, String template) throws IOException {
        var site = client.site("Berlin-HQ");
        var path = template.replace("{org_id}", mist.orgId())
                .replace("{site_id}", site)
                .replace("{scope_id}", site);
        for (var name : NAMES.entrySet()) {
            path = path.replace(name.getKey(), name.getValue());
        }
        if (path.contains("{networktemplate_id}")) {
            var template1 = client.get("/api/v1/orgs/ORG/networktemplates")
                    .array()
                    .objects()
                    .getFirst();
            path = path.replace("{networktemplate_id}", template1.string("id").orElseThrow());
        }
        var all = new ArrayList<String>();
        if (path.contains("{device_id}")) {
            for (var name : List.of("ber-sw-01", "ber-ap-01", "ber-gw-01")) {
                var device = client.device(name);
                all.add(path.replace("{device_id}", device.substring(device.lastIndexOf('/') + 1)));
            }
            return all;
        }
        for (var type : List.of("ap", "switch", "gateway")) {
            all.add(path + "?limit=1000&duration=90d&type=" + type + "&device_type=" + type);
        }
        all.add(path + "?limit=1000&duration=90d");
        return all;
    }

    /// The type of device that a path asks for, by the query or by the device that the seed has first.
    private static String typeOf(String path) {
        if (path.contains("00000000-0000-0000-1000-d4")) {
            return "ap";
        }
        if (path.contains("00000000-0000-0000-1000-5c")) {
            return path.contains("5c4527100909") ? "gateway" : "switch";
        }
        return path.contains("&type=switch") ? "switch" : path.contains("&type=gateway") ? "gateway" : "ap";
    }
}
