-- What operators look through: when people were last there, and the orders in which lists of people and groups are shown.
-- Each table is changed by one statement, only where that was not done: MySQL has no ADD COLUMN IF NOT EXISTS.
-- A node that knows nothing of this works on as before; what it does not note is as old as the last login elsewhere.

SET @missing = (SELECT COUNT(*) = 0 FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = 'user' AND column_name = 'last_seen_ms');
SET @change = IF(@missing,
    'ALTER TABLE user ADD COLUMN last_seen_ms BIGINT NOT NULL DEFAULT 0 COMMENT ''when the first session on a node last began, or the last one ended, 0 where that is not known'', ADD KEY user_by_id (user_id_folded, user_id, nickname_folded, disabled), ADD KEY user_by_nickname (nickname_folded, user_id, disabled), ADD KEY user_by_created (created_at_ms, user_id, disabled), ADD KEY user_by_last_seen (last_seen_ms, user_id, disabled)',
    'DO 0');
PREPARE change_it FROM @change;
EXECUTE change_it;
DEALLOCATE PREPARE change_it;

SET @missing = (SELECT COUNT(*) = 0 FROM information_schema.statistics
    WHERE table_schema = DATABASE() AND table_name = 'chat_group' AND index_name = 'chat_group_by_name');
SET @change = IF(@missing,
    'ALTER TABLE chat_group ADD KEY chat_group_by_name (name, group_id, dissolved, official), ADD KEY chat_group_by_created (created_at_ms, group_id, dissolved, official), ADD KEY chat_group_by_members (member_count, group_id, dissolved, official)',
    'DO 0');
PREPARE change_it FROM @change;
EXECUTE change_it;
DEALLOCATE PREPARE change_it;
