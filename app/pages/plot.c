/* From numbers to paths. */
#include "pages/plot.h"
#include "base/buf.h"
#include "base/clock.h"

#include <assert.h>

enum {
	DAYS = 3 /* fewer: times are told with the minute */
};

#define DAYS_US (DAYS * INT64_C(86400000000))

/* Three digits at a time, with commas. */
static void
put_grouped(struct buf *b, int64_t n)
{
	char digits[24];
	size_t count = 0;

	do {
		digits[count++] = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0);
	while (count-- > 0) {
		buf_put_char(b, digits[count]);
		if (count > 0 && count % 3 == 0)
			buf_put_char(b, ',');
	}
}

/* Tenths below ten of a unit, whole ones above. */
static void
put_bytes(struct buf *b, int64_t n)
{
	static const char *const units[] = {
	    "bytes", "KB", "MB", "GB", "TB", "PB"};
	size_t unit = 0;
	int64_t tenths = n < INT64_MAX / 10 ? n * 10 : INT64_MAX;

	while (tenths >= 10000 && unit + 1 < sizeof(units) / sizeof(units[0])) {
		tenths = tenths / 1000 + (tenths % 1000 >= 500);
		unit++;
	}
	if (unit > 0 && tenths < 100)
		buf_printf(b, "%lld.%lld", (long long)(tenths / 10),
		    (long long)(tenths % 10));
	else
		buf_put_int(
		    b, unit == 0 ? n : tenths / 10 + (tenths % 10 >= 5));
	buf_printf(b, " %s", units[unit]);
}

/* The buffer's text in the arena; the buffer is free afterwards. */
static enum err
keep(struct arena *a, struct buf *b, struct str *out)
{
	enum err e = buf_check(b);

	if (e == OK)
		e = arena_copy(a, buf_str(b), out);
	buf_free(b);
	return e;
}

/* Three digits that count, without zeros behind the point. */
static void
put_parts(struct buf *b, int64_t thousandths)
{
	int64_t whole = thousandths / 1000, rest = thousandths % 1000;
	int digits = whole >= 100 ? 0 : whole >= 10 ? 1 : whole > 0 ? 2 : 3;
	int64_t step = digits == 0   ? 1000
	               : digits == 1 ? 100
	               : digits == 2 ? 10
	                             : 1;

	rest = (rest + step / 2) / step;
	if (rest * step == 1000) {
		whole++;
		rest = 0;
	}
	while (digits > 0 && rest % 10 == 0) {
		rest /= 10;
		digits--;
	}
	put_grouped(b, whole);
	if (digits > 0)
		buf_printf(b, ".%0*lld", digits, (long long)rest);
}

static void
put_time(struct buf *b, int64_t us)
{
	if (us >= 1000000)
		put_parts(b, us / 1000);
	else
		put_parts(b, us);
	buf_put(b, us >= 1000000 ? STR(" s") : STR(" ms"));
}

enum err
plot_number(struct arena *a, int64_t n, enum plot_unit unit, struct str *out)
{
	struct buf b = {0};

	switch (unit) {
	case PLOT_BYTES:
		put_bytes(&b, n);
		break;
	case PLOT_TIME:
		put_time(&b, n);
		break;
	case PLOT_PARTS:
		put_parts(&b, n);
		break;
	case PLOT_PERCENT:
		put_parts(&b, n);
		buf_put(&b, STR(" %"));
		break;
	case PLOT_COUNT:
	case PLOT_UNIT_COUNT_:
		put_grouped(&b, n);
		break;
	}
	return keep(a, &b, out);
}

struct range {
	int64_t low;
	int64_t high; /* more than low */
};

/* The least of 1, 2, 5, 10, 20, ... that is not below n. */
static int64_t
round_step(int64_t n)
{
	static const int64_t firsts[] = {1, 2, 5};
	int64_t power = 1;

	for (;;) {
		for (size_t i = 0; i < 3; i++)
			if (firsts[i] * power >= n)
				return firsts[i] * power;
		if (power > INT64_MAX / 100)
			return n;
		power *= 10;
	}
}

/* Takes the known ones of `values` in; how many there are. */
static size_t
widen(struct range *r, size_t count, const int64_t *values, bool is_first)
{
	size_t known = 0;

	for (size_t i = 0; values != NULL && i < count; i++) {
		if (values[i] < 0)
			continue;
		if (known++ == 0 && is_first)
			*r = (struct range){values[i], values[i]};
		r->low = values[i] < r->low ? values[i] : r->low;
		r->high = values[i] > r->high ? values[i] : r->high;
	}
	return known;
}

/* Edges at round numbers, with the values between them. */
static struct range
range_of(const struct plot_series *s)
{
	struct range r = {0, 0};
	int64_t step;

	(void)widen(
	    &r, s->count, s->others, widen(&r, s->count, s->values, true) == 0);
	if (s->from_zero)
		r.low = 0;
	step = (r.high - r.low) / 4 + 1;
	/* Labels of two digits tell no finer steps. */
	if (s->unit == PLOT_BYTES && step < r.high / 20)
		step = r.high / 20;
	step = round_step(step);
	r.low -= r.low % step;
	if (r.high % step != 0 || r.high == r.low) {
		int64_t up = step - r.high % step;

		r.high = r.high > INT64_MAX - up ? INT64_MAX : r.high + up;
	}
	return r;
}

/* Tenths of units, from above. */
static int64_t
height_of(int64_t value, struct range r)
{
	double part = (double)(value - r.low) / (double)(r.high - r.low);

	return (int64_t)((double)(PLOT_HEIGHT * 10) * (1 - part) + 0.5);
}

static int64_t
place_of(const struct plot_series *s, size_t i)
{
	int64_t first = s->at[0].us, last = s->at[s->count - 1].us;

	if (last <= first)
		return (int64_t)(PLOT_WIDTH * 10 * i / (s->count - 1));
	return (int64_t)((double)(s->at[i].us - first) /
			     (double)(last - first) * (PLOT_WIDTH * 10) +
			 0.5);
}

static void
put_point(struct buf *b, char command, int64_t x, int64_t y)
{
	buf_printf(b, "%c%lld.%lld %lld.%lld", command, (long long)(x / 10),
	    (long long)(x % 10), (long long)(y / 10), (long long)(y % 10));
}

/* Whether a line goes on from the value before. */
static bool
goes_on(const struct plot_series *s, const int64_t *values, size_t i)
{
	return i > 0 && values[i - 1] >= 0 && values[i] >= 0 &&
	       (s->step_us == 0 ||
		   s->at[i].us - s->at[i - 1].us < 2 * s->step_us);
}

/* A value alone between two gaps is a line to where it is: a dot. */
static void
put_line(struct buf *b, const struct plot_series *s, const int64_t *values,
    struct range r)
{
	bool is_alone = false;
	int64_t x = 0, y = 0;

	for (size_t i = 0; i < s->count; i++) {
		bool is_on = goes_on(s, values, i);

		if (!is_on && is_alone)
			put_point(b, 'L', x, y);
		is_alone = !is_on && values[i] >= 0;
		if (values[i] < 0)
			continue;
		x = place_of(s, i);
		y = height_of(values[i], r);
		put_point(b, is_on ? 'L' : 'M', x, y);
	}
	if (is_alone)
		put_point(b, 'L', x, y);
}

/* Below the first line, one piece for each of its. */
static void
put_area(struct buf *b, const struct plot_series *s, struct range r)
{
	bool is_open = false;
	int64_t x = 0;

	for (size_t i = 0; i <= s->count; i++) {
		bool is_on = i < s->count && goes_on(s, s->values, i);

		if (is_open && !is_on) {
			put_point(b, 'L', x, PLOT_HEIGHT * 10);
			buf_put_char(b, 'Z');
			is_open = false;
		}
		if (i == s->count || s->values[i] < 0)
			continue;
		x = place_of(s, i);
		if (!is_open)
			put_point(b, 'M', x, PLOT_HEIGHT * 10);
		is_open = true;
		put_point(b, 'L', x, height_of(s->values[i], r));
	}
}

static enum err
draw(struct arena *a, const struct plot_series *s, struct range r,
    struct plot *out)
{
	struct buf b = {0};

	put_line(&b, s, s->values, r);
	TRY(keep(a, &b, &out->line));
	put_area(&b, s, r);
	TRY(keep(a, &b, &out->area));
	if (s->others == NULL)
		return OK;
	put_line(&b, s, s->others, r);
	return keep(a, &b, &out->other);
}

/* "+12", "-3", or "no change". */
static enum err
describe_change(struct arena *a, const struct plot_series *s, struct str *out)
{
	size_t begin = 0, end = s->count - 1;
	int64_t first, last;
	struct str size;

	while (s->values[begin] < 0)
		begin++;
	while (s->values[end] < 0)
		end--;
	first = s->values[begin];
	last = s->values[end];
	if (first == last) {
		*out = STR("no change");
		return OK;
	}
	TRY(plot_number(
	    a, last > first ? last - first : first - last, s->unit, &size));
	/* The minus sign, U+2212. */
	return arena_printf(a, out, "%s%.*s",
	    last > first ? "+" : "\xe2\x88\x92", STR_ARG(size));
}

static enum err
describe_most(struct arena *a, const struct plot_series *s, struct str *out)
{
	struct range r = {0, 0};
	struct str most;

	(void)widen(&r, s->count, s->values, true);
	TRY(plot_number(a, r.high, s->unit, &most));
	return arena_printf(a, out, "up to %.*s", STR_ARG(most));
}

/* The value of the last time; a dash where nobody knows it. */
static enum err
tell_now(struct arena *a, const struct plot_series *s, const int64_t *values,
    struct str *out)
{
	if (s->count > 0 && values[s->count - 1] >= 0)
		return plot_number(a, values[s->count - 1], s->unit, out);
	*out = STR("\xe2\x80\x93");
	return OK;
}

/* "21 November, 13:50" where a plot is of a few days, else the day. */
static enum err
tell_time(struct arena *a, const struct plot_series *s, struct when at,
    struct str *out)
{
	struct buf b = {0}, minute = {0};
	int64_t span_us = s->at[s->count - 1].us - s->at[0].us;
	struct str day;

	clock_put_day(&b, at);
	if (span_us >= DAYS_US)
		return keep(a, &b, out);
	clock_put_minute(&minute, at);
	TRY(keep(a, &b, &day));
	TRY(keep(a, &minute, out));
	/* Without the year, and of the minute the time alone. */
	return arena_printf(a, out, "%.*s, %.*s",
	    STR_ARG(str_slice(day, 0, day.len - 5)),
	    STR_ARG(str_slice(*out, out->len - 5, out->len)));
}

static enum err
fill_edges(struct arena *a, const struct plot_series *s, struct range r,
    struct plot *out)
{
	TRY(plot_number(a, r.high, s->unit, &out->top));
	if (r.high - r.low > 1)
		TRY(plot_number(
		    a, r.low + (r.high - r.low) / 2, s->unit, &out->middle));
	TRY(plot_number(a, r.low, s->unit, &out->bottom));
	out->first = s->at[0];
	out->last = s->at[s->count - 1];
	TRY(tell_time(a, s, out->first, &out->first_words));
	return tell_time(a, s, out->last, &out->last_words);
}

enum err
plot_make(struct arena *a, const struct plot_series *s, struct plot *out)
{
	struct range r = {0, 0};

	*out = (struct plot){.title = str_from(s->title),
	    .name = str_from(s->name),
	    .other_name = str_from(s->other_name)};
	TRY(tell_now(a, s, s->values, &out->now));
	if (s->others != NULL)
		TRY(tell_now(a, s, s->others, &out->other_now));
	if (widen(&r, s->count, s->values, true) < 2)
		return OK;
	r = range_of(s);
	assert(r.high > r.low);
	out->has_line = true;
	TRY(fill_edges(a, s, r, out));
	TRY(s->says_most ? describe_most(a, s, &out->change)
			 : describe_change(a, s, &out->change));
	return draw(a, s, r, out);
}

enum err
plot_bars(struct arena *a, const int64_t *told, size_t count, struct str *out)
{
	int64_t most = 1, step = PLOT_WIDTH * 10 / (int64_t)count;
	struct buf b = {0};

	for (size_t i = 0; i < count; i++)
		most = told[i] > most ? told[i] : most;
	for (size_t i = 0; i < count; i++) {
		struct range r = {0, most};
		int64_t x = step * (int64_t)i;

		/* Once among thousands is to be seen, too. */
		int64_t y = height_of(told[i], r);

		if (told[i] == 0)
			continue;
		if (y > (PLOT_HEIGHT - 2) * 10)
			y = (PLOT_HEIGHT - 2) * 10;
		put_point(&b, 'M', x, PLOT_HEIGHT * 10);
		put_point(&b, 'L', x, y);
		put_point(&b, 'L', x + step - 40, y);
		put_point(&b, 'L', x + step - 40, PLOT_HEIGHT * 10);
		buf_put_char(&b, 'Z');
	}
	return keep(a, &b, out);
}
