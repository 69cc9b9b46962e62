/* Comments. */
#include "domain/comment.h"

#include "../helper/stage.h"
#include "domain/post.h"

static int64_t ann, bob, eve, post;

static void
start(void)
{
	stage_start();
	ann = stage_account("ann");
	bob = stage_account("bob");
	eve = stage_account("eve");
	post = stage_post(ann, "x");
}

TestSuite(comment, .init = start, .fini = stage_end);

static enum err
say(int64_t who, struct str text, const char *key)
{
	return comment_make(&stage.site, kit_arena, who, post, text,
	    (struct list){0}, str_from(key));
}

static int64_t
make(int64_t who)
{
	ASSERT_OK(say(who, STR("nice"), stage_key().at));
	return stage_count("SELECT max(id) FROM comment");
}

static enum err
take_away(int64_t who, int64_t comment)
{
	int64_t where = 0;
	enum err e =
	    comment_delete(&stage.site, kit_arena, who, comment, &where);

	if (e == OK)
		ASSERT_INT(where, post);
	return e;
}

static int64_t
counter(void)
{
	return stage_count(
	    "SELECT comments FROM post WHERE id = %lld", (long long)post);
}

static int64_t
seen(void)
{
	return stage_count("SELECT count(*) FROM visible_comment");
}

Test(comment, stands_as_it_was_written)
{
	ASSERT_OK(say(bob, STR("<b>it's\nfine</b> \xf0\x9f\x93\xb7"), "key"));
	ASSERT_INT(stage_count("SELECT count(*) FROM visible_comment WHERE "
			       "post_id = %lld AND account_id = %lld AND body "
			       "= E'<b>it''s\\nfine</b> \xf0\x9f\x93\xb7'",
		       (long long)post, (long long)bob),
	    1);
	ASSERT_INT(counter(), 1);
}

Test(comment, sent_twice_is_one)
{
	ASSERT_OK(say(bob, STR("nice"), "key"));
	ASSERT_OK(say(bob, STR("nice"), "key"));
	ASSERT_INT(seen(), 1);
	ASSERT_INT(counter(), 1);
}

/* As after going back to the form in the browser. */
Test(comment, another_text_in_the_same_form_is_another_comment)
{
	ASSERT_OK(say(bob, STR("nice"), "key"));
	ASSERT_OK(say(bob, STR("and blue"), "key"));
	ASSERT_INT(seen(), 2);
	ASSERT_INT(counter(), 2);
}

static enum err
say_too(struct site *site, struct arena *a, int i)
{
	(void)i;
	return comment_make(
	    site, a, bob, post, STR("nice"), (struct list){0}, STR("key"));
}

Test(comment, sent_many_times_at_once_is_one)
{
	enum err errors[6];

	stage_at_once(6, say_too, errors);
	for (int i = 0; i < 6; i++)
		ASSERT_OK(errors[i]);
	ASSERT_INT(seen(), 1);
	ASSERT_INT(counter(), 1);
}

Test(comment, keys_of_two_people_do_not_meet)
{
	ASSERT_OK(say(bob, STR("nice"), "key"));
	ASSERT_OK(say(eve, STR("nice"), "key"));
	ASSERT_INT(counter(), 2);
}

Test(comment, needs_a_post)
{
	post += 77;
	ASSERT_ERR(say(bob, STR("nice"), "key"), ERR_ABSENT);
	ASSERT_INT(stage_count("SELECT count(*) FROM comment"), 0);
}

Test(comment, a_deleted_post_takes_none)
{
	ASSERT_OK(post_delete(&stage.site, kit_arena, ann, post));
	ASSERT_ERR(say(bob, STR("nice"), "key"), ERR_ABSENT);
	ASSERT_INT(stage_count("SELECT count(*) FROM comment"), 0);
}

Test(comment, its_author_may_delete_it)
{
	ASSERT_OK(take_away(bob, make(bob)));
	ASSERT_INT(seen(), 0);
	ASSERT_INT(counter(), 0);
}

Test(comment, the_owner_of_the_post_may_delete_it)
{
	ASSERT_OK(take_away(ann, make(bob)));
	ASSERT_INT(seen(), 0);
	ASSERT_INT(counter(), 0);
}

Test(comment, anybody_else_may_not)
{
	int64_t comment = make(bob);

	ASSERT_ERR(take_away(eve, comment), ERR_FORBIDDEN);
	ASSERT_ERR(take_away(0, comment), ERR_FORBIDDEN);
	ASSERT_INT(seen(), 1);
	ASSERT_INT(counter(), 1);
}

Test(comment, that_is_gone_cannot_be_deleted_again)
{
	int64_t comment = make(bob);

	ASSERT_OK(take_away(bob, comment));
	ASSERT_ERR(take_away(bob, comment), ERR_ABSENT);
	ASSERT_ERR(take_away(bob, comment + 77), ERR_ABSENT);
	ASSERT_INT(counter(), 0);
}

static int64_t target;

static enum err
delete_too(struct site *site, struct arena *a, int i)
{
	int64_t where;

	return comment_delete(site, a, i % 2 == 0 ? ann : bob, target, &where);
}

Test(comment, deleted_by_many_at_once_is_counted_once)
{
	enum err errors[6];

	(void)make(eve);
	target = make(bob);
	stage_at_once(6, delete_too, errors);
	for (int i = 0; i < 6; i++)
		cr_assert(errors[i] == OK || errors[i] == ERR_ABSENT);
	ASSERT_INT(seen(), 1);
	ASSERT_INT(counter(), 1);
}

Test(comment, of_a_deleted_post_is_out_of_sight_and_reach)
{
	int64_t comment = make(bob);

	ASSERT_OK(post_delete(&stage.site, kit_arena, ann, post));
	ASSERT_INT(seen(), 0);
	ASSERT_ERR(take_away(bob, comment), ERR_ABSENT);
}
