/* Figures of the running programs: counters, gauges and histograms that all
 * worker processes of a program share without locks.
 *
 * Every figure is a row of the table in metrics.c and a run of 64-bit cells in
 * one shared mapping.  Counting is one or two relaxed atomic additions; until
 * metrics_share or metrics_publish was called, and wherever that was not done
 * (pixlpixctl, most tests), it is nothing.  A worker that dies leaves what it
 * has counted.
 *
 *	metrics_count(METRIC_REQUESTS, AT(route, method, status), 1);
 *	metrics_time(METRIC_DATABASE, AT(0), began_us);
 *
 * They are told in Prometheus' text format, version 0.0.4.
 */
#ifndef PIXLPIX_BASE_METRICS_H
#define PIXLPIX_BASE_METRICS_H

#include "base/arena.h"
#include "base/buf.h"

/* In the order of the text.  What stands in brackets are the labels. */
enum metric {
	METRIC_REQUESTS,      /* [route, method, status] */
	METRIC_LATENCY,       /* histogram [route] */
	METRIC_RESPONSES,     /* [class: status / 100] */
	METRIC_DATABASE,      /* histogram: round trips */
	METRIC_STATEMENTS,    /* statements in them */
	METRIC_DATABASE_FAIL, /* [enum err] */
	METRIC_CONNECTS,      /* [0: made, 1: failed] */
	METRIC_STORE,         /* histogram [enum metrics_kind, metrics_store] */
	METRIC_STORE_FAIL,    /* [enum metrics_kind, metrics_store, err] */
	METRIC_DECODER,       /* histogram: a decoder's run */
	METRIC_DECODER_RUNS,  /* [enum metrics_decoder] */
	METRIC_HASH,          /* histogram: a hash, with the wait for it */
	METRIC_HASH_REFUSED,  /* the queue was full */
	METRIC_UPLOADS,       /* images taken */
	METRIC_UPLOAD_BYTES,  /* of what was sent */
	METRIC_ACTIONS,       /* [enum metrics_action] */
	METRIC_JOBS,          /* [enum metrics_job] */
	METRIC_JOB_TIME,      /* histogram: a job, whatever became of it */
	METRIC_JOBS_SEEN,     /* gauge: when jobs were looked for last, in s */
	METRIC_LINES,         /* [enum log_level]: lines of the log */
	METRIC_WORKERS,       /* gauge [enum metrics_pool]: alive */
	METRIC_WORKERS_MEANT, /* gauge [enum metrics_pool] */
	METRIC_DEATHS,        /* [enum metrics_pool]: unexpected ends */
	METRIC_HANGS,         /* [enum metrics_pool]: killed by the watchdog */
	METRIC_RELOADS,       /* [0: taken, 1: refused] */
	METRIC_CPU,     /* gauge in us: of all processes, also dead ones */
	METRIC_MEMORY,  /* gauge: bytes of all processes, shared ones once */
	METRIC_STARTED, /* gauge: us since 1970 */
	METRIC_COUNT_
};

/* Of the object store: its back end's name. */
enum metrics_kind {
	METRICS_KIND_DIR,
	METRICS_KIND_S3,
	METRICS_KIND_MIRROR, /* calls the other two */
	METRICS_KIND_OTHER,
	METRICS_KIND_COUNT_
};

enum metrics_store {
	METRICS_STORE_PUT,
	METRICS_STORE_GET,
	METRICS_STORE_HEAD,
	METRICS_STORE_COPY,
	METRICS_STORE_MOVE,
	METRICS_STORE_ERASE,
	METRICS_STORE_LIST,
	METRICS_STORE_FORGET,
	METRICS_STORE_COUNT_
};

enum metrics_decoder {
	METRICS_DECODER_MADE,
	METRICS_DECODER_REFUSED,  /* the image is broken, or too large */
	METRICS_DECODER_KILLED,   /* by a signal that was not ours: a crash, or
	                           * a step out of its cage */
	METRICS_DECODER_TOO_SLOW, /* killed at its time limit */
	METRICS_DECODER_FAILED,   /* not started, or not what was asked for */
	METRICS_DECODER_BUSY,     /* no place in the queue */
	METRICS_DECODER_COUNT_
};

enum metrics_action {
	METRICS_ACTION_REGISTER,
	METRICS_ACTION_LOGIN,
	METRICS_ACTION_LOGIN_FAILED,
	METRICS_ACTION_POST,
	METRICS_ACTION_POST_DELETE,
	METRICS_ACTION_COMMENT,
	METRICS_ACTION_LIKE,
	METRICS_ACTION_FOLLOW,
	METRICS_ACTION_COUNT_
};

enum metrics_job {
	METRICS_JOB_DONE,
	METRICS_JOB_FAILED, /* and is tried again */
	METRICS_JOB_GIVEN_UP,
	METRICS_JOB_COUNT_
};

enum metrics_pool {
	METRICS_POOL_PAGES,
	METRICS_POOL_SLOW,
	METRICS_POOL_METRICS,
	METRICS_POOL_COUNT_
};

/* Which of a figure's cells: the indexes of its labels, in their order. */
struct metrics_at {
	size_t index[3];
};

#define AT(...) ((struct metrics_at){{__VA_ARGS__}})

/* The routes by name, for the label `route`; before metrics_share and
 * metrics_publish.  The names must stay; the last one is for requests without a
 * route.  None at the start. */
void metrics_use_routes(const char *const *names, size_t count);

/* Cells that this process shares with the children it makes from here on.
 * ERR_MEMORY.  A second call keeps the first one's. */
enum err metrics_share(void);

/* Cells in a new file at `path`, which metrics_put and metrics_copy of another
 * process read as long as this one or a child of it lives; children count into
 * them, too.  What was there is replaced.  ERR_IO (logged), ERR_MEMORY. */
enum err metrics_publish(const char *path);

/* Forgets the cells: for tests, and for a child that must not count. */
void metrics_drop(void);

/* The index of a status in the label `status`; that of "other" where it is not
 * one that the site knows. */
size_t metrics_status(int status);

/* Adds to a counter.  An index past its label's values is ignored. */
void metrics_count(enum metric m, struct metrics_at at, int64_t n);

/* Adds the time since `began_us` (clock_monotonic_us) to a histogram. */
void metrics_time(enum metric m, struct metrics_at at, int64_t began_us);

/* The same where the time is known. */
void metrics_observe(enum metric m, struct metrics_at at, int64_t us);

void metrics_set(enum metric m, struct metrics_at at, int64_t value);

/* A counter's or gauge's cell, or how often a histogram was told; 0 where
 * nothing is counted. */
int64_t metrics_read(enum metric m, struct metrics_at at);

enum {
	METRICS_BUCKETS = 17
};

/* A histogram with all of its series together. */
struct metrics_spread {
	int64_t count;
	int64_t told[METRICS_BUCKETS]; /* by bucket, each without the others */
};

/* All zero where nothing is counted. */
void metrics_spread(enum metric m, struct metrics_spread *out);

/* The upper edge of a bucket in microseconds; INT64_MAX for the last. */
int64_t metrics_edge_us(size_t bucket);

/* The edge of the bucket within which `percent` (1 to 100) of them are; 0
 * where there are none. */
int64_t metrics_within_us(const struct metrics_spread *s, int64_t percent);

/* The time within which `percent` of them are, taken as evenly spread in their
 * bucket, as Prometheus' histogram_quantile does; what is past the last edge
 * is told as that edge.  0 where there are none. */
int64_t metrics_quantile_us(const struct metrics_spread *s, int64_t percent);

/* What another program has published, as it stood at one moment. */
struct metrics_copy;

/* Of the program that has published at `path`; lives as long as the arena.
 * ERR_ABSENT where it does not run or has another version's figures;
 * ERR_MEMORY. */
enum err metrics_copy(
    struct arena *a, const char *path, const struct metrics_copy **out);

/* As metrics_read and metrics_spread. */
int64_t metrics_copy_read(
    const struct metrics_copy *copy, enum metric m, struct metrics_at at);

void metrics_copy_spread(
    const struct metrics_copy *copy, enum metric m, struct metrics_spread *out);

/* Puts all figures: this program's, labelled program="web" where both have
 * them, and those that another program has published at `path` (NULL: none)
 * as program="jobs".  *is_alive: whether that program runs; where it does not,
 * has another version's figures or never ran, its figures are left out.
 * ERR_MEMORY of the arena; what fails in `b` is for buf_check. */
enum err metrics_put(
    struct buf *b, struct arena *a, const char *path, bool *is_alive);

/* For figures that are found at the moment of asking: the two lines before a
 * family ("gauge" or "counter"), then one line for each sample; `labels` is
 * like `state="due"` without braces, or "". */
void metrics_put_family(
    struct buf *b, const char *name, const char *kind, const char *help);

void metrics_put_sample(
    struct buf *b, const char *name, struct str labels, int64_t value);

/* A whole family of one sample. */
void metrics_put_gauge(
    struct buf *b, const char *name, const char *help, int64_t value);

/* Seconds, of microseconds. */
void metrics_put_seconds(
    struct buf *b, const char *name, struct str labels, int64_t us);

#endif
