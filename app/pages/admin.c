/* How the site grows and works, for its admins. */
#include "base/metrics.h"
#include "pages/handlers.h"
#include "pages/plot.h"
#include "pages/pulse.h"

#include <string.h>

enum {
	POINTS_MAX = 400, /* as measure_series has it */
	PLOTS = 8
};

/* What may be looked at, "?range=NAME". */
static const struct span {
	const char *name;
	const char *label;
	const char *unit;
	int64_t hours;
	int64_t step_s;  /* of `unit` */
	int64_t pulse_s; /* of the plots of the pulse: 400 at most */
} spans[] = {
    {"days", "48 hours", "hour", 48, 3600, 600},
    {"month", "30 days", "day", 30 * 24, 86400, 7200},
    {"year", "A year", "week", 366 * 24, 7 * 86400, 86400},
};

static enum err
find_span(struct page *p, const struct span **out)
{
	struct form query;
	struct str name;

	TRY(form_parse(p->arena, p->request->query, NULL, &query));
	name = form_value(&query, STR("range"));
	*out = &spans[1];
	for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++)
		if (str_equal(name, str_from(spans[i].name)))
			*out = &spans[i];
	return OK;
}

static enum err
fill_spans(struct page *p, const struct span *chosen, struct list *out)
{
	size_t count = sizeof(spans) / sizeof(spans[0]);
	struct admin_span *items = arena_array(p->arena, count, sizeof(*items));

	if (items == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < count; i++) {
		items[i].label = str_from(spans[i].label);
		items[i].is_chosen = &spans[i] == chosen;
		TRY(url_make(p->arena, &items[i].url, "/admin?range={}",
		    URL_STR(str_from(spans[i].name))));
	}
	*out = (struct list){items, count};
	return OK;
}

/* The plots, by where their figure stands in a row. */
static const struct {
	const char *title;
	enum plot_unit unit;
	bool from_zero;
	size_t offset;
} kinds[PLOTS] = {
    {"People", PLOT_COUNT, false,
	offsetof(struct sql_measure_point_row, accounts)},
    {"Active people", PLOT_COUNT, true,
	offsetof(struct sql_measure_point_row, active_day)},
    {"Posts", PLOT_COUNT, false, offsetof(struct sql_measure_point_row, posts)},
    {"Comments", PLOT_COUNT, false,
	offsetof(struct sql_measure_point_row, comments)},
    {"Likes", PLOT_COUNT, false, offsetof(struct sql_measure_point_row, likes)},
    {"Follows", PLOT_COUNT, false,
	offsetof(struct sql_measure_point_row, follows)},
    {"Logins that last", PLOT_COUNT, true,
	offsetof(struct sql_measure_point_row, sessions)},
    {"Images stored", PLOT_BYTES, false,
	offsetof(struct sql_measure_point_row, bytes)},
};

static int64_t
value_of(const struct sql_measure_point_row *row, size_t offset)
{
	int64_t value;

	memcpy(&value, (const char *)row + offset, sizeof(value));
	return value < 0 ? 0 : value;
}

static enum err
fill_plots(struct page *p, struct list rows, int64_t step_s, struct list *out)
{
	const struct sql_measure_point_row *row = rows.items;
	struct plot *plots = arena_array(p->arena, PLOTS, sizeof(*plots));
	struct when *at = arena_array(p->arena, POINTS_MAX, sizeof(*at));
	int64_t *values = arena_array(p->arena, POINTS_MAX, sizeof(*values));

	if (plots == NULL || at == NULL || values == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < rows.count; i++)
		at[i] = row[i].at;
	for (size_t k = 0; k < PLOTS; k++) {
		struct plot_series series = {.title = kinds[k].title,
		    .unit = kinds[k].unit,
		    .from_zero = kinds[k].from_zero,
		    .step_us = step_s * 1000000,
		    .count = rows.count,
		    .at = at,
		    .values = values};

		for (size_t i = 0; i < rows.count; i++)
			values[i] = value_of(&row[i], kinds[k].offset);
		TRY(plot_make(p->arena, &series, &plots[k]));
	}
	*out = (struct list){plots, PLOTS};
	return OK;
}

/* The same in numbers, newest first, for who cannot see a plot. */
static enum err
fill_table(struct page *p, struct list rows, struct list *out)
{
	const struct sql_measure_point_row *row = rows.items;
	struct admin_row *items =
	    arena_array(p->arena, rows.count, sizeof(*items));

	if (items == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < rows.count; i++) {
		const struct sql_measure_point_row *from =
		    &row[rows.count - 1 - i];

		items[i].at = from->at;
		items[i].people = from->accounts;
		items[i].active = from->active_day;
		items[i].posts = from->posts;
		items[i].comments = from->comments;
		items[i].likes = from->likes;
		items[i].follows = from->follows;
		TRY(plot_number(
		    p->arena, from->bytes, PLOT_BYTES, &items[i].bytes));
	}
	*out = (struct list){items, rows.count};
	return OK;
}

/* What the workers of this machine have counted, in the order of the page. */
static const struct {
	const char *title;
	enum metric metric;
} spreads[] = {
    {"Requests", METRIC_LATENCY},
    {"Database", METRIC_DATABASE},
    {"Image store", METRIC_STORE},
    {"Decoder", METRIC_DECODER},
    {"Password hashes", METRIC_HASH},
};

static enum err
fill_spread(struct page *p, const char *title, const struct metrics_spread *s,
    struct admin_times *out)
{
	int64_t last = metrics_edge_us(METRICS_BUCKETS - 2);
	int64_t half = metrics_within_us(s, 50);
	int64_t within = metrics_within_us(s, 99);

	out->title = str_from(title);
	out->is_slower = within > last;
	if (out->is_slower)
		within = last;
	if (half > last)
		half = last;
	TRY(plot_number(p->arena, s->count, PLOT_COUNT, &out->count));
	if (s->count == 0)
		return OK;
	TRY(plot_number(p->arena, half, PLOT_TIME, &out->half));
	TRY(plot_number(p->arena, within, PLOT_TIME, &out->most));
	TRY(plot_number(p->arena, metrics_edge_us(0), PLOT_TIME, &out->first));
	TRY(plot_number(p->arena, last, PLOT_TIME, &out->last));
	return plot_bars(p->arena, s->told, METRICS_BUCKETS, &out->bars);
}

static enum err
fill_times(struct page *p, struct list *out)
{
	size_t count = sizeof(spreads) / sizeof(spreads[0]);
	struct admin_times *items =
	    arena_array(p->arena, count, sizeof(*items));

	if (items == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < count; i++) {
		struct metrics_spread s;

		metrics_spread(spreads[i].metric, &s);
		TRY(fill_spread(p, spreads[i].title, &s, &items[i]));
	}
	*out = (struct list){items, count};
	return OK;
}

static enum err
fill_classes(struct page *p, struct list *out)
{
	static const char *const names[] = {NULL, NULL, "Answered (2xx)",
	    "Led elsewhere (3xx)", "Refused (4xx)", "Failed (5xx)"};
	size_t count = 0, last = sizeof(names) / sizeof(names[0]);
	struct admin_class *items = arena_array(p->arena, last, sizeof(*items));

	if (items == NULL)
		return ERR_MEMORY;
	for (size_t i = 2; i < last; i++) {
		int64_t n = metrics_read(METRIC_RESPONSES, AT(i));

		items[count].name = str_from(names[i]);
		items[count].is_bad = i == 5 && n > 0;
		TRY(plot_number(p->arena, n, PLOT_COUNT, &items[count].count));
		count++;
	}
	*out = (struct list){items, count};
	return OK;
}

static struct str
deed_of(struct str what)
{
	static const struct {
		const char *what;
		const char *words;
	} deeds[] = {
	    {"suspend", "suspended"},
	    {"lift", "lifted the suspension of"},
	    {"role", "gave a role to"},
	    {"post", "removed a post of"},
	    {"comment", "removed a comment of"},
	    {"reset", "reset the password of"},
	};

	for (size_t i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++)
		if (str_equal(what, str_from(deeds[i].what)))
			return str_from(deeds[i].words);
	return what;
}

static enum err
fill_deeds(struct page *p, struct list rows, struct list *out)
{
	const struct sql_moderation_list_row *row = rows.items;
	struct admin_deed *items =
	    arena_array(p->arena, rows.count, sizeof(*items));

	if (items == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < rows.count; i++)
		items[i] = (struct admin_deed){row[i].at, row[i].actor,
		    deed_of(row[i].what), row[i].account, row[i].reason};
	*out = (struct list){items, rows.count};
	return OK;
}

static enum err
fill_backup(struct page *p, const struct sql_backup_last_row *row,
    bool is_there, struct admin_backup *out)
{
	out->is_there = is_there;
	if (!is_there)
		return OK;
	out->started = row->started_at;
	out->ended = row->ended_at;
	out->is_running = row->ended_at.us == 0;
	out->is_good = row->is_good;
	out->message = row->message;
	out->good_at = row->good_at;
	return plot_number(p->arena, row->bytes, PLOT_BYTES, &out->bytes);
}

enum err
page_admin(struct page *p)
{
	struct admin_view *view = ARENA_NEW(p->arena, struct admin_view);
	struct sql_backup_last_row backup = {0};
	struct sql_admin_work_row work;
	struct list points, pulse, deeds;
	const struct span *span;
	bool has_backup = false;

	if (view == NULL)
		return ERR_MEMORY;
	TRY(find_span(p, &span));
	sql_measure_series_ask(p->site->db,
	    &(struct sql_measure_series_in){str_from(span->unit), span->hours},
	    &points);
	sql_pulse_series_ask(p->site->db,
	    &(struct sql_pulse_series_in){span->pulse_s, span->hours}, &pulse);
	sql_admin_work_ask(p->site->db, &work);
	sql_backup_last_ask(p->site->db, &backup, &has_backup);
	sql_moderation_list_ask(p->site->db, &deeds);
	TRY(page_load(p));
	view->span = str_from(span->label);
	TRY(fill_spans(p, span, &view->spans));
	TRY(fill_plots(p, points, span->step_s, &view->plots));
	TRY(fill_table(p, points, &view->rows));
	view->has_history = points.count > 1;
	view->has_pulse = pulse.count > 1;
	if (view->has_pulse)
		TRY(pulse_fill(p->arena, pulse, span->pulse_s, &view->pulse));
	TRY(fill_times(p, &view->times));
	TRY(fill_classes(p, &view->classes));
	view->due = work.due;
	view->later = work.later;
	view->given_up = work.given_up;
	view->oldest = work.oldest;
	TRY(fill_backup(p, &backup, has_backup, &view->backup));
	TRY(fill_deeds(p, deeds, &view->deeds));
	return page_show(p, "admin", STR("The site"), &view->frame);
}
