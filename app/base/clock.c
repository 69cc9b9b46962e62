/* Time, and how a person reads it. */
#include "base/clock.h"

#include <time.h>

#define SECOND_US INT64_C(1000000)
#define YEAR_10000_US (INT64_C(253402300800) * SECOND_US)

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

void
clock_put_minute(struct buf *b, struct when t)
{
	struct tm p = parts_of(t);
	char text[] = "0000-00-00T00:00";

	set_digits(text, p.tm_year + 1900, 4);
	set_digits(text + 5, p.tm_mon + 1, 2);
	set_digits(text + 8, p.tm_mday, 2);
	set_digits(text + 11, p.tm_hour, 2);
	set_digits(text + 14, p.tm_min, 2);
	buf_put(b, (struct str){text, sizeof(text) - 1});
}

/* `count` digits at `from` as a number of that range. */
static bool
take(struct str s, size_t from, size_t count, int least, int most, int *out)
{
	int n = 0;

	for (size_t i = from; i < from + count; i++) {
		if (s.at[i] < '0' || s.at[i] > '9')
			return false;
		n = n * 10 + (s.at[i] - '0');
	}
	*out = n;
	return n >= least && n <= most;
}

enum err
clock_parse_minute(struct str s, struct when *out)
{
	static const char pattern[] = "yyyy-mm-ddThh:mm:ss";
	struct tm p = {0}, again;
	int seconds;
	time_t t;

	if (s.len != 16 && s.len != 19)
		return ERR_INPUT;
	for (size_t i = 0; i < s.len; i++)
		if ((pattern[i] == '-' || pattern[i] == ':') &&
		    s.at[i] != pattern[i])
			return ERR_INPUT;
	if ((s.at[10] != 'T' && s.at[10] != ' ') ||
	    !take(s, 0, 4, 1970, 9999, &p.tm_year) ||
	    !take(s, 5, 2, 1, 12, &p.tm_mon) ||
	    !take(s, 8, 2, 1, 31, &p.tm_mday) ||
	    !take(s, 11, 2, 0, 23, &p.tm_hour) ||
	    !take(s, 14, 2, 0, 59, &p.tm_min) ||
	    (s.len == 19 && !take(s, 17, 2, 0, 59, &seconds)))
		return ERR_INPUT;
	p.tm_year -= 1900;
	p.tm_mon -= 1;
	again = p;
	t = timegm(&again);
	/* 31 February is another day. */
	if (again.tm_mday != p.tm_mday)
		return ERR_INPUT;
	*out = (struct when){(int64_t)t * SECOND_US};
	return OK;
}

/* "Z" or "+01:00", in seconds east of UTC. */
static bool
take_zone(struct str s, int *out)
{
	int hours, minutes;

	*out = 0;
	if (str_equal(s, STR("Z")) || str_equal(s, STR("z")))
		return true;
	if (s.len != 6 || (s.at[0] != '+' && s.at[0] != '-') ||
	    s.at[3] != ':' || !take(s, 1, 2, 0, 23, &hours) ||
	    !take(s, 4, 2, 0, 59, &minutes))
		return false;
	*out = (hours * 60 + minutes) * (s.at[0] == '-' ? -60 : 60);
	return true;
}

enum err
clock_parse_rfc3339(struct str s, struct when *out)
{
	size_t n = 19;
	int seconds, zone_s;
	struct when t;

	if (s.len <= n)
		return ERR_INPUT;
	TRY(clock_parse_minute(str_slice(s, 0, n), &t));
	if (!take(s, 17, 2, 0, 59, &seconds))
		return ERR_INPUT;
	if (s.at[n] == '.') {
		size_t digits = ++n;

		while (n < s.len && s.at[n] >= '0' && s.at[n] <= '9')
			n++;
		if (n == digits)
			return ERR_INPUT;
	}
	if (!take_zone(str_slice(s, n, s.len), &zone_s))
		return ERR_INPUT;
	t.us += (int64_t)(seconds - zone_s) * SECOND_US;
	if (t.us < 0 || t.us >= YEAR_10000_US)
		return ERR_INPUT;
	*out = t;
	return OK;
}
