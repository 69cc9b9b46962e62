/* Uploaded images and their objects. */
#include "domain/image.h"

#include "../helper/stage.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(image, .init = stage_start, .fini = stage_end);

static struct image_made made;
static struct str complaint;

static enum err
make(enum image_use use, int fd)
{
	return image_make(
	    &stage.site, kit_arena, use, OBJECT_PUBLIC, fd, &made, &complaint);
}

static struct str
object_of(char size)
{
	return kit_text("%.*s-%c.jpg", STR_ARG(made.key), size);
}

static int64_t
size_of(enum object_space space, char size)
{
	struct object_entry entry;

	ASSERT_OK(
	    object_head(stage.site.store, space, object_of(size), &entry));
	return entry.size_bytes;
}

Test(image, of_a_post_has_three_sizes)
{
	ASSERT_OK(make(IMAGE_POST, stage_jpeg(2000, 1000)));
	ASSERT_INT((long long)made.key.len, 26);
	ASSERT_INT(made.width, 1600);
	ASSERT_INT(made.height, 800);
	ASSERT_INT(made.m_width, 640);
	cr_assert(made.colour >= 0 && made.colour < 64);
	cr_assert(!made.was_animated);
	cr_assert(size_of(OBJECT_PUBLIC, 'l') > size_of(OBJECT_PUBLIC, 'm'));
	cr_assert(size_of(OBJECT_PUBLIC, 's') > 0);
	ASSERT_INT((long long)stage_objects("public"), 3);
}

Test(image, of_a_profile_has_two_sizes)
{
	ASSERT_OK(make(IMAGE_PICTURE, stage_jpeg(400, 300)));
	cr_assert(size_of(OBJECT_PUBLIC, 's') > size_of(OBJECT_PUBLIC, 't'));
	ASSERT_INT(made.width, 0);
	ASSERT_INT((long long)stage_objects("public"), 2);
}

Test(image, that_moves_is_told_so)
{
	ASSERT_OK(make(IMAGE_POST, stage_file(stage_animation())));
	cr_assert(made.was_animated);
	ASSERT_INT(made.width, 1);
}

Test(image, has_a_key_that_was_never_used)
{
	struct str first;

	ASSERT_OK(make(IMAGE_POST, stage_jpeg(20, 20)));
	first = made.key;
	ASSERT_OK(make(IMAGE_POST, stage_jpeg(20, 20)));
	cr_assert(!str_equal(first, made.key));
}

Test(image, that_is_none_is_refused_with_a_sentence)
{
	ASSERT_ERR(make(IMAGE_POST, stage_file(STR("<svg></svg>"))), ERR_INPUT);
	cr_assert(complaint.len > 20);
	ASSERT_HAS(kit_log(), "image refused");
	ASSERT_INT((long long)stage_objects("public"), 0);
}

Test(image, that_is_cut_off_is_refused)
{
	int fd = stage_jpeg(300, 300);
	struct stat st;

	cr_assert(fstat(fd, &st) == 0 && ftruncate(fd, st.st_size / 2) == 0);
	ASSERT_ERR(make(IMAGE_POST, fd), ERR_INPUT);
	ASSERT_INT((long long)stage_objects("public"), 0);
}

Test(image, limits_are_those_of_the_configuration)
{
	stage.conf.image_pixels = 10000;
	ASSERT_ERR(make(IMAGE_POST, stage_jpeg(200, 100)), ERR_INPUT);
	ASSERT_HAS(complaint, "pixels");
	stage.conf.image_pixels = 20000;
	ASSERT_OK(make(IMAGE_POST, stage_jpeg(200, 100)));
	stage.conf.image_bytes = 100;
	ASSERT_ERR(make(IMAGE_POST, stage_jpeg(200, 100)), ERR_INPUT);
	ASSERT_HAS(complaint, "MB");
}

Test(image, that_cannot_be_stored_leaves_nothing)
{
	stage_block("public", NULL);
	ASSERT_ERR(make(IMAGE_POST, stage_jpeg(20, 20)), ERR_STORE);
	stage_unblock("public", NULL);
	ASSERT_INT((long long)stage_objects("public"), 0);
	ASSERT_INT((long long)stage_objects("tmp"), 0);
}

Test(image, needs_a_spool)
{
	struct site site = stage.site;

	site.spool = "/nonexistent";
	ASSERT_ERR(image_make(&site, kit_arena, IMAGE_POST, OBJECT_PUBLIC,
		       stage_jpeg(20, 20), &made, &complaint),
	    ERR_IO);
	ASSERT_HAS(kit_log(), "/nonexistent");
}

Test(image, needs_its_decoder)
{
	struct site site = stage.site;

	site.decoder = "/nonexistent/pixlpix-decode";
	ASSERT_ERR(image_make(&site, kit_arena, IMAGE_POST, OBJECT_PUBLIC,
		       stage_jpeg(20, 20), &made, &complaint),
	    ERR_INTERNAL);
	ASSERT_INT((long long)stage_objects("public"), 0);
}

Test(image, hidden_is_out_of_public_reach_and_kept)
{
	ASSERT_OK(make(IMAGE_POST, stage_jpeg(20, 20)));
	ASSERT_OK(image_hide(&stage.site, IMAGE_POST, made.key));
	ASSERT_INT((long long)stage_objects("public"), 0);
	ASSERT_INT((long long)stage_objects("hidden"), 4);
	cr_assert(size_of(OBJECT_HIDDEN, 'l') > 0);
}

Test(image, may_be_hidden_twice)
{
	ASSERT_OK(make(IMAGE_POST, stage_jpeg(20, 20)));
	ASSERT_OK(image_hide(&stage.site, IMAGE_POST, made.key));
	ASSERT_OK(image_hide(&stage.site, IMAGE_POST, made.key));
	ASSERT_INT((long long)stage_objects("hidden"), 4);
}

Test(image, hiding_does_what_it_can_and_says_that_it_failed)
{
	ASSERT_OK(make(IMAGE_POST, stage_jpeg(20, 20)));
	stage_block("hidden", made.key.at);
	ASSERT_ERR(image_hide(&stage.site, IMAGE_POST, made.key), ERR_STORE);
	ASSERT_INT((long long)stage_objects("public"), 3);
	ASSERT_HAS(kit_log(), "object not hidden");
	stage_unblock("hidden", made.key.at);
	ASSERT_OK(image_hide(&stage.site, IMAGE_POST, made.key));
	ASSERT_INT((long long)stage_objects("public"), 0);
}

/* A later try would not find it either. */
Test(image, that_is_nowhere_is_hidden_with_a_line_in_the_log)
{
	ASSERT_OK(image_hide(
	    &stage.site, IMAGE_POST, STR("abcdefghijklmnopqrstuvwxyz")));
	ASSERT_HAS(kit_log(), "object not hidden");
}

Test(image, erased_is_gone)
{
	ASSERT_OK(make(IMAGE_POST, stage_jpeg(20, 20)));
	image_erase(&stage.site, IMAGE_POST, made.key);
	ASSERT_INT((long long)stage_objects("public"), 0);
	ASSERT_INT((long long)stage_objects("hidden"), 0);
	ASSERT_LACKS(kit_log(), "orphan");
}

Test(image, an_orphan_is_told_to_the_log)
{
	image_erase(&stage.site, IMAGE_POST, STR("no key"));
	ASSERT_HAS(kit_log(), "orphan left");
}

Test(image, a_key_that_is_none_is_told_and_hides_nothing)
{
	ASSERT_ERR(
	    image_hide(&stage.site, IMAGE_POST, STR("no key")), ERR_INPUT);
	ASSERT_HAS(kit_log(), "\"object\":\"no key\"");
}

Test(image, has_an_address_for_each_size)
{
	struct url url;
	struct str key = STR("abcdefghijklmnopqrstuvwxyz");

	ASSERT_OK(image_url(kit_arena, key, 'm', &url));
	ASSERT_STR(url.text, "/i/ab/abcdefghijklmnopqrstuvwxyz-m.jpg");
}

Test(image, has_an_address_to_which_a_size_may_be_put)
{
	struct url url;
	struct str key = STR("abcdefghijklmnopqrstuvwxyz");

	ASSERT_OK(image_stem(kit_arena, key, false, &url));
	ASSERT_STR(url.text, "/i/ab/abcdefghijklmnopqrstuvwxyz");
}

Test(image, that_is_guarded_has_the_address_of_a_worker)
{
	struct url url;
	struct str key = STR("abcdefghijklmnopqrstuvwxyz");

	ASSERT_OK(image_stem(kit_arena, key, true, &url));
	ASSERT_STR(url.text, "/private/abcdefghijklmnopqrstuvwxyz");
	ASSERT_OK(image_stem(kit_arena, (struct str){0}, true, &url));
	ASSERT_INT((long long)url.text.len, 0);
}

#define KEY "abcdefghijklmnopqrstuvwxy2"

Test(image, names_of_its_objects_are_taken_to_pieces)
{
	struct str key, end;
	int64_t webp;

	ASSERT_OK(image_name_parse(STR(KEY "-m.jpg"), &key, &end, &webp));
	ASSERT_STR(key, KEY);
	ASSERT_STR(end, "m.jpg");
	ASSERT_INT(webp, 0);
	ASSERT_OK(image_name_parse(STR(KEY "-s.webp"), &key, &end, &webp));
	ASSERT_INT(webp, IMAGE_WEBP_SQUARE);
}

Test(image, other_names_have_no_object_that_anybody_may_ask_for)
{
	static const char *const bad[] = {"", KEY, KEY "-", KEY "-o.orig",
	    KEY "-t.jpg", KEY "-m.jpg/", KEY "-m.png", "a" KEY "-m.jpg",
	    "../" KEY "-m.jpg", KEY "/m.jpg", KEY "-m.JPG", KEY "-l.webp.jpg"};
	struct str key, end;
	int64_t webp;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_eq(
		    image_name_parse(str_from(bad[i]), &key, &end, &webp),
		    ERR_ABSENT, "%s", bad[i]);
}

Test(image, without_a_key_has_no_address)
{
	struct url url = {STR("/x")};

	ASSERT_OK(image_url(kit_arena, (struct str){0}, 's', &url));
	ASSERT_INT((long long)url.text.len, 0);
	url = (struct url){STR("/x")};
	ASSERT_OK(image_stem(kit_arena, (struct str){0}, false, &url));
	ASSERT_INT((long long)url.text.len, 0);
}

Test(image, a_key_of_another_form_has_no_address)
{
	struct url url;

	ASSERT_ERR(image_url(kit_arena, STR("../../x"), 's', &url), ERR_INPUT);
}

Test(image, every_decoder_taken_and_none_may_wait_is_busy)
{
	stage.conf.decoders = 0;
	stage.conf.decoder_queue = 0;
	ASSERT_ERR(make(IMAGE_POST, stage_jpeg(20, 20)), ERR_BUSY);
	ASSERT_INT((long long)stage_objects("public"), 0);
}
