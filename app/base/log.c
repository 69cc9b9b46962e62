/* Log lines as JSON, written with one write each. */
#include "base/log.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/metrics.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static const char *const level_names[] = {
    [LOG_DEBUG] = "debug",
    [LOG_INFO] = "info",
    [LOG_WARN] = "warn",
    [LOG_ERROR] = "error",
};

static struct {
	enum log_level least;
	int fd;
	struct log_context context;
} settings = {.least = LOG_INFO, .fd = STDERR_FILENO};

struct log_field
log_errno_field(void)
{
	return (struct log_field){
	    "errno", str_from(strerror(errno)), 0, LOG_TEXT};
}

void
log_set_level(enum log_level least)
{
	settings.least = least;
}

void
log_set_fd(int fd)
{
	settings.fd = fd;
}

void
log_context(struct log_context context)
{
	settings.context = context;
}

static void
put_pair(struct buf *b, const char *name, struct str value)
{
	buf_put(b, STR(",\""));
	buf_put(b, str_from(name));
	buf_put(b, STR("\":"));
	buf_put_json(b, value);
}

static void
put_number(struct buf *b, const char *name, int64_t n)
{
	buf_put(b, STR(",\""));
	buf_put(b, str_from(name));
	buf_put(b, STR("\":"));
	buf_put_int(b, n);
}

static void
put_time(struct buf *b, const char *name, int64_t us)
{
	put_number(b, name, us / 1000);
	buf_printf(b, ".%03d", (int)(us % 1000));
}

static void
put_context(struct buf *b)
{
	const struct log_context *c = &settings.context;

	if (c->request_id.len > 0)
		put_pair(b, "request", c->request_id);
	if (c->route.len > 0)
		put_pair(b, "route", c->route);
	if (c->account != 0)
		put_number(b, "account", c->account);
}

static void
write_whole(int fd, struct str s)
{
	while (s.len > 0) {
		ssize_t n = write(fd, s.at, s.len);

		if (n < 0 && errno != EINTR)
			return;
		if (n > 0)
			s = str_slice(s, (size_t)n, s.len);
	}
}

static void
put_head(struct buf *b, enum log_level level, const char *event)
{
	buf_reset(b);
	buf_put(b, STR("{\"time\":\""));
	clock_put_rfc3339(b, clock_now());
	buf_put_char(b, '"');
	put_pair(b, "level", str_from(level_names[level]));
	put_pair(b, "event", str_from(event));
	put_context(b);
}

void
log_write(
    enum log_level level, const char *event, const struct log_field *fields)
{
	static struct buf line = {.max_bytes = 64 * 1024};
	int kept_errno = errno;

	if (level < settings.least)
		return;
	metrics_count(METRIC_LINES, AT(level), 1);
	put_head(&line, level, event);
	for (; fields->name != NULL; fields++) {
		switch (fields->kind) {
		case LOG_TEXT:
			put_pair(&line, fields->name, fields->text);
			break;
		case LOG_NUMBER:
			put_number(&line, fields->name, fields->number);
			break;
		case LOG_TIME:
			put_time(&line, fields->name, fields->number);
			break;
		}
	}
	buf_put(&line, STR("}\n"));
	if (buf_check(&line) != OK) { /* rather without its fields than not */
		put_head(&line, level, event);
		buf_put(&line, STR(",\"cut\":1}\n"));
	}
	if (buf_check(&line) == OK)
		write_whole(settings.fd, buf_str(&line));
	errno = kept_errno;
}

void
log_each(enum log_level level, const char *event, struct str lines)
{
	while (lines.len > 0) {
		struct str line = str_cut(&lines, '\n');

		log_event(level, event, LOG_STR("why", line));
	}
}
