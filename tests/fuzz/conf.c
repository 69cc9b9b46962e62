/* Configurations: what is taken is printed so that it reads back the same,
 * and what is refused is said with the file's name before it. */
#include "base/conf.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool is_true)
{
	if (!is_true)
		abort();
}

static enum err
load(
    struct arena *a, struct str bytes, struct buf *complaints, struct conf *out)
{
	int fd = memfd_create("conf", MFD_CLOEXEC);
	char path[32];
	enum err e;

	must(fd >= 0 && write(fd, bytes.at, bytes.len) == (ssize_t)bytes.len);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	e = conf_load(a, path, complaints, out);
	(void)close(fd);
	return e;
}

/* Every line ends, and begins with the path. */
static void
check_complaints(struct str text)
{
	must(text.len > 0 && text.at[text.len - 1] == '\n');
	must(str_starts(text, STR("/proc/self/fd/")));
}

static void
check_printed(struct arena *a, const struct conf *conf)
{
	struct buf first = {0}, second = {0}, complaints = {0};
	struct conf again;

	conf_put(&first, conf);
	must(load(a, buf_str(&first), &complaints, &again) == OK);
	conf_put(&second, &again);
	must(str_equal(buf_str(&first), buf_str(&second)));
	must(conf_is_https(conf) == conf_is_https(&again));
	must(conf_body_bytes(conf) > 0);
	for (int part = CONF_NGINX_SERVER; part <= CONF_NGINX_IMAGES; part++)
		conf_put_nginx(&second, conf, (enum conf_nginx)part);
	must(buf_check(&second) == OK);
	buf_free(&first);
	buf_free(&second);
	buf_free(&complaints);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_make(1 << 20);
	struct buf complaints = {0};
	struct conf conf;
	enum err e =
	    load(a, (struct str){(const char *)data, size}, &complaints, &conf);

	if (e == OK)
		check_printed(a, &conf);
	else if (e == ERR_INPUT)
		check_complaints(buf_str(&complaints));
	else
		must(e == ERR_MEMORY);
	buf_free(&complaints);
	arena_free(a);
	return 0;
}
