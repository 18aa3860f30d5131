-- One row that names this history of the database.

CREATE TABLE IF NOT EXISTS history (
    one              INTEGER NOT NULL DEFAULT 1,      -- always 1: there is one row
    epoch            TEXT NOT NULL,                   -- random; a restored backup gets another, and clients drop what they kept
    PRIMARY KEY (one)
) WITHOUT ROWID;

INSERT OR IGNORE INTO history (one, epoch) VALUES (1, lower(hex(randomblob(16))));
