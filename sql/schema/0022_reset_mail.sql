-- How many links were mailed to an account in a row, each within a day of the
-- one before: who asks for links again and again fills nobody's mailbox.
ALTER TABLE reset_link ADD COLUMN mails bigint NOT NULL DEFAULT 0
	CONSTRAINT reset_link_mails_count CHECK (mails >= 0);
