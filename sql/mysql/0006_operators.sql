-- Operators of the console, their sessions and tokens, and the log of what they did. All times are milliseconds since 1970-01-01T00:00Z.

CREATE TABLE IF NOT EXISTS operator (
    operator_id      VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'as a user id; an operator is no user',
    role             VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'viewer: looks; operator: changes things',
    password_hash    VARCHAR(255) NOT NULL COMMENT 'argon2id in PHC form',
    totp_secret      VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'base32 secret of one-time codes; NULL: none is asked for',
    totp_step        BIGINT      NOT NULL DEFAULT 0 COMMENT 'the last 30-second step since 1970 whose code was used',
    disabled         TINYINT     NOT NULL DEFAULT 0 COMMENT '1: may not log in',
    created_at_ms    BIGINT      NOT NULL COMMENT 'when the account was made',
    PRIMARY KEY (operator_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS operator_session (
    session_hash     BINARY(32)  NOT NULL COMMENT 'SHA-256 of what the cookie holds, which is not stored',
    operator_id      VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'who is logged in',
    created_at_ms    BIGINT      NOT NULL COMMENT 'when they logged in',
    last_used_at_ms  BIGINT      NOT NULL COMMENT 'the last use, give or take a minute',
    expires_at_ms    BIGINT      NOT NULL COMMENT 'ends then, however much it is used',
    from_address     VARCHAR(64) NOT NULL COMMENT 'where they logged in from',
    PRIMARY KEY (session_hash),
    KEY operator_session_operator (operator_id),
    KEY operator_session_end (expires_at_ms)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS api_token (
    token_hash       BINARY(32)  NOT NULL COMMENT 'SHA-256 of the token, which is not stored',
    operator_id      VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'in whose name it is',
    name             VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'what its operator calls it',
    role             VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'what it may do at most, see operator.role',
    created_at_ms    BIGINT      NOT NULL COMMENT 'when it was made',
    expires_at_ms    BIGINT      NOT NULL COMMENT 'good until then',
    last_used_at_ms  BIGINT      NULL COMMENT 'the last use, give or take a minute; NULL: never',
    PRIMARY KEY (token_hash),
    UNIQUE KEY api_token_name (operator_id, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS audit_entry (
    entry_id         BIGINT       NOT NULL AUTO_INCREMENT COMMENT 'rises, with holes',
    once             BINARY(16)   NOT NULL COMMENT 'random, of one storing: a second run finds what the first has stored',
    at_ms            BIGINT       NOT NULL COMMENT 'when it happened, by the clock of the node',
    operator_id      VARCHAR(32)  NOT NULL COMMENT 'who did it; empty: the command line, or somebody unknown',
    action           VARCHAR(64)  NOT NULL COMMENT 'what, as user.disable',
    kind             VARCHAR(64)  NOT NULL COMMENT 'the action up to its dot, as user',
    subject          VARCHAR(128) NOT NULL COMMENT 'to whom or what: an id or a name, or empty',
    detail           TEXT         NOT NULL COMMENT 'what else there is to know: a JSON object',
    from_address     VARCHAR(64)  NOT NULL COMMENT 'where the request came from; empty: the command line',
    node             VARCHAR(80)  NOT NULL COMMENT 'name of the node',
    PRIMARY KEY (entry_id),
    UNIQUE KEY audit_entry_once (once),
    KEY audit_entry_operator (operator_id, entry_id),
    KEY audit_entry_action (action, entry_id),
    KEY audit_entry_kind (kind, entry_id),
    KEY audit_entry_subject (subject, entry_id),
    KEY audit_entry_time (at_ms)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
