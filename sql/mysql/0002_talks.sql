-- Groups, talks and their logs. All times are milliseconds since 1970-01-01T00:00Z.

CREATE TABLE IF NOT EXISTS chat_group (
    group_id       VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'chosen by the node, never used again',
    name           VARCHAR(32)  NOT NULL COMMENT 'shown to people',
    avatar         VARCHAR(64)  NOT NULL COMMENT 'name of a built-in picture, or empty',
    notice         VARCHAR(500) NOT NULL COMMENT 'shown to members',
    owner_id       VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'who owns it',
    member_count   INT          NOT NULL COMMENT 'active members',
    official       TINYINT      NOT NULL DEFAULT 0 COMMENT '1: everybody is a member, only operators write',
    dissolved      TINYINT      NOT NULL DEFAULT 0 COMMENT '1: over; its records stay',
    created_at_ms  BIGINT       NOT NULL COMMENT 'when it was made',
    PRIMARY KEY (group_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS talk (
    talk_id    VARCHAR(65) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'two user ids in order joined by a colon, or a colon and the group id',
    last_seq   BIGINT NOT NULL DEFAULT 0 COMMENT 'number of the last record; the lock on this row orders commits',
    counted    BIGINT NOT NULL DEFAULT 0 COMMENT 'records so far that count as unread (types 0 to 3)',
    official   TINYINT NOT NULL DEFAULT 0 COMMENT '1: an official account, whose plain members only read',
    PRIMARY KEY (talk_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS talk_member (
    talk_id        VARCHAR(65) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'the talk',
    user_id        VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'the member',
    active         TINYINT NOT NULL DEFAULT 1 COMMENT '0: was a member or friend and is no more',
    role           TINYINT NOT NULL DEFAULT 0 COMMENT '0 member, 1 admin, 2 owner',
    joined_seq     BIGINT  NOT NULL DEFAULT 0 COMMENT 'reads from the record after this one on',
    joined_at_ms   BIGINT  NOT NULL DEFAULT 0 COMMENT 'since when a member',
    read_seq       BIGINT  NOT NULL DEFAULT 0 COMMENT 'has read up to this record',
    read_counted   BIGINT  NOT NULL DEFAULT 0 COMMENT 'counted records up to read_seq',
    hidden_seq     BIGINT  NOT NULL DEFAULT 0 COMMENT 'dialogue is listed while the last seq is above; -1: opened',
    opened_at_ms   BIGINT  NOT NULL DEFAULT 0 COMMENT 'when the dialogue was last opened, or the member joined',
    pinned         TINYINT NOT NULL DEFAULT 0 COMMENT '1: on top of the list',
    muted          TINYINT NOT NULL DEFAULT 0 COMMENT '1: without notices',
    changed_at_ms  BIGINT  NOT NULL DEFAULT 0 COMMENT 'when anything in this row last changed by the member',
    PRIMARY KEY (talk_id, user_id),
    KEY talk_member_user (user_id, active)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS chat_record (
    talk_id       VARCHAR(65) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'the talk',
    seq           BIGINT     NOT NULL COMMENT 'place in the talk: 1, 2, 3 … without gaps',
    sender_id     VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'who wrote it',
    msg_uuid      BINARY(16) NOT NULL COMMENT 'the sender''s own name for it',
    msg_type      TINYINT UNSIGNED NOT NULL COMMENT '0 text, 1 face, 2 image, 3 file, 4 group event, 5 recall',
    msg_text      TEXT       NOT NULL COMMENT 'what it says; empty when recalled',
    sent_at_ms    BIGINT     NOT NULL COMMENT 'when a node took it',
    counted       BIGINT     NOT NULL COMMENT 'records of types 0 to 3 among 1 … seq',
    target_seq    BIGINT     NULL COMMENT 'of a recall: the record taken back',
    recalled_seq  BIGINT     NULL COMMENT 'of a record taken back: its recall',
    PRIMARY KEY (talk_id, seq),
    UNIQUE KEY chat_record_name (sender_id, msg_uuid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
