-- The order of a person's logins, the same on all nodes.

ALTER TABLE user ADD COLUMN logins INTEGER NOT NULL DEFAULT 0;         -- how often the person has logged in, by password or token
