/* Time, and how a person reads it. */
#include "base/clock.h"

#include <time.h>

#define SECOND_US INT64_C(1000000)

static const char *const month_names[] = {"January", "February", "March",
    "April", "May", "June", "July", "August", "September", "October",
    "November", "December"};

struct when
clock_now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	return (struct when){t.tv_sec * SECOND_US + t.tv_nsec / 1000};
}

int64_t
clock_monotonic_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * SECOND_US + t.tv_nsec / 1000;
}

static struct tm
parts_of(struct when t)
{
	int64_t seconds = t.us / SECOND_US - (t.us % SECOND_US < 0);
	time_t whole = (time_t)seconds;
	struct tm parts = {.tm_mday = 1, .tm_year = 70};

	(void)gmtime_r(&whole, &parts);
	return parts;
}

void
clock_put_rfc3339(struct buf *b, struct when t)
{
	struct tm p = parts_of(t);

	buf_printf(b, "%04d-%02d-%02dT%02d:%02d:%02dZ", p.tm_year + 1900,
	    p.tm_mon + 1, p.tm_mday, p.tm_hour, p.tm_min, p.tm_sec);
}

void
clock_put_date(struct buf *b, struct when t)
{
	struct tm p = parts_of(t);

	buf_printf(b, "%d %s %d, %02d:%02d UTC", p.tm_mday,
	    month_names[p.tm_mon], p.tm_year + 1900, p.tm_hour, p.tm_min);
}

void
clock_put_ago(struct buf *b, struct when t, struct when now)
{
	int64_t minutes = (now.us - t.us) / (60 * SECOND_US);
	struct tm p;

	if (minutes < 1) {
		buf_put(b, STR("now"));
	} else if (minutes < 60) {
		buf_printf(b, "%d min", (int)minutes);
	} else if (minutes < 24 * 60) {
		buf_printf(b, "%d h", (int)(minutes / 60));
	} else if (minutes < 30 * 24 * 60) {
		buf_printf(b, "%d d", (int)(minutes / (24 * 60)));
	} else {
		p = parts_of(t);
		buf_printf(b, "%d %.3s %d", p.tm_mday, month_names[p.tm_mon],
		    p.tm_year + 1900);
	}
}
