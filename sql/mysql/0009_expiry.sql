-- How far the texts of a talk have been taken away for their age, where a node is told to keep them for some days only.
-- A record whose text has expired is kept, for numbers have no gaps and a message that is sent again is found by its name:
-- its chat_record.recalled_seq is its own seq.

SET @missing = (SELECT COUNT(*) = 0 FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = 'talk' AND column_name = 'expired_seq');
SET @change = IF(@missing,
    'ALTER TABLE talk ADD COLUMN expired_seq BIGINT NOT NULL DEFAULT 0 COMMENT ''texts of records 1 to this one are gone''',
    'DO 0');
PREPARE change_it FROM @change;
EXECUTE change_it;
DEALLOCATE PREPARE change_it;
