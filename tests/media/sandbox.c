/* A decoder that an upload has taken over can do no harm, and the worker says
 * so.  See hostile_decoder.c for the acts. */
#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "fixture.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <dirent.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct outcome {
	enum err err;
	struct media_result result;
	int64_t took_us;
	struct blob log;
};

static struct blob
read_all(int fd)
{
	struct stat st;
	cr_assert_eq(fstat(fd, &st), 0);
	size_t size = (size_t)st.st_size;
	struct blob b = {.at = keep_alloc(size + 1), .len = size};
	cr_assert_eq(pread(fd, b.at, b.len, 0), st.st_size);
	return b;
}

static struct outcome
act_within(const char *order, struct media_limits limits)
{
	static const struct media_size size = {640, false, 82};
	char path[4096];
	struct blob upload = make_jpeg(
	    raster_photo(64, 48, 1), JPEG_YCC, (struct jpeg_extra){0});
	blob_put_text(&upload, "<");
	blob_put_text(&upload, order);
	blob_put_text(&upload, ">");
	int in = blob_fd(upload);
	int out = blob_fd((struct blob){0});
	int log = memfd_create("log", MFD_CLOEXEC);
	(void)snprintf(
	    path, sizeof path, "%s", built("tests/media/hostile_decoder"));
	log_set_fd(log);
	struct outcome o = {0};
	int64_t start = clock_monotonic_us();
	o.err = media_derive(&limits, path, in, &size, 1, &out, &o.result);
	o.took_us = clock_monotonic_us() - start;
	log_set_fd(STDERR_FILENO);
	o.log = read_all(log);
	(void)close(in);
	(void)close(out);
	(void)close(log);
	return o;
}

static struct outcome
act(const char *order)
{
	return act_within(order, media_limits_default());
}

static void
check_stopped(const char *order)
{
	struct outcome o = act(order);
	cr_assert_eq(o.err, ERR_INPUT, "%s: %s", order, err_name(o.err));
	cr_assert_eq(o.result.refusal, MEDIA_BROKEN);
	cr_assert(blob_has(o.log, "stopped by its sandbox"), "%s: %s", order,
	    (const char *)o.log.at);
	cr_assert_lt(o.took_us, 2000000);
}

/* A path that does not exist. */
static const char *
fresh_path(void)
{
	static char path[64];
	(void)snprintf(
	    path, sizeof path, "/tmp/pixlpix-hostile-%d", (int)getpid());
	(void)unlink(path);
	return path;
}

static const char *
order_of(const char *act_name, const char *argument)
{
	static char text[256];
	(void)snprintf(text, sizeof text, "%s %s", act_name, argument);
	return text;
}

/* An act that makes a file does so when it is free, and not in the walls. */
static void
check_makes_no_file(const char *free_act, const char *walled_act)
{
	const char *path = fresh_path();
	(void)act(order_of(free_act, path));
	/* A child of the stand-in may be a moment behind it. */
	for (int i = 0; i < 2000 && access(path, F_OK) != 0; i++)
		(void)usleep(1000);
	cr_assert_eq(access(path, F_OK), 0, "%s", free_act);
	cr_assert_eq(unlink(path), 0);
	check_stopped(order_of(walled_act, path));
	cr_assert_neq(access(path, F_OK), 0, "%s", walled_act);
}

Test(sandbox, it_cannot_open_a_file)
{
	check_makes_no_file("free:open", "open");
	check_stopped("read /etc/passwd");
}

Test(sandbox, it_cannot_run_a_program)
{
	check_makes_no_file("free:exec", "exec");
}

Test(sandbox, it_cannot_fork)
{
	check_makes_no_file("free:fork", "fork");
	check_makes_no_file("free:clone", "clone");
}

static bool
is_called(int listener)
{
	struct pollfd p = {.fd = listener, .events = POLLIN};
	return poll(&p, 1, 0) == 1;
}

Test(sandbox, it_cannot_connect)
{
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in at = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof at;
	cr_assert_eq(bind(listener, (struct sockaddr *)&at, size), 0);
	cr_assert_eq(listen(listener, 8), 0);
	cr_assert_eq(getsockname(listener, (struct sockaddr *)&at, &size), 0);
	char port[16];
	(void)snprintf(port, sizeof port, "%d", (int)ntohs(at.sin_port));
	check_stopped(order_of("connect", port));
	cr_assert_not(is_called(listener));
	(void)act(order_of("free:connect", port));
	cr_assert(is_called(listener));
}

Test(sandbox, it_cannot_touch_its_worker)
{
	char pid[16];
	(void)snprintf(pid, sizeof pid, "%d", (int)getpid());
	check_stopped(order_of("ptrace", pid));
	check_stopped(order_of("kill", pid));
}

Test(sandbox, it_cannot_make_code)
{
	check_stopped("code");
#ifndef __SANITIZE_ADDRESS__
	check_stopped("protect");
#endif
}

Test(sandbox, it_cannot_map_a_file_or_change_its_limits)
{
	check_stopped("map_file");
	check_stopped("limits");
}

Test(sandbox, it_writes_to_nothing_but_its_files)
{
#ifndef __SANITIZE_ADDRESS__
	check_stopped("stderr hello");
#endif
}

Test(sandbox, a_busy_loop_ends_at_the_cpu_limit)
{
	struct media_limits limits = media_limits_default();
	limits.cpu_s = 1;
	limits.wall_ms = 60000; /* on a busy machine a second takes long */
	struct outcome o = act_within("loop", limits);
	cr_assert_eq(o.err, ERR_INPUT);
	cr_assert_eq(o.result.refusal, MEDIA_TOO_SLOW);
	/* The kernel limits by ticks and tells by the clock; on a machine that
	 * has much else to do the two are far apart. */
	cr_assert_geq(o.result.cpu_us, 200000);
	cr_assert_lt(o.result.cpu_us, 2500000);
}

Test(sandbox, an_idle_child_ends_at_the_wall_clock_limit)
{
	struct media_limits limits = media_limits_default();
	limits.wall_ms = 200;
	struct outcome o = act_within("sleep", limits);
	cr_assert_eq(o.err, ERR_INPUT);
	cr_assert_eq(o.result.refusal, MEDIA_TOO_SLOW);
	cr_assert_geq(o.took_us, 200000);
	cr_assert_lt(o.took_us, 2000000);
}

Test(sandbox, memory_ends_at_the_limit)
{
#ifndef __SANITIZE_ADDRESS__
	struct media_limits limits = media_limits_default();
	limits.address_space_bytes = 128 << 20;
	struct outcome o = act_within("memory", limits);
	cr_assert_eq(o.err, ERR_INPUT);
	cr_assert_eq(o.result.refusal, MEDIA_TOO_MUCH_MEMORY);
	cr_assert_lt(o.result.peak_bytes, 128 << 20);
#endif
}

Test(sandbox, a_real_picture_that_needs_more_memory_is_refused)
{
#ifndef __SANITIZE_ADDRESS__
	struct media_limits limits = media_limits_default();
	limits.address_space_bytes = 40 << 20;
	static const struct media_size size = {640, false, 82};
	struct raster r = raster_plain(4000, 3000, (struct rgb){9, 9, 9});
	struct blob uploads[] = {
	    make_jpeg(r, JPEG_PROGRESSIVE, (struct jpeg_extra){0}),
	    make_png(r, (struct png_extra){.is_interlaced = true}),
	    make_webp(r, true, false)};
	for (size_t i = 0; i < 3; i++) {
		struct derived d = derive_with(uploads[i], limits, &size, 1);
		cr_assert_eq(d.err, ERR_INPUT);
		cr_assert_eq(d.result.refusal, MEDIA_TOO_MUCH_MEMORY,
		    "upload %zu: %s", i, media_refusal_name(d.result.refusal));
	}
#endif
}

Test(sandbox, a_file_cannot_fill_the_disk)
{
	struct outcome o = act("fill_disk");
	cr_assert_eq(o.err, ERR_INPUT);
	cr_assert_eq(o.result.refusal, MEDIA_BROKEN);
	cr_assert(blob_has(o.log, "decoder crashed"));
}

Test(sandbox, a_crash_is_reported)
{
#ifndef __SANITIZE_ADDRESS__
	struct outcome o = act("crash");
	cr_assert_eq(o.err, ERR_INPUT);
	cr_assert_eq(o.result.refusal, MEDIA_BROKEN);
	cr_assert(blob_has(o.log, "decoder crashed"));
#endif
}

static int64_t
runs(enum metrics_decoder outcome)
{
	return metrics_read(METRIC_DECODER_RUNS, AT(outcome));
}

Test(sandbox, what_becomes_of_a_decoder_is_counted)
{
	struct media_limits limits = media_limits_default();
	cr_assert_eq(metrics_share(), OK);
	(void)act("read /etc/passwd");
	cr_assert_eq(runs(METRICS_DECODER_KILLED), 1);
	limits.wall_ms = 200;
	(void)act_within("sleep", limits);
	cr_assert_eq(runs(METRICS_DECODER_TOO_SLOW), 1);
	(void)act("nothing");
	cr_assert_eq(runs(METRICS_DECODER_FAILED), 1);
	cr_assert_eq(metrics_read(METRIC_DECODER, AT(0)), 3);
	cr_assert_eq(runs(METRICS_DECODER_MADE), 0);
	cr_assert_eq(runs(METRICS_DECODER_BUSY), 0);
}

Test(sandbox, a_lie_is_found_out)
{
	struct outcome o = act("lie");
	cr_assert_eq(o.err, ERR_INTERNAL);
	cr_assert(blob_has(o.log, "decoder made something else"));
	o = act("nothing");
	cr_assert_eq(o.err, ERR_INTERNAL);
}

Test(sandbox, killed_by_the_kernel_is_too_much_memory)
{
	struct outcome o = act("free:killed");
	cr_assert_eq(o.err, ERR_INPUT);
	cr_assert_eq(o.result.refusal, MEDIA_TOO_MUCH_MEMORY);
}

Test(sandbox, a_reported_failure_is_the_uploads_or_our_own)
{
	char order[32];
	(void)snprintf(order, sizeof order, "report %d", (int)ERR_MEMORY);
	struct outcome o = act(order);
	cr_assert_eq(o.err, ERR_INPUT);
	cr_assert_eq(o.result.refusal, MEDIA_TOO_MUCH_MEMORY);
	(void)snprintf(order, sizeof order, "report %d", (int)ERR_IO);
	o = act(order);
	cr_assert_eq(o.err, ERR_IO);
	cr_assert(blob_has(o.log, "decoder cannot write"));
	o = act("report 999");
	cr_assert_eq(o.err, ERR_INTERNAL);
	cr_assert(blob_has(o.log, "decoder contradicts itself"));
}

Test(sandbox, silence_and_chatter_are_no_reports)
{
	const char *const orders[] = {"silence", "half", "chatter"};
	for (size_t i = 0; i < 3; i++) {
		struct outcome o = act(orders[i]);
		cr_assert_eq(
		    o.err, ERR_INTERNAL, "%s: %s", orders[i], err_name(o.err));
	}
}

static size_t
open_descriptors(void)
{
	size_t n = 0;
	DIR *folder = opendir("/proc/self/fd");
	cr_assert_not_null(folder);
	while (readdir(folder) != NULL)
		n++;
	(void)closedir(folder);
	return n;
}

Test(sandbox, the_worker_keeps_no_descriptor_and_no_child)
{
	(void)act("nothing");
	size_t before = open_descriptors();
	(void)act("open /nonexistent");
	(void)act("lie");
	(void)act("crash");
	cr_assert_eq(open_descriptors(), before);
	cr_assert_eq(waitpid(-1, NULL, WNOHANG), -1);
}
