-- People, their tokens and friendships. All times are milliseconds since 1970-01-01T00:00Z.

CREATE TABLE IF NOT EXISTS user (
    user_id          TEXT NOT NULL,                   -- chosen at registration; case matters
    nickname         TEXT NOT NULL,                   -- shown to people
    nickname_folded  TEXT NOT NULL,                   -- nickname casefolded, for searching
    user_id_folded   TEXT NOT NULL,                   -- user_id casefolded, for searching
    avatar           TEXT NOT NULL,                   -- name of a built-in picture, or empty
    password_hash    TEXT NOT NULL,                   -- argon2id in PHC form
    disabled         INTEGER NOT NULL DEFAULT 0,      -- 1: may not log in, not found by searches
    created_at_ms    INTEGER NOT NULL,                -- when the account was made
    PRIMARY KEY (user_id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS login_token (
    token_hash       BLOB NOT NULL,                   -- SHA-256 of the token; the token itself is not stored
    user_id          TEXT NOT NULL,                   -- whose token
    device           TEXT NOT NULL,                   -- for which device it was made
    expires_at_ms    INTEGER NOT NULL,                -- good until then; each reconnect moves it
    PRIMARY KEY (token_hash)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS login_token_user ON login_token (user_id);

CREATE TABLE IF NOT EXISTS user_friend (
    user_id          TEXT NOT NULL,                   -- one side; a friendship is two rows
    friend_id        TEXT NOT NULL,                   -- the other side
    remark           TEXT NOT NULL DEFAULT '',        -- name that user_id gave the friend, or empty
    since_ms         INTEGER NOT NULL,                -- when they became friends
    PRIMARY KEY (user_id, friend_id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS friend_request (
    asker_id         TEXT NOT NULL,                   -- who wants to be friends
    asked_id         TEXT NOT NULL,                   -- who is to answer
    greeting         TEXT NOT NULL,                   -- words of the asker
    asked_at_ms      INTEGER NOT NULL,                -- when, the last time
    PRIMARY KEY (asker_id, asked_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS friend_request_asked ON friend_request (asked_id);
