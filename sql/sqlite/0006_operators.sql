-- Operators of the console, their sessions and tokens, and the log of what they did. All times are milliseconds since 1970-01-01T00:00Z.

CREATE TABLE IF NOT EXISTS operator (
    operator_id      TEXT NOT NULL,                   -- as a user id; an operator is no user
    role             TEXT NOT NULL,                   -- viewer: looks; operator: changes things
    password_hash    TEXT NOT NULL,                   -- argon2id in PHC form
    totp_secret      TEXT,                            -- base32 secret of one-time codes; NULL: none is asked for
    totp_step        INTEGER NOT NULL DEFAULT 0,      -- the last 30-second step since 1970 whose code was used
    disabled         INTEGER NOT NULL DEFAULT 0,      -- 1: may not log in
    created_at_ms    INTEGER NOT NULL,                -- when the account was made
    PRIMARY KEY (operator_id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS operator_session (
    session_hash     BLOB NOT NULL,                   -- SHA-256 of what the cookie holds, which is not stored
    operator_id      TEXT NOT NULL,                   -- who is logged in
    created_at_ms    INTEGER NOT NULL,                -- when they logged in
    last_used_at_ms  INTEGER NOT NULL,                -- the last use, give or take a minute
    expires_at_ms    INTEGER NOT NULL,                -- ends then, however much it is used
    from_address     TEXT NOT NULL,                   -- where they logged in from
    PRIMARY KEY (session_hash)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS operator_session_operator ON operator_session (operator_id);
CREATE INDEX IF NOT EXISTS operator_session_end ON operator_session (expires_at_ms);

CREATE TABLE IF NOT EXISTS api_token (
    token_hash       BLOB NOT NULL,                   -- SHA-256 of the token, which is not stored
    operator_id      TEXT NOT NULL,                   -- in whose name it is
    name             TEXT NOT NULL,                   -- what its operator calls it
    role             TEXT NOT NULL,                   -- what it may do at most, see operator.role
    created_at_ms    INTEGER NOT NULL,                -- when it was made
    expires_at_ms    INTEGER NOT NULL,                -- good until then
    last_used_at_ms  INTEGER,                         -- the last use, give or take a minute; NULL: never
    PRIMARY KEY (token_hash)
) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS api_token_name ON api_token (operator_id, name);

CREATE TABLE IF NOT EXISTS audit_entry (
    entry_id         INTEGER PRIMARY KEY AUTOINCREMENT, -- rises; never used again
    once             BLOB NOT NULL,                   -- 16 random bytes of one storing: a second run finds what the first has stored
    at_ms            INTEGER NOT NULL,                -- when it happened, by the node's clock
    operator_id      TEXT NOT NULL,                   -- who did it; empty: the command line, or somebody unknown
    action           TEXT NOT NULL,                   -- what, as user.disable
    kind             TEXT NOT NULL,                   -- the action up to its dot, as user
    subject          TEXT NOT NULL,                   -- to whom or what: an id or a name, or empty
    detail           TEXT NOT NULL,                   -- what else there is to know: a JSON object
    from_address     TEXT NOT NULL,                   -- where the request came from; empty: the command line
    node             TEXT NOT NULL                    -- name of the node
);
CREATE UNIQUE INDEX IF NOT EXISTS audit_entry_once ON audit_entry (once);
CREATE INDEX IF NOT EXISTS audit_entry_operator ON audit_entry (operator_id, entry_id);
CREATE INDEX IF NOT EXISTS audit_entry_action ON audit_entry (action, entry_id);
CREATE INDEX IF NOT EXISTS audit_entry_kind ON audit_entry (kind, entry_id);
CREATE INDEX IF NOT EXISTS audit_entry_subject ON audit_entry (subject, entry_id);
CREATE INDEX IF NOT EXISTS audit_entry_time ON audit_entry (at_ms);
