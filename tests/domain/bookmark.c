/* What people save. */
#include "domain/bookmark.h"

#include "../helper/stage.h"
#include "domain/post.h"
#include "domain/viewer.h"

static int64_t ann, bob, post;

static void
start(void)
{
	stage_start();
	ann = stage_account("ann");
	bob = stage_account("bob");
	post = stage_post(ann, "x");
}

TestSuite(bookmark, .init = start, .fini = stage_end);

static enum err
add(int64_t who, int64_t what)
{
	return bookmark_add(&stage.site, kit_arena, who, what);
}

static enum err
take_back(int64_t who, int64_t what)
{
	return bookmark_remove(&stage.site, kit_arena, who, what);
}

static int64_t
rows_of(int64_t who)
{
	return stage_count("SELECT count(*) FROM bookmark WHERE account_id = "
			   "%lld",
	    (long long)who);
}

/* What the list shows to `who`, before the bookmark `before`. */
static struct list
list_of(int64_t who, int64_t before)
{
	struct list rows;

	viewer_ask(&stage.site, who);
	ASSERT_OK(sql_bookmark_list(stage.site.db, kit_arena,
	    &(struct sql_bookmark_list_in){before}, &rows));
	return rows;
}

Test(bookmark, is_its_owners_alone)
{
	ASSERT_OK(add(bob, post));
	ASSERT_INT((long long)list_of(bob, INT64_MAX).count, 1);
	ASSERT_INT((long long)list_of(ann, INT64_MAX).count, 0);
}

Test(bookmark, made_twice_is_one)
{
	ASSERT_OK(add(bob, post));
	ASSERT_OK(add(bob, post));
	ASSERT_INT(rows_of(bob), 1);
}

Test(bookmark, taken_back_twice_changes_nothing_more)
{
	ASSERT_OK(add(bob, post));
	ASSERT_OK(add(ann, post));
	ASSERT_OK(take_back(bob, post));
	ASSERT_OK(take_back(bob, post));
	ASSERT_INT(rows_of(bob), 0);
	ASSERT_INT(rows_of(ann), 1);
}

Test(bookmark, needs_a_post_that_is_there)
{
	ASSERT_ERR(add(bob, post + 77), ERR_ABSENT);
	ASSERT_ERR(take_back(bob, post + 77), ERR_ABSENT);
	ASSERT_OK(post_delete(&stage.site, kit_arena, ann, post));
	ASSERT_ERR(add(bob, post), ERR_ABSENT);
	ASSERT_INT(rows_of(bob), 0);
}

Test(bookmark, of_a_deleted_post_is_shown_no_more)
{
	ASSERT_OK(add(bob, post));
	ASSERT_OK(post_delete(&stage.site, kit_arena, ann, post));
	ASSERT_INT((long long)list_of(bob, INT64_MAX).count, 0);
}

Test(bookmark, comes_back_with_its_post)
{
	ASSERT_OK(add(bob, post));
	stage_run("UPDATE account SET suspended_at = now() WHERE id = %lld",
	    (long long)ann);
	ASSERT_INT((long long)list_of(bob, INT64_MAX).count, 0);
	ASSERT_ERR(take_back(bob, post), ERR_ABSENT);
	stage_run("UPDATE account SET suspended_at = NULL");
	ASSERT_INT((long long)list_of(bob, INT64_MAX).count, 1);
}

/* Not the newest post first, but what was saved last; and what is saved anew
 * is saved last. */
Test(bookmark, list_goes_by_when_it_was_saved)
{
	int64_t posts[3] = {post, stage_post(ann, "y"), stage_post(ann, "z")};
	const struct sql_bookmark_list_row *row;
	struct list rows;

	for (int i = 2; i >= 0; i--)
		ASSERT_OK(add(bob, posts[i]));
	rows = list_of(bob, INT64_MAX);
	row = rows.items;
	ASSERT_INT((long long)rows.count, 3);
	for (int i = 0; i < 3; i++)
		ASSERT_INT(row[i].id, posts[i]);
	ASSERT_OK(add(bob, posts[2]));
	ASSERT_OK(take_back(bob, posts[1]));
	ASSERT_OK(add(bob, posts[1]));
	rows = list_of(bob, INT64_MAX);
	row = rows.items;
	ASSERT_INT(row[0].id, posts[1]);
	ASSERT_INT(row[1].id, posts[0]);
	ASSERT_INT(row[2].id, posts[2]);
	rows = list_of(bob, row[1].saved);
	row = rows.items;
	ASSERT_INT((long long)rows.count, 1);
	ASSERT_INT(row[0].id, posts[2]);
}

static enum err
waver(struct site *site, struct arena *a, int i)
{
	for (int k = 0; k < 15; k++)
		if ((i + k) % 2 == 0)
			TRY(bookmark_add(site, a, bob, post));
		else
			TRY(bookmark_remove(site, a, bob, post));
	return bookmark_add(site, a, bob, post);
}

Test(bookmark, from_many_windows_is_one)
{
	enum err errors[4];

	stage_at_once(4, waver, errors);
	for (int i = 0; i < 4; i++)
		ASSERT_OK(errors[i]);
	ASSERT_INT(rows_of(bob), 1);
}

static enum err
save_or_delete(struct site *site, struct arena *a, int i)
{
	enum err e;

	if (i == 0)
		return post_delete(site, a, ann, post);
	e = bookmark_add(site, a, bob, post);
	return e == ERR_ABSENT ? OK : e;
}

Test(bookmark, of_a_post_that_is_just_deleted_is_not_shown)
{
	enum err errors[4];

	stage_at_once(4, save_or_delete, errors);
	for (int i = 0; i < 4; i++)
		ASSERT_OK(errors[i]);
	ASSERT_INT((long long)list_of(bob, INT64_MAX).count, 0);
}
