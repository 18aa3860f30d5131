-- Webhooks: programs that groups' records are sent to. All times are milliseconds since 1970-01-01T00:00Z.

CREATE TABLE IF NOT EXISTS webhook (
    webhook_id           TEXT NOT NULL,                   -- chosen by the node: hexadecimal digits
    group_id             TEXT NOT NULL,                   -- whose records are sent
    talk_id              TEXT NOT NULL,                   -- the log they are in: a colon and the group id
    url                  TEXT NOT NULL,                   -- where they are posted
    events               TEXT NOT NULL,                   -- kinds of records, parted by spaces: message, recall, group
    secret               TEXT NOT NULL,                   -- what deliveries are signed by
    old_secret           TEXT,                            -- the one before; NULL: there was none
    old_secret_until_ms  INTEGER NOT NULL DEFAULT 0,      -- deliveries are signed by the one before too, until then
    off_reason           TEXT NOT NULL DEFAULT '',        -- empty: on; operator: switched off; failed: deliveries have failed for too long
    created_at_ms        INTEGER NOT NULL,                -- when it was made
    delivered_seq        INTEGER NOT NULL,                -- records of the log up to this one were delivered, or not asked for
    failures             INTEGER NOT NULL DEFAULT 0,      -- deliveries that failed since the last that did not
    failing_since_ms     INTEGER,                         -- the first of these; NULL: there is none
    next_attempt_at_ms   INTEGER NOT NULL DEFAULT 0,      -- nothing is sent before
    last_attempt_at_ms   INTEGER,                         -- the last delivery; NULL: there was none
    last_result          TEXT NOT NULL DEFAULT '',        -- how it ended, as status 500
    lease_node           TEXT NOT NULL DEFAULT '',        -- which run of a node delivers at this moment
    lease_until_ms       INTEGER NOT NULL DEFAULT 0,      -- another one may do so from then on
    PRIMARY KEY (webhook_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS webhook_group ON webhook (group_id);
