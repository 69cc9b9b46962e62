/* The worker's side of the pipeline; see derive.h. */
#include "media/derive.h"

#include "base/log.h"
#include "base/metrics.h"
#include "media/child.h"
#include "media/report.h"
#include "media/slot.h"

#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
	TEXT_MAX = 32 /* of a number or a size on the command line */
};

_Static_assert((int)CAMERA_MAX <= (int)MEDIA_CAMERA_MAX, "a text does not fit");

struct media_limits
media_limits_default(void)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	return (struct media_limits){.max_pixels = 60000000,
	    .max_file_bytes = 30 << 20,
	    .max_frames = 2000,
	    .address_space_bytes = 512 << 20,
	    .cpu_s = 10,
	    .wall_ms = 15000,
	    .decoders = cores < 1 ? 1 : cores,
	    .queue = 16,
	    .queue_ms = 20000,
	    .background = 0xffffff,
	    .lock_fd = -1};
}

static bool
is_accepted(enum media_kind kind)
{
	return kind == MEDIA_KIND_JPEG || kind == MEDIA_KIND_PNG ||
	       kind == MEDIA_KIND_GIF || kind == MEDIA_KIND_WEBP ||
	       kind == MEDIA_KIND_HEIC || kind == MEDIA_KIND_AVIF;
}

static bool
has_more_pixels(int64_t width, int64_t height, int64_t max)
{
	return width > 0 && height > max / width;
}

static enum media_refusal
judge(const struct media_limits *limits, const struct media_probe *p)
{
	if (p->bytes == 0)
		return MEDIA_EMPTY;
	if (!is_accepted(p->kind) || p->is_odd)
		return MEDIA_WRONG_TYPE;
	if (p->bytes > limits->max_file_bytes)
		return MEDIA_TOO_MANY_BYTES;
	/* A bomb is called one even where it is cut off. */
	if (has_more_pixels(p->width_px, p->height_px, limits->max_pixels) ||
	    has_more_pixels(
		p->frame_width_px, p->frame_height_px, limits->max_pixels))
		return MEDIA_TOO_MANY_PIXELS;
	if (p->width_px > MEDIA_EDGE_MAX_PX || p->height_px > MEDIA_EDGE_MAX_PX)
		return MEDIA_TOO_LONG;
	if (p->frames > limits->max_frames)
		return MEDIA_TOO_MANY_FRAMES;
	if (!p->is_whole)
		return MEDIA_BROKEN;
	if (p->width_px == 0 || p->height_px == 0)
		return MEDIA_NO_PIXELS;
	return MEDIA_FINE;
}

static void
fill_from_probe(const struct media_probe *p, struct media_result *out)
{
	bool turned = p->orientation >= 5;
	out->kind = p->kind;
	out->width_px = turned ? p->height_px : p->width_px;
	out->height_px = turned ? p->width_px : p->height_px;
	out->bytes = p->bytes;
	out->frames = p->frames;
	out->is_animated = p->frames > 1;
}

/* What a child's end means for the person who sent the file. */
static enum err
judge_killed(int number, struct media_result *out)
{
	if (number == SIGXCPU) {
		out->refusal = MEDIA_TOO_SLOW;
		return ERR_INPUT;
	}
	if (number == SIGKILL) { /* the kernel, out of memory */
		out->refusal = MEDIA_TOO_MUCH_MEMORY;
		return ERR_INPUT;
	}
	log_event(LOG_ERROR,
	    number == SIGSYS ? "decoder was stopped by its sandbox"
			     : "decoder crashed",
	    LOG_INT("signal", number),
	    LOG_Z("type", media_kind_name(out->kind)));
	out->refusal = MEDIA_BROKEN;
	return ERR_INPUT;
}

static enum err
judge_report(const struct media_report *report, struct media_result *out)
{
	switch (report->failure) {
	case OK:
		return OK;
	case ERR_INPUT:
		out->refusal = MEDIA_BROKEN;
		return ERR_INPUT;
	case ERR_MEMORY:
		out->refusal = MEDIA_TOO_MUCH_MEMORY;
		return ERR_INPUT;
	case ERR_IO:
		log_event(LOG_ERROR, "decoder cannot write");
		return ERR_IO;
	}
	log_event(LOG_ERROR, "decoder contradicts itself",
	    LOG_INT("failure", report->failure));
	return ERR_INTERNAL;
}

static enum err
judge_outcome(const struct child_outcome *o, const struct media_report *report,
    struct media_result *out)
{
	switch (o->end) {
	case CHILD_TOO_SLOW:
		out->refusal = MEDIA_TOO_SLOW;
		return ERR_INPUT;
	case CHILD_KILLED:
		return judge_killed(o->code, out);
	case CHILD_EXITED:
		if (o->code == 0 && o->reported_bytes == sizeof *report &&
		    report->magic == MEDIA_REPORT_MAGIC)
			return judge_report(report, out);
		break;
	}
	log_event(LOG_ERROR, "decoder ended without a report",
	    LOG_INT("status", o->code));
	return ERR_INTERNAL;
}

/* The child may have been taken over by what it read: look at what is there
 * and not at what it says. */
static enum err
check_picture(const struct media_task *task, size_t i, struct media_result *out)
{
	struct media_probe p;
	int64_t width;
	int64_t height;
	const struct media_size *size = &task->sizes[i];
	enum media_kind kind =
	    task->format == MEDIA_AS_WEBP ? MEDIA_KIND_WEBP : MEDIA_KIND_JPEG;
	cascade_fit(out->width_px, out->height_px, size, &width, &height);
	TRY(media_probe_fd(task->out_fds[i], &p));
	out->made[i] =
	    (struct media_picture){width, height, p.bytes, p.has_alpha};
	if (task->format == MEDIA_AS_WEBP && p.bytes == 0)
		return OK;
	if (p.kind != kind || p.frames != 1 || !p.is_whole ||
	    p.width_px != width || p.height_px != height ||
	    p.orientation != 1) {
		log_event(LOG_ERROR, "decoder made something else",
		    LOG_INT("edge", size->edge_px),
		    LOG_INT("width", p.width_px),
		    LOG_INT("height", p.height_px));
		return ERR_INTERNAL;
	}
	return OK;
}

static void
check_camera(const struct media_report *report, struct media_result *out)
{
	size_t len = strnlen(report->camera, sizeof report->camera);
	bool is_fine = len < sizeof out->camera;
	for (size_t i = 0; i < len; i++)
		is_fine = is_fine && report->camera[i] >= ' ' &&
		          report->camera[i] <= '~';
	if (is_fine)
		memcpy(out->camera, report->camera, len + 1);
	else
		log_event(LOG_ERROR, "decoder made up a camera");
}

/* The same picture as was sent, or none. */
static enum err
check_original(const struct media_task *task, const struct media_probe *sent,
    const struct media_report *report, struct media_result *out)
{
	struct media_probe p;
	if (task->original_fd < 0 || report->has_original == 0)
		return OK;
	TRY(media_probe_fd(task->original_fd, &p));
	if (p.kind == sent->kind && p.is_whole &&
	    p.width_px == sent->width_px && p.height_px == sent->height_px &&
	    p.frames == sent->frames && p.orientation == sent->orientation) {
		out->original_bytes = p.bytes;
		return OK;
	}
	log_event(LOG_ERROR, "stripped upload is another picture",
	    LOG_Z("type", media_kind_name(p.kind)));
	return OK;
}

static enum err
check_made(const struct media_task *task, const struct media_probe *sent,
    const struct media_report *report, struct media_result *out)
{
	for (size_t i = 0; i < task->count; i++)
		TRY(check_picture(task, i, out));
	check_camera(report, out);
	return check_original(task, sent, report, out);
}

/* The program for the type: libraries that are slow to load and seldom used
 * have one of their own. */
static bool
program_path(
    const char *decoder_path, enum media_kind kind, char *to, size_t size)
{
	bool is_heif = kind == MEDIA_KIND_HEIC || kind == MEDIA_KIND_AVIF;
	int n = snprintf(to, size, "%s%s", decoder_path,
	    kind == MEDIA_KIND_GIF ? "-gd"
	    : is_heif              ? "-heif"
				   : "");
	return n > 0 && (size_t)n < size;
}

struct command {
	char path[4096];
	char text[MEDIA_ARGUMENTS + MEDIA_SIZES_MAX][TEXT_MAX];
	const char *arguments[1 + MEDIA_ARGUMENTS + MEDIA_SIZES_MAX + 1];
};

static void
command_make(struct command *c, const struct media_limits *limits,
    const struct media_task *task)
{
	/* More than any picture of these sizes needs, and enough for the
	 * stripped upload, to which an orientation may have been added. */
	int64_t file_bytes = (64 << 20) + limits->max_file_bytes;
	const struct media_size *sizes = task->sizes;
	size_t count = task->count;
	const int64_t numbers[MEDIA_ARGUMENTS] = {limits->address_space_bytes,
	    limits->cpu_s, file_bytes, limits->background & 0xffffff,
	    task->format, task->original_fd >= 0};
	c->arguments[0] = c->path;
	for (size_t i = 0; i < MEDIA_ARGUMENTS; i++)
		(void)snprintf(
		    c->text[i], TEXT_MAX, "%lld", (long long)numbers[i]);
	for (size_t i = 0; i < count; i++)
		(void)snprintf(c->text[MEDIA_ARGUMENTS + i], TEXT_MAX,
		    "%lld%s:%d", (long long)sizes[i].edge_px,
		    sizes[i].is_square ? "s" : "", sizes[i].quality);
	for (size_t i = 0; i < MEDIA_ARGUMENTS + count; i++)
		c->arguments[1 + i] = c->text[i];
	c->arguments[1 + MEDIA_ARGUMENTS + count] = NULL;
}

static void
count_run(const struct child_outcome *o, enum media_refusal refusal, enum err e)
{
	enum metrics_decoder outcome = METRICS_DECODER_FAILED;
	if (refusal == MEDIA_TOO_SLOW)
		outcome = METRICS_DECODER_TOO_SLOW;
	else if (o->end == CHILD_KILLED)
		outcome = METRICS_DECODER_KILLED;
	else if (e == ERR_INPUT)
		outcome = METRICS_DECODER_REFUSED;
	metrics_observe(METRIC_DECODER, AT(0), o->wall_us);
	if (e != OK) /* else what it has made is looked at first */
		metrics_count(METRIC_DECODER_RUNS, AT(outcome), 1);
}

static enum err
run_decoder(const struct media_limits *limits, const struct command *command,
    const struct media_task *task, struct media_report *report,
    struct media_result *out)
{
	int count = (int)task->count;
	struct child child = {.path = command->path,
	    .arguments = command->arguments,
	    .fds = {task->in_fd, -1, -1},
	    .fd_count = MEDIA_FIRST_OUT + count,
	    .wall_ms = limits->wall_ms,
	    .report = report,
	    .report_bytes = sizeof *report};
	for (int i = 0; i < count; i++)
		child.fds[MEDIA_FIRST_OUT + i] = task->out_fds[i];
	if (task->original_fd >= 0)
		child.fds[child.fd_count++] = task->original_fd;
	struct slot slot;
	enum err e = slot_take(limits->lock_fd, limits->decoders, limits->queue,
	    limits->queue_ms, &slot);
	if (e == ERR_BUSY)
		metrics_count(METRIC_DECODER_RUNS, AT(METRICS_DECODER_BUSY), 1);
	TRY(e);
	struct child_outcome outcome;
	e = child_run(&child, &outcome);
	slot_give_back(&slot);
	if (e != OK)
		metrics_count(
		    METRIC_DECODER_RUNS, AT(METRICS_DECODER_FAILED), 1);
	TRY(e);
	out->cpu_us = outcome.cpu_us;
	out->wall_us = outcome.wall_us;
	out->peak_bytes = outcome.peak_bytes;
	e = judge_outcome(&outcome, report, out);
	count_run(&outcome, out->refusal, e);
	TRY(e);
	out->colour = report->made.colour & 63;
	return OK;
}

enum err
media_run(const struct media_limits *limits, const char *decoder_path,
    const struct media_task *task, struct media_result *out)
{
	assert(task->count >= 1 && task->count <= MEDIA_SIZES_MAX);
	*out = (struct media_result){0};
	struct media_probe probe;
	TRY(media_probe_fd(task->in_fd, &probe));
	fill_from_probe(&probe, out);
	out->refusal = judge(limits, &probe);
	if (out->refusal != MEDIA_FINE)
		return ERR_INPUT;
	struct command command;
	if (!program_path(
		decoder_path, probe.kind, command.path, sizeof command.path))
		return ERR_INTERNAL;
	command_make(&command, limits, task);
	struct media_report report = {0};
	TRY(run_decoder(limits, &command, task, &report, out));
	enum err e = check_made(task, &probe, &report, out);
	metrics_count(METRIC_DECODER_RUNS,
	    AT(e == OK ? METRICS_DECODER_MADE : METRICS_DECODER_FAILED), 1);
	return e;
}

enum err
media_derive(const struct media_limits *limits, const char *decoder_path,
    int in_fd, const struct media_size *sizes, size_t count, const int *out_fds,
    struct media_result *out)
{
	struct media_task task = {.in_fd = in_fd,
	    .sizes = sizes,
	    .count = count,
	    .format = MEDIA_AS_JPEG,
	    .out_fds = out_fds,
	    .original_fd = -1};
	return media_run(limits, decoder_path, &task, out);
}
