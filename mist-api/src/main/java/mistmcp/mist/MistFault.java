package mistmcp.mist;

import java.time.Instant;

/// Why a read of the Mist API brought nothing.
public sealed interface MistFault {
    /// The stable code, as tools report it.
    String code();

    /// One line for people, without anything that Mist sent.
    String message();

    /// There is no such object, or none in the caller's scope (404).
    record NotFound() implements MistFault {
        @Override
        public String code() {
            return "not_found";
        }

        @Override
        public String message() {
            return "there is no such object";
        }
    }

    /// Mist took the request for wrong (400 and other 4xx).
    record BadRequest(int status) implements MistFault {
        @Override
        public String code() {
            return "mist_bad_request";
        }

        @Override
        public String message() {
            return "Mist refused the request as invalid (status " + status + ")";
        }
    }

    /// Mist does not know the token (401).
    record TokenRefused() implements MistFault {
        @Override
        public String code() {
            return "mist_token_refused";
        }

        @Override
        public String message() {
            return "Mist refuses this server's token";
        }
    }

    /// The token may not do this (403).
    record Forbidden() implements MistFault {
        @Override
        public String code() {
            return "mist_forbidden";
        }

        @Override
        public String message() {
            return "this server's Mist token has no right to this";
        }
    }

    /// The hourly calls are used up, by Mist's word or our own count.
    ///
    /// @param until when to try again
    record RateLimited(Instant until) implements MistFault {
        @Override
        public String code() {
            return "mist_rate_limited";
        }

        @Override
        public String message() {
            return "the rate limit of the Mist API is reached; try again after " + until;
        }
    }

    /// No answer came: no connection, a broken one, or 5xx after all tries.
    record Unavailable() implements MistFault {
        @Override
        public String code() {
            return "mist_unavailable";
        }

        @Override
        public String message() {
            return "the Mist API does not answer at the moment";
        }
    }

    /// The time for this call is over.
    record TimedOut() implements MistFault {
        @Override
        public String code() {
            return "mist_timeout";
        }

        @Override
        public String message() {
            return "the Mist API did not answer in time";
        }
    }

    /// The answer is not what the Mist API sends: no JSON, a redirect, another shape.
    record Garbage(String what) implements MistFault {
        @Override
        public String code() {
            return "mist_garbage";
        }

        @Override
        public String message() {
            return "the Mist API sent an answer that cannot be used: " + what;
        }
    }

    /// The answer is larger than we read.
    record TooLarge(int maxBytes) implements MistFault {
        @Override
        public String code() {
            return "mist_answer_too_large";
        }

        @Override
        public String message() {
            return "the Mist API sent more than " + maxBytes + " bytes";
        }
    }
}
