/* Taking posts away. */
#include "domain/post.h"

#include "../helper/stage.h"
#include "domain/follow.h"
#include "store/sql.h"

static int64_t ann, bob, post;

static void
start(void)
{
	struct post_draft draft = {.form_key = STR("key")};
	struct post_outcome out;

	stage_start();
	ann = stage_account("ann");
	bob = stage_account("bob");
	draft.account = ann;
	draft.images[draft.image_count++].fd = stage_jpeg(20, 20);
	ASSERT_OK(follow_add(&stage.site, kit_arena, bob, STR("ann")));
	ASSERT_OK(post_make(&stage.site, kit_arena, &draft, &out));
	post = out.post;
}

TestSuite(post_delete, .init = start, .fini = stage_end);

static enum err
take_away(int64_t who)
{
	return post_delete(&stage.site, kit_arena, who, post);
}

Test(post_delete, takes_it_from_everybodys_sight)
{
	struct sql_card_row row;

	ASSERT_OK(sql_post_show(
	    stage.site.db, kit_arena, &(struct sql_post_show_in){post}, &row));
	ASSERT_OK(take_away(ann));
	ASSERT_ERR(sql_post_show(stage.site.db, kit_arena,
		       &(struct sql_post_show_in){post}, &row),
	    ERR_ABSENT);
	ASSERT_INT(stage_count("SELECT count(*) FROM feed"), 0);
	ASSERT_INT(stage_count("SELECT count(*) FROM visible_post"), 0);
}

Test(post_delete, hides_the_images_and_keeps_them)
{
	ASSERT_OK(take_away(ann));
	ASSERT_INT((long long)stage_objects("public"), 0);
	ASSERT_INT((long long)stage_objects("hidden"), 4);
	ASSERT_INT(stage_count("SELECT count(*) FROM image"), 1);
	ASSERT_INT(stage_count("SELECT count(*) FROM job"), 0);
}

Test(post_delete, counts_one_post_less)
{
	ASSERT_OK(take_away(ann));
	ASSERT_INT(stage_count("SELECT posts FROM account WHERE id = %lld",
		       (long long)ann),
	    0);
}

Test(post_delete, is_not_for_others)
{
	struct str before = stage_rows();

	ASSERT_ERR(take_away(bob), ERR_ABSENT);
	ASSERT_ERR(take_away(0), ERR_ABSENT);
	cr_assert(str_equal(before, stage_rows()));
	ASSERT_INT((long long)stage_objects("public"), 3);
}

Test(post_delete, is_done_once)
{
	ASSERT_OK(take_away(ann));
	ASSERT_ERR(take_away(ann), ERR_ABSENT);
	ASSERT_INT(stage_count("SELECT posts FROM account WHERE id = %lld",
		       (long long)ann),
	    0);
}

static enum err
delete_too(struct site *site, struct arena *a, int i)
{
	(void)i;
	return post_delete(site, a, ann, post);
}

Test(post_delete, is_done_once_also_when_asked_for_at_once)
{
	enum err errors[4];
	int done = 0;

	stage_at_once(4, delete_too, errors);
	for (int i = 0; i < 4; i++) {
		done += errors[i] == OK;
		cr_assert(errors[i] == OK || errors[i] == ERR_ABSENT);
	}
	ASSERT_INT(done, 1);
	ASSERT_INT(stage_count("SELECT posts FROM account WHERE id = %lld",
		       (long long)ann),
	    0);
	ASSERT_INT((long long)stage_objects("hidden"), 4);
}

Test(post_delete, leaves_a_job_when_the_store_fails)
{
	stage_block("hidden", NULL);
	ASSERT_OK(take_away(ann));
	ASSERT_INT((long long)stage_objects("public"), 3);
	ASSERT_INT(stage_count("SELECT count(*) FROM job WHERE kind = "
			       "'object_hide' AND subject = %lld",
		       (long long)post),
	    1);
	ASSERT_INT(stage_count("SELECT count(*) FROM visible_post"), 0);
	ASSERT_HAS(kit_log(), "images of a deleted post left to the job");
}

Test(post_delete, images_of_a_post_that_is_there_are_not_hidden)
{
	ASSERT_OK(post_hide_images(&stage.site, kit_arena, post));
	ASSERT_INT((long long)stage_objects("public"), 3);
}

Test(post_delete, the_form_that_made_it_does_not_make_another)
{
	struct post_draft draft = {.account = ann, .form_key = STR("key")};
	struct post_outcome out;

	ASSERT_OK(take_away(ann));
	ASSERT_OK(post_make(&stage.site, kit_arena, &draft, &out));
	ASSERT_INT(out.post, post);
	ASSERT_INT(stage_count("SELECT count(*) FROM visible_post"), 0);
}
