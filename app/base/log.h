/* One JSON line an event, to stderr.
 *
 *	log_event(LOG_WARN, "upload refused", LOG_STR("why", why),
 *	    LOG_INT("bytes", n));
 *
 * Every line has time (UTC, RFC 3339), level, event, and what log_context
 * holds (request id, route, account id).  Values are escaped, so that no
 * input can forge a line.  Never pass a secret, a password, a token or what
 * a person wrote.
 */
#ifndef PIXLPIX_BASE_LOG_H
#define PIXLPIX_BASE_LOG_H

#include "base/str.h"

enum log_level {
	LOG_DEBUG,
	LOG_INFO,
	LOG_WARN,
	LOG_ERROR
};

enum log_kind {
	LOG_TEXT,
	LOG_NUMBER,
	LOG_TIME /* microseconds, told as milliseconds */
};

struct log_field {
	const char *name;
	struct str text;
	int64_t number;
	enum log_kind kind;
};

#define LOG_STR(key, s) ((struct log_field){(key), (s), 0, LOG_TEXT})
#define LOG_Z(key, z) ((struct log_field){(key), str_from(z), 0, LOG_TEXT})
#define LOG_INT(key, n) \
	((struct log_field){(key), {0}, (int64_t)(n), LOG_NUMBER})
/* "ms":12.345 of 12345 us. */
#define LOG_MS(us) ((struct log_field){"ms", {0}, (int64_t)(us), LOG_TIME})
#define LOG_ERR(e) LOG_Z("err", err_name(e))
/* errno as text; evaluate at once after the failed call. */
#define LOG_ERRNO() log_errno_field()

struct log_field log_errno_field(void);

/* `event` is a literal that names what happened, in lower case. */
#define log_event(level, event, ...) \
	log_write((level), (event),  \
	    (const struct log_field[]){__VA_ARGS__ __VA_OPT__(, ){0}})

/* `fields` ends with one whose name is NULL. */
void log_write(
    enum log_level level, const char *event, const struct log_field *fields);

/* Lines below this level are dropped; LOG_INFO at start. */
void log_set_level(enum log_level least);

/* The file descriptor that lines go to; 2 at start. */
void log_set_fd(int fd);

/* What every line of the present request carries; views must stay valid
 * until the context is cleared with log_context({0}).  account 0: nobody. */
struct log_context {
	struct str request_id;
	struct str route;
	int64_t account;
};

void log_context(struct log_context context);

/* One event for each line of `lines`, as its field "why". */
void log_each(enum log_level level, const char *event, struct str lines);

#endif
