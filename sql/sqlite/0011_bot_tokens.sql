-- Tokens that may do nothing but write for one bot.

ALTER TABLE api_token ADD COLUMN bot_id TEXT;   -- the bot, a user id, in whose name alone it may write; NULL: it may do what its role may
