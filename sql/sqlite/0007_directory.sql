-- What operators look through: when people were last there, and the orders in which lists of people and groups are shown.

ALTER TABLE user ADD COLUMN last_seen_ms INTEGER NOT NULL DEFAULT 0;   -- when the first session on a node last began, or the last one ended, 0 where that is not known
CREATE INDEX IF NOT EXISTS user_by_id ON user (user_id_folded, user_id, nickname_folded, disabled);
CREATE INDEX IF NOT EXISTS user_by_nickname ON user (nickname_folded, user_id, disabled);
CREATE INDEX IF NOT EXISTS user_by_created ON user (created_at_ms, user_id, disabled);
CREATE INDEX IF NOT EXISTS user_by_last_seen ON user (last_seen_ms, user_id, disabled);
CREATE INDEX IF NOT EXISTS chat_group_by_name ON chat_group (name, group_id, dissolved, official);
CREATE INDEX IF NOT EXISTS chat_group_by_created ON chat_group (created_at_ms, group_id, dissolved, official);
CREATE INDEX IF NOT EXISTS chat_group_by_members ON chat_group (member_count, group_id, dissolved, official);
