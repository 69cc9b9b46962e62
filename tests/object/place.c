/* See place.h. */
#include "place.h"

#include "base/random.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct object_store *place;
struct object_s3_settings place_s3;

static char folder[64];

static bool
is_s3(void)
{
	return getenv("PIXLPIX_S3_ENDPOINT") != NULL;
}

static struct str
named(const char *variable)
{
	const char *value = getenv(variable);

	cr_assert(value != NULL, "%s is not set", variable);
	return str_from(value);
}

static void
choose_s3(void)
{
	const char *style = getenv("PIXLPIX_S3_STYLE");
	struct str key;

	ASSERT_OK(random_key(kit_arena, &key));
	place_s3 = (struct object_s3_settings){
	    .endpoint = named("PIXLPIX_S3_ENDPOINT"),
	    .region = STR("us-east-1"),
	    .public_bucket = kit_text("%.*s-public", STR_ARG(key)),
	    .hidden_bucket = kit_text("%.*s-hidden", STR_ARG(key)),
	    .access_key = named("PIXLPIX_S3_ACCESS_KEY"),
	    .secret_file = named("PIXLPIX_S3_SECRET_FILE"),
	    .is_host_style = style != NULL && strcmp(style, "host") == 0,
	    .connect_ms = 5000,
	    .stall_s = 10,
	    .total_s = 30,
	    .spool_dir = str_from(folder),
	};
	/* The names of addresses are no place for 127.0.0.1. */
	if (place_s3.is_host_style)
		place_s3.endpoint = kit_text(
		    "http://localhost%s", strrchr(place_s3.endpoint.at, ':'));
}

#ifdef PLACE_IS_MIRROR
struct object_store *
place_part(int number)
{
	struct object_store *store = NULL;
	struct str path =
	    kit_text("%s/%s", folder, number == 0 ? "first" : "second");

	(void)mkdir(path.at, 0700);
	ASSERT_OK(object_dir_open(path.at, &store));
	return store;
}

struct object_store *
place_open(void)
{
	struct object_store *store = NULL;

	ASSERT_OK(object_mirror_open(place_part(0), place_part(1), &store));
	return store;
}
#else
struct object_store *
place_open(void)
{
	struct object_store *store = NULL;

	if (is_s3())
		ASSERT_OK(object_s3_open(&place_s3, &store));
	else
		ASSERT_OK(object_dir_open(folder, &store));
	return store;
}
#endif

void
place_start(void)
{
	kit_start();
	kit_log_capture();
	(void)snprintf(folder, sizeof(folder), "/tmp/pixlpix-place.XXXXXX");
	cr_assert(mkdtemp(folder) != NULL);
	if (is_s3())
		choose_s3();
	place = place_open();
	ASSERT_OK(object_prepare(place));
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
place_end(void)
{
	object_close(place);
	cr_assert(nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS) == 0);
	kit_end();
}

int
place_file(struct str bytes)
{
	int fd = memfd_create("source", MFD_CLOEXEC);

	cr_assert(fd >= 0);
	cr_assert(bytes.len == 0 ||
		  write(fd, bytes.at, bytes.len) == (ssize_t)bytes.len);
	return fd;
}

enum err
place_put_in(struct object_store *store, enum object_space space,
    struct str key, const char *text)
{
	int fd = place_file(str_from(text));
	enum err e = object_put(
	    store, space, key, fd, (int64_t)strlen(text), (struct str){0});

	(void)close(fd);
	return e;
}

enum err
place_put(enum object_space space, struct str key, const char *text)
{
	return place_put_in(place, space, key, text);
}

bool
place_has(struct object_store *store, enum object_space space, struct str key,
    const char *text)
{
	char bytes[256];
	int64_t size = -1;
	ssize_t n;
	int fd;

	if (object_get(store, space, key, &fd, &size) != OK)
		return false;
	n = read(fd, bytes, sizeof(bytes));
	(void)close(fd);
	return n == size && (size_t)n == strlen(text) &&
	       memcmp(bytes, text, (size_t)n) == 0;
}

bool
place_holds(enum object_space space, struct str key, const char *text)
{
	return place_has(place, space, key, text);
}
