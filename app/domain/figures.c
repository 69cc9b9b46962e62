/* Finding figures, and putting them one family after the other. */
#include "domain/figures.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "domain/health.h"
#include "domain/password.h"
#include "media/slot.h"
#include "store/sql.h"

#include <stdio.h>
#include <sys/statvfs.h>
#include <sys/sysinfo.h>

struct found {
	struct sql_measure_last_row measure;
	bool is_measured;
	struct sql_figures_backup_row backup;
	struct sql_figures_server_row server;
	struct list jobs;
};

static enum err
ask(const struct site *site, struct arena *a, struct found *out)
{
	sql_measure_last_ask(site->db, &out->measure, &out->is_measured);
	sql_figures_backup_ask(site->db, &out->backup);
	sql_figures_server_ask(site->db, &out->server);
	sql_figures_jobs_ask(site->db, &out->jobs);
	return db_sync(site->db, a);
}

static void
put_when(struct buf *b, const char *name, const char *help, struct when when)
{
	metrics_put_family(b, name, "gauge", help);
	metrics_put_seconds(b, name, STR(""), when.us);
}

static void
put_measure(struct buf *b, const struct sql_measure_last_row *m)
{
	static const char active[] = "pixlpix_active_people";

	metrics_put_gauge(
	    b, "pixlpix_accounts", "Accounts that there are.", m->accounts);
	metrics_put_gauge(
	    b, "pixlpix_posts", "Posts that are not deleted.", m->posts);
	metrics_put_gauge(
	    b, "pixlpix_images", "Images of all posts.", m->images);
	metrics_put_gauge(b, "pixlpix_comments",
	    "Comments that are not deleted.", m->comments);
	metrics_put_gauge(b, "pixlpix_likes", "Likes.", m->likes);
	metrics_put_gauge(
	    b, "pixlpix_follows", "Who follows whom, pairs.", m->follows);
	metrics_put_gauge(
	    b, "pixlpix_sessions", "Logins that have not ended.", m->sessions);
	metrics_put_gauge(
	    b, "pixlpix_tokens", "Tokens of programs.", m->tokens);
	metrics_put_gauge(b, "pixlpix_stored_bytes",
	    "Bytes of all objects in the store.", m->bytes);
	metrics_put_family(b, active, "gauge",
	    "People with a login or token that was used in that time.");
	metrics_put_sample(b, active, STR("within=\"day\""), m->active_day);
	metrics_put_sample(b, active, STR("within=\"week\""), m->active_week);
	put_when(b, "pixlpix_counted_timestamp_seconds",
	    "When these were counted.", m->counted_at);
}

static void
put_backup(struct buf *b, const struct sql_figures_backup_row *r)
{
	put_when(b, "pixlpix_backup_good_timestamp_seconds",
	    "When a backup has ended well last; 0: never.", r->good_at);
	put_when(b, "pixlpix_backup_failed_timestamp_seconds",
	    "When a backup has failed last; 0: never.", r->failed_at);
	metrics_put_gauge(b, "pixlpix_backup_seconds",
	    "How long the last good backup took.", r->good_s);
	metrics_put_gauge(b, "pixlpix_backup_new_bytes",
	    "Bytes that were new in the last good backup.", r->good_bytes);
}

static void
put_server(struct buf *b, const struct sql_figures_server_row *r)
{
	metrics_put_gauge(b, "pixlpix_database_bytes",
	    "Size of the database on its disk.", r->bytes);
	metrics_put_gauge(b, "pixlpix_database_connections",
	    "Connections to the database server, everybody's.", r->connections);
	metrics_put_gauge(b, "pixlpix_database_connections_max",
	    "The most that it takes.", r->connections_max);
}

/* By state, also where there are none. */
static void
put_job_states(struct buf *b, const struct sql_figures_jobs_row *rows,
    size_t count, bool shows_age)
{
	static const char *const states[] = {"due", "later", "retry", "failed"};
	const char *name =
	    shows_age ? "pixlpix_jobs_oldest_seconds" : "pixlpix_jobs";

	metrics_put_family(b, name, "gauge",
	    shows_age ? "Since when the oldest job of the state is due, or was "
			"given up."
		      : "Background jobs (at most 10,000 are counted).");
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		int64_t number = 0, oldest_s = 0;
		char label[32];

		for (size_t k = 0; k < count; k++) {
			if (!str_equal(rows[k].state, str_from(states[i])))
				continue;
			number += rows[k].count;
			if (rows[k].oldest_s > oldest_s)
				oldest_s = rows[k].oldest_s;
		}
		(void)snprintf(label, sizeof(label), "state=\"%s\"", states[i]);
		metrics_put_sample(
		    b, name, str_from(label), shows_age ? oldest_s : number);
	}
}

/* What needs no escapes in a label. */
static bool
is_word(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((s.at[i] < 'a' || s.at[i] > 'z') && s.at[i] != '_')
			return false;
	return true;
}

static void
put_jobs(struct buf *b, struct list jobs)
{
	static const char kinds[] = "pixlpix_jobs_by_kind";
	const struct sql_figures_jobs_row *rows = jobs.items;

	put_job_states(b, rows, jobs.count, false);
	put_job_states(b, rows, jobs.count, true);
	metrics_put_family(
	    b, kinds, "gauge", "The same jobs by kind, where there are any.");
	for (size_t i = 0; i < jobs.count; i++) {
		char label[160];

		if (!is_word(rows[i].kind))
			continue;

		(void)snprintf(label, sizeof(label),
		    "kind=\"%.*s\",state=\"%.*s\"",
		    STR_ARG(str_slice(rows[i].kind, 0, 64)),
		    STR_ARG(rows[i].state));
		metrics_put_sample(b, kinds, str_from(label), rows[i].count);
	}
}

static void
put_parts(struct buf *b, const struct health *h, bool has_jobs)
{
	static const char up[] = "pixlpix_up";

	metrics_put_family(b, up, "gauge",
	    "Whether a part works: 1, or 0. The decoder is tried with a "
	    "pixel.");
	metrics_put_sample(b, up, STR("part=\"database\""), h->has_database);
	metrics_put_sample(b, up, STR("part=\"store\""), h->has_store);
	metrics_put_sample(b, up, STR("part=\"decoder\""), h->has_decoder);
	metrics_put_sample(b, up, STR("part=\"jobs\""), has_jobs);
}

static void
put_queue(struct buf *b, const char *name, const char *help, int64_t running,
    int64_t waiting)
{
	metrics_put_family(b, name, "gauge", help);
	metrics_put_sample(b, name, STR("state=\"running\""), running);
	metrics_put_sample(b, name, STR("state=\"waiting\""), waiting);
}

static void
put_queues(struct buf *b, const struct site *site)
{
	const struct conf *c = site->conf;
	int64_t running, waiting;

	password_queue(site, &running, &waiting);
	put_queue(b, "pixlpix_hash_queue",
	    "Passwords that are being hashed, and that wait for it.", running,
	    waiting);
	slot_count(site->decoder_lock, c->decoders, c->decoder_queue, &running,
	    &waiting);
	put_queue(b, "pixlpix_decoder_queue",
	    "Images that are being decoded, and that wait for it.", running,
	    waiting);
}

static void
put_disk(struct buf *b, const char *name, const char *help,
    const struct conf *conf, bool is_free)
{
	const struct {
		const char *label;
		struct str path;
	} folders[] = {
	    {"folder=\"spool\"", conf->spool_dir},
	    {"folder=\"store\"",
		conf_is_s3(conf) ? (struct str){0} : conf->store_dir},
	};

	metrics_put_family(b, name, "gauge", help);
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		struct statvfs fs;
		char path[4096];

		if (folders[i].path.len == 0 ||
		    folders[i].path.len >= sizeof(path))
			continue;
		(void)snprintf(
		    path, sizeof(path), "%.*s", STR_ARG(folders[i].path));
		if (statvfs(path, &fs) != 0)
			continue;
		metrics_put_sample(b, name, str_from(folders[i].label),
		    (int64_t)((is_free ? fs.f_bavail : fs.f_blocks) *
			      fs.f_frsize));
	}
}

static void
put_machine(struct buf *b, const struct conf *conf)
{
	struct sysinfo machine;

	put_disk(b, "pixlpix_disk_free_bytes",
	    "What is free on the disk of a folder.", conf, true);
	put_disk(
	    b, "pixlpix_disk_bytes", "The size of that disk.", conf, false);
	if (sysinfo(&machine) != 0)
		return;
	metrics_put_gauge(b, "pixlpix_machine_uptime_seconds",
	    "Since the machine was started.", machine.uptime);
	metrics_put_gauge(b, "pixlpix_machine_memory_bytes",
	    "Memory that the machine has.",
	    (int64_t)machine.totalram * machine.mem_unit);
	metrics_put_family(b, "pixlpix_machine_load1", "gauge",
	    "Processes that ran or waited to, mean of a minute.");
	buf_printf(b, "pixlpix_machine_load1 %.2f\n",
	    (double)machine.loads[0] / (1 << SI_LOAD_SHIFT));
}

enum err
figures_put(const struct conf *conf, const struct site *site, struct arena *a,
    struct buf *b)
{
	struct health health = {0};
	struct found found = {0};
	bool has_jobs;
	struct str path;

	TRY(arena_printf(
	    a, &path, "%.*s/" FIGURES_OF_JOBS, STR_ARG(conf->run_dir)));
	metrics_put_family(
	    b, "pixlpix_build_info", "gauge", "Which version this is: 1.");
	metrics_put_sample(
	    b, "pixlpix_build_info", STR("version=\"" PIXLPIX_VERSION "\""), 1);
	TRY(metrics_put(b, a, path.at, &has_jobs));
	if (site != NULL)
		TRY(health_check(site, a, &health));
	if (health.has_database)
		health.has_database = ask(site, a, &found) == OK;
	put_parts(b, &health, has_jobs);
	put_machine(b, conf);
	if (site != NULL)
		put_queues(b, site);
	if (!health.has_database)
		return buf_check(b);
	if (found.is_measured)
		put_measure(b, &found.measure);
	put_backup(b, &found.backup);
	put_server(b, &found.server);
	put_jobs(b, found.jobs);
	return buf_check(b);
}
