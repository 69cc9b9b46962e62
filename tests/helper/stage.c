/* See stage.h. */
#include "stage.h"

#include "domain/account.h"
#include "domain/post.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jpeglib.h>

struct stage stage;

static struct str
path_of(const char *name)
{
	return kit_text("%s/%s", stage.folder, name);
}

static void
make_folder(const char *name)
{
	cr_assert(mkdir(path_of(name).at, 0700) == 0);
}

static void
set_conf(void)
{
	struct conf *c = &stage.conf;
	const char *empty = kit_file(STR("")), *build;
	struct buf complaints = {0};

	ASSERT_OK(conf_load(kit_arena, empty, &complaints, c));
	buf_free(&complaints);
	build = getenv("PIXLPIX_BUILDDIR");
	c->decoder = kit_text("%s/pixlpix-decode", build != NULL ? build : ".");
	c->run_dir = path_of("run");
	c->spool_dir = path_of("spool");
	c->store_dir = path_of("store");
	c->database = str_from(stage.db->conninfo);
	c->posts_per_hour = c->comments_per_hour = 0;
	c->follows_per_hour = c->likes_per_hour = c->bookmarks_per_hour = 0;
	c->argon2_memory_kib = 64;
	c->argon2_passes = 1;
}

void
stage_start(void)
{
	kit_start();
	kit_log_capture();
	(void)snprintf(
	    stage.folder, sizeof(stage.folder), "/tmp/pixlpix-stage.XXXXXX");
	cr_assert(mkdtemp(stage.folder) != NULL);
	make_folder("run");
	make_folder("store");
	stage.db = test_db_make(NULL);
	set_conf();
	ASSERT_OK(site_open(kit_arena, &stage.conf, &stage.site));
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *f)
{
	(void)st;
	(void)type;
	(void)f;
	return remove(path);
}

void
stage_end(void)
{
	site_close(&stage.site);
	test_db_drop(stage.db);
	cr_assert(nftw(stage.folder, remove_one, 8, FTW_DEPTH | FTW_PHYS) == 0);
	kit_end();
}

static void
format_sql(char *sql, size_t size, const char *format, va_list args)
{
	int length = vsnprintf(sql, size, format, args);

	cr_assert(length >= 0 && (size_t)length < size);
}

void
stage_run(const char *format, ...)
{
	char sql[4096];
	va_list args;

	va_start(args, format);
	format_sql(sql, sizeof(sql), format, args);
	va_end(args);
	test_db_run(stage.db, sql);
}

int64_t
stage_count(const char *format, ...)
{
	char sql[4096];
	va_list args;

	va_start(args, format);
	format_sql(sql, sizeof(sql), format, args);
	va_end(args);
	return test_db_count(stage.db, sql);
}

void
stage_break(void)
{
	stage_run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
		  "WHERE datname = current_database() "
		  "AND pid <> pg_backend_pid()");
}

struct str
stage_rows(void)
{
	stage_run(
	    "CREATE OR REPLACE FUNCTION stage_digest() RETURNS bigint "
	    "LANGUAGE plpgsql AS $$"
	    "DECLARE t text; one numeric; all_of_them numeric := 0; BEGIN "
	    "FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = "
	    "'public' AND tablename <> 'schema_migration' LOOP "
	    "EXECUTE format('SELECT coalesce(sum(hashtextextended(%%L || "
	    "(to_jsonb(t) - ''seen_at'')::text, 0)::numeric), 0) FROM %%I t', "
	    "t, t) INTO one; "
	    "all_of_them := all_of_them + one; END LOOP; "
	    "RETURN all_of_them %% 9007199254740881; END $$");
	return kit_text(
	    "%lld", (long long)stage_count("SELECT stage_digest()"));
}

int64_t
stage_account(const char *name)
{
	struct account_joining joining = {
	    .name = str_from(name),
	    .email = kit_text("%s@example.org", name),
	    .display = kit_text("%s of the tests", name),
	    .password = STR(STAGE_PASSWORD),
	    .again = STR(STAGE_PASSWORD),
	    .has_consented = true,
	    .terms = STR(ACCOUNT_TERMS_VERSION),
	    .form_key = stage_key(),
	};
	struct account_complaints complaints;
	int64_t account = 0;

	ASSERT_OK(account_join(
	    &stage.site, kit_arena, &joining, &complaints, &account));
	return account;
}

int64_t
stage_post(int64_t account, const char *caption)
{
	struct post_draft draft = {
	    .account = account,
	    .caption = str_from(caption),
	    .form_key = stage_key(),
	};
	struct post_outcome out;

	ASSERT_OK(post_make(&stage.site, kit_arena, &draft, &out));
	return out.post;
}

struct str
stage_key(void)
{
	static int number;

	return kit_text("key-of-the-tests-%05d", ++number);
}

static void
close_file(void *fd)
{
	(void)close((int)(intptr_t)fd);
}

int
stage_file(struct str bytes)
{
	int fd = memfd_create("upload", MFD_CLOEXEC);

	cr_assert(fd >= 0);
	cr_assert(bytes.len == 0 ||
		  write(fd, bytes.at, bytes.len) == (ssize_t)bytes.len);
	ASSERT_OK(arena_on_reset(
	    kit_arena, close_file, (void *)(intptr_t)fd)); // NOLINT
	return fd;
}

int
stage_jpeg(int width, int height)
{
	struct jpeg_compress_struct c;
	struct jpeg_error_mgr errors;
	unsigned char *bytes = NULL, *row = malloc((size_t)width * 3);
	unsigned long size = 0;
	int fd;

	cr_assert(row != NULL);
	c.err = jpeg_std_error(&errors);
	jpeg_create_compress(&c);
	jpeg_mem_dest(&c, &bytes, &size);
	c.image_width = (JDIMENSION)width;
	c.image_height = (JDIMENSION)height;
	c.input_components = 3;
	c.in_color_space = JCS_RGB;
	jpeg_set_defaults(&c);
	jpeg_start_compress(&c, TRUE);
	for (int y = 0; y < height; y++) {
		for (int x = 0; x < width * 3; x++)
			row[x] = (unsigned char)(x + y);
		(void)jpeg_write_scanlines(&c, &row, 1);
	}
	jpeg_finish_compress(&c);
	jpeg_destroy_compress(&c);
	fd = stage_file((struct str){(const char *)bytes, size});
	free(bytes);
	free(row);
	return fd;
}

/* GIF89a: 1 by 1, two colours, two images of one pixel each. */
struct str
stage_animation(void)
{
#define FRAME                                      \
	"\x21\xf9\x04\x00\x0a\x00\x00\x00"         \
	"\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00" \
	"\x02\x02\x44\x01\x00"
	return STR("GIF89a\x01\x00\x01\x00\x80\x00\x00"
		   "\xff\x00\x00\x00\x00\xff" FRAME FRAME ";");
#undef FRAME
}

static size_t found;

static int
count_one(const char *path, const struct stat *st, int type, struct FTW *f)
{
	(void)path;
	(void)st;
	(void)f;
	found += type == FTW_F;
	return 0;
}

size_t
stage_objects(const char *space)
{
	found = 0;
	cr_assert(nftw(kit_text("%s/store/%s", stage.folder, space).at,
		      count_one, 8, FTW_PHYS) == 0);
	return found;
}

static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";

static void
for_each_place(
    const char *space, const char *prefix, void (*act)(const char *path))
{
	char path[128];

	if (prefix != NULL) {
		(void)snprintf(path, sizeof(path), "%s/store/%s/%.2s",
		    stage.folder, space, prefix);
		act(path);
		return;
	}
	for (size_t i = 0; i < 32 * 32; i++) {
		(void)snprintf(path, sizeof(path), "%s/store/%s/%c%c",
		    stage.folder, space, letters[i / 32], letters[i % 32]);
		act(path);
	}
}

static const char *
aside(const char *path)
{
	static char room[144];

	(void)snprintf(room, sizeof(room), "%s.aside", path);
	return room;
}

static void
block_one(const char *path)
{
	/* A folder that is there already steps aside. */
	if (rename(path, aside(path)) != 0)
		cr_assert_eq(errno, ENOENT);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	cr_assert(fd >= 0);
	(void)close(fd);
}

static void
unblock_one(const char *path)
{
	cr_assert(unlink(path) == 0);
	if (rename(aside(path), path) != 0)
		cr_assert_eq(errno, ENOENT);
}

void
stage_block(const char *space, const char *prefix)
{
	for_each_place(space, prefix, block_one);
}

void
stage_unblock(const char *space, const char *prefix)
{
	for_each_place(space, prefix, unblock_one);
}

/* In the child: open, say so, wait for the word, work. */
__attribute__((noreturn)) static void
run_child(stage_work *work, int i, int ready, int start)
{
	struct arena *a = arena_make(4 * 1024 * 1024);
	struct site site;
	char byte = 0;
	enum err e = site_open(a, &stage.conf, &site);

	if (write(ready, &byte, 1) != 1 || read(start, &byte, 1) != 0)
		_exit(ERR_COUNT_);
	_exit(e == OK ? (int)work(&site, a, i) : (int)e);
}

void
stage_at_once(int count, stage_work *work, enum err *errors)
{
	int ready[2], start[2];
	pid_t children[16];

	cr_assert(count <= 16 && pipe(ready) == 0 && pipe(start) == 0);
	for (int i = 0; i < count; i++) {
		children[i] = fork();
		cr_assert(children[i] >= 0);
		if (children[i] > 0)
			continue;
		(void)close(start[1]);
		run_child(work, i, ready[1], start[0]);
	}
	for (int i = 0; i < count; i++) {
		char byte;

		cr_assert(read(ready[0], &byte, 1) == 1);
	}
	(void)close(start[1]);
	for (int i = 0; i < count; i++) {
		int status;

		cr_assert(waitpid(children[i], &status, 0) == children[i]);
		errors[i] = WIFEXITED(status) ? (enum err)WEXITSTATUS(status)
		                              : ERR_COUNT_;
	}
	(void)close(start[0]);
	(void)close(ready[0]);
	(void)close(ready[1]);
}
