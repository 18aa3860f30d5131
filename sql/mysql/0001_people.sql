-- People, their tokens and friendships. All times are milliseconds since 1970-01-01T00:00Z.

CREATE TABLE IF NOT EXISTS user (
    user_id          VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'chosen at registration; case matters',
    nickname         VARCHAR(32)  NOT NULL COMMENT 'shown to people',
    nickname_folded  VARCHAR(96)  NOT NULL COMMENT 'nickname casefolded, for searching',
    user_id_folded   VARCHAR(32)  NOT NULL COMMENT 'user_id casefolded, for searching',
    avatar           VARCHAR(64)  NOT NULL COMMENT 'name of a built-in picture, or empty',
    password_hash    VARCHAR(255) NOT NULL COMMENT 'argon2id in PHC form',
    disabled         TINYINT      NOT NULL DEFAULT 0 COMMENT '1: may not log in, not found by searches',
    created_at_ms    BIGINT       NOT NULL COMMENT 'when the account was made',
    PRIMARY KEY (user_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS login_token (
    token_hash     BINARY(32)   NOT NULL COMMENT 'SHA-256 of the token; the token itself is not stored',
    user_id        VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'whose token',
    device         VARCHAR(64)  NOT NULL COMMENT 'for which device it was made',
    expires_at_ms  BIGINT       NOT NULL COMMENT 'good until then; each reconnect moves it',
    PRIMARY KEY (token_hash),
    KEY login_token_user (user_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS user_friend (
    user_id    VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'one side; a friendship is two rows',
    friend_id  VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'the other side',
    remark     VARCHAR(32) NOT NULL DEFAULT '' COMMENT 'name that user_id gave the friend, or empty',
    since_ms   BIGINT      NOT NULL COMMENT 'when they became friends',
    PRIMARY KEY (user_id, friend_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS friend_request (
    asker_id     VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'who wants to be friends',
    asked_id     VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'who is to answer',
    greeting     VARCHAR(100) NOT NULL COMMENT 'words of the asker',
    asked_at_ms  BIGINT       NOT NULL COMMENT 'when, the last time',
    PRIMARY KEY (asker_id, asked_id),
    KEY friend_request_asked (asked_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
