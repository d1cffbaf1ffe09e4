package mistmcp.mist;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import mistmcp.settings.Secret;
import mistmcp.sim.Fault;
import mistmcp.sim.SimSettings;
import mistmcp.sim.SimulatedMist;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// How reads of the Mist API fail, and what is done about it.
class MistApiIT {
    private static final String COUNT = "/api/v1/orgs/*/alarms/count";

    private final SimulatedMist mist = SimulatedMist.start(SimSettings.fresh());
    private final MistApi api = api(mist.readToken());

    private MistApi api(Secret token) {
        return new MistApi(new MistSettings(mist.baseUri(), new OrgId(mist.orgId()), token), InstantSource.system());
    }

    @AfterEach
    void close() {
        api.close();
        mist.close();
    }

    private MistAnswer count() throws InterruptedException {
        return count(api);
    }

    private MistAnswer count(MistApi from) throws InterruptedException {
        return from.reading(SiteScope.ALL, Duration.ofSeconds(5))
                .answer(Operations.countOrgAlarms(new OrgId(mist.orgId()), "type"));
    }

    private static MistFault faultOf(MistAnswer answer) {
        return ((MistAnswer.Failed) answer).fault();
    }

    @Test
    void triesAgainTwiceOnAServerErrorAndABrokenConnection() throws InterruptedException {
        mist.faults().add("GET", COUNT, 1, new Fault.Status(503));
        mist.faults().add("GET", COUNT, 1, new Fault.Cut());

        assertThat(count()).isInstanceOf(MistAnswer.Read.class);
        assertThat(mist.journal().of("countOrgAlarms")).hasSize(3);
    }

    @Test
    void givesUpAfterThreeTries() throws InterruptedException {
        mist.faults().add("GET", COUNT, 10, new Fault.Status(500));

        assertThat(faultOf(count())).isEqualTo(new MistFault.Unavailable());
        assertThat(mist.journal().of("countOrgAlarms")).hasSize(3);
        assertThat(api.lastContact().fault()).contains(new MistFault.Unavailable());
    }

    @Test
    void failsAtOnceAtARateLimitWithoutAWait() throws InterruptedException {
        mist.faults().add("GET", COUNT, 1, new Fault.RateLimit(Optional.empty()));

        assertThat(faultOf(count())).isInstanceOf(MistFault.RateLimited.class);
        assertThat(faultOf(count())).isInstanceOf(MistFault.RateLimited.class);
        assertThat(mist.journal().of("countOrgAlarms")).hasSize(1);
    }

    @Test
    void failsAtOnceWhenTheWaitIsLongerThanTheCallMayTake() throws InterruptedException {
        mist.faults().add("GET", COUNT, 1, new Fault.RateLimit(Optional.of(40)));

        assertThat(faultOf(count())).isInstanceOf(MistFault.RateLimited.class);
        assertThat(mist.journal().of("countOrgAlarms")).hasSize(1);
    }

    @Test
    void followsNoRedirect() throws InterruptedException {
        mist.faults().add("GET", COUNT, 1, new Fault.Redirect(mist.baseUri() + "/api/v1/self"));

        assertThat(faultOf(count())).isInstanceOf(MistFault.Garbage.class);
        assertThat(mist.journal().of("getSelf")).isEmpty();
    }

    @Test
    void refusesWhatIsNoJson() throws InterruptedException {
        mist.faults().add("GET", COUNT, 1, new Fault.WrongType());
        assertThat(faultOf(count())).isEqualTo(new MistFault.Garbage("it is not JSON"));

        mist.faults().add("GET", COUNT, 1, new Fault.Garbage());
        assertThat(faultOf(count())).isEqualTo(new MistFault.Garbage("it is not JSON"));
    }

    @Test
    void refusesAHugeAnswer() throws InterruptedException {
        mist.faults().add("GET", COUNT, 1, new Fault.Huge(MistApi.MAX_ANSWER_BYTES + 1000));

        assertThat(faultOf(count())).isEqualTo(new MistFault.TooLarge(MistApi.MAX_ANSWER_BYTES));
    }

    @Test
    void endsWithTheTimeOfTheCall() throws InterruptedException {
        mist.faults().add("GET", COUNT, 1, new Fault.Latency(Duration.ofSeconds(5)));

        var answer = api.reading(SiteScope.ALL, Duration.ofMillis(300))
                .answer(Operations.countOrgAlarms(new OrgId(mist.orgId()), "type"));

        assertThat(faultOf(answer)).isEqualTo(new MistFault.TimedOut());
    }

    @Test
    void tellsARefusedTokenFromAnAbsentObject() throws InterruptedException {
        try (var stranger = api(new Secret("not-a-token"))) {
            assertThat(faultOf(count(stranger))).isEqualTo(new MistFault.TokenRefused());
        }
    }

    @Test
    void tellsThatNothingAnswers() throws InterruptedException {
        try (var nobody = new MistApi(
                new MistSettings(URI.create("http://127.0.0.1:1"), new OrgId(mist.orgId()), new Secret("x")),
                InstantSource.system())) {
            assertThat(faultOf(count(nobody))).isEqualTo(new MistFault.Unavailable());
        }
    }

    @Test
    void keepsAnswersApartFromScopesAndForgetsOnRequest() throws InterruptedException {
        var all = api.reading(SiteScope.ALL, Duration.ofSeconds(5));
        var none = api.reading(new SiteScope(false, java.util.Set.of()), Duration.ofSeconds(5));

        assertThat(all.sites()).hasSize(4);
        assertThat(none.sites()).isEmpty();
        assertThat(mist.journal().of("listOrgSites")).hasSize(1);

        api.forget("/api/v1/orgs/" + mist.orgId() + "/sites");
        assertThat(all.sites()).hasSize(4);
        assertThat(mist.journal().of("listOrgSites")).hasSize(2);
    }

    @Test
    void refusesASiteOutsideTheScopeWithoutAskingMist() throws InterruptedException {
        var site = api.reading(SiteScope.ALL, Duration.ofSeconds(5))
                .sites()
                .getFirst()
                .id();
        mist.journal().clear();

        var answer = api.reading(new SiteScope(false, java.util.Set.of()), Duration.ofSeconds(5))
                .answer(Operations.getSiteInfo(site));

        assertThat(faultOf(answer)).isEqualTo(new MistFault.NotFound());
        assertThat(mist.journal().entries()).isEmpty();
    }

    @Test
    void readsThePageBehindOnlyFromItsOwnOperation() throws InterruptedException {
        var reading = api.reading(SiteScope.ALL, Duration.ofSeconds(5));
        var search = Operations.searchOrgAlarms(new OrgId(mist.orgId())).with("duration", "7d");
        mist.journal().clear();

        for (var next : new String[] {
            "http://127.0.0.1:1" + search.path() + "?a=b",
            "//evil.example" + search.path() + "?a=b",
            "/api/v1/self?a=b",
            search.path() + "/../../self?a=b",
            "\n"
        }) {
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> reading.after(search, next))
                    .isInstanceOf(MistFailed.class);
        }
        assertThat(mist.journal().entries()).isEmpty();
    }

    @Test
    void resolvesNamesExactlyAndTellsSeveralFromNone() throws InterruptedException {
        var reading = api.reading(SiteScope.ALL, Duration.ofSeconds(5));

        assertThat(reading.site("berlin-hq")).isInstanceOf(Match.One.class);
        assertThat(reading.site("Berlin")).isInstanceOf(Match.None.class);
        assertThat(reading.device("5C:45:27:10:01:01")).isEqualTo(reading.device("ber-sw-01"));
    }
}
