-- What nodes tell each other through the database: whatever becomes of the bus between them, no record is missed.
-- A node that knows nothing of these tables works on as before; what it stores is no news to the others.

CREATE TABLE IF NOT EXISTS log_news (
    news_id  BIGINT      NOT NULL AUTO_INCREMENT COMMENT 'rises, with holes; a transaction that takes longer commits a lower one later',
    node     VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'which run of a node stored the records',
    stored   MEDIUMTEXT  CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'what one transaction stored: JSON [[talk_id, first_seq, last_seq, [joined user ids]?], ...]',
    PRIMARY KEY (news_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS log_news_end (
    one              TINYINT NOT NULL DEFAULT 1 COMMENT 'always 1: there is one row',
    forgotten_up_to  BIGINT  NOT NULL COMMENT 'rows up to this news_id were removed',
    PRIMARY KEY (one)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

INSERT IGNORE INTO log_news_end (one, forgotten_up_to) VALUES (1, 0);
