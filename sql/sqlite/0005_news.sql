-- What nodes tell each other through the database: whatever becomes of the bus between them, no record is missed.
-- A node that knows nothing of these tables works on as before; what it stores is no news to the others.

CREATE TABLE IF NOT EXISTS log_news (
    news_id          INTEGER PRIMARY KEY AUTOINCREMENT, -- rises, with holes; never used again
    node             TEXT NOT NULL,                     -- which run of a node stored the records
    stored           TEXT NOT NULL                      -- what one transaction stored: JSON [[talk_id, first_seq, last_seq, [joined user ids]?], ...]
);

CREATE TABLE IF NOT EXISTS log_news_end (
    one              INTEGER NOT NULL DEFAULT 1,        -- always 1: there is one row
    forgotten_up_to  INTEGER NOT NULL,                  -- rows up to this news_id were removed
    PRIMARY KEY (one)
) WITHOUT ROWID;

INSERT OR IGNORE INTO log_news_end (one, forgotten_up_to) VALUES (1, 0);
