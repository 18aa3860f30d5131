-- One row that names this history of the database.

CREATE TABLE IF NOT EXISTS history (
    one    TINYINT     NOT NULL DEFAULT 1 COMMENT 'always 1: there is one row',
    epoch  VARCHAR(36) NOT NULL COMMENT 'random; a restored backup gets another, and clients drop what they kept',
    PRIMARY KEY (one)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

INSERT IGNORE INTO history (one, epoch) VALUES (1, UUID());
