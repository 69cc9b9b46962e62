/* Measures the two object stores, each beside the least that would do.
 *
 *	bench_store FOLDER [COUNT]
 *
 * For each size COUNT objects are put and read back, by four ways that take
 * turns object by object: a plain write, fsync and rename in the folder; the
 * directory store; a bare libcurl handle with presigned addresses; the S3
 * store.  The gateway is the one that tools/with_ceph names in the
 * environment.  Prints objects a second and the times within which half and
 * 99 % of them were done.
 */
#include "base/clock.h"
#include "base/random.h"
#include "store/object.h"
#include "store/sigv4.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	COUNT_MAX = 5000,
	WAYS = 4
};

struct bench {
	struct arena *kept;
	struct arena *arena;
	const char *folder;
	int folder_fd;
	struct object_store *dir;
	struct object_store *s3;
	struct object_s3_settings settings;
	struct str secret;
	CURL *curl;
	int source; /* what is put */
	int64_t size_bytes;
};

typedef bool way(struct bench *b, struct str key);

static void
need(bool is_so, const char *what)
{
	if (is_so)
		return;
	(void)fprintf(stderr, "bench_store: %s\n", what);
	exit(EXIT_FAILURE);
}

/* Reads it all, as whoever got it would. */
static bool
read_all(int fd)
{
	static char block[64 * 1024];
	ssize_t n;

	while ((n = read(fd, block, sizeof(block))) > 0)
		;
	return close(fd) == 0 && n == 0;
}

/* ---- a plain file ---- */

static bool
copy_source(struct bench *b, int to)
{
	static char block[64 * 1024];
	int64_t at = 0;

	while (at < b->size_bytes) {
		ssize_t n = pread(b->source, block, sizeof(block), at);

		if (n <= 0 || write(to, block, (size_t)n) != n)
			return false;
		at += n;
	}
	return true;
}

static bool
file_put(struct bench *b, struct str key)
{
	int fd =
	    openat(b->folder_fd, "part", O_CREAT | O_WRONLY | O_TRUNC, 0644);

	return fd >= 0 && copy_source(b, fd) && fsync(fd) == 0 &&
	       close(fd) == 0 &&
	       renameat(b->folder_fd, "part", b->folder_fd, key.at) == 0 &&
	       fsync(b->folder_fd) == 0;
}

static bool
file_get(struct bench *b, struct str key)
{
	int fd = openat(b->folder_fd, key.at, O_RDONLY);

	return fd >= 0 && read_all(fd);
}

/* ---- our stores ---- */

static bool
store_put(struct bench *b, struct object_store *store, struct str key)
{
	return object_put(store, OBJECT_PUBLIC, key, b->source, b->size_bytes,
		   (struct str){0}) == OK;
}

static bool
store_get(struct object_store *store, struct str key)
{
	int64_t size;
	int fd;

	return object_get(store, OBJECT_PUBLIC, key, &fd, &size) == OK &&
	       read_all(fd);
}

static bool
dir_put(struct bench *b, struct str key)
{
	return store_put(b, b->dir, key);
}

static bool
dir_get(struct bench *b, struct str key)
{
	return store_get(b->dir, key);
}

static bool
s3_put(struct bench *b, struct str key)
{
	return store_put(b, b->s3, key);
}

static bool
s3_get(struct bench *b, struct str key)
{
	return store_get(b->s3, key);
}

/* ---- a bare libcurl ---- */

static size_t
drop(char *at, size_t size, size_t count, void *user)
{
	(void)at;
	(void)user;
	return size * count;
}

static size_t
send_source(char *at, size_t size, size_t count, void *user)
{
	ssize_t n = read(*(const int *)user, at, size * count);

	return n < 0 ? CURL_READFUNC_ABORT : (size_t)n;
}

static bool
curl_go(struct bench *b, struct str method, struct str key)
{
	struct sigv4_keys keys = {
	    b->settings.access_key, b->secret, b->settings.region, STR("s3")};
	struct sigv4_pair host = {STR("Host"),
	    str_slice(b->settings.endpoint, strlen("http://"), 256)};
	struct sigv4_request r = {.method = method,
	    .headers = &host,
	    .header_count = 1,
	    .payload = SIGV4_UNSIGNED};
	struct str target, url;
	long status = 0;

	/* Not the store's own object. */
	if (arena_printf(b->arena, &r.path, "/%.*s/%.*s.bare",
		STR_ARG(b->settings.public_bucket), STR_ARG(key)) != OK ||
	    sigv4_presign(b->arena, &keys, &r, clock_now(), 600, &target) !=
		OK ||
	    arena_printf(b->arena, &url, "%.*s%.*s",
		STR_ARG(b->settings.endpoint), STR_ARG(target)) != OK)
		return false;
	(void)curl_easy_setopt(b->curl, CURLOPT_URL, url.at);
	return curl_easy_perform(b->curl) == CURLE_OK &&
	       curl_easy_getinfo(b->curl, CURLINFO_RESPONSE_CODE, &status) ==
	           CURLE_OK &&
	       status == 200;
}

static bool
curl_put(struct bench *b, struct str key)
{
	curl_easy_reset(b->curl);
	(void)curl_easy_setopt(b->curl, CURLOPT_UPLOAD, 1L);
	(void)curl_easy_setopt(
	    b->curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)b->size_bytes);
	(void)curl_easy_setopt(b->curl, CURLOPT_READFUNCTION, send_source);
	(void)curl_easy_setopt(b->curl, CURLOPT_READDATA, &b->source);
	(void)curl_easy_setopt(b->curl, CURLOPT_WRITEFUNCTION, drop);
	if (lseek(b->source, 0, SEEK_SET) != 0)
		return false;
	return curl_go(b, STR("PUT"), key);
}

static bool
curl_get(struct bench *b, struct str key)
{
	curl_easy_reset(b->curl);
	(void)curl_easy_setopt(b->curl, CURLOPT_WRITEFUNCTION, drop);
	return curl_go(b, STR("GET"), key);
}

/* ---- measuring ---- */

static const struct {
	const char *name;
	way *put;
	way *get;
} ways[WAYS] = {
    {"write, fsync, rename", file_put, file_get},
    {"directory store", dir_put, dir_get},
    {"bare libcurl to Ceph", curl_put, curl_get},
    {"S3 store on Ceph", s3_put, s3_get},
};

static int64_t took_us[2][WAYS][COUNT_MAX];

static int
compare_times(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void
print_row(const char *verb, const char *name, int64_t *us, size_t count)
{
	size_t half = count / 2, most = count * 99 / 100;
	int64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += us[i];
	qsort(us, count, sizeof(*us), compare_times);
	(void)printf("  %s  %-22s %8.0f/s  p50 %7.2f ms  p99 %7.2f ms\n", verb,
	    name, (double)count * 1e6 / (double)sum, (double)us[half] / 1000,
	    (double)us[most] / 1000);
}

static void
measure(struct bench *b, int64_t size_bytes, size_t count)
{
	struct str *keys = arena_array(b->kept, count, sizeof(*keys));

	need(keys != NULL, "no memory");
	need(ftruncate(b->source, 0) == 0 &&
		 ftruncate(b->source, size_bytes) == 0,
	    "no source");
	b->size_bytes = size_bytes;
	for (size_t i = 0; i < count; i++)
		need(random_key(b->kept, &keys[i]) == OK, "no keys");
	for (int is_get = 0; is_get < 2; is_get++)
		for (size_t i = 0; i < count; i++)
			for (size_t w = 0; w < WAYS; w++) {
				int64_t began = clock_monotonic_us();
				bool is_done =
				    (is_get ? ways[w].get : ways[w].put)(
					b, keys[i]);

				took_us[is_get][w][i] =
				    clock_monotonic_us() - began;
				need(is_done, ways[w].name);
				arena_reset(b->arena);
			}
	(void)printf(
	    "%lld KB, %zu objects\n", (long long)size_bytes / 1000, count);
	for (int is_get = 0; is_get < 2; is_get++)
		for (size_t w = 0; w < WAYS; w++)
			print_row(is_get ? "get" : "put", ways[w].name,
			    took_us[is_get][w], count);
}

/* ---- starting ---- */

static struct str
named(const char *name)
{
	const char *value = getenv(name);

	need(value != NULL, "is to be run by tools/with_ceph");
	return str_from(value);
}

static struct str
read_secret(struct bench *b)
{
	static char room[256];
	int fd = open(b->settings.secret_file.at, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, room, sizeof(room)) : -1;

	need(n > 0, "no secret");
	(void)close(fd);
	return str_trim((struct str){room, (size_t)n});
}

static void
open_stores(struct bench *b)
{
	b->settings = (struct object_s3_settings){
	    .endpoint = named("PIXLPIX_S3_ENDPOINT"),
	    .region = STR("us-east-1"),
	    .public_bucket = STR("bench-public"),
	    .hidden_bucket = STR("bench-hidden"),
	    .access_key = named("PIXLPIX_S3_ACCESS_KEY"),
	    .secret_file = named("PIXLPIX_S3_SECRET_FILE"),
	    .connect_ms = 2000,
	    .stall_s = 10,
	    .total_s = 60,
	    .spool_dir = str_from(b->folder)};
	b->secret = read_secret(b);
	need(object_dir_open(b->folder, &b->dir) == OK, "no directory store");
	need(object_s3_open(&b->settings, &b->s3) == OK &&
		 object_prepare(b->s3) == OK,
	    "no S3 store");
	b->curl = curl_easy_init();
	b->source = memfd_create("source", MFD_CLOEXEC);
	b->folder_fd = open(b->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	need(b->curl != NULL && b->source >= 0 && b->folder_fd >= 0,
	    "no source");
}

int
main(int argc, char **argv)
{
	struct bench b = {.kept = arena_make(16 * 1024 * 1024),
	    .arena = arena_make(1024 * 1024)};
	int64_t count = 300;

	need(argc >= 2 && argc <= 3, "usage: bench_store FOLDER [COUNT]");
	if (argc == 3)
		need(str_parse_int(str_from(argv[2]), 10, COUNT_MAX, &count) ==
			 OK,
		    "a count is 10 to 5000");
	need(b.kept != NULL && b.arena != NULL, "no memory");
	b.folder = argv[1];
	open_stores(&b);
	measure(&b, 40 * 1000, (size_t)count);
	measure(&b, 400 * 1000, (size_t)count);
	object_close(b.dir);
	object_close(b.s3);
	curl_easy_cleanup(b.curl);
	arena_free(b.arena);
	arena_free(b.kept);
	return EXIT_SUCCESS;
}
