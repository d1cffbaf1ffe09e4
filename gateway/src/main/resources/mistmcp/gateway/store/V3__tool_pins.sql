-- The tool definitions that are in force: what was seen first, or what an operator has accepted since.
CREATE TABLE tool_pins (
    upstream   VARCHAR(64)   NOT NULL,
    tool       VARCHAR(200)  NOT NULL,
    v          INTEGER       NOT NULL,
    digest     VARCHAR(100)  NOT NULL,
    definition TEXT          NOT NULL,
    release    VARCHAR(64)   NOT NULL,
    pinned_by  VARCHAR(1024) NOT NULL,
    pinned_at  BIGINT        NOT NULL,
    PRIMARY KEY (upstream, tool)
);
