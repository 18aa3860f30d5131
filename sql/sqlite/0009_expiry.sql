-- How far the texts of a talk have been taken away for their age, where a node is told to keep them for some days only.
-- A record whose text has expired is kept, for numbers have no gaps and a message that is sent again is found by its name:
-- its chat_record.recalled_seq is its own seq.

ALTER TABLE talk ADD COLUMN expired_seq INTEGER NOT NULL DEFAULT 0;    -- texts of records 1 … this one are gone
