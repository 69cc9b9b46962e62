/* Erasing accounts. */
#include "domain/erase.h"

#include "../helper/stage.h"
#include "domain/account.h"
#include "domain/bookmark.h"
#include "domain/comment.h"
#include "domain/follow.h"
#include "domain/like.h"
#include "domain/post.h"
#include "domain/session.h"
#include "store/sql.h"

static int64_t ann, bob, of_ann, of_bob;
static struct erase_report report;

static void
say(int64_t who, int64_t post)
{
	ASSERT_OK(comment_make(&stage.site, kit_arena, who, post, STR("nice"),
	    (struct list){0}, stage_key()));
}

static void
like(int64_t who, int64_t post)
{
	int64_t likes;

	ASSERT_OK(like_add(&stage.site, kit_arena, who, post, &likes));
}

static int64_t
post_with_image(int64_t who)
{
	struct post_draft draft = {.account = who, .form_key = stage_key()};
	struct str tags[] = {STR("sea")};
	struct post_outcome out;

	draft.tags = (struct list){tags, 1};
	draft.images[draft.image_count++].fd = stage_jpeg(20, 20);
	ASSERT_OK(post_make(&stage.site, kit_arena, &draft, &out));
	return out.post;
}

static void
set_picture(int64_t who)
{
	struct str complaint;

	ASSERT_OK(account_set_picture(
	    &stage.site, kit_arena, who, stage_jpeg(20, 20), &complaint));
}

/* Ann and bob, and everything that two people can do with each other. */
static void
start(void)
{
	struct str token;

	stage_start();
	ann = stage_account("ann");
	bob = stage_account("bob");
	of_ann = post_with_image(ann);
	of_bob = post_with_image(bob);
	ASSERT_OK(follow_add(&stage.site, kit_arena, ann, STR("bob")));
	ASSERT_OK(follow_add(&stage.site, kit_arena, bob, STR("ann")));
	say(ann, of_ann);
	say(bob, of_ann);
	say(ann, of_bob);
	say(bob, of_bob);
	like(ann, of_bob);
	like(bob, of_bob);
	like(bob, of_ann);
	ASSERT_OK(bookmark_add(&stage.site, kit_arena, ann, of_bob));
	ASSERT_OK(bookmark_add(&stage.site, kit_arena, bob, of_ann));
	ASSERT_OK(bookmark_add(&stage.site, kit_arena, bob, of_bob));
	ASSERT_OK(session_start(&stage.site, kit_arena, ann, NULL, &token));
	set_picture(ann);
}

TestSuite(erase, .init = start, .fini = stage_end);

static enum err
erase(const char *name)
{
	return erase_account(&stage.site, kit_arena, str_from(name), &report);
}

static int64_t
rows_of_ann(void)
{
	return stage_count(
	    "SELECT (SELECT count(*) FROM account WHERE id = %1$lld) + "
	    "(SELECT count(*) FROM session WHERE account_id = %1$lld) + "
	    "(SELECT count(*) FROM post WHERE account_id = %1$lld) + "
	    "(SELECT count(*) FROM comment WHERE account_id = %1$lld) + "
	    "(SELECT count(*) FROM liking WHERE account_id = %1$lld) + "
	    "(SELECT count(*) FROM follow WHERE %1$lld IN (follower_id, "
	    "followed_id)) + "
	    "(SELECT count(*) FROM bookmark WHERE account_id = %1$lld) + "
	    "(SELECT count(*) FROM feed WHERE %1$lld IN (account_id, "
	    "author_id))",
	    (long long)ann);
}

Test(erase, leaves_no_row_of_the_account)
{
	ASSERT_OK(erase("Ann"));
	ASSERT_INT(rows_of_ann(), 0);
	ASSERT_INT(stage_count("SELECT count(*) FROM image WHERE post_id = "
			       "%lld",
		       (long long)of_ann),
	    0);
}

Test(erase, leaves_no_object_of_the_account)
{
	ASSERT_OK(
	    post_delete(&stage.site, kit_arena, ann, post_with_image(ann)));
	ASSERT_OK(erase("ann"));
	ASSERT_INT(report.posts, 2);
	ASSERT_INT(report.images, 3);
	ASSERT_INT((long long)stage_objects("public"), 3);
	ASSERT_INT((long long)stage_objects("hidden"), 1);
	ASSERT_INT(stage_count("SELECT count(*) FROM object_sum s WHERE NOT "
			       "EXISTS (SELECT FROM image WHERE s.object LIKE "
			       "key || '-%%') AND NOT EXISTS (SELECT FROM "
			       "account WHERE s.object LIKE picture_key || "
			       "'-%%')"),
	    0);
}

Test(erase, takes_the_former_pictures_too)
{
	struct str complaint;
	int fd = stage_jpeg(300, 300);

	ASSERT_OK(
	    account_set_picture(&stage.site, kit_arena, ann, fd, &complaint));
	ASSERT_INT((long long)stage_objects("hidden"), 4);
	ASSERT_OK(erase("ann"));
	ASSERT_INT((long long)stage_objects("hidden"), 1);
}

Test(erase, leaves_others_what_is_theirs)
{
	ASSERT_OK(erase("ann"));
	ASSERT_INT(stage_count("SELECT count(*) FROM account WHERE id = %lld "
			       "AND posts = 1 AND followers = 0 AND following "
			       "= 0",
		       (long long)bob),
	    1);
	ASSERT_INT(stage_count("SELECT count(*) FROM post WHERE id = %lld AND "
			       "comments = 1 AND likes = 1 AND deleted_at IS "
			       "NULL",
		       (long long)of_bob),
	    1);
	ASSERT_INT(stage_count("SELECT count(*) FROM comment"), 1);
	ASSERT_INT(stage_count("SELECT count(*) FROM liking"), 1);
	ASSERT_INT(stage_count("SELECT count(*) FROM feed"), 1);
	ASSERT_INT(stage_count("SELECT count(*) FROM bookmark"), 1);
}

Test(erase, does_not_take_a_deleted_comment_from_the_counter)
{
	stage_run("UPDATE comment SET deleted_at = now() WHERE account_id = "
		  "%lld; UPDATE post SET comments = 1 WHERE id = %lld",
	    (long long)ann, (long long)of_bob);
	ASSERT_OK(erase("ann"));
	ASSERT_INT(stage_count("SELECT comments FROM post WHERE id = %lld",
		       (long long)of_bob),
	    1);
}

Test(erase, needs_an_account)
{
	struct str before = stage_rows();

	ASSERT_ERR(erase("nobody_here"), ERR_ABSENT);
	ASSERT_ERR(erase(""), ERR_ABSENT);
	cr_assert(str_equal(before, stage_rows()));
}

Test(erase, keeps_the_rows_while_an_object_cannot_be_erased)
{
	struct str key = {0};
	const struct sql_erase_keys_row *row;
	struct list rows;

	ASSERT_OK(sql_erase_keys(
	    stage.site.db, kit_arena, &(struct sql_erase_keys_in){ann}, &rows));
	row = rows.items;
	key = row[0].key;
	stage_block("hidden", key.at);
	ASSERT_ERR(erase("ann"), ERR_STORE);
	ASSERT_INT(stage_count("SELECT count(*) FROM account"), 2);
	ASSERT_INT(stage_count("SELECT count(*) FROM visible_post WHERE "
			       "account_id = %lld",
		       (long long)ann),
	    0);
	stage_unblock("hidden", key.at);
	ASSERT_OK(erase("ann"));
	ASSERT_INT(rows_of_ann(), 0);
	ASSERT_INT((long long)stage_objects("public"), 3);
}

Test(erase, the_name_is_free_again)
{
	ASSERT_OK(erase("ann"));
	cr_assert(stage_account("ann") != ann);
}
