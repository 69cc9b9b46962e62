/* From rows of figures to plots. */
#include "pages/pulse.h"
#include "base/metrics.h"
#include "pages/plot.h"
#include "store/sql.h"

#include <string.h>

enum from {
	NUMBERS = 1, /* as they are */
	HUNDREDTHS,  /* to be thousandths */
	CELLS        /* of a histogram: within what half and 99 % are */
};

#define AT_(member) offsetof(struct sql_pulse_series_row, member)

static const struct {
	const char *title;
	enum plot_unit unit;
	enum from from;
	size_t offset;
	const char *name;
	const char *other_name; /* NULL: one line */
	size_t other_offset;    /* of NUMBERS */
} kinds[] = {
    {"Requests a minute", PLOT_PARTS, NUMBERS, AT_(answered), "answered",
	"refused", AT_(refused)},
    {"Failed requests a minute", PLOT_PARTS, NUMBERS, AT_(failed), NULL, NULL,
	0},
    {"Time of a request", PLOT_TIME, CELLS, AT_(requests), "half within",
	"99 % within", 0},
    {"Time of the database", PLOT_TIME, CELLS, AT_(database), "half within",
	"99 % within", 0},
    {"Time of the image store", PLOT_TIME, CELLS, AT_(store), "half within",
	"99 % within", 0},
    {"Time of the decoder", PLOT_TIME, CELLS, AT_(decoder), "half within",
	"99 % within", 0},
    {"Time of a password hash", PLOT_TIME, CELLS, AT_(hash), "half within",
	"99 % within", 0},
    {"Processor, of one core", PLOT_PERCENT, NUMBERS, AT_(web_cpu), "web",
	"jobs", AT_(jobs_cpu)},
    {"Memory", PLOT_BYTES, NUMBERS, AT_(web_bytes), "web", "jobs",
	AT_(jobs_bytes)},
    {"Load of the machine", PLOT_PARTS, HUNDREDTHS, AT_(load), NULL, NULL, 0},
    {"Disk that is free", PLOT_BYTES, NUMBERS, AT_(disk_free), NULL, NULL, 0},
};

enum {
	KINDS = sizeof(kinds) / sizeof(kinds[0])
};

static int64_t
number_at(const struct sql_pulse_series_row *row, size_t offset)
{
	int64_t n;

	memcpy(&n, (const char *)row + offset, sizeof(n));
	return n < 0 ? PLOT_UNKNOWN : n;
}

/* "0 12 7", as many as there are; a version before may have had fewer. */
static void
read_cells(struct str text, struct metrics_spread *out)
{
	*out = (struct metrics_spread){0};
	for (size_t i = 0; i < METRICS_BUCKETS && text.len > 0; i++) {
		int64_t n;

		if (str_parse_int(str_cut(&text, ' '), 0, INT64_MAX / 4, &n) !=
		    OK)
			continue;
		out->told[i] = n;
		out->count += n;
	}
}

static void
fill_quantiles(const struct sql_pulse_series_row *row, size_t offset,
    int64_t *half, int64_t *most)
{
	struct metrics_spread s;
	struct str text;

	memcpy(&text, (const char *)row + offset, sizeof(text));
	read_cells(text, &s);
	*half = s.count > 0 ? metrics_quantile_us(&s, 50) : PLOT_UNKNOWN;
	*most = s.count > 0 ? metrics_quantile_us(&s, 99) : PLOT_UNKNOWN;
}

static void
fill_values(size_t kind, struct list rows, int64_t *values, int64_t *others)
{
	const struct sql_pulse_series_row *row = rows.items;

	for (size_t i = 0; i < rows.count; i++) {
		if (kinds[kind].from == CELLS) {
			fill_quantiles(&row[i], kinds[kind].offset, &values[i],
			    &others[i]);
			continue;
		}
		values[i] = number_at(&row[i], kinds[kind].offset);
		if (kinds[kind].from == HUNDREDTHS && values[i] > 0)
			values[i] *= 10;
		others[i] = number_at(&row[i], kinds[kind].other_offset);
	}
}

enum err
pulse_fill(struct arena *a, struct list rows, int64_t step_s, struct list *out)
{
	const struct sql_pulse_series_row *row = rows.items;
	struct plot *plots = arena_array(a, KINDS, sizeof(*plots));
	struct when *at = arena_array(a, rows.count + 1, sizeof(*at));
	int64_t *values = arena_array(a, rows.count + 1, sizeof(*values));
	int64_t *others = arena_array(a, rows.count + 1, sizeof(*others));

	if (plots == NULL || at == NULL || values == NULL || others == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < rows.count; i++)
		at[i] = row[i].at;
	for (size_t k = 0; k < KINDS; k++) {
		bool has_other = kinds[k].other_name != NULL;

		fill_values(k, rows, values, others);
		TRY(plot_make(a,
		    &(struct plot_series){.title = kinds[k].title,
			.unit = kinds[k].unit,
			.from_zero = true,
			.says_most = true,
			.step_us = step_s * 1000000,
			.count = rows.count,
			.at = at,
			.values = values,
			.others = has_other ? others : NULL,
			.name = kinds[k].name,
			.other_name = kinds[k].other_name},
		    &plots[k]));
	}
	*out = (struct list){plots, KINDS};
	return OK;
}
