/* How often an account may do something. */
#include "domain/rate.h"

#include "../helper/stage.h"
#include "domain/bookmark.h"
#include "domain/comment.h"
#include "domain/follow.h"
#include "domain/like.h"
#include "domain/post.h"

static int64_t ann, bob, post;

static void
start(void)
{
	stage_start();
	ann = stage_account("ann");
	bob = stage_account("bob");
	post = stage_post(ann, "x");
	stage.conf.posts_per_hour = 2;
	stage.conf.comments_per_hour = 2;
	stage.conf.follows_per_hour = 1;
	stage.conf.likes_per_hour = 2;
	stage.conf.bookmarks_per_hour = 2;
}

TestSuite(rate, .init = start, .fini = stage_end);

static enum err
take(int64_t account, enum rate rate)
{
	return rate_take(&stage.site, kit_arena, account, rate);
}

Test(rate, allows_as_many_as_the_limit)
{
	ASSERT_OK(take(bob, RATE_COMMENT));
	ASSERT_OK(take(bob, RATE_COMMENT));
	ASSERT_ERR(take(bob, RATE_COMMENT), ERR_TOO_MANY);
	ASSERT_HAS(kit_log(), "too often");
}

Test(rate, is_each_accounts_and_each_kinds_own)
{
	ASSERT_OK(take(bob, RATE_FOLLOW));
	ASSERT_ERR(take(bob, RATE_FOLLOW), ERR_TOO_MANY);
	ASSERT_OK(take(ann, RATE_FOLLOW));
	ASSERT_OK(take(bob, RATE_LIKE));
}

Test(rate, begins_anew_with_the_hour)
{
	ASSERT_OK(take(bob, RATE_FOLLOW));
	stage_run("UPDATE action_count SET hour = hour - interval '1 hour'");
	ASSERT_OK(take(bob, RATE_FOLLOW));
	ASSERT_ERR(take(bob, RATE_FOLLOW), ERR_TOO_MANY);
}

Test(rate, of_zero_is_none)
{
	stage.conf.follows_per_hour = 0;
	for (int i = 0; i < 5; i++)
		ASSERT_OK(take(bob, RATE_FOLLOW));
	ASSERT_INT(stage_count("SELECT count(*) FROM action_count"), 0);
}

static enum err
make_post(struct str form_key)
{
	struct post_draft draft = {.account = bob, .form_key = form_key};
	struct post_outcome out;

	draft.images[draft.image_count++].fd = stage_jpeg(20, 20);
	return post_make(&stage.site, kit_arena, &draft, &out);
}

Test(rate, a_post_too_many_makes_no_image)
{
	size_t objects;

	ASSERT_OK(make_post(STR("one")));
	ASSERT_OK(make_post(STR("two")));
	objects = stage_objects("public");
	ASSERT_ERR(make_post(STR("three")), ERR_TOO_MANY);
	ASSERT_INT((long long)stage_objects("public"), (long long)objects);
	/* The same form again is no other post. */
	ASSERT_OK(make_post(STR("two")));
	ASSERT_INT(stage_count("SELECT count(*) FROM post"), 3);
}

Test(rate, a_comment_that_is_sent_again_is_there_however_many_others)
{
	struct str key = STR("once");

	ASSERT_OK(comment_make(&stage.site, kit_arena, bob, post, STR("x"),
	    (struct list){0}, key));
	ASSERT_OK(take(bob, RATE_COMMENT));
	ASSERT_OK(comment_make(&stage.site, kit_arena, bob, post, STR("x"),
	    (struct list){0}, key));
	ASSERT_ERR(comment_make(&stage.site, kit_arena, bob, post, STR("y"),
		       (struct list){0}, key),
	    ERR_TOO_MANY);
	ASSERT_INT(stage_count("SELECT count(*) FROM comment"), 1);
}

Test(rate, holds_for_comments_likes_bookmarks_and_follows)
{
	int64_t likes;

	for (int i = 0; i < 2; i++) {
		ASSERT_OK(comment_make(&stage.site, kit_arena, bob, post,
		    STR("x"), (struct list){0}, stage_key()));
		ASSERT_OK(like_add(&stage.site, kit_arena, bob, post, &likes));
		ASSERT_OK(bookmark_add(&stage.site, kit_arena, bob, post));
	}
	ASSERT_OK(follow_add(&stage.site, kit_arena, bob, STR("ann")));
	ASSERT_ERR(comment_make(&stage.site, kit_arena, bob, post, STR("x"),
		       (struct list){0}, stage_key()),
	    ERR_TOO_MANY);
	ASSERT_ERR(
	    like_add(&stage.site, kit_arena, bob, post, &likes), ERR_TOO_MANY);
	ASSERT_ERR(
	    bookmark_add(&stage.site, kit_arena, bob, post), ERR_TOO_MANY);
	ASSERT_ERR(
	    follow_add(&stage.site, kit_arena, bob, STR("ann")), ERR_TOO_MANY);
	ASSERT_OK(like_remove(&stage.site, kit_arena, bob, post, &likes));
	ASSERT_OK(bookmark_remove(&stage.site, kit_arena, bob, post));
	ASSERT_OK(follow_remove(&stage.site, kit_arena, bob, STR("ann")));
	ASSERT_INT(stage_count("SELECT count(*) FROM comment"), 2);
}
