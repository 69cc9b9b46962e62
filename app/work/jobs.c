/* The table of kinds of jobs, and running them. */
#include "work/jobs.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "domain/follow.h"
#include "domain/image.h"
#include "domain/post.h"
#include "domain/reach.h"
#include "domain/reset.h"
#include "store/sql.h"
#include "work/mail.h"
#include "work/trace.h"

enum {
	FIRST_WAIT_S = 30,
	GATHER_S = 300,   /* before a mail about jobs is sent */
	FEED_BATCH = 1000 /* as feed_fill has it */
};

typedef enum err job_body(const struct site *site, struct arena *a,
    const struct sql_job_take_row *job);

/* A batch at a time, so that nobody waits long to follow the author. */
static enum err
fill_feeds(const struct site *site, struct arena *a,
    const struct sql_job_take_row *job)
{
	struct sql_feed_fill_in in = {.post = job->subject};
	struct sql_feed_lock_row lock;
	struct sql_feed_fill_row row;
	struct str last;
	bool is_found;

	if (job->detail.len > 0)
		TRY(str_parse_int(job->detail, 0, INT64_MAX, &in.after));
	TRY(sql_feed_lock(site->db, a, &(struct sql_feed_lock_in){job->subject},
	    &lock, &is_found));
	if (!is_found)
		return OK;
	in.author = lock.author;
	TRY(sql_feed_fill(site->db, a, &in, &row));
	if (row.count < FEED_BATCH)
		return OK;
	TRY(arena_printf(a, &last, "%lld", (long long)row.last));
	return sql_feed_go_on(
	    site->db, a, &(struct sql_feed_go_on_in){job->subject, last}, NULL);
}

static enum err
hide_post(const struct site *site, struct arena *a,
    const struct sql_job_take_row *job)
{
	return post_hide_images(site, a, job->subject);
}

static enum err
hide_picture(const struct site *site, struct arena *a,
    const struct sql_job_take_row *job)
{
	(void)a;
	return image_hide(site, IMAGE_PICTURE, job->detail);
}

static enum err
forget_object(const struct site *site, struct arena *a,
    const struct sql_job_take_row *job)
{
	(void)a;
	return object_forget(site->store, job->detail);
}

static enum err
add_webp(const struct site *site, struct arena *a,
    const struct sql_job_take_row *job)
{
	return image_add_webp(site, a, job->detail);
}

static enum err
move_images(const struct site *site, struct arena *a,
    const struct sql_job_take_row *job)
{
	struct str next;

	TRY(reach_step(site, a, job->subject, job->detail, &next));
	if (next.len == 0)
		return reach_end(site, a, job->subject, job->id);
	return sql_reach_go_on(site->db, a,
	    &(struct sql_reach_go_on_in){job->subject, next}, NULL);
}

static enum err
accept_waiting(const struct site *site, struct arena *a,
    const struct sql_job_take_row *job)
{
	bool is_more;

	TRY(follow_accept_next(site, a, job->subject, &is_more));
	if (!is_more)
		return OK;
	return sql_request_go_on(
	    site->db, a, &(struct sql_request_go_on_in){job->subject}, NULL);
}

static enum err
send_mail(const struct site *site, struct arena *a,
    const struct sql_job_take_row *job)
{
	if (mail_is_on(site->conf))
		return mail_send(
		    site->conf, a, site->conf->mail_to, job->detail);
	log_event(LOG_WARN, "mail dropped: the configuration names no server");
	return OK;
}

/* The link is kept when the mail is on its way: until then no row is locked,
 * and what fails leaves the link before as it was. */
static enum err
send_reset(const struct site *site, struct arena *a,
    const struct sql_job_take_row *job)
{
	struct reset_mail mail;
	struct str text;
	bool is_due;
	enum err e;

	TRY(reset_mail_make(site, a, job->detail, &mail, &is_due));
	if (!is_due || !mail_is_on(site->conf))
		return OK;
	TRY(arena_printf(a, &text,
	    "%.*s: a new password\n"
	    "Hello %.*s,\n\n"
	    "somebody, probably you, has asked for a new password at %.*s. "
	    "Here you can choose one:\n\n"
	    "%.*s\n\n"
	    "The link works once, and for %d hours. When the new password is "
	    "set, all devices are logged out.\n\n"
	    "If it was not you, you need not do anything: your password stays "
	    "as it is.\n",
	    STR_ARG(conf_host(site->conf)), STR_ARG(mail.name),
	    STR_ARG(site->conf->site_name), STR_ARG(mail.address),
	    RESET_HOURS));
	e = mail_send(site->conf, a, mail.email, text);
	if (e == ERR_INPUT) {
		log_event(LOG_WARN,
		    "reset link not mailed: there is no such "
		    "address",
		    LOG_INT("of", mail.account));
		return OK;
	}
	TRY(e);
	return reset_mail_done(site, a, &mail);
}

static const struct {
	const char *kind;
	job_body *body;
} kinds[] = {
    {"feed_fill", fill_feeds},
    {"object_forget", forget_object},
    {"image_webp", add_webp},
    {"object_hide", hide_post},
    {"picture_hide", hide_picture},
    {"account_reach", move_images},
    {"requests_accept", accept_waiting},
    {"mail", send_mail},
    {"reset_mail", send_reset},
};

static enum err
run(const struct site *site, struct arena *a,
    const struct sql_job_take_row *job)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (str_equal(job->kind, str_from(kinds[i].kind)))
			return kinds[i].body(site, a, job);
	return ERR_INTERNAL;
}

/* One mail for all that are given up in some minutes; about mail that cannot be
 * sent there is none. */
static enum err
tell_admin(const struct site *site, struct arena *a,
    const struct sql_job_take_row *job, const char *failure)
{
	struct str text;

	if (str_ends(job->kind, STR("mail")))
		return OK;
	TRY(arena_printf(a, &text,
	    "%.*s: background work was given up\n"
	    "Job %lld (%.*s %lld) has failed %d times and is not tried again. "
	    "Its last failure: %s.\n\n"
	    "There may be others. On the machine of the site,\n\n"
	    "    pixlpixctl jobs list\n\n"
	    "says which, \"pixlpixctl jobs retry ID\" tries one again when "
	    "its cause is mended, and \"pixlpixctl jobs drop ID\" forgets "
	    "one.\n",
	    STR_ARG(conf_host(site->conf)), (long long)job->id,
	    STR_ARG(job->kind), (long long)job->subject, JOBS_TRIES, failure));
	mail_ask(site, MAIL_JOBS, text, GATHER_S);
	return OK;
}

static enum err
note_failure(const struct site *site, struct arena *a,
    const struct sql_job_take_row *job, const char *failure)
{
	bool gives_up = job->tries + 1 >= JOBS_TRIES;
	struct sql_job_fail_in in = {
	    .job = job->id,
	    .error = str_from(failure),
	    .wait_s = (int64_t)FIRST_WAIT_S
	              << (job->tries < 20 ? job->tries : 20),
	    .gives_up = gives_up,
	};

	metrics_count(METRIC_JOBS,
	    AT(gives_up ? METRICS_JOB_GIVEN_UP : METRICS_JOB_FAILED), 1);
	log_event(gives_up ? LOG_ERROR : LOG_WARN,
	    gives_up ? "job given up" : "job failed", LOG_INT("job", job->id),
	    LOG_STR("kind", job->kind), LOG_INT("subject", job->subject),
	    LOG_INT("tries", job->tries + 1), LOG_Z("error", failure));
	/* The work may have ended the transaction that held the job. */
	db_rollback(site->db);
	if (gives_up)
		TRY(tell_admin(site, a, job, failure));
	return sql_job_fail(site->db, a, &in, NULL);
}

enum err
jobs_note_death(const struct site *site, struct arena *a, int64_t job)
{
	struct sql_job_take_again_in in = {job};
	struct sql_job_take_again_row found;
	struct sql_job_take_row row;
	bool is_found = false;
	enum err e;

	/* The server may not know yet that the process is gone. */
	db_begin(site->db);
	e = sql_job_take_again(site->db, a, &in, &found, &is_found);
	db_rollback(site->db);
	if (e != OK || !is_found)
		return e;
	row = (struct sql_job_take_row){.id = found.id,
	    .kind = found.kind,
	    .subject = found.subject,
	    .detail = found.detail,
	    .tries = found.tries};
	return note_failure(site, a, &row, "its process died");
}

enum err
jobs_run_one(const struct site *site, int trace, struct arena *a, bool *is_done)
{
	struct sql_job_take_row job;
	int64_t began_us;
	enum err e;

	*is_done = false;
	db_begin(site->db);
	e = sql_job_take(site->db, a, &job, is_done);
	if (e != OK || !*is_done) {
		db_rollback(site->db);
		return e;
	}
	began_us = clock_monotonic_us();
	trace_note(trace, job.id);
	e = run(site, a, &job);
	trace_note(trace, 0);
	metrics_time(METRIC_JOB_TIME, AT(0), began_us);
	if (e != OK)
		return note_failure(site, a, &job, err_name(e));
	sql_job_done_ask(site->db, &(struct sql_job_done_in){job.id}, NULL);
	TRY(db_commit(site->db, a));
	metrics_count(METRIC_JOBS, AT(METRICS_JOB_DONE), 1);
	log_event(LOG_INFO, "job done", LOG_INT("job", job.id),
	    LOG_STR("kind", job.kind), LOG_INT("subject", job.subject));
	return OK;
}
