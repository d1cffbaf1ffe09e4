-- Chats of principals. Each entry is one JSON object; `memory` is what the model left for the next message.
CREATE TABLE threads (
    id         VARCHAR(64)  NOT NULL PRIMARY KEY,
    v          INTEGER      NOT NULL,
    principal  VARCHAR(1024) NOT NULL,
    title      VARCHAR(200) NOT NULL,
    memory     TEXT         NOT NULL,
    created_at BIGINT       NOT NULL,
    updated_at BIGINT       NOT NULL
);
CREATE INDEX threads_principal ON threads (principal, updated_at);

CREATE TABLE thread_entries (
    thread   VARCHAR(64) NOT NULL,
    position INTEGER     NOT NULL,
    body     TEXT        NOT NULL,
    PRIMARY KEY (thread, position)
);
