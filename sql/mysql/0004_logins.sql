-- The order of a person's logins, the same on all nodes. A column is added only where it is missing: what is done is not undone
-- when a migration is broken off, and MySQL has no ADD COLUMN IF NOT EXISTS.

SET @missing = (SELECT COUNT(*) = 0 FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = 'user' AND column_name = 'logins');
SET @change = IF(@missing,
    'ALTER TABLE user ADD COLUMN logins BIGINT NOT NULL DEFAULT 0 COMMENT ''how often the person has logged in, by password or token''',
    'DO 0');
PREPARE change_it FROM @change;
EXECUTE change_it;
DEALLOCATE PREPARE change_it;
