/* The table of figures, their cells, and telling them. */
#include "base/metrics.h"
#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum kind {
	COUNTER = 1,
	GAUGE,
	HISTOGRAM
};

enum program {
	WEB = 1,
	JOBS = 2,
	BOTH = WEB | JOBS
};

enum label {
	NONE,
	ROUTE, /* metrics_use_routes */
	METHOD,
	STATUS,
	CLASS,
	FAILURE,
	CONNECT,
	STORE,
	OPERATION,
	DECODER,
	ACTION,
	JOB,
	LEVEL,
	POOL,
	RELOAD,
	LABEL_COUNT_
};

#define VALUES(...)                         \
	(const char *const[]){__VA_ARGS__}, \
	    sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)

static struct {
	const char *name;
	const char *const *values;
	size_t count;
} labels[LABEL_COUNT_] = {
    [NONE] = {"", VALUES("")},
    [ROUTE] = {"route", NULL, 0},
    [METHOD] = {"method",
	VALUES("other", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")},
    [STATUS] = {"status",
	VALUES("other", "200", "201", "204", "303", "304", "400", "401", "403",
	    "404", "405", "409", "413", "415", "422", "429", "500", "501",
	    "502", "503", "504")},
    [CLASS] = {"class", VALUES("other", "1xx", "2xx", "3xx", "4xx", "5xx")},
    [FAILURE] = {"failure", NULL, ERR_COUNT_}, /* err_name */
    [CONNECT] = {"result", VALUES("made", "failed")},
    [STORE] = {"store", VALUES("dir", "s3", "mirror", "other")},
    [OPERATION] = {"operation", VALUES("put", "get", "head", "copy", "move",
				    "erase", "list", "forget")},
    [DECODER] = {"outcome",
	VALUES("made", "refused", "killed", "too_slow", "failed", "busy")},
    [ACTION] = {"action", VALUES("register", "login", "login_failed", "post",
			      "post_delete", "comment", "like", "follow")},
    [JOB] = {"result", VALUES("done", "failed", "given_up")},
    [LEVEL] = {"level", VALUES("debug", "info", "warn", "error")},
    [POOL] = {"pool", VALUES("pages", "slow", "metrics")},
    [RELOAD] = {"result", VALUES("taken", "refused")},
};

struct figure {
	const char *name;
	const char *help;
	enum kind kind;
	enum program programs;
	enum label labels[3];
	bool is_sparse;  /* cells that are 0 are not told */
	bool is_seconds; /* kept in microseconds */
	/* A counter that is set, as the sum of what others have counted. */
	bool is_summed;
};

static const struct figure figures[METRIC_COUNT_] = {
    [METRIC_REQUESTS] = {.name = "pixlpix_http_requests_total",
	.help = "Requests that workers have answered.",
	.kind = COUNTER,
	.programs = WEB,
	.labels = {ROUTE, METHOD, STATUS},
	.is_sparse = true},
    [METRIC_LATENCY] = {.name = "pixlpix_http_request_duration_seconds",
	.help = "Time from a request to its answer, in a worker.",
	.kind = HISTOGRAM,
	.programs = WEB,
	.labels = {ROUTE},
	.is_sparse = true},
    [METRIC_RESPONSES] = {.name = "pixlpix_http_responses_total",
	.help = "The same requests by class of status.",
	.kind = COUNTER,
	.programs = WEB,
	.labels = {CLASS}},
    [METRIC_DATABASE] = {.name = "pixlpix_database_round_trip_seconds",
	.help = "Round trips to PostgreSQL, with all statements in them.",
	.kind = HISTOGRAM,
	.programs = BOTH},
    [METRIC_STATEMENTS] = {.name = "pixlpix_database_statements_total",
	.help = "Statements that were sent to PostgreSQL.",
	.kind = COUNTER,
	.programs = BOTH},
    [METRIC_DATABASE_FAIL] = {.name = "pixlpix_database_failures_total",
	.help = "Round trips that failed; conflict, absent and input are what "
		"constraints say of what people send.",
	.kind = COUNTER,
	.programs = BOTH,
	.labels = {FAILURE}},
    [METRIC_CONNECTS] = {.name = "pixlpix_database_connects_total",
	.help = "Connections to PostgreSQL.",
	.kind = COUNTER,
	.programs = BOTH,
	.labels = {CONNECT}},
    [METRIC_STORE] = {.name = "pixlpix_store_call_seconds",
	.help = "Calls of the object store.",
	.kind = HISTOGRAM,
	.programs = BOTH,
	.labels = {STORE, OPERATION},
	.is_sparse = true},
    [METRIC_STORE_FAIL] = {.name = "pixlpix_store_failures_total",
	.help = "Calls of the object store that failed; absent is an object "
		"that is not there.",
	.kind = COUNTER,
	.programs = BOTH,
	.labels = {STORE, OPERATION, FAILURE},
	.is_sparse = true},
    [METRIC_DECODER] = {.name = "pixlpix_decoder_run_seconds",
	.help = "Runs of a decoder, from its start to its end.",
	.kind = HISTOGRAM,
	.programs = BOTH},
    [METRIC_DECODER_RUNS] = {.name = "pixlpix_decoder_runs_total",
	.help = "What became of images that were given to a decoder.",
	.kind = COUNTER,
	.programs = BOTH,
	.labels = {DECODER}},
    [METRIC_HASH] = {.name = "pixlpix_hash_seconds",
	.help = "Password hashes, with the wait in the queue.",
	.kind = HISTOGRAM,
	.programs = WEB},
    [METRIC_HASH_REFUSED] = {.name = "pixlpix_hash_refused_total",
	.help = "Visitors for whose password the queue had no room.",
	.kind = COUNTER,
	.programs = WEB},
    [METRIC_UPLOADS] = {.name = "pixlpix_uploads_total",
	.help = "Images that were taken.",
	.kind = COUNTER,
	.programs = WEB},
    [METRIC_UPLOAD_BYTES] = {.name = "pixlpix_upload_bytes_total",
	.help = "Bytes of the images that were taken, as they were sent.",
	.kind = COUNTER,
	.programs = WEB},
    [METRIC_ACTIONS] = {.name = "pixlpix_actions_total",
	.help = "What people have done.",
	.kind = COUNTER,
	.programs = WEB,
	.labels = {ACTION}},
    [METRIC_JOBS] = {.name = "pixlpix_job_runs_total",
	.help = "Background jobs that were tried.",
	.kind = COUNTER,
	.programs = JOBS,
	.labels = {JOB}},
    [METRIC_JOB_TIME] = {.name = "pixlpix_job_seconds",
	.help = "Tries of background jobs.",
	.kind = HISTOGRAM,
	.programs = JOBS},
    [METRIC_JOBS_SEEN] = {.name = "pixlpix_jobs_seen_timestamp_seconds",
	.help = "When pixlpix-jobs has looked for jobs last.",
	.kind = GAUGE,
	.programs = JOBS},
    [METRIC_LINES] = {.name = "pixlpix_log_lines_total",
	.help = "Lines of the log.",
	.kind = COUNTER,
	.programs = BOTH,
	.labels = {LEVEL}},
    [METRIC_WORKERS] = {.name = "pixlpix_workers",
	.help = "Worker processes that are alive.",
	.kind = GAUGE,
	.programs = WEB,
	.labels = {POOL}},
    [METRIC_WORKERS_MEANT] = {.name = "pixlpix_workers_meant",
	.help = "Worker processes that should be.",
	.kind = GAUGE,
	.programs = WEB,
	.labels = {POOL}},
    [METRIC_DEATHS] = {.name = "pixlpix_worker_deaths_total",
	.help = "Workers that have ended without being told to.",
	.kind = COUNTER,
	.programs = WEB,
	.labels = {POOL}},
    [METRIC_HANGS] = {.name = "pixlpix_worker_hangs_total",
	.help = "Workers that were killed for taking too long.",
	.kind = COUNTER,
	.programs = WEB,
	.labels = {POOL}},
    [METRIC_RELOADS] = {.name = "pixlpix_reloads_total",
	.help = "Times that the configuration was read anew.",
	.kind = COUNTER,
	.programs = BOTH,
	.labels = {RELOAD}},
    [METRIC_CPU] = {.name = "process_cpu_seconds_total",
	.help = "Processor time of all processes, also of those that ended.",
	.kind = GAUGE,
	.programs = BOTH,
	.is_seconds = true,
	.is_summed = true},
    [METRIC_MEMORY] = {.name = "process_resident_memory_bytes",
	.help = "Memory of all processes, what they share counted once.",
	.kind = GAUGE,
	.programs = BOTH},
    [METRIC_STARTED] = {.name = "process_start_time_seconds",
	.help = "When the program has started.",
	.kind = GAUGE,
	.programs = BOTH,
	.is_seconds = true},
};

/* Upper bounds of the buckets; one more is without bound. */
static const int64_t bounds_us[] = {250, 500, 1000, 2500, 5000, 10000, 25000,
    50000, 100000, 250000, 500000, 1000000, 2500000, 5000000, 10000000,
    30000000};

enum {
	BOUNDS = sizeof(bounds_us) / sizeof(bounds_us[0]),
	BUCKETS = BOUNDS + 1,
	SUM = BUCKETS, /* the cell behind the buckets: microseconds */
	HISTOGRAM_CELLS = BUCKETS + 1
};

_Static_assert((int)BUCKETS == (int)METRICS_BUCKETS, "the header's number");

typedef _Atomic uint64_t cell;

/* What another process is given to read: a file with this and the cells. */
struct published {
	uint64_t layout; /* the same in both, or it is another version */
	uint64_t count;
	uint64_t routes;
	cell cells[];
};

/* Where the cells of each figure begin, in a program with so many routes. */
struct plan {
	size_t routes;
	size_t first[METRIC_COUNT_];
	size_t count;
};

static struct {
	cell *cells; /* NULL: nothing is counted */
	struct plan plan;
	int lock; /* open file of what was published, else -1 */
} own = {.lock = -1};

struct metrics_copy {
	struct plan plan;
	const cell *cells;
};

void
metrics_use_routes(const char *const *names, size_t count)
{
	labels[ROUTE].values = names;
	labels[ROUTE].count = count;
}

static size_t
values_of(enum label l, const struct plan *plan)
{
	return l == ROUTE ? plan->routes : labels[l].count;
}

static size_t
series_of(const struct figure *f, const struct plan *plan)
{
	size_t count = 1;

	for (size_t i = 0; i < 3; i++)
		if (f->labels[i] != NONE)
			count *= values_of(f->labels[i], plan);
	return count;
}

static size_t
cells_of(const struct figure *f, const struct plan *plan)
{
	return series_of(f, plan) *
	       (f->kind == HISTOGRAM ? HISTOGRAM_CELLS : 1);
}

/* What has routes comes last, so that the rest stands at the same places where
 * there are none. */
static struct plan
plan_for(size_t routes)
{
	struct plan plan = {.routes = routes};

	for (int with_routes = 0; with_routes < 2; with_routes++)
		for (size_t i = 0; i < METRIC_COUNT_; i++) {
			if ((figures[i].labels[0] == ROUTE) != with_routes)
				continue;
			plan.first[i] = plan.count;
			plan.count += cells_of(&figures[i], &plan);
		}
	return plan;
}

static void
lay_out(void)
{
	own.plan = plan_for(labels[ROUTE].count);
}

/* FNV-1a over what gives the cells their meaning. */
static uint64_t
layout(void)
{
	uint64_t hash = UINT64_C(14695981039346656037);
	char text[160];

	for (size_t i = 0; i < METRIC_COUNT_; i++) {
		int n = snprintf(text, sizeof(text), "%s %s %zu %zu",
		    PIXLPIX_VERSION, figures[i].name,
		    figures[i].labels[0] == ROUTE ? 0 : own.plan.first[i],
		    (size_t)HISTOGRAM_CELLS);

		for (int k = 0; k < n && k < (int)sizeof(text); k++)
			hash = (hash ^ (unsigned char)text[k]) *
			       UINT64_C(1099511628211);
	}
	return hash;
}

static void *
map(size_t bytes, int fd)
{
	void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
	    fd < 0 ? MAP_SHARED | MAP_ANONYMOUS : MAP_SHARED, fd, 0);

	return at == MAP_FAILED ? NULL : at;
}

enum err
metrics_share(void)
{
	if (own.cells != NULL)
		return OK;
	lay_out();
	own.cells = map(own.plan.count * sizeof(cell), -1);
	return own.cells != NULL ? OK : ERR_MEMORY;
}

/* The whole file, locked as long as this process or a child of it lives. */
static enum err
make_file(const char *path, size_t bytes, int *out)
{
	struct flock lock = {
	    .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);

	if (fd < 0)
		return ERR_IO;
	/* Room that is there: a full disk must not end who counts. */
	errno = posix_fallocate(fd, 0, (off_t)bytes);
	if (errno != 0 || fcntl(fd, F_OFD_SETLK, &lock) != 0) {
		(void)close(fd);
		return ERR_IO;
	}
	*out = fd;
	return OK;
}

static enum err
publish(const char *path, const char *making, size_t bytes)
{
	struct published *p;
	int fd;

	TRY(make_file(making, bytes, &fd));
	p = map(bytes, fd);
	if (p == NULL || rename(making, path) != 0) {
		(void)close(fd);
		return p == NULL ? ERR_MEMORY : ERR_IO;
	}
	p->layout = layout();
	p->count = own.plan.count;
	p->routes = own.plan.routes;
	own.cells = p->cells;
	own.lock = fd;
	return OK;
}

enum err
metrics_publish(const char *path)
{
	char making[4096];
	enum err e;

	if (snprintf(making, sizeof(making), "%s.new", path) >=
	    (int)sizeof(making))
		return ERR_IO;
	lay_out();
	e = publish(path, making,
	    sizeof(struct published) + own.plan.count * sizeof(cell));
	if (e != OK)
		log_event(LOG_ERROR, "figures cannot be published",
		    LOG_Z("path", path), LOG_ERRNO());
	return e;
}

void
metrics_drop(void)
{
	own.cells = NULL;
	if (own.lock >= 0)
		(void)close(own.lock);
	own.lock = -1;
}

/* Where the first of a series' cells stands; false: there is no such. */
static bool
find_place(
    const struct plan *plan, enum metric m, struct metrics_at at, size_t *out)
{
	const struct figure *f = &figures[m];
	size_t place = 0;

	for (size_t i = 0; i < 3 && f->labels[i] != NONE; i++) {
		size_t count = values_of(f->labels[i], plan);

		if (at.index[i] >= count)
			return false;
		place = place * count + at.index[i];
	}
	if (f->kind == HISTOGRAM)
		place *= HISTOGRAM_CELLS;
	*out = plan->first[m] + place;
	return true;
}

/* The first of a series' cells; NULL where there is none. */
static cell *
find(enum metric m, struct metrics_at at)
{
	size_t place;

	if (own.cells == NULL || !find_place(&own.plan, m, at, &place))
		return NULL;
	return &own.cells[place];
}

static void
add(cell *c, uint64_t n)
{
	(void)atomic_fetch_add_explicit(c, n, memory_order_relaxed);
}

static uint64_t
read_cell(const cell *c)
{
	return atomic_load_explicit(c, memory_order_relaxed);
}

void
metrics_count(enum metric m, struct metrics_at at, int64_t n)
{
	cell *c = find(m, at);

	if (c != NULL && n > 0)
		add(c, (uint64_t)n);
}

void
metrics_set(enum metric m, struct metrics_at at, int64_t value)
{
	cell *c = find(m, at);

	if (c != NULL)
		atomic_store_explicit(c, (uint64_t)value, memory_order_relaxed);
}

void
metrics_observe(enum metric m, struct metrics_at at, int64_t us)
{
	cell *c = find(m, at);
	size_t bucket = 0;

	if (c == NULL)
		return;
	while (bucket < BOUNDS && us > bounds_us[bucket])
		bucket++;
	add(&c[bucket], 1);
	add(&c[SUM], us > 0 ? (uint64_t)us : 0);
}

void
metrics_time(enum metric m, struct metrics_at at, int64_t began_us)
{
	if (own.cells != NULL)
		metrics_observe(m, at, clock_monotonic_us() - began_us);
}

static uint64_t
told(const cell *c)
{
	uint64_t count = 0;

	for (size_t i = 0; i < BUCKETS; i++)
		count += read_cell(&c[i]);
	return count;
}

static int64_t
value_of(enum metric m, const cell *c)
{
	return (int64_t)(figures[m].kind == HISTOGRAM ? told(c) : read_cell(c));
}

int64_t
metrics_read(enum metric m, struct metrics_at at)
{
	const cell *c = find(m, at);

	return c != NULL ? value_of(m, c) : 0;
}

static void
add_spread(const cell *cells, const struct plan *plan, enum metric m,
    struct metrics_spread *out)
{
	const struct figure *f = &figures[m];
	const cell *c = cells + plan->first[m];

	if (f->kind != HISTOGRAM)
		return;
	for (size_t i = 0; i < series_of(f, plan); i++, c += HISTOGRAM_CELLS)
		for (size_t k = 0; k < BUCKETS; k++) {
			int64_t n = (int64_t)read_cell(&c[k]);

			out->told[k] += n;
			out->count += n;
		}
}

void
metrics_spread(enum metric m, struct metrics_spread *out)
{
	*out = (struct metrics_spread){0};
	if (own.cells != NULL)
		add_spread(own.cells, &own.plan, m, out);
}

int64_t
metrics_edge_us(size_t bucket)
{
	return bucket < BOUNDS ? bounds_us[bucket] : INT64_MAX;
}

int64_t
metrics_within_us(const struct metrics_spread *s, int64_t percent)
{
	int64_t so_far = 0;

	if (s->count == 0)
		return 0;
	for (size_t k = 0; k < BUCKETS; k++) {
		so_far += s->told[k];
		if (so_far >= s->count - s->count * (100 - percent) / 100)
			return metrics_edge_us(k);
	}
	return INT64_MAX;
}

/* As Prometheus' histogram_quantile: evenly spread within a bucket. */
int64_t
metrics_quantile_us(const struct metrics_spread *s, int64_t percent)
{
	double wanted = (double)s->count * (double)percent / 100;
	int64_t so_far = 0;

	for (size_t k = 0; k < BOUNDS && s->count > 0; k++) {
		int64_t low = k > 0 ? bounds_us[k - 1] : 0;

		if (s->told[k] > 0 && (double)(so_far + s->told[k]) >= wanted)
			return low + (int64_t)((double)(bounds_us[k] - low) *
						   (wanted - (double)so_far) /
						   (double)s->told[k] +
					       0.5);
		so_far += s->told[k];
	}
	return s->count > 0 ? bounds_us[BOUNDS - 1] : 0;
}

size_t
metrics_status(int status)
{
	const char digits[] = {(char)('0' + status / 100 % 10),
	    (char)('0' + status / 10 % 10), (char)('0' + status % 10)};

	for (size_t i = 1; i < labels[STATUS].count; i++)
		if (memcmp(labels[STATUS].values[i], digits, 3) == 0)
			return i;
	return 0;
}

/* ---- the text ---- */

void
metrics_put_family(
    struct buf *b, const char *name, const char *kind, const char *help)
{
	buf_printf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind);
}

static void
put_name(struct buf *b, const char *name, struct str labels_)
{
	buf_put(b, str_from(name));
	if (labels_.len > 0) {
		buf_put_char(b, '{');
		buf_put(b, labels_);
		buf_put_char(b, '}');
	}
	buf_put_char(b, ' ');
}

void
metrics_put_sample(
    struct buf *b, const char *name, struct str labels_, int64_t value)
{
	put_name(b, name, labels_);
	buf_put_int(b, value);
	buf_put_char(b, '\n');
}

void
metrics_put_gauge(
    struct buf *b, const char *name, const char *help, int64_t value)
{
	metrics_put_family(b, name, "gauge", help);
	metrics_put_sample(b, name, STR(""), value);
}

void
metrics_put_seconds(
    struct buf *b, const char *name, struct str labels_, int64_t us)
{
	put_name(b, name, labels_);
	buf_printf(
	    b, "%" PRId64 ".%06" PRId64 "\n", us / 1000000, us % 1000000);
}

/* The labels of series `place`, with the program's. */
static void
put_labels(
    struct buf *b, const struct figure *f, size_t place, const char *program)
{
	const char *comma = "";

	for (size_t i = 0; i < 3 && f->labels[i] != NONE; i++) {
		enum label l = f->labels[i];
		size_t inner = 1, index;

		for (size_t k = i + 1; k < 3 && f->labels[k] != NONE; k++)
			inner *= labels[f->labels[k]].count;
		index = place / inner % labels[l].count;
		buf_printf(b, "%s%s=\"%s\"", comma, labels[l].name,
		    l == FAILURE ? err_name((enum err)index)
				 : labels[l].values[index]);
		comma = ",";
	}
	if (f->programs == BOTH)
		buf_printf(b, "%sprogram=\"%s\"", comma, program);
}

static void
put_histogram(
    struct buf *b, const char *name, struct str labels_, const cell *c)
{
	const char *comma = labels_.len > 0 ? "," : "";
	uint64_t so_far = 0;

	for (size_t i = 0; i < BUCKETS; i++) {
		so_far += read_cell(&c[i]);
		buf_printf(
		    b, "%s_bucket{%.*s%sle=\"", name, STR_ARG(labels_), comma);
		if (i < BOUNDS)
			buf_printf(b, "%g", (double)bounds_us[i] / 1e6);
		else
			buf_put(b, STR("+Inf"));
		buf_printf(b, "\"} %" PRIu64 "\n", so_far);
	}
	buf_put(b, str_from(name));
	metrics_put_seconds(b, "_sum", labels_, (int64_t)read_cell(&c[SUM]));
	buf_put(b, str_from(name));
	metrics_put_sample(b, "_count", labels_, (int64_t)so_far);
}

/* Whether a place, whose last label is a failure, stands for this one. */
static bool
is_of_failure(const struct figure *f, size_t place, enum err failure)
{
	for (size_t i = 0; i < 3; i++)
		if (f->labels[i] == FAILURE &&
		    (i == 2 || f->labels[i + 1] == NONE))
			return place % ERR_COUNT_ == failure;
	return false;
}

/* A sparse family leaves out what has never been; but a store that fails for
 * the first time is seen only beside the 0 from before. */
static bool
is_left_out(const struct figure *f, size_t place, uint64_t value)
{
	return is_of_failure(f, place, OK) ||
	       (f->is_sparse && value == 0 &&
		   !is_of_failure(f, place, ERR_STORE));
}

/* One program's part of a family. */
static void
put_series(struct buf *b, const struct figure *f, const cell *cells,
    const char *program)
{
	size_t step = f->kind == HISTOGRAM ? HISTOGRAM_CELLS : 1;
	struct buf text = {0};

	for (size_t i = 0; i < series_of(f, &own.plan); i++) {
		const cell *c = &cells[i * step];

		if (is_left_out(f, i, step > 1 ? told(c) : read_cell(c)))
			continue;
		buf_reset(&text);
		put_labels(&text, f, i, program);
		if (f->kind == HISTOGRAM)
			put_histogram(b, f->name, buf_str(&text), c);
		else if (f->is_seconds)
			metrics_put_seconds(
			    b, f->name, buf_str(&text), (int64_t)read_cell(c));
		else
			metrics_put_sample(
			    b, f->name, buf_str(&text), (int64_t)read_cell(c));
	}
	if (b->failure == OK)
		b->failure = buf_check(&text);
	buf_free(&text);
}

/* Whether somebody holds the file's lock: it goes with its process. */
static bool
is_held(int fd)
{
	struct flock lock = {
	    .l_type = F_RDLCK, .l_whence = SEEK_SET, .l_len = 1};

	return fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type == F_WRLCK;
}

/* The cells that were published; ERR_ABSENT where there are none of a program
 * like this one that runs. */
static enum err
read_published(struct arena *a, int fd, const struct published **out)
{
	size_t bytes = sizeof(struct published);
	struct published *p;
	struct stat st;

	if (!is_held(fd) || fstat(fd, &st) != 0 || st.st_size < (off_t)bytes ||
	    st.st_size > 16 * 1024 * 1024)
		return ERR_ABSENT;
	p = arena_alloc(a, (size_t)st.st_size);
	if (p == NULL)
		return ERR_MEMORY;
	if (pread(fd, p, (size_t)st.st_size, 0) != st.st_size ||
	    p->layout != layout() ||
	    p->count != ((size_t)st.st_size - bytes) / sizeof(cell) ||
	    p->routes > p->count || plan_for(p->routes).count != p->count)
		return ERR_ABSENT;
	*out = p;
	return OK;
}

static enum err
find_published(struct arena *a, const char *path, const struct published **out)
{
	int fd = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	enum err e;

	if (fd < 0)
		return ERR_ABSENT;
	e = read_published(a, fd, out);
	(void)close(fd);
	return e;
}

enum err
metrics_put(struct buf *b, struct arena *a, const char *path, bool *is_alive)
{
	const struct published *theirs = NULL;
	enum err e;

	if (own.cells == NULL)
		lay_out();
	e = find_published(a, path, &theirs);
	*is_alive = e == OK;
	if (e != OK && e != ERR_ABSENT)
		return e;
	for (size_t i = 0; i < METRIC_COUNT_; i++) {
		const struct figure *f = &figures[i];

		metrics_put_family(b, f->name,
		    f->kind == HISTOGRAM                 ? "histogram"
		    : f->kind == COUNTER || f->is_summed ? "counter"
							 : "gauge",
		    f->help);
		if ((f->programs & WEB) != 0 && own.cells != NULL)
			put_series(b, f, &own.cells[own.plan.first[i]], "web");
		if ((f->programs & JOBS) != 0 && theirs != NULL)
			put_series(
			    b, f, &theirs->cells[own.plan.first[i]], "jobs");
	}
	return OK;
}

enum err
metrics_copy(struct arena *a, const char *path, const struct metrics_copy **out)
{
	struct metrics_copy *copy = ARENA_NEW(a, struct metrics_copy);
	const struct published *theirs;

	if (copy == NULL)
		return ERR_MEMORY;
	if (own.cells == NULL)
		lay_out();
	TRY(find_published(a, path, &theirs));
	*copy = (struct metrics_copy){plan_for(theirs->routes), theirs->cells};
	*out = copy;
	return OK;
}

int64_t
metrics_copy_read(
    const struct metrics_copy *copy, enum metric m, struct metrics_at at)
{
	size_t place;

	if (!find_place(&copy->plan, m, at, &place))
		return 0;
	return value_of(m, &copy->cells[place]);
}

void
metrics_copy_spread(
    const struct metrics_copy *copy, enum metric m, struct metrics_spread *out)
{
	*out = (struct metrics_spread){0};
	add_spread(copy->cells, &copy->plan, m, out);
}
