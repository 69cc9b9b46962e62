/* WebP beside the JPEGs, and the originals that it is made of. */
#include "domain/image.h"

#include "../helper/stage.h"
#include "domain/erase.h"
#include "domain/post.h"
#include "store/sql.h"

static int64_t ann, post;
static struct str key;

static struct str
key_of_post(void)
{
	const struct sql_fsck_image_row *row;
	struct list rows;

	ASSERT_OK(sql_fsck_images(stage.site.db, kit_arena,
	    &(struct sql_fsck_images_in){STR(""), 100}, &rows));
	row = rows.items;
	return row[0].key;
}

static int64_t
post_of(int width, int height)
{
	struct post_draft draft = {.account = ann, .form_key = stage_key()};
	struct post_outcome out;

	draft.images[draft.image_count++].fd = stage_jpeg(width, height);
	ASSERT_OK(post_make(&stage.site, kit_arena, &draft, &out));
	return out.post;
}

static void
start(void)
{
	stage_start();
	ann = stage_account("ann");
	stage.conf.large_px = 480;
	stage.conf.middle_px = 320;
	post = post_of(1000, 700);
	key = key_of_post();
}

TestSuite(image_webp, .init = start, .fini = stage_end);

static enum err
add(void)
{
	enum err e;

	db_begin(stage.site.db);
	e = image_add_webp(&stage.site, kit_arena, key);
	if (e != OK) {
		db_rollback(stage.site.db);
		return e;
	}
	return db_commit(stage.site.db, kit_arena);
}

static int64_t
size_of(enum object_space space, const char *end)
{
	struct object_entry entry;
	enum err e = object_head(stage.site.store, space,
	    kit_text("%.*s-%s", STR_ARG(key), end), &entry);

	cr_assert(e == OK || e == ERR_ABSENT);
	return e == OK ? entry.size_bytes : 0;
}

static int64_t
webp_of_row(void)
{
	return stage_count("SELECT webp FROM image");
}

Test(image_webp, is_made_where_it_is_smaller_and_then_named)
{
	ASSERT_INT(webp_of_row(), 0);
	ASSERT_OK(add());
	ASSERT_INT(webp_of_row(),
	    IMAGE_WEBP_LARGE | IMAGE_WEBP_MIDDLE | IMAGE_WEBP_SQUARE);
	ASSERT_INT(stage_count("SELECT cover_webp FROM post"), webp_of_row());
	ASSERT_INT(stage_count("SELECT count(*) FROM object_sum WHERE object "
			       "LIKE '%%.webp'"),
	    3);
	cr_assert(size_of(OBJECT_PUBLIC, "l.webp") > 0);
	cr_assert(size_of(OBJECT_PUBLIC, "l.webp") * 100 <=
		  size_of(OBJECT_PUBLIC, "l.jpg") * 95);
	cr_assert(size_of(OBJECT_PUBLIC, "s.webp") * 100 <=
		  size_of(OBJECT_PUBLIC, "s.jpg") * 95);
}

Test(image_webp, waits_in_a_job_behind_all_others)
{
	ASSERT_INT(
	    stage_count("SELECT count(*) FROM job WHERE kind = 'image_webp' "
			"AND subject = %lld AND rank > 0",
		(long long)post),
	    1);
}

Test(image_webp, may_be_made_again)
{
	int64_t bytes;

	ASSERT_OK(add());
	bytes = size_of(OBJECT_PUBLIC, "l.webp");
	/* As a crash before the commit leaves it. */
	stage_run("UPDATE image SET webp = 0; UPDATE post SET cover_webp = 0");
	ASSERT_OK(add());
	ASSERT_INT(webp_of_row(), 7);
	ASSERT_INT(size_of(OBJECT_PUBLIC, "l.webp"), bytes);
}

Test(image_webp, of_a_deleted_post_is_not_made)
{
	ASSERT_OK(post_delete(&stage.site, kit_arena, ann, post));
	ASSERT_INT(stage_count("SELECT count(*) FROM job"), 0);
	ASSERT_OK(add());
	ASSERT_INT((long long)stage_objects("public"), 0);
	ASSERT_INT(webp_of_row(), 0);
}

static enum err
add_or_delete(struct site *site, struct arena *a, int i)
{
	enum err e;

	if (i % 2 == 0)
		return post_delete(site, a, ann, post);
	db_begin(site->db);
	e = image_add_webp(site, a, key);
	return e == OK ? db_commit(site->db, a) : e;
}

/* Whoever is first, nothing of the post stays within reach. */
Test(image_webp, of_a_post_that_is_deleted_meanwhile_is_out_of_reach)
{
	enum err errors[2];

	stage_at_once(2, add_or_delete, errors);
	ASSERT_OK(errors[0]);
	ASSERT_OK(errors[1]);
	ASSERT_INT((long long)stage_objects("public"), 0);
}

Test(image_webp, leaves_public_reach_with_its_post)
{
	ASSERT_OK(add());
	ASSERT_INT((long long)stage_objects("public"), 6);
	ASSERT_OK(post_delete(&stage.site, kit_arena, ann, post));
	ASSERT_INT((long long)stage_objects("public"), 0);
	ASSERT_INT((long long)stage_objects("hidden"), 7);
}

Test(image_webp, and_original_are_erased_with_their_account)
{
	struct erase_report report;

	ASSERT_OK(add());
	ASSERT_OK(erase_account(&stage.site, kit_arena, STR("ann"), &report));
	ASSERT_INT((long long)stage_objects("public"), 0);
	ASSERT_INT((long long)stage_objects("hidden"), 0);
}

Test(image_webp, that_cannot_be_stored_is_not_named)
{
	stage_block("public", key.at);
	ASSERT_ERR(add(), ERR_STORE);
	stage_unblock("public", key.at);
	ASSERT_INT(webp_of_row(), 0);
	ASSERT_OK(add());
	ASSERT_INT(webp_of_row(), 7);
}

Test(image_webp, original_stays_for_its_owner)
{
	ASSERT_OK(add());
	ASSERT_INT(stage_count("SELECT count(*) FROM image WHERE original = "
			       "'jpg'"),
	    1);
	cr_assert(size_of(OBJECT_HIDDEN, "o.orig") > 0);
	ASSERT_INT(size_of(OBJECT_PUBLIC, "o.orig"), 0);
}

Test(image_webp, original_goes_where_none_are_kept)
{
	stage.conf.keep_originals = 0;
	ASSERT_OK(add());
	ASSERT_INT(webp_of_row(), 7);
	ASSERT_INT(
	    stage_count("SELECT count(*) FROM image WHERE original = ''"), 1);
	ASSERT_INT((long long)stage_objects("hidden"), 0);
}

Test(image_webp, original_that_is_gone_is_no_longer_named)
{
	ASSERT_OK(object_erase(stage.site.store, OBJECT_HIDDEN,
	    kit_text("%.*s-o.orig", STR_ARG(key))));
	ASSERT_OK(add());
	ASSERT_INT(webp_of_row(), 0);
	ASSERT_INT(
	    stage_count("SELECT count(*) FROM image WHERE original = ''"), 1);
}

Test(image_webp, of_an_original_that_cannot_be_read_is_left_out)
{
	struct str object = kit_text("%.*s-o.orig", STR_ARG(key));

	ASSERT_OK(object_erase(stage.site.store, OBJECT_HIDDEN, object));
	ASSERT_OK(object_put(stage.site.store, OBJECT_HIDDEN, object,
	    stage_file(STR("no picture")), 10, (struct str){0}));
	ASSERT_OK(add());
	ASSERT_INT(webp_of_row(), 0);
	ASSERT_HAS(kit_log(), "no WebP of an image");
}

Test(image_webp, sizes_are_those_of_the_configuration)
{
	struct image_made made;
	struct str complaint;

	stage.conf.large_px = 500;
	stage.conf.middle_px = 200;
	ASSERT_OK(image_make(&stage.site, kit_arena, IMAGE_POST, OBJECT_PUBLIC,
	    stage_jpeg(1000, 700), &made, &complaint));
	ASSERT_INT(made.width, 500);
	ASSERT_INT(made.height, 350);
	ASSERT_INT(made.m_width, 200);
	ASSERT_STR(made.original, "jpg");
}

Test(image_webp, quality_is_that_of_the_configuration)
{
	struct image_made made;
	struct str complaint;
	int64_t before = size_of(OBJECT_PUBLIC, "l.jpg");

	stage.conf.large_quality = 40;
	ASSERT_OK(image_make(&stage.site, kit_arena, IMAGE_POST, OBJECT_PUBLIC,
	    stage_jpeg(1000, 700), &made, &complaint));
	key = made.key;
	cr_assert(size_of(OBJECT_PUBLIC, "l.jpg") * 4 < before * 3);
}
