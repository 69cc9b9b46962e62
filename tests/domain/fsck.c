/* Comparing rows with objects. */
#include "domain/fsck.h"

#include "../helper/stage.h"
#include "domain/account.h"
#include "domain/image.h"
#include "domain/post.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int64_t ann, post;
static struct fsck_report report;

static void
start(void)
{
	struct post_draft draft = {.form_key = STR("key")};
	struct post_outcome out;
	struct str complaint;

	stage_start();
	ann = stage_account("ann");
	draft.account = ann;
	draft.images[draft.image_count++].fd = stage_jpeg(20, 20);
	ASSERT_OK(post_make(&stage.site, kit_arena, &draft, &out));
	post = out.post;
	ASSERT_OK(account_set_picture(
	    &stage.site, kit_arena, ann, stage_jpeg(20, 20), &complaint));
}

TestSuite(fsck, .init = start, .fini = stage_end);

/* What it says, in the arena. */
static struct str
run_with(struct fsck_options options)
{
	char *text = NULL;
	size_t size = 0;
	struct str said;
	FILE *out = open_memstream(&text, &size);

	cr_assert(out != NULL);
	ASSERT_OK(fsck_run(&stage.site, &options, out, &report));
	(void)fclose(out);
	ASSERT_OK(arena_copy(kit_arena, (struct str){text, size}, &said));
	free(text);
	return said;
}

static struct str
run(bool repairs, int64_t grace_s)
{
	return run_with(
	    (struct fsck_options){.repairs = repairs, .grace_s = grace_s});
}

static struct str
run_deep(bool repairs)
{
	return run_with(
	    (struct fsck_options){.repairs = repairs, .is_deep = true});
}

static struct str
key_of_post(void)
{
	struct str letters = kit_text("%26s", "");
	char *at = arena_alloc(kit_arena, 27);

	for (int i = 0; i < 26; i++)
		at[i] = (char)stage_count(
		    "SELECT ascii(substr(key, %d, 1)) FROM image WHERE "
		    "post_id = %lld",
		    i + 1, (long long)post);
	letters.at = at;
	return letters;
}

static void
erase_one(char size)
{
	ASSERT_OK(object_erase(stage.site.store, OBJECT_PUBLIC,
	    kit_text("%.*s-%c.jpg", STR_ARG(key_of_post()), size)));
}

static void
add_orphan(void)
{
	struct image_made made;
	struct str complaint;

	ASSERT_OK(image_make(&stage.site, kit_arena, IMAGE_PICTURE,
	    OBJECT_PUBLIC, stage_jpeg(20, 20), &made, &complaint));
}

Test(fsck, finds_nothing_where_all_is_well)
{
	ASSERT_STR(run(true, 0), "");
	ASSERT_INT(report.images, 2);
	ASSERT_INT(report.objects, 6);
	ASSERT_INT(report.missing + report.misplaced + report.orphans, 0);
	ASSERT_INT((long long)stage_objects("public"), 5);
}

Test(fsck, finds_nothing_on_an_empty_site)
{
	stage_run("DELETE FROM post; DELETE FROM account");
	ASSERT_INT((long long)run(false, FSCK_GRACE_S).len, 0);
	ASSERT_INT(report.images, 0);
}

Test(fsck, a_size_that_is_missing_is_told)
{
	erase_one('m');
	ASSERT_HAS(run(true, 0),
	    kit_text("missing %.*s\n", STR_ARG(key_of_post())).at);
	ASSERT_INT(report.missing, 1);
	ASSERT_INT(report.mended, 0);
}

Test(fsck, webp_and_original_that_are_named_and_missing_are_told)
{
	stage_run("UPDATE image SET webp = 2");
	ASSERT_HAS(run(true, 0), "missing ");
	stage_run("UPDATE image SET webp = 0");
	ASSERT_STR(run(true, 0), "");
	ASSERT_OK(object_erase(stage.site.store, OBJECT_HIDDEN,
	    kit_text("%.*s-o.orig", STR_ARG(key_of_post()))));
	ASSERT_HAS(run(true, 0), "missing ");
}

Test(fsck, an_object_that_should_be_hidden_is_told_and_hidden)
{
	stage_run("UPDATE post SET deleted_at = now()");
	ASSERT_HAS(run(false, 0), "still public ");
	ASSERT_INT(report.misplaced, 1);
	ASSERT_INT((long long)stage_objects("hidden"), 1);
	(void)run(true, 0);
	ASSERT_INT(report.mended, 1);
	ASSERT_INT((long long)stage_objects("hidden"), 4);
	ASSERT_STR(run(false, 0), "");
}

Test(fsck, what_rows_say_is_public_is_shown_again_where_that_is_wanted)
{
	ASSERT_OK(image_hide(&stage.site, IMAGE_POST, key_of_post()));
	ASSERT_HAS(run_with((struct fsck_options){.shows = true}),
	    "hidden, should be public ");
	ASSERT_INT(report.mended, 1);
	ASSERT_STR(run(false, 0), "");
	ASSERT_INT((long long)stage_objects("hidden"), 1);
}

Test(fsck, nothing_is_made_public_by_a_repair)
{
	ASSERT_OK(image_hide(&stage.site, IMAGE_POST, key_of_post()));
	ASSERT_HAS(run(true, 0), "hidden, should be public ");
	ASSERT_INT(report.misplaced, 1);
	ASSERT_INT(report.mended, 0);
	ASSERT_INT((long long)stage_objects("hidden"), 4);
}

Test(fsck, an_orphan_is_told_and_cleared)
{
	add_orphan();
	ASSERT_INT((long long)kit_count(run(false, 0), "orphan "), 2);
	ASSERT_INT(report.orphans, 2);
	ASSERT_INT((long long)stage_objects("public"), 7);
	(void)run(true, 0);
	ASSERT_INT(report.mended, 2);
	ASSERT_INT((long long)stage_objects("public"), 5);
	ASSERT_STR(run(false, 0), "");
}

Test(fsck, an_orphan_that_is_young_may_be_a_post_on_its_way)
{
	add_orphan();
	ASSERT_STR(run(true, FSCK_GRACE_S), "");
	ASSERT_INT((long long)stage_objects("public"), 7);
}

Test(fsck, the_images_of_a_deleted_post_are_no_orphans)
{
	ASSERT_OK(post_delete(&stage.site, kit_arena, ann, post));
	ASSERT_STR(run(true, 0), "");
	ASSERT_INT((long long)stage_objects("hidden"), 4);
}

Test(fsck, goes_through_more_rows_than_one_batch)
{
	stage_run("INSERT INTO image SELECT %lld, n, 'zz' || lpad(n::text, "
		  "24, 'a'), 1, 1, 1, '', 0 FROM generate_series(2, 1201) n",
	    (long long)post);
	ASSERT_INT((long long)kit_count(run(false, 0), "missing zz"), 1200);
	ASSERT_INT(report.images, 1202);
	ASSERT_INT(report.missing, 1200);
}

/* Written past the store: a thousand durable ones would take a while. */
Test(fsck, goes_through_more_objects_than_one_batch)
{
	cr_assert(
	    mkdir(kit_text("%s/store/hidden/ab", stage.folder).at, 0700) == 0);
	for (int i = 0; i < 1010; i++) {
		int fd = open(kit_text("%s/store/hidden/ab/ab%024d-l.jpg",
				  stage.folder, i)
				  .at,
		    O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

		cr_assert(fd >= 0);
		(void)close(fd);
	}
	ASSERT_INT((long long)kit_count(run(false, 0), "orphan ab"), 1010);
	ASSERT_INT(report.orphans, 1010);
	ASSERT_INT(report.objects, 1016);
}

Test(fsck, a_store_that_fails_is_an_error)
{
	struct fsck_options options = {.repairs = true};

	stage_run("UPDATE post SET deleted_at = now()");
	stage_block("hidden", NULL);
	ASSERT_ERR(fsck_run(&stage.site, &options, stderr, &report), ERR_STORE);
	ASSERT_INT((long long)stage_objects("public"), 5);
}

/* ---- the bytes ---- */

Test(fsck, deep_verifies_every_object)
{
	ASSERT_STR(run_deep(false), "");
	ASSERT_INT(report.verified, 6);
	ASSERT_INT(report.damaged + report.unknown, 0);
	(void)run(false, 0);
	ASSERT_INT(report.verified, 0);
}

/* As a disk does it: the store knows nothing of it. */
static void
write_over(char size, const char *bytes)
{
	struct str key = key_of_post();
	struct str path = kit_text("%s/store/public/%.2s/%.*s-%c.jpg",
	    stage.folder, key.at, STR_ARG(key), size);
	FILE *file = fopen(path.at, "r+");

	cr_assert(file != NULL);
	cr_assert(fputs(bytes, file) >= 0);
	cr_assert(fclose(file) == 0);
}

Test(fsck, deep_tells_which_object_is_damaged)
{
	write_over('m', "rust");
	ASSERT_STR(run(false, 0), "");
	ASSERT_STR(run_deep(true),
	    kit_text("damaged %.*s-m.jpg\n", STR_ARG(key_of_post())).at);
	ASSERT_INT(report.damaged, 1);
	ASSERT_INT(report.verified, 5);
	ASSERT_INT(report.mended, 0);
}

Test(fsck, deep_tells_which_object_has_lost_its_end)
{
	struct str key = key_of_post();

	cr_assert(truncate(kit_text("%s/store/public/%.2s/%.*s-l.jpg",
			       stage.folder, key.at, STR_ARG(key))
			       .at,
		      10) == 0);
	ASSERT_HAS(run_deep(false), "damaged ");
	ASSERT_INT(report.damaged, 1);
}

Test(fsck, deep_notes_checksums_that_are_not_known_when_it_repairs)
{
	stage_run("DELETE FROM object_sum");
	ASSERT_STR(run_deep(false), "");
	ASSERT_INT(report.unknown, 6);
	(void)run_deep(true);
	ASSERT_INT(report.unknown, 6);
	(void)run_deep(false);
	ASSERT_INT(report.unknown, 0);
	ASSERT_INT(report.verified, 6);
}

Test(fsck, forgets_the_checksums_of_orphans_that_it_erases)
{
	add_orphan();
	ASSERT_INT(stage_count("SELECT count(*) FROM object_sum"), 8);
	(void)run(true, 0);
	ASSERT_INT(stage_count("SELECT count(*) FROM object_sum"), 6);
}

Test(fsck, says_in_json_what_programs_want_to_read)
{
	struct str key = key_of_post();

	erase_one('m');
	ASSERT_STR(run_with((struct fsck_options){.is_json = true}),
	    kit_text(
		"{\"fault\":\"missing\",\"name\":\"%.*s\"}\n", STR_ARG(key))
		.at);
}
