/* What the site tells those who watch it. */
#include "domain/figures.h"

#include "../helper/stage.h"
#include "base/metrics.h"
#include "domain/password.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

static struct buf text;

static void
end(void)
{
	buf_free(&text);
	stage_end();
}

TestSuite(figures, .init = stage_start, .fini = end);

static struct str
told_of(const struct site *site)
{
	buf_reset(&text);
	ASSERT_OK(figures_put(&stage.conf, site, kit_arena, &text));
	return buf_str(&text);
}

static struct str
told(void)
{
	return told_of(&stage.site);
}

Test(figures, the_parts_that_work_are_up)
{
	ASSERT_HAS(told(), "pixlpix_up{part=\"database\"} 1\n"
			   "pixlpix_up{part=\"store\"} 1\n"
			   "pixlpix_up{part=\"decoder\"} 1\n"
			   "pixlpix_up{part=\"jobs\"} 0\n");
	ASSERT_HAS(
	    told(), "pixlpix_build_info{version=\"" PIXLPIX_VERSION "\"} 1\n");
}

Test(figures, what_was_counted_last_is_told)
{
	stage_run("INSERT INTO measure VALUES (now() - interval '1 hour', "
		  "now(), 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1), (now(), now(), 11, "
		  "12, 13, 14, 15, 16, 17, 18, 19, 20, 21)");
	ASSERT_HAS(told(), "pixlpix_accounts 11\n");
	ASSERT_HAS(told(), "pixlpix_posts 12\n");
	ASSERT_HAS(told(), "pixlpix_images 13\n");
	ASSERT_HAS(told(), "pixlpix_comments 14\n");
	ASSERT_HAS(told(), "pixlpix_likes 15\n");
	ASSERT_HAS(told(), "pixlpix_follows 16\n");
	ASSERT_HAS(told(), "pixlpix_sessions 17\n");
	ASSERT_HAS(told(), "pixlpix_tokens 18\n");
	ASSERT_HAS(told(), "pixlpix_active_people{within=\"day\"} 19\n"
			   "pixlpix_active_people{within=\"week\"} 20\n");
	ASSERT_HAS(told(), "pixlpix_stored_bytes 21\n");
}

Test(figures, where_nothing_was_counted_nothing_is_made_up)
{
	ASSERT_LACKS(told(), "pixlpix_accounts");
}

Test(figures, jobs_are_told_by_state_and_age)
{
	stage_run(
	    "INSERT INTO job (kind, subject, run_at, tries, failed_at) VALUES "
	    "('feed_fill', 1, now() - interval '90 s', 0, NULL), "
	    "('feed_fill', 2, now() - interval '40 s', 1, NULL), "
	    "('feed_fill', 3, now() + interval '1 hour', 0, NULL), "
	    "('image_webp', 4, now() + interval '1 hour', 2, NULL), "
	    "('image_webp', 5, now(), 12, now() - interval '700 s')");
	ASSERT_HAS(told(), "pixlpix_jobs{state=\"due\"} 2\n"
			   "pixlpix_jobs{state=\"later\"} 1\n"
			   "pixlpix_jobs{state=\"retry\"} 1\n"
			   "pixlpix_jobs{state=\"failed\"} 1\n");
	ASSERT_HAS(told(), "pixlpix_jobs_oldest_seconds{state=\"due\"} 9");
	ASSERT_HAS(told(), "pixlpix_jobs_oldest_seconds{state=\"later\"} 0\n");
	ASSERT_HAS(told(), "pixlpix_jobs_oldest_seconds{state=\"failed\"} 70");
	ASSERT_HAS(told(), "pixlpix_jobs_by_kind{kind=\"feed_fill\",state="
			   "\"due\"} 2\n");
}

Test(figures, a_kind_that_would_break_the_text_is_left_out)
{
	stage_run("INSERT INTO job (kind, subject) VALUES (E'a\"\\nb', 1)");
	ASSERT_HAS(told(), "pixlpix_jobs{state=\"due\"} 1\n");
	ASSERT_LACKS(told(), "_by_kind{");
}

Test(figures, a_backup_that_failed_shows)
{
	stage_run("INSERT INTO backup_run (folder, started_at, ended_at, "
		  "is_good, bytes) VALUES ('x', to_timestamp(1000), "
		  "to_timestamp(1060), true, 77), ('x', to_timestamp(2000), "
		  "to_timestamp(2001), false, 5), ('x', to_timestamp(3000), "
		  "NULL, false, 0)");
	ASSERT_HAS(told(), "pixlpix_backup_good_timestamp_seconds 1060.000000");
	ASSERT_HAS(
	    told(), "pixlpix_backup_failed_timestamp_seconds 2001.000000");
	ASSERT_HAS(told(), "pixlpix_backup_seconds 60\n");
	ASSERT_HAS(told(), "pixlpix_backup_new_bytes 77\n");
}

/* It would keep the alert of an old backup quiet for as long. */
Test(figures, a_backup_by_a_clock_that_was_ahead_is_not_yet_told)
{
	stage_run("INSERT INTO backup_run (folder, started_at, ended_at, "
		  "is_good) VALUES "
		  "('/b', to_timestamp(1000), to_timestamp(1060), true), "
		  "('/b', now(), now() + interval '1 year', true), "
		  "('/b', now(), now() + interval '1 year', false)");
	ASSERT_HAS(told(), "pixlpix_backup_good_timestamp_seconds 1060.000000");
	ASSERT_HAS(
	    told(), "pixlpix_backup_failed_timestamp_seconds 0.000000\n");
}

Test(figures, a_site_without_a_backup_has_none)
{
	ASSERT_HAS(told(), "pixlpix_backup_good_timestamp_seconds 0.000000\n");
	ASSERT_HAS(
	    told(), "pixlpix_backup_failed_timestamp_seconds 0.000000\n");
}

Test(figures, without_a_database_the_rest_is_told)
{
	stage_run("ALTER TABLE account RENAME TO elsewhere");
	ASSERT_HAS(told(), "pixlpix_up{part=\"database\"} 0\n"
			   "pixlpix_up{part=\"store\"} 1\n");
	ASSERT_HAS(told(), "pixlpix_hash_queue{state=\"running\"} 0\n");
	ASSERT_HAS(told(), "pixlpix_disk_free_bytes{folder=\"store\"} ");
	ASSERT_LACKS(told(), "pixlpix_jobs{");
}

Test(figures, a_site_that_cannot_be_opened_is_told_as_down)
{
	ASSERT_HAS(told_of(NULL), "pixlpix_up{part=\"database\"} 0\n"
				  "pixlpix_up{part=\"store\"} 0\n");
	ASSERT_HAS(told_of(NULL), "pixlpix_build_info");
}

/* Another process that holds bytes of a lock file, as those who wait do. */
static pid_t
hold(const char *name, int64_t first, int64_t count)
{
	int ready[2];
	char byte;
	pid_t pid;

	cr_assert(pipe(ready) == 0);
	pid = fork();
	if (pid == 0) {
		struct flock lock = {.l_type = F_WRLCK,
		    .l_whence = SEEK_SET,
		    .l_start = first,
		    .l_len = count};
		int fd =
		    open(kit_text("%s/run/%s", stage.folder, name).at, O_RDWR);

		if (fcntl(fd, F_OFD_SETLK, &lock) == 0)
			(void)!write(ready[1], "", 1);
		for (;;)
			(void)pause();
	}
	(void)close(ready[1]);
	cr_assert(read(ready[0], &byte, 1) == 1);
	(void)close(ready[0]);
	return pid;
}

static void
let_go(pid_t pid)
{
	(void)kill(pid, SIGKILL);
	cr_assert(waitpid(pid, NULL, 0) == pid);
}

Test(figures, who_hashes_and_who_waits_for_it_is_counted)
{
	pid_t runs = hold("hash.lock", 0, 1), wait = hold("hash.lock", 1024, 4);

	ASSERT_HAS(told(), "pixlpix_hash_queue{state=\"running\"} 1\n"
			   "pixlpix_hash_queue{state=\"waiting\"} 3\n");
	let_go(runs);
	let_go(wait);
	ASSERT_HAS(told(), "pixlpix_hash_queue{state=\"running\"} 0\n"
			   "pixlpix_hash_queue{state=\"waiting\"} 0\n");
}

Test(figures, who_decodes_and_who_waits_for_it_is_counted)
{
	pid_t runs = hold("decoder.lock", 0, 1);
	pid_t wait = hold("decoder.lock", 4096, 2);

	ASSERT_HAS(told(), "pixlpix_decoder_queue{state=\"running\"} 1\n"
			   "pixlpix_decoder_queue{state=\"waiting\"} 2\n");
	let_go(runs);
	let_go(wait);
}

Test(figures, what_people_do_is_counted)
{
	int64_t ann, bob;

	ASSERT_OK(metrics_share());
	ann = stage_account("ann");
	bob = stage_account("bob");
	(void)stage_post(ann, "x");
	cr_assert(ann != bob);
	ASSERT_INT(
	    metrics_read(METRIC_ACTIONS, AT(METRICS_ACTION_REGISTER)), 2);
	ASSERT_INT(metrics_read(METRIC_ACTIONS, AT(METRICS_ACTION_POST)), 1);
	ASSERT_INT(metrics_read(METRIC_HASH, AT(0)), 2);
	cr_assert(metrics_read(METRIC_DATABASE, AT(0)) >= 6);
	cr_assert(metrics_read(METRIC_STATEMENTS, AT(0)) >= 6);
}

Test(figures, what_fails_is_counted_by_its_class)
{
	struct object_entry entry;

	ASSERT_OK(metrics_share());
	stage_run("ALTER TABLE measure RENAME TO elsewhere");
	ASSERT_HAS(told(), "pixlpix_up{part=\"database\"} 0\n");
	cr_assert(metrics_read(METRIC_DATABASE_FAIL, AT(ERR_DATABASE)) >= 1);
	ASSERT_ERR(object_head(stage.site.store, OBJECT_PUBLIC,
		       STR("abcdefghijklmnopqrstuvwxy2-l.jpg"), &entry),
	    ERR_ABSENT);
	ASSERT_INT(metrics_read(METRIC_STORE_FAIL,
		       AT(METRICS_KIND_DIR, METRICS_STORE_HEAD, ERR_ABSENT)),
	    1);
	ASSERT_INT(
	    metrics_read(METRIC_DECODER_RUNS, AT(METRICS_DECODER_MADE)), 1);
}
