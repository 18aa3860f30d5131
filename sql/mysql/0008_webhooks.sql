-- Webhooks: programs that groups' records are sent to. All times are milliseconds since 1970-01-01T00:00Z.
-- A node that knows nothing of this table works on as before; the others deliver what it stores.

CREATE TABLE IF NOT EXISTS webhook (
    webhook_id           CHAR(16)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'chosen by the node: hexadecimal digits',
    group_id             VARCHAR(32)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'whose records are sent',
    talk_id              VARCHAR(65)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'the log they are in: a colon and the group id',
    url                  VARCHAR(512) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'where they are posted',
    events               VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'kinds of records, parted by spaces: message, recall, group',
    secret               VARCHAR(80)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'what deliveries are signed by',
    old_secret           VARCHAR(80)  CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'the one before; NULL: there was none',
    old_secret_until_ms  BIGINT       NOT NULL DEFAULT 0 COMMENT 'deliveries are signed by the one before too, until then',
    off_reason           VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '' COMMENT 'empty: on; operator: switched off; failed: deliveries have failed for too long',
    created_at_ms        BIGINT       NOT NULL COMMENT 'when it was made',
    delivered_seq        BIGINT       NOT NULL COMMENT 'records of the log up to this one were delivered, or not asked for',
    failures             INT          NOT NULL DEFAULT 0 COMMENT 'deliveries that failed since the last that did not',
    failing_since_ms     BIGINT       NULL COMMENT 'the first of these; NULL: there is none',
    next_attempt_at_ms   BIGINT       NOT NULL DEFAULT 0 COMMENT 'nothing is sent before, by the clock of the database',
    last_attempt_at_ms   BIGINT       NULL COMMENT 'the last delivery; NULL: there was none',
    last_result          VARCHAR(32)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '' COMMENT 'how it ended, as status 500',
    lease_node           VARCHAR(32)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '' COMMENT 'which run of a node delivers at this moment',
    lease_until_ms       BIGINT       NOT NULL DEFAULT 0 COMMENT 'another node may do so from then on, by the clock of the database',
    PRIMARY KEY (webhook_id),
    KEY webhook_group (group_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
