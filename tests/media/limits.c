/* The limits of the worker's side: pixels, bytes, frames, decoders, words. */
#include "base/clock.h"
#include "base/metrics.h"
#include "fixture.h"
#include "media/slot.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct media_size one_size = {320, false, 80};

static struct derived
derive_one(struct blob upload, struct media_limits limits)
{
	return derive_with(upload, limits, &one_size, 1);
}

Test(limits, pixels_bytes_and_frames_are_configuration)
{
	struct blob upload =
	    make_gif(raster_plain(100, 100, (struct rgb){0}), 3);
	struct media_limits limits = media_limits_default();
	limits.max_pixels = 10000;
	limits.max_file_bytes = (int64_t)upload.len;
	limits.max_frames = 3;
	cr_assert_eq(derive_one(upload, limits).err, OK);
	struct media_limits fewer = limits;
	fewer.max_pixels--;
	cr_assert_eq(
	    derive_one(upload, fewer).result.refusal, MEDIA_TOO_MANY_PIXELS);
	fewer = limits;
	fewer.max_file_bytes--;
	cr_assert_eq(
	    derive_one(upload, fewer).result.refusal, MEDIA_TOO_MANY_BYTES);
	fewer = limits;
	fewer.max_frames--;
	cr_assert_eq(
	    derive_one(upload, fewer).result.refusal, MEDIA_TOO_MANY_FRAMES);
}

static const char *
sentence(enum media_refusal refusal, enum media_kind kind)
{
	static struct buf b;
	struct media_limits limits = media_limits_default();
	struct media_result result = {.refusal = refusal,
	    .kind = kind,
	    .width_px = 20000,
	    .height_px = 15000,
	    .bytes = 40000000,
	    .frames = 5000};
	buf_reset(&b);
	media_put_refusal(&b, &limits, &result);
	buf_put_char(&b, '\0');
	cr_assert_eq(buf_check(&b), OK);
	return buf_str(&b).at;
}

Test(limits, every_refusal_is_a_sentence_with_its_numbers)
{
	cr_assert_str_eq(sentence(MEDIA_FINE, MEDIA_KIND_JPEG), "");
	for (int r = MEDIA_FINE + 1; r < MEDIA_REFUSAL_COUNT_; r++)
		for (int k = 0; k < MEDIA_KIND_COUNT_; k++) {
			const char *s =
			    sentence((enum media_refusal)r, (enum media_kind)k);
			cr_assert_gt(strlen(s), 20);
			cr_assert_eq(s[strlen(s) - 1], '.');
			cr_assert_neq(
			    strcmp(media_refusal_name((enum media_refusal)r),
				"unknown"),
			    0);
		}
	cr_assert_not_null(strstr(
	    sentence(MEDIA_TOO_MANY_PIXELS, MEDIA_KIND_JPEG), "20000 x 15000"));
	cr_assert_not_null(strstr(
	    sentence(MEDIA_TOO_MANY_PIXELS, MEDIA_KIND_JPEG), "60 million"));
	cr_assert_not_null(
	    strstr(sentence(MEDIA_TOO_MANY_BYTES, MEDIA_KIND_JPEG), "38.2 MB"));
	cr_assert_not_null(
	    strstr(sentence(MEDIA_WRONG_TYPE, MEDIA_KIND_HEIC), "HEIC"));
	cr_assert_not_null(
	    strstr(sentence(MEDIA_WRONG_TYPE, MEDIA_KIND_AVIF), "AVIF"));
	cr_assert_not_null(
	    strstr(sentence(MEDIA_WRONG_TYPE, MEDIA_KIND_SVG), "SVG"));
}

static int
lock_file(void)
{
	int fd = memfd_create("locks", MFD_CLOEXEC);
	cr_assert_geq(fd, 0);
	return fd;
}

Test(limits, no_more_decoders_than_allowed)
{
	int fd = lock_file();
	struct slot a;
	struct slot b;
	struct slot c;
	cr_assert_eq(slot_take(fd, 2, 0, 1000, &a), OK);
	cr_assert_eq(slot_take(fd, 2, 0, 1000, &b), OK);
	cr_assert_eq(slot_take(fd, 2, 0, 1000, &c), ERR_BUSY);
	slot_give_back(&a);
	cr_assert_eq(slot_take(fd, 2, 0, 1000, &c), OK);
	slot_give_back(&b);
	slot_give_back(&c);
}

Test(limits, a_wait_ends)
{
	int fd = lock_file();
	struct slot a;
	struct slot b;
	cr_assert_eq(slot_take(fd, 1, 5, 1000, &a), OK);
	int64_t start = clock_monotonic_us();
	cr_assert_eq(slot_take(fd, 1, 5, 100, &b), ERR_BUSY);
	int64_t took = clock_monotonic_us() - start;
	cr_assert_geq(took, 100000);
	cr_assert_lt(took, 1000000);
}

Test(limits, without_a_lock_file_nothing_is_held)
{
	struct slot a;
	cr_assert_eq(slot_take(-1, 0, 0, 0, &a), OK);
	slot_give_back(&a);
}

/* What the processes of a test share. */
struct shared {
	int running;
	int most;
	int done;
	int busy;
	int turn;
	int order[8];
};

static struct shared *
share(void)
{
	struct shared *s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	cr_assert_neq(s, MAP_FAILED);
	return s;
}

static void
take_and_work(int fd, struct shared *s, int64_t queue)
{
	struct slot slot;
	if (slot_take(fd, 2, queue, 20000, &slot) != OK) {
		__atomic_add_fetch(&s->busy, 1, __ATOMIC_SEQ_CST);
		_exit(0);
	}
	int now = __atomic_add_fetch(&s->running, 1, __ATOMIC_SEQ_CST);
	int most = __atomic_load_n(&s->most, __ATOMIC_SEQ_CST);
	while (now > most && !__atomic_compare_exchange_n(&s->most, &most, now,
				 false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
		;
	(void)usleep(20000);
	__atomic_sub_fetch(&s->running, 1, __ATOMIC_SEQ_CST);
	__atomic_add_fetch(&s->done, 1, __ATOMIC_SEQ_CST);
	slot_give_back(&slot);
	_exit(0);
}

static void
wait_for_all(void)
{
	while (waitpid(-1, NULL, 0) > 0)
		;
}

Test(limits, processes_that_share_the_file_share_the_limit)
{
	/* The descriptor is inherited, as workers inherit the master's. */
	int fd = lock_file();
	struct shared *s = share();
	for (int i = 0; i < 12; i++)
		if (fork() == 0)
			take_and_work(fd, s, 12);
	wait_for_all();
	cr_assert_eq(s->done, 12);
	cr_assert_eq(s->most, 2);
	cr_assert_eq(s->busy, 0);
}

/* Returns once somebody holds that place of the queue. */
static void
wait_until_queued(int fd, int64_t place)
{
	char path[64];
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	int mine = open(path, O_RDWR | O_CLOEXEC);
	for (int i = 0; i < 5000; i++) {
		struct flock l = {.l_type = F_WRLCK,
		    .l_whence = SEEK_SET,
		    .l_start = SLOT_LINE + place,
		    .l_len = 1};
		cr_assert_eq(fcntl(mine, F_OFD_GETLK, &l), 0);
		if (l.l_type != F_UNLCK)
			break;
		(void)usleep(1000);
	}
	(void)close(mine);
}

Test(limits, who_finds_the_queue_full_is_told_at_once)
{
	int fd = lock_file();
	struct shared *s = share();
	struct slot held[2];
	for (int i = 0; i < 2; i++)
		cr_assert_eq(slot_take(fd, 2, 3, 1000, &held[i]), OK);
	for (int i = 0; i < 3; i++) {
		if (fork() == 0) {
			for (int h = 0; h < 2; h++)
				(void)close(held[h].fd);
			take_and_work(fd, s, 3);
		}
		wait_until_queued(fd, i);
	}
	struct slot mine;
	int64_t start = clock_monotonic_us();
	cr_assert_eq(slot_take(fd, 2, 3, 20000, &mine), ERR_BUSY);
	cr_assert_lt(clock_monotonic_us() - start, 5000000);
	for (int i = 0; i < 2; i++)
		slot_give_back(&held[i]);
	wait_for_all();
	cr_assert_eq(s->done, 3);
	cr_assert_eq(s->busy, 0);
}

Test(limits, first_come_is_first_served)
{
	int fd = lock_file();
	struct shared *s = share();
	struct slot slot;
	cr_assert_eq(slot_take(fd, 1, 8, 1000, &slot), OK);
	for (int i = 0; i < 4; i++) {
		if (fork() == 0) {
			struct slot mine;
			(void)close(slot.fd); /* or the lock lives on */
			if (slot_take(fd, 1, 8, 20000, &mine) == OK) {
				int turn = __atomic_fetch_add(
				    &s->turn, 1, __ATOMIC_SEQ_CST);
				s->order[turn] = i;
				slot_give_back(&mine);
			}
			_exit(0);
		}
		wait_until_queued(fd, i);
	}
	slot_give_back(&slot);
	wait_for_all();
	for (int i = 0; i < 4; i++)
		cr_assert_eq(s->order[i], i);
}

Test(limits, a_dead_worker_gives_its_place_back)
{
	int fd = lock_file();
	int ready[2];
	cr_assert_eq(pipe(ready), 0);
	pid_t pid = fork();
	if (pid == 0) {
		struct slot slot;
		if (slot_take(fd, 1, 0, 0, &slot) == OK)
			(void)!write(ready[1], "x", 1);
		for (;;)
			(void)pause();
	}
	char c;
	cr_assert_eq(read(ready[0], &c, 1), 1);
	struct slot mine;
	cr_assert_eq(slot_take(fd, 1, 0, 0, &mine), ERR_BUSY);
	cr_assert_eq(kill(pid, SIGKILL), 0);
	cr_assert_eq(waitpid(pid, NULL, 0), pid);
	cr_assert_eq(slot_take(fd, 1, 0, 0, &mine), OK);
	slot_give_back(&mine);
}

Test(limits, derive_is_busy_when_all_decoders_are_taken)
{
	struct media_limits limits = media_limits_default();
	limits.lock_fd = lock_file();
	limits.decoders = 1;
	limits.queue = 0;
	struct slot slot;
	cr_assert_eq(slot_take(limits.lock_fd, 1, 0, 0, &slot), OK);
	struct blob upload = make_jpeg(
	    raster_photo(64, 48, 1), JPEG_YCC, (struct jpeg_extra){0});
	cr_assert_eq(metrics_share(), OK);
	cr_assert_eq(derive_one(upload, limits).err, ERR_BUSY);
	slot_give_back(&slot);
	cr_assert_eq(
	    metrics_read(METRIC_DECODER_RUNS, AT(METRICS_DECODER_BUSY)), 1);
	cr_assert_eq(derive_one(upload, limits).err, OK);
	cr_assert_eq(derive_one(upload, limits).err, OK);
}
