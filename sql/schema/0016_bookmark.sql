-- What a member has saved to look at again; nobody else is told.
--
-- `id` grows in the order of saving, and so is where the next page of the list
-- begins.  A bookmark of a post that is deleted, or out of its owner's sight,
-- stays and is not shown (bookmark_list reads visible_post): it is there again
-- with the post, and goes for good with the post's or the owner's row.
CREATE TABLE bookmark (
	id         bigint GENERATED ALWAYS AS IDENTITY,
	account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
	post_id    bigint NOT NULL REFERENCES post ON DELETE CASCADE,
	created_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (account_id, post_id)
);
CREATE UNIQUE INDEX bookmark_saved ON bookmark (account_id, id DESC);
CREATE INDEX bookmark_post ON bookmark (post_id);
