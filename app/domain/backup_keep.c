/* Grandfather, father and son. */
#include "domain/backup_keep.h"

#include <string.h>
#include <time.h>

enum {
	DAY_S = 24 * 60 * 60
};

/* One of the three: how many periods may still be kept, and the last that
 * was. */
struct shelf {
	int64_t left;
	int64_t last;
};

bool
backup_is_name(struct str name)
{
	static const char form[] = "00000000T000000Z";

	if (name.len != strlen(form))
		return false;
	for (size_t i = 0; i < name.len; i++) {
		bool is_digit = name.at[i] >= '0' && name.at[i] <= '9';

		if (form[i] == '0' ? !is_digit : name.at[i] != form[i])
			return false;
	}
	return true;
}

static int
number_at(struct str name, size_t from, size_t len)
{
	int64_t number = 0;

	(void)str_parse_int(str_slice(name, from, len), 0, 9999, &number);
	return (int)number;
}

/* Whether the period is a new one for which there is room. */
static bool
take(struct shelf *shelf, int64_t period)
{
	if (period == shelf->last || shelf->left == 0)
		return false;
	shelf->last = period;
	shelf->left--;
	return true;
}

void
backup_keep(const struct str *names, size_t count,
    const struct backup_policy *policy, bool *is_kept)
{
	struct shelf days = {policy->days, -1}, weeks = {policy->weeks, -1},
		     months = {policy->months, -1};

	for (size_t i = count; i-- > 0;) {
		struct tm t = {.tm_year = number_at(names[i], 0, 4) - 1900,
		    .tm_mon = number_at(names[i], 4, 2) - 1,
		    .tm_mday = number_at(names[i], 6, 2)};
		int64_t day = timegm(&t) / DAY_S;
		bool of_day = take(&days, day);
		/* The first of January 1970 was a Thursday. */
		bool of_week = take(&weeks, (day + 3) / 7);
		bool of_month = take(&months, t.tm_year * 12 + t.tm_mon);

		is_kept[i] = of_day || of_week || of_month || i + 1 == count;
	}
}
