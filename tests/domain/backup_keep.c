/* Which of many backups are kept. */
#include "domain/backup_keep.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <time.h>

enum {
	COUNT_MAX = 1500
};

static char texts[COUNT_MAX][32];
static struct str names[COUNT_MAX];
static bool is_kept[COUNT_MAX];

/* One a day at 03:00, the last on the given day; the names are in order. */
static void
one_a_day(size_t count, int year, int month, int day)
{
	struct tm last = {
	    .tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day};
	time_t end = timegm(&last);

	for (size_t i = 0; i < count; i++) {
		time_t at = end - (time_t)(count - 1 - i) * 86400;
		struct tm t;

		(void)gmtime_r(&at, &t);
		(void)strftime(
		    texts[i], sizeof(texts[i]), "%Y%m%dT030000Z", &t);
		names[i] = str_from(texts[i]);
	}
}

static bool
keeps(size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (str_equal(names[i], str_from(name)))
			return is_kept[i];
	cr_assert_fail("no %s", name);
	return false;
}

static size_t
kept(size_t count)
{
	size_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += is_kept[i];
	return sum;
}

Test(backup_keep, the_last_days_are_kept_whole)
{
	one_a_day(100, 2026, 11, 21);
	backup_keep(names, 100, &(struct backup_policy){.days = 14}, is_kept);
	cr_assert_eq(kept(100), 14);
	cr_assert(keeps(100, "20261108T030000Z"));
	cr_assert_not(keeps(100, "20261107T030000Z"));
}

Test(backup_keep, of_a_week_the_newest_is_kept_up_to_sunday)
{
	one_a_day(100, 2026, 11, 21); /* a Saturday */
	backup_keep(names, 100, &(struct backup_policy){.weeks = 3}, is_kept);
	cr_assert_eq(kept(100), 3);
	cr_assert(keeps(100, "20261121T030000Z"));
	cr_assert(keeps(100, "20261115T030000Z"));
	cr_assert(keeps(100, "20261108T030000Z"));
}

Test(backup_keep, of_a_month_the_newest_is_kept_over_the_year)
{
	one_a_day(200, 2027, 2, 3);
	backup_keep(names, 200, &(struct backup_policy){.months = 4}, is_kept);
	cr_assert_eq(kept(200), 4);
	cr_assert(keeps(200, "20270203T030000Z"));
	cr_assert(keeps(200, "20270131T030000Z"));
	cr_assert(keeps(200, "20261231T030000Z"));
	cr_assert(keeps(200, "20261130T030000Z"));
}

Test(backup_keep, thinned_every_night_all_ages_are_covered)
{
	struct backup_policy policy = {.days = 14, .weeks = 8, .months = 12};
	struct str left[COUNT_MAX];
	size_t count = 0;

	one_a_day(900, 2026, 11, 21);
	for (size_t i = 0; i < 900; i++) {
		size_t still = 0;

		left[count++] = names[i];
		backup_keep(left, count, &policy, is_kept);
		for (size_t k = 0; k < count; k++)
			if (is_kept[k])
				left[still++] = left[k];
		count = still;
	}
	/* 14 days reach into 3 weeks and 1 or 2 months of the others. */
	cr_assert_geq(count, 14 + 5 + 10);
	cr_assert_leq(count, 14 + 8 + 12);
	cr_assert(str_equal(left[0], STR("20251231T030000Z")), "%.*s",
	    STR_ARG(left[0]));
	cr_assert(str_equal(left[count - 1], STR("20261121T030000Z")));
}

Test(backup_keep, of_a_day_the_newest_is_kept)
{
	static const struct str two[] = {{"20261121T030000Z", 16},
	    {"20261121T090000Z", 16}, {"20261122T030000Z", 16}};

	backup_keep(two, 3, &(struct backup_policy){.days = 7}, is_kept);
	cr_assert(!is_kept[0] && is_kept[1] && is_kept[2]);
}

Test(backup_keep, the_newest_stays_under_a_policy_of_nothing)
{
	one_a_day(3, 2026, 11, 21);
	backup_keep(names, 3, &(struct backup_policy){0}, is_kept);
	cr_assert(!is_kept[0] && !is_kept[1] && is_kept[2]);
	backup_keep(names, 0, &(struct backup_policy){0}, is_kept);
}

Test(backup_keep, names_of_backups_are_times)
{
	cr_assert(backup_is_name(STR("20261121T090507Z")));
	cr_assert_not(backup_is_name(STR("20261121T090507Z.making")));
	cr_assert_not(backup_is_name(STR("20261121T09050ZZ")));
	cr_assert_not(backup_is_name(STR("20261121 090507Z")));
	cr_assert_not(backup_is_name(STR("")));
}
