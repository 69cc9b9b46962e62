/* Sets of templates from folders, and the rendering of big pages. */
#include "kit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char root[64];
static struct buf path;
static struct buf complaints;
static struct tpl_set *set;
static const struct tpl_source sources[] = {
    {"one", &shape_kit_page}, {"two", &shape_kit_item}};

static const char *
path_of(const char *name)
{
	buf_reset(&path);
	buf_printf(&path, "%s/%s%c", root, name, 0);
	return path.at;
}

static void
write_file(const char *name, const char *text)
{
	FILE *f = fopen(path_of(name), "w");

	cr_assert_not_null(f);
	cr_assert_geq(fputs(text, f), 0);
	cr_assert_eq(fclose(f), 0);
}

static void
make_folders(void)
{
	static const char *const names[] = {
	    "views", "views/part", "over", "over/part"};

	(void)snprintf(root, sizeof(root), "/tmp/pixlpix_view_XXXXXX");
	cr_assert_not_null(mkdtemp(root));
	for (size_t i = 0; i < 4; i++)
		cr_assert_eq(mkdir(path_of(names[i]), 0700), 0);
	write_file("views/one.mustache", "1 {{word}} {{> part/a}}");
	write_file("views/two.mustache", "2 {{name}}");
	write_file("views/part/a.mustache", "part");
}

static void
remove_folders(void)
{
	static const char *const names[] = {"views/one.mustache",
	    "views/two.mustache", "views/part/a.mustache", "over/one.mustache",
	    "over/part/a.mustache", "views/part", "views", "over/part", "over"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		(void)remove(path_of(names[i]));
	(void)rmdir(root);
	tpl_set_free(set);
	set = NULL;
	buf_free(&path);
	buf_free(&complaints);
}

static enum err
load(bool has_overlay)
{
	char dir[80], over[80];

	(void)snprintf(dir, sizeof(dir), "%s/views", root);
	(void)snprintf(over, sizeof(over), "%s/over", root);
	return tpl_set_load(
	    dir, has_overlay ? over : NULL, sources, 2, &complaints, &set);
}

static const char *
rendered(const char *name, const void *data)
{
	static struct buf out;

	buf_reset(&out);
	cr_assert_eq(tpl_render(tpl_find(set, name), data, kit_now, &out), OK);
	buf_put_char(&out, '\0');
	return out.at;
}

TestSuite(set, .init = make_folders, .fini = remove_folders);

Test(set, templates_are_read_from_a_folder)
{
	cr_assert_eq(load(false), OK);
	cr_assert_str_eq(rendered("one", &kit_page), "1 page part");
	cr_assert_str_eq(rendered("two", &kit_page.item), "2 single");
}

Test(set, a_name_that_is_not_in_the_set_is_not_found)
{
	cr_assert_eq(load(false), OK);
	cr_assert_null(tpl_find(set, "three"));
}

Test(set, a_file_of_the_overlay_goes_before)
{
	write_file("over/one.mustache", "mine {{> part/a}}");
	cr_assert_eq(load(true), OK);
	cr_assert_str_eq(rendered("one", &kit_page), "mine part");
	cr_assert_str_eq(rendered("two", &kit_page.item), "2 single");
}

Test(set, a_partial_of_the_overlay_goes_before)
{
	write_file("over/part/a.mustache", "mine");
	cr_assert_eq(load(true), OK);
	cr_assert_str_eq(rendered("one", &kit_page), "1 page mine");
}

Test(set, an_overlay_that_is_not_there_is_no_fault)
{
	char dir[80];

	(void)snprintf(dir, sizeof(dir), "%s/views", root);
	cr_assert_eq(tpl_set_load(dir, "/nonexistent/over", sources, 2,
			 &complaints, &set),
	    OK);
}

Test(set, complaints_name_the_file_that_was_read)
{
	char expected[128];

	write_file("over/one.mustache", "{{worx}}");
	cr_assert_eq(load(true), ERR_INPUT);
	(void)snprintf(
	    expected, sizeof(expected), "%s/over/one.mustache:1:1: ", root);
	buf_put_char(&complaints, '\0');
	cr_assert_not_null(strstr(complaints.at, expected));
}

Test(set, one_bad_template_refuses_all)
{
	write_file("views/two.mustache", "{{worx}}");
	cr_assert_eq(load(false), ERR_INPUT);
	cr_assert_null(set);
}

Test(set, a_missing_template_refuses_all)
{
	(void)unlink(path_of("views/two.mustache"));
	cr_assert_eq(load(false), ERR_INPUT);
	cr_assert(str_equal(buf_str(&complaints),
	    STR("two:1:1: there is no file two.mustache\n")));
}

Test(set, a_folder_in_place_of_a_file_is_refused)
{
	(void)unlink(path_of("views/two.mustache"));
	cr_assert_eq(mkdir(path_of("views/two.mustache"), 0700), 0);
	cr_assert_eq(load(false), ERR_IO);
}

Test(set, an_empty_set_is_allowed)
{
	cr_assert_eq(
	    tpl_set_parse(&kit_reader, sources, 0, &complaints, &set), OK);
	cr_assert_null(tpl_find(set, "one"));
}

Test(set, rendering_stops_at_the_limit_of_its_buffer)
{
	struct buf out = {.max_bytes = 4};

	cr_assert_eq(load(false), OK);
	cr_assert_eq(tpl_render(tpl_find(set, "one"), &kit_page, kit_now, &out),
	    ERR_TOO_BIG);
	cr_assert_leq(out.len, 4);
	buf_free(&out);
}

Test(set, rendering_appends)
{
	struct buf out = {0};

	cr_assert_eq(load(false), OK);
	buf_put(&out, STR("head "));
	cr_assert_eq(
	    tpl_render(tpl_find(set, "one"), &kit_page, kit_now, &out), OK);
	cr_assert(str_equal(buf_str(&out), STR("head 1 page part")));
	buf_free(&out);
}

Test(set, a_long_list_renders_every_item)
{
	enum {
		COUNT = 20000
	};
	static struct kit_item many[COUNT];
	struct kit_page page = {.items = {many, COUNT}};
	size_t seen = 0;

	for (size_t i = 0; i < COUNT; i++)
		many[i].number = (int64_t)i % 10;
	write_file("views/one.mustache", "{{#items}}{{number}}\n{{/items}}");
	cr_assert_eq(load(false), OK);
	for (const char *at = rendered("one", &page); *at != '\0'; at++)
		seen += *at == '\n';
	cr_assert_eq(seen, COUNT);
}
