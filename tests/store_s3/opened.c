/* See opened.h. */
#include "opened.h"

#include <sys/mman.h>
#include <unistd.h>

struct object_store *store;
struct object_s3_settings settings;

void
opened_start(void)
{
	kit_start();
	kit_log_capture();
	settings = (struct object_s3_settings){.region = STR("us-east-1"),
	    .public_bucket = STR("seen"),
	    .hidden_bucket = STR("hidden"),
	    .access_key = STR("AKID"),
	    .secret_file = str_from(kit_file(STR("very secret\n"))),
	    .connect_ms = 1000,
	    .stall_s = 1,
	    .total_s = 3,
	    .spool_dir = STR("/tmp")};
}

void
opened_end(void)
{
	ASSERT_LACKS(kit_log(), "very secret");
	object_close(store);
	fake_end();
	kit_end();
}

void
opened_at(const char *endpoint)
{
	settings.endpoint = str_from(endpoint);
	ASSERT_OK(object_s3_open(&settings, &store));
}

enum err
opened_put(struct str key, struct str bytes, struct str sha256)
{
	int fd = memfd_create("source", MFD_CLOEXEC);
	enum err e;

	cr_assert(write(fd, bytes.at, bytes.len) == (ssize_t)bytes.len);
	e = object_put(
	    store, OBJECT_PUBLIC, key, fd, (int64_t)bytes.len, sha256);
	(void)close(fd);
	return e;
}

void
seen_as(const char *methods)
{
	ASSERT_STR(str_from(fake_seen->methods), methods);
}
