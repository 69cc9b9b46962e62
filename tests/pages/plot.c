/* From numbers to paths. */
#include "pages/plot.h"

#include <criterion/criterion.h>
#include <string.h>

static struct arena *a;

static void
start(void)
{
	a = arena_make(1 << 20);
	cr_assert_not_null(a);
}

static void
end(void)
{
	arena_free(a);
}

TestSuite(plot, .init = start, .fini = end);

static void
check(struct str got, const char *wanted)
{
	cr_expect(str_equal(got, str_from(wanted)), "\"%.*s\", not \"%s\"",
	    STR_ARG(got), wanted);
}

#define HOUR INT64_C(3600000000)

static const struct when times[] = {{HOUR}, {2 * HOUR}, {5 * HOUR}};

static struct plot
plot_of(bool from_zero, size_t count, const int64_t *values)
{
	struct plot_series series = {.title = "Things",
	    .unit = PLOT_COUNT,
	    .from_zero = from_zero,
	    .count = count,
	    .at = times,
	    .values = values};
	struct plot p;

	cr_assert_eq(plot_make(a, &series, &p), OK);
	return p;
}

Test(plot, begins_left_and_ends_right_by_time)
{
	struct plot p = plot_of(true, 3, (int64_t[]){0, 100, 50});

	cr_assert(p.has_line);
	check(p.line, "M0.0 160.0L150.0 0.0L600.0 80.0");
	check(p.area, "M0.0 160.0L0.0 160.0L150.0 0.0L600.0 80.0L600.0 160.0Z");
	check(p.now, "50");
	check(p.change, "+50");
	cr_assert_eq(p.first.us, HOUR);
	cr_assert_eq(p.last.us, 5 * HOUR);
}

Test(plot, edges_are_round_numbers_around_the_values)
{
	struct plot p =
	    plot_of(false, 3, (int64_t[]){1234567, 1240000, 1239999});

	check(p.bottom, "1,234,000");
	check(p.top, "1,240,000");
	check(p.middle, "1,237,000");
}

Test(plot, of_what_never_changes_is_a_line)
{
	struct plot p = plot_of(false, 2, (int64_t[]){7, 7});

	check(p.change, "no change");
	check(p.line, "M0.0 160.0L600.0 160.0");
	p = plot_of(true, 2, (int64_t[]){0, 0});
	check(p.top, "1");
	check(p.line, "M0.0 160.0L600.0 160.0");
}

Test(plot, of_fewer_than_two_values_has_no_line)
{
	struct plot p = plot_of(true, 1, (int64_t[]){12});

	cr_assert_not(p.has_line);
	check(p.now, "12");
	p = plot_of(true, 0, NULL);
	cr_assert_not(p.has_line);
	cr_assert_gt(p.now.len, 0);
}

Test(plot, holds_the_largest_numbers)
{
	struct plot p = plot_of(true, 2, (int64_t[]){0, INT64_MAX});

	cr_assert(p.has_line);
	check(p.now, "9,223,372,036,854,775,807");
}

Test(plot, of_less_says_so)
{
	struct plot p = plot_of(true, 2, (int64_t[]){9000, 1});

	check(p.change, "\xe2\x88\x92"
			"8,999");
}

static struct str
bytes(int64_t n)
{
	struct str s;

	cr_assert_eq(plot_number(a, n, PLOT_BYTES, &s), OK);
	return s;
}

Test(plot, bytes_are_told_in_units)
{
	check(bytes(0), "0 bytes");
	check(bytes(999), "999 bytes");
	check(bytes(1000), "1.0 KB");
	check(bytes(1234567), "1.2 MB");
	check(bytes(INT64_C(45600000000)), "46 GB");
	cr_assert(str_ends(bytes(INT64_MAX), STR(" PB")));
}

Test(plot, bars_stand_beside_each_other_and_none_is_too_small_to_see)
{
	struct str bars;

	cr_assert_eq(plot_bars(a, (int64_t[]){0, 1, 1000}, 3, &bars), OK);
	check(bars, "M200.0 160.0L200.0 158.0L396.0 158.0L396.0 160.0Z"
		    "M400.0 160.0L400.0 0.0L596.0 0.0L596.0 160.0Z");
	cr_assert_eq(plot_bars(a, (int64_t[]){0, 0}, 2, &bars), OK);
	check(bars, "");
}

static void
check_number(int64_t n, enum plot_unit unit, const char *wanted)
{
	struct str s;

	cr_assert_eq(plot_number(a, n, unit, &s), OK);
	check(s, wanted);
}

Test(plot, times_are_told_in_what_fits)
{
	check_number(0, PLOT_TIME, "0 ms");
	check_number(250, PLOT_TIME, "0.25 ms");
	check_number(25000, PLOT_TIME, "25 ms");
	check_number(999999, PLOT_TIME, "1,000 ms");
	check_number(2500000, PLOT_TIME, "2.5 s");
}

Test(plot, parts_are_told_to_three_digits)
{
	check_number(0, PLOT_PARTS, "0");
	check_number(5, PLOT_PARTS, "0.005");
	check_number(1234, PLOT_PARTS, "1.23");
	check_number(1999, PLOT_PARTS, "2");
	check_number(12340, PLOT_PARTS, "12.3");
	check_number(99960, PLOT_PARTS, "100");
	check_number(1234567, PLOT_PARTS, "1,235");
	check_number(250, PLOT_PERCENT, "0.25 %");
}

static struct plot
two_lines(const int64_t *values, const int64_t *others, int64_t step_us)
{
	struct plot_series series = {.title = "Things",
	    .unit = PLOT_COUNT,
	    .from_zero = true,
	    .says_most = true,
	    .step_us = step_us,
	    .count = 3,
	    .at = times,
	    .values = values,
	    .others = others,
	    .name = "one",
	    .other_name = "two"};
	struct plot p;

	cr_assert_eq(plot_make(a, &series, &p), OK);
	return p;
}

Test(plot, a_time_that_is_left_out_is_a_gap_and_not_nothing)
{
	struct plot p = two_lines((int64_t[]){0, 100, 50}, NULL, 2 * HOUR);

	check(p.line, "M0.0 160.0L150.0 0.0L600.0 80.0");
	p = two_lines((int64_t[]){0, 100, 50}, NULL, HOUR);
	check(p.line, "M0.0 160.0L150.0 0.0M600.0 80.0L600.0 80.0");
	check(p.area, "M0.0 160.0L0.0 160.0L150.0 0.0L150.0 160.0Z"
		      "M600.0 160.0L600.0 80.0L600.0 160.0Z");
}

Test(plot, a_value_that_nobody_knows_is_a_gap_and_not_nothing)
{
	struct plot p = two_lines((int64_t[]){100, PLOT_UNKNOWN, 50}, NULL, 0);

	check(p.line, "M0.0 0.0L0.0 0.0M600.0 80.0L600.0 80.0");
	check(p.now, "50");
	check(p.bottom, "0");
	p = two_lines((int64_t[]){PLOT_UNKNOWN, 100, 50}, NULL, 0);
	check(p.line, "M150.0 0.0L600.0 80.0");
	p = two_lines((int64_t[]){100, 50, PLOT_UNKNOWN}, NULL, 0);
	check(p.now, "\xe2\x80\x93");
	check(p.change, "up to 100");
}

Test(plot, one_known_value_is_no_line)
{
	struct plot p =
	    two_lines((int64_t[]){PLOT_UNKNOWN, 7, PLOT_UNKNOWN}, NULL, 0);

	cr_assert_not(p.has_line);
}

Test(plot, two_lines_have_one_axis_that_holds_both)
{
	struct plot p = two_lines(
	    (int64_t[]){0, 100, 50}, (int64_t[]){200, 0, PLOT_UNKNOWN}, 0);

	check(p.top, "200");
	check(p.line, "M0.0 160.0L150.0 80.0L600.0 120.0");
	check(p.other, "M0.0 0.0L150.0 160.0");
	check(p.now, "50");
	check(p.other_now, "\xe2\x80\x93");
}

Test(plot, change_is_between_the_first_and_the_last_that_is_known)
{
	struct plot_series series = {.title = "Things",
	    .unit = PLOT_COUNT,
	    .count = 3,
	    .at = times,
	    .values = (int64_t[]){PLOT_UNKNOWN, 10, 25}};
	struct plot p;

	cr_assert_eq(plot_make(a, &series, &p), OK);
	check(p.change, "+15");
}

Test(plot, of_few_days_tells_the_time_of_its_ends)
{
	struct plot p = plot_of(true, 3, (int64_t[]){0, 100, 50});

	check(p.first_words, "1 January, 01:00");
	check(p.last_words, "1 January, 05:00");
}
