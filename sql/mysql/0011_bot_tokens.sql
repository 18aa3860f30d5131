-- Tokens that may do nothing but write for one bot.
-- The table is changed only where that was not done: MySQL has no ADD COLUMN IF NOT EXISTS.

SET @missing = (SELECT COUNT(*) = 0 FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = 'api_token' AND column_name = 'bot_id');
SET @change = IF(@missing,
    'ALTER TABLE api_token ADD COLUMN bot_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin COMMENT ''the bot, a user id, in whose name alone it may write; NULL: it may do what its role may''',
    'DO 0');
PREPARE change_it FROM @change;
EXECUTE change_it;
DEALLOCATE PREPARE change_it;
