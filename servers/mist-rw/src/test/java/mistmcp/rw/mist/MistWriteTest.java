package mistmcp.rw.mist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import mistmcp.json.JsonObject;
import mistmcp.mist.DeviceId;
import mistmcp.mist.OrgId;
import mistmcp.mist.SiteId;
import org.junit.jupiter.api.Test;

final class MistWriteTest {
    private static final OrgId ORG = new OrgId("11111111-1111-4111-8111-111111111111");
    private static final SiteId SITE = new SiteId("22222222-2222-4222-8222-222222222222");
    private static final DeviceId DEVICE = new DeviceId("00000000-0000-0000-1000-5c4527100101");

    @Test
    void writesNoRootOfASwitchButThePortMaps() {
        for (var root : List.of("switch_mgmt", "-port_config", "additional_config_cmds")) {
            var body = JsonObject.of(root, JsonObject.EMPTY);
            assertThatIllegalArgumentException()
                    .as(root)
                    .isThrownBy(() -> new MistWrite.UpdateSwitch(SITE, DEVICE, body));
        }
    }

    @Test
    void createsNoSiteWithoutANameOrWithMoreThanIsOffered() {
        var more = JsonObject.of("name", "x", "secpolicy_id", "y");

        assertThatIllegalArgumentException().isThrownBy(() -> new MistWrite.CreateSite(ORG, JsonObject.EMPTY));
        assertThatIllegalArgumentException().isThrownBy(() -> new MistWrite.CreateSite(ORG, more));
    }

    @Test
    void marksOneToAThousandDifferentAlarmsByTheirIds() {
        var tooMany =
                IntStream.rangeClosed(0, 1_000).mapToObj(Integer::toString).toList();

        assertThatIllegalArgumentException().isThrownBy(() -> marked(List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> marked(List.of("a", "a")));
        assertThatIllegalArgumentException().isThrownBy(() -> marked(tooMany));
        assertThat(marked(tooMany.subList(1, 1_001)).path()).endsWith("/alarms/ack");
    }

    private static MistWrite marked(List<String> ids) {
        return new MistWrite.MarkAlarms(ORG, Optional.of(SITE), true, ids, Optional.empty());
    }
}
