CREATE TABLE plans (
  id         VARCHAR(64)  NOT NULL PRIMARY KEY,
  v          INTEGER      NOT NULL,
  rev        INTEGER      NOT NULL,
  state      VARCHAR(32)  NOT NULL,
  principal  VARCHAR(600) NOT NULL,
  created_at BIGINT       NOT NULL,
  expires_at BIGINT       NOT NULL,
  body       TEXT         NOT NULL
);
CREATE INDEX plans_by_principal ON plans (principal, created_at);
CREATE INDEX plans_by_state ON plans (state);
