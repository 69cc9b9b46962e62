/* Time, and how a person reads it. */
#include "base/clock.h"

#include "../helper/kit.h"

#include <time.h>

#define S INT64_C(1000000)
#define MINUTE (60 * S)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

static struct buf b;

static void
end(void)
{
	buf_free(&b);
	kit_end();
}

TestSuite(clock, .init = kit_start, .fini = end);

static struct str
rfc3339(int64_t us)
{
	buf_reset(&b);
	clock_put_rfc3339(&b, (struct when){us});
	return buf_str(&b);
}

static struct str
date(int64_t us)
{
	buf_reset(&b);
	clock_put_date(&b, (struct when){us});
	return buf_str(&b);
}

/* 21 November 2026, 09:05:07 UTC. */
static const struct when now = {INT64_C(1795251907) * S};

static struct str
ago(int64_t us)
{
	buf_reset(&b);
	clock_put_ago(&b, (struct when){now.us - us}, now);
	return buf_str(&b);
}

Test(clock, now_is_the_wall_clock_in_microseconds)
{
	int64_t before = time(NULL), after;
	struct when t = clock_now();

	after = time(NULL);
	cr_assert(t.us / S >= before - 1 && t.us / S <= after);
}

Test(clock, the_stop_watch_does_not_go_back)
{
	int64_t first = clock_monotonic_us(), second = clock_monotonic_us();

	cr_assert(first > 0 && second >= first);
}

Test(clock, rfc3339_is_utc_to_the_second)
{
	ASSERT_STR(rfc3339(now.us), "2026-11-21T09:05:07Z");
	ASSERT_STR(rfc3339(now.us + 999999), "2026-11-21T09:05:07Z");
	ASSERT_STR(rfc3339(0), "1970-01-01T00:00:00Z");
	ASSERT_STR(rfc3339(951782400 * S), "2000-02-29T00:00:00Z");
}

Test(clock, a_moment_before_1970_belongs_to_the_second_before)
{
	ASSERT_STR(rfc3339(-1), "1969-12-31T23:59:59Z");
	ASSERT_STR(rfc3339(-S), "1969-12-31T23:59:59Z");
	ASSERT_STR(rfc3339(-S - 1), "1969-12-31T23:59:58Z");
}

Test(clock, rfc3339_keeps_four_digits_of_a_year)
{
	ASSERT_INT((long long)rfc3339(INT64_MAX).len, 20);
	ASSERT_INT((long long)rfc3339(INT64_MIN).len, 20);
	ASSERT_STR(rfc3339(INT64_C(253402300799) * S), "9999-12-31T23:59:59Z");
	ASSERT_STR(rfc3339(INT64_C(-62167219200) * S), "0000-01-01T00:00:00Z");
}

Test(clock, a_date_is_in_words)
{
	ASSERT_STR(date(now.us), "21 November 2026, 09:05 UTC");
	ASSERT_STR(date(0), "1 January 1970, 00:00 UTC");
}

Test(clock, the_last_minute_and_the_future_are_now)
{
	ASSERT_STR(ago(0), "now");
	ASSERT_STR(ago(59 * S), "now");
	ASSERT_STR(ago(-5 * DAY), "now");
}

Test(clock, ago_has_one_unit)
{
	ASSERT_STR(ago(MINUTE), "1 min");
	ASSERT_STR(ago(HOUR - 1), "59 min");
	ASSERT_STR(ago(HOUR), "1 h");
	ASSERT_STR(ago(DAY - 1), "23 h");
	ASSERT_STR(ago(DAY), "1 d");
	ASSERT_STR(ago(30 * DAY - 1), "29 d");
}

Test(clock, from_thirty_days_on_ago_is_a_date)
{
	ASSERT_STR(ago(30 * DAY), "22 Oct 2026");
	ASSERT_STR(ago(now.us), "1 Jan 1970");
}

static enum err
minute(const char *text, struct when *t)
{
	return clock_parse_minute(kit_exact(str_from(text)), t);
}

Test(clock, minute_that_was_written_is_read_again)
{
	struct when t;

	cr_assert_eq(minute("2026-11-21T09:05", &t), OK);
	cr_assert_eq(t.us, INT64_C(1795251900000000));
	clock_put_minute(&b, t);
	cr_assert(str_equal(buf_str(&b), STR("2026-11-21T09:05")));
	cr_assert_eq(minute("2024-02-29 23:59:30", &t), OK);
	cr_assert_eq(t.us, INT64_C(1709251140000000));
}

Test(clock, what_is_no_minute_is_refused)
{
	static const char *const wrong[] = {"", "2026-11-21",
	    "2026-13-01T00:00", "2026-00-01T00:00", "2023-02-29T00:00",
	    "2026-11-31T00:00", "2026-11-21T24:00", "2026-11-21T00:60",
	    "2026-11-21T00:00:60", "2026/11/21T00:00", "2026-11-21x00:00",
	    "1969-12-31T23:59", "2026-11-2 T00:00", "2026-11-21T00:00Z",
	    "2026-11-21T00:00:0x"};
	struct when t = {7};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		cr_expect_eq(minute(wrong[i], &t), ERR_INPUT, "%s", wrong[i]);
	cr_assert_eq(t.us, 7);
}

static enum err
read_rfc3339(const char *text, struct when *t)
{
	return clock_parse_rfc3339(kit_exact(str_from(text)), t);
}

Test(clock, rfc3339_is_read_whatever_its_zone)
{
	struct when t;

	cr_assert_eq(read_rfc3339("2026-11-21T09:05:07Z", &t), OK);
	cr_assert_eq(t.us, INT64_C(1795251907000000));
	cr_assert_eq(read_rfc3339("2026-11-21T10:35:07.250+01:30", &t), OK);
	cr_assert_eq(t.us, INT64_C(1795251907000000));
	cr_assert_eq(read_rfc3339("2026-11-20T22:05:07-11:00", &t), OK);
	cr_assert_eq(t.us, INT64_C(1795251907000000));
	cr_assert_eq(read_rfc3339("9999-12-31T23:59:59z", &t), OK);
	clock_put_rfc3339(&b, t);
	cr_assert(str_equal(buf_str(&b), STR("9999-12-31T23:59:59Z")));
}

Test(clock, what_is_no_rfc3339_is_refused)
{
	static const char *const wrong[] = {"", "2026-11-21T09:05:07",
	    "2026-11-21T09:05Z", "2026-11-21T09:05:60Z",
	    "2026-11-21T09:05:07.Z", "2026-11-21T09:05:07+0100",
	    "2026-11-21T09:05:07+24:00", "2026-11-21T09:05:07+01:60",
	    "2026-11-21T09:05:07ZZ", "2026-02-30T09:05:07Z",
	    "1970-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
	    "2026-11-21T09:05:07.5", "2026-11-21T09:05:07 01:00"};
	struct when t = {7};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		cr_expect_eq(
		    read_rfc3339(wrong[i], &t), ERR_INPUT, "%s", wrong[i]);
	cr_assert_eq(t.us, 7);
}
