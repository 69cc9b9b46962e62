/* The table of kinds of jobs, and running them. */
#include "work/jobs.h"
#include "base/log.h"
#include "domain/image.h"
#include "domain/post.h"
#include "store/sql.h"

enum {
	FIRST_WAIT_S = 30
};

typedef enum err job_body(const struct site *site, struct arena *a,
    const struct sql_job_take_row *job);

static enum err
fill_feeds(const struct site *site, struct arena *a,
    const struct sql_job_take_row *job)
{
	return sql_feed_fill(
	    site->db, a, &(struct sql_feed_fill_in){job->subject}, NULL);
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

static const struct {
	const char *kind;
	job_body *body;
} kinds[] = {
    {"feed_fill", fill_feeds},
    {"object_forget", forget_object},
    {"image_webp", add_webp},
    {"object_hide", hide_post},
    {"picture_hide", hide_picture},
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

static enum err
note_failure(const struct site *site, struct arena *a,
    const struct sql_job_take_row *job, enum err failure)
{
	bool gives_up = job->tries + 1 >= JOBS_TRIES;
	struct sql_job_fail_in in = {
	    .job = job->id,
	    .error = str_from(err_name(failure)),
	    .wait_s = (int64_t)FIRST_WAIT_S
	              << (job->tries < 20 ? job->tries : 20),
	    .gives_up = gives_up,
	};

	log_event(gives_up ? LOG_ERROR : LOG_WARN,
	    gives_up ? "job given up" : "job failed", LOG_INT("job", job->id),
	    LOG_STR("kind", job->kind), LOG_INT("subject", job->subject),
	    LOG_INT("tries", job->tries + 1), LOG_ERR(failure));
	/* The work may have ended the transaction that held the job. */
	db_rollback(site->db);
	return sql_job_fail(site->db, a, &in, NULL);
}

enum err
jobs_run_one(const struct site *site, struct arena *a, bool *is_done)
{
	struct sql_job_take_row job;
	enum err e;

	*is_done = false;
	db_begin(site->db);
	e = sql_job_take(site->db, a, &job, is_done);
	if (e != OK || !*is_done) {
		db_rollback(site->db);
		return e;
	}
	e = run(site, a, &job);
	if (e != OK)
		return note_failure(site, a, &job, e);
	sql_job_done_ask(site->db, &(struct sql_job_done_in){job.id}, NULL);
	TRY(db_commit(site->db, a));
	log_event(LOG_INFO, "job done", LOG_INT("job", job.id),
	    LOG_STR("kind", job.kind), LOG_INT("subject", job.subject));
	return OK;
}
