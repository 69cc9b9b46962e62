/* From numbers to paths. */
#include "pages/plot.h"
#include "base/buf.h"
#include "base/clock.h"

#include <assert.h>

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

enum err
plot_number(struct arena *a, int64_t n, enum plot_unit unit, struct str *out)
{
	struct buf b = {0};

	if (unit == PLOT_BYTES)
		put_bytes(&b, n);
	else
		put_grouped(&b, n);
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

/* Edges at round numbers, with the values between them. */
static struct range
range_of(const struct plot_series *s)
{
	int64_t low = s->values[0], high = s->values[0], step;

	for (size_t i = 1; i < s->count; i++) {
		low = s->values[i] < low ? s->values[i] : low;
		high = s->values[i] > high ? s->values[i] : high;
	}
	if (s->from_zero)
		low = 0;
	step = (high - low) / 4 + 1;
	/* Labels of two digits tell no finer steps. */
	if (s->unit == PLOT_BYTES && step < high / 20)
		step = high / 20;
	step = round_step(step);
	low -= low % step;
	if (high % step != 0 || high == low) {
		int64_t up = step - high % step;

		high = high > INT64_MAX - up ? INT64_MAX : high + up;
	}
	return (struct range){low, high};
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

static enum err
draw(struct arena *a, const struct plot_series *s, struct range r,
    struct plot *out)
{
	struct buf line = {0}, area = {0};
	enum err e;

	put_point(&area, 'M', 0, PLOT_HEIGHT * 10);
	for (size_t i = 0; i < s->count; i++) {
		int64_t x = place_of(s, i), y = height_of(s->values[i], r);

		put_point(&line, i == 0 ? 'M' : 'L', x, y);
		put_point(&area, 'L', x, y);
	}
	put_point(&area, 'L', PLOT_WIDTH * 10, PLOT_HEIGHT * 10);
	buf_put_char(&area, 'Z');
	e = keep(a, &line, &out->line);
	if (e != OK)
		buf_free(&area);
	TRY(e);
	return keep(a, &area, &out->area);
}

/* "+12", "-3", or "no change". */
static enum err
describe_change(struct arena *a, const struct plot_series *s, struct str *out)
{
	int64_t first = s->values[0], last = s->values[s->count - 1];
	struct str size;

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

enum err
plot_make(struct arena *a, const struct plot_series *s, struct plot *out)
{
	struct range r;

	*out = (struct plot){.title = str_from(s->title)};
	if (s->count == 0) {
		out->now = STR("\xe2\x80\x93");
		return OK;
	}
	TRY(plot_number(a, s->values[s->count - 1], s->unit, &out->now));
	if (s->count < 2)
		return OK;
	r = range_of(s);
	assert(r.high > r.low);
	out->has_line = true;
	TRY(plot_number(a, r.high, s->unit, &out->top));
	if (r.high - r.low > 1)
		TRY(plot_number(
		    a, r.low + (r.high - r.low) / 2, s->unit, &out->middle));
	TRY(plot_number(a, r.low, s->unit, &out->bottom));
	out->first = s->at[0];
	out->last = s->at[s->count - 1];
	TRY(describe_change(a, s, &out->change));
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

enum err
plot_time(struct arena *a, int64_t us, struct str *out)
{
	if (us >= 1000000)
		return arena_printf(a, out, "%g s", (double)us / 1e6);
	return arena_printf(a, out, "%g ms", (double)us / 1e3);
}
