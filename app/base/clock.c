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

/* `count` digits, with zeros before. */
static void
set_digits(char *at, int n, size_t count)
{
	while (count-- > 0) {
		at[count] = (char)('0' + n % 10);
		n /= 10;
	}
}

static void
put_day(struct buf *b, const struct tm *p, size_t month_letters)
{
	buf_put_int(b, p->tm_mday);
	buf_put_char(b, ' ');
	buf_put(
	    b, str_slice(str_from(month_names[p->tm_mon]), 0, month_letters));
	buf_put_char(b, ' ');
	buf_put_int(b, p->tm_year + 1900);
}

void
clock_put_rfc3339(struct buf *b, struct when t)
{
	struct tm p = parts_of(t);
	char text[] = "0000-00-00T00:00:00Z";

	if (p.tm_year < -1900 || p.tm_year > 9999 - 1900)
		p.tm_year = 9999 - 1900; /* RFC 3339 knows no others */
	set_digits(text, p.tm_year + 1900, 4);
	set_digits(text + 5, p.tm_mon + 1, 2);
	set_digits(text + 8, p.tm_mday, 2);
	set_digits(text + 11, p.tm_hour, 2);
	set_digits(text + 14, p.tm_min, 2);
	set_digits(text + 17, p.tm_sec, 2);
	buf_put(b, (struct str){text, sizeof(text) - 1});
}

void
clock_put_date(struct buf *b, struct when t)
{
	struct tm p = parts_of(t);
	char text[] = ", 00:00 UTC";

	put_day(b, &p, SIZE_MAX);
	set_digits(text + 2, p.tm_hour, 2);
	set_digits(text + 5, p.tm_min, 2);
	buf_put(b, (struct str){text, sizeof(text) - 1});
}

void
clock_put_day(struct buf *b, struct when t)
{
	struct tm p = parts_of(t);

	put_day(b, &p, SIZE_MAX);
}

void
clock_put_ago(struct buf *b, struct when t, struct when now)
{
	int64_t minutes = (now.us - t.us) / (60 * SECOND_US);
	struct tm p;

	if (minutes < 1) {
		buf_put(b, STR("now"));
	} else if (minutes < 60) {
		buf_put_int(b, minutes);
		buf_put(b, STR(" min"));
	} else if (minutes < 24 * 60) {
		buf_put_int(b, minutes / 60);
		buf_put(b, STR(" h"));
	} else if (minutes < 30 * 24 * 60) {
		buf_put_int(b, minutes / (24 * 60));
		buf_put(b, STR(" d"));
	} else {
		p = parts_of(t);
		put_day(b, &p, 3);
	}
}
