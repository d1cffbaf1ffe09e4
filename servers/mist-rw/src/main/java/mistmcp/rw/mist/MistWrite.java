package mistmcp.rw.mist;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import mistmcp.json.JsonObject;
import mistmcp.mist.DeviceId;
import mistmcp.mist.OrgId;
import mistmcp.mist.SiteId;

/// One request that changes something in Mist. These are all there are: what is not here cannot be sent.
public sealed interface MistWrite {
    /// The HTTP method.
    String method();

    /// The path of the API, from `/api/v1` on.
    String path();

    /// The body to send.
    JsonObject body();

    /// Replaces whole roots of a switch's configuration, and only these (`updateSiteDevice`).
    ///
    /// @param body the roots, each whole: Mist merges at the root level only
    record UpdateSwitch(SiteId site, DeviceId device, JsonObject body) implements MistWrite {
        private static final Set<String> ROOTS = Set.of("port_config", "port_config_overwrite");

        /// Takes port maps only.
        ///
        /// @throws IllegalArgumentException for any other root
        public UpdateSwitch {
            if (!ROOTS.containsAll(body.names())) {
                throw new IllegalArgumentException("not a root that is written");
            }
        }

        @Override
        public String method() {
            return "PUT";
        }

        @Override
        public String path() {
            return "/api/v1/sites/" + site + "/devices/" + device;
        }
    }

    /// Creates a site (`createOrgSite`).
    record CreateSite(OrgId org, JsonObject body) implements MistWrite {
        private static final Set<String> MEMBERS =
                Set.of("name", "address", "country_code", "timezone", "latlng", "notes", "networktemplate_id");

        /// Takes a site with a name and nothing that the tools do not offer.
        ///
        /// @throws IllegalArgumentException for any other body
        public CreateSite {
            if (!MEMBERS.containsAll(body.names()) || body.string("name").isEmpty()) {
                throw new IllegalArgumentException("not a site that is created");
            }
        }

        @Override
        public String method() {
            return "POST";
        }

        @Override
        public String path() {
            return "/api/v1/orgs/" + org + "/sites";
        }
    }

    /// Acknowledges alarms by their ids (`AckSiteMultipleAlarms`, `ackOrgMultipleAlarms`), or takes that back
    /// (`unackSiteMultipleAlarms`, `unackOrgMultipleAlarms`).
    ///
    /// @param site the one site of all the alarms; empty when they are of several
    /// @param ack  whether to acknowledge or to take it back
    /// @param ids  1 to 1000 different ids
    record MarkAlarms(OrgId org, Optional<SiteId> site, boolean ack, List<String> ids, Optional<String> note)
            implements MistWrite {
        /// The most ids of one request.
        public static final int MAX_IDS = 1_000;

        /// Takes 1 to 1000 different ids.
        ///
        /// @throws IllegalArgumentException for another number, or a repeated id
        public MarkAlarms {
            ids = List.copyOf(ids);
            if (ids.isEmpty() || ids.size() > MAX_IDS || new HashSet<>(ids).size() != ids.size()) {
                throw new IllegalArgumentException("expected 1 to 1000 different alarm ids");
            }
        }

        @Override
        public String method() {
            return "POST";
        }

        @Override
        public String path() {
            return "/api/v1"
                    + site.map(id -> "/sites/" + id).orElse("/orgs/" + org)
                    + "/alarms/"
                    + (ack ? "ack" : "unack");
        }

        @Override
        public JsonObject body() {
            return JsonObject.of("alarm_ids", ids).withPresent("note", note);
        }
    }
}
