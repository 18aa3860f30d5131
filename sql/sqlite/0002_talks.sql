-- Groups, talks and their logs. All times are milliseconds since 1970-01-01T00:00Z.

CREATE TABLE IF NOT EXISTS chat_group (
    group_id         TEXT NOT NULL,                   -- chosen by the node, never used again
    name             TEXT NOT NULL,                   -- shown to people
    avatar           TEXT NOT NULL,                   -- name of a built-in picture, or empty
    notice           TEXT NOT NULL,                   -- shown to members
    owner_id         TEXT NOT NULL,                   -- who owns it
    member_count     INTEGER NOT NULL,                -- active members
    official         INTEGER NOT NULL DEFAULT 0,      -- 1: everybody is a member, only operators write
    dissolved        INTEGER NOT NULL DEFAULT 0,      -- 1: over; its records stay
    created_at_ms    INTEGER NOT NULL,                -- when it was made
    PRIMARY KEY (group_id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS talk (
    talk_id          TEXT NOT NULL,                   -- two user ids in order joined by a colon, or a colon and the group id
    last_seq         INTEGER NOT NULL DEFAULT 0,      -- number of the last record; the lock on this row orders commits
    counted          INTEGER NOT NULL DEFAULT 0,      -- records so far that count as unread (types 0 to 3)
    official         INTEGER NOT NULL DEFAULT 0,      -- 1: an official account, whose plain members only read
    PRIMARY KEY (talk_id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS talk_member (
    talk_id          TEXT NOT NULL,                   -- the talk
    user_id          TEXT NOT NULL,                   -- the member
    active           INTEGER NOT NULL DEFAULT 1,      -- 0: was a member or friend and is no more
    role             INTEGER NOT NULL DEFAULT 0,      -- 0 member, 1 admin, 2 owner
    joined_seq       INTEGER NOT NULL DEFAULT 0,      -- reads from the record after this one on
    joined_at_ms     INTEGER NOT NULL DEFAULT 0,      -- since when a member
    read_seq         INTEGER NOT NULL DEFAULT 0,      -- has read up to this record
    read_counted     INTEGER NOT NULL DEFAULT 0,      -- counted records up to read_seq
    hidden_seq       INTEGER NOT NULL DEFAULT 0,      -- dialogue is listed while the last seq is above; -1: opened
    opened_at_ms     INTEGER NOT NULL DEFAULT 0,      -- when the dialogue was last opened, or the member joined
    pinned           INTEGER NOT NULL DEFAULT 0,      -- 1: on top of the list
    muted            INTEGER NOT NULL DEFAULT 0,      -- 1: without notices
    changed_at_ms    INTEGER NOT NULL DEFAULT 0,      -- when anything in this row last changed by the member
    PRIMARY KEY (talk_id, user_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS talk_member_user ON talk_member (user_id, active);

CREATE TABLE IF NOT EXISTS chat_record (
    talk_id          TEXT NOT NULL,                   -- the talk
    seq              INTEGER NOT NULL,                -- place in the talk: 1, 2, 3 … without gaps
    sender_id        TEXT NOT NULL,                   -- who wrote it
    msg_uuid         BLOB NOT NULL,                   -- the sender's own name for it
    msg_type         INTEGER NOT NULL,                -- 0 text, 1 face, 2 image, 3 file, 4 group event, 5 recall
    msg_text         TEXT NOT NULL,                   -- what it says; empty when recalled
    sent_at_ms       INTEGER NOT NULL,                -- when a node took it
    counted          INTEGER NOT NULL,                -- records of types 0 to 3 among 1 … seq
    target_seq       INTEGER NULL,                    -- of a recall: the record taken back
    recalled_seq     INTEGER NULL,                    -- of a record taken back: its recall
    PRIMARY KEY (talk_id, seq)
);
CREATE UNIQUE INDEX IF NOT EXISTS chat_record_name ON chat_record (sender_id, msg_uuid);
