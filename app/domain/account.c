/* Joining, logging in, changing an account. */
#include "domain/account.h"
#include "base/log.h"
#include "base/metrics.h"
#include "domain/guess.h"
#include "domain/image.h"
#include "domain/password.h"
#include "domain/rules.h"
#include "store/sql.h"

static const struct str name_taken =
    STR("This username is taken. Please choose another.");
static const struct str email_taken =
    STR("There is an account with this address already. You can log in "
	"with it.");

static bool
has_complaint(const struct account_complaints *c)
{
	return c->name.len > 0 || c->email.len > 0 || c->display.len > 0 ||
	       c->password.len > 0 || c->again.len > 0 || c->consent.len > 0;
}

static void
check_rules(const struct account_joining *j, struct account_complaints *c)
{
	c->name = rules_check_name(j->name);
	c->email = rules_check_email(j->email);
	c->display = rules_check_display(j->display);
	c->password = rules_check_password(j->password, j->name, j->email);
	if (!str_equal(j->password, j->again))
		c->again = STR("The two passwords differ. Please type both "
			       "again.");
	if (!j->has_consented)
		c->consent = STR("Without your consent there can be no "
				 "account.");
	else if (!str_equal(j->terms, STR(ACCOUNT_TERMS_VERSION)))
		c->consent = STR("The terms have changed meanwhile. Please "
				 "read them and consent again.");
}

/* Names that others have, and an earlier sending of this form. */
static enum err
check_others(const struct site *site, struct arena *a,
    const struct account_joining *j, struct account_complaints *c,
    struct sql_account_by_form_key_row *earlier, bool *is_again)
{
	struct sql_account_taken_in names = {
	    .name = j->name, .email = j->email};
	struct sql_account_by_form_key_in key = {.form_key = j->form_key};
	struct sql_account_taken_row taken;

	sql_account_taken_ask(site->db, &names, &taken);
	sql_account_by_form_key_ask(site->db, &key, earlier, is_again);
	TRY(db_sync(site->db, a));
	if (*is_again)
		return OK;
	if (taken.name_taken)
		c->name = name_taken;
	if (taken.email_taken)
		c->email = email_taken;
	return has_complaint(c) ? ERR_INPUT : OK;
}

/* The unique constraints decide what two who join at once may do. */
static enum err
explain_conflict(const struct site *site, struct account_complaints *c)
{
	struct str constraint = db_constraint(site->db);

	if (str_equal(constraint, STR("account_name_unique")))
		c->name = name_taken;
	else if (str_equal(constraint, STR("account_email_unique")))
		c->email = email_taken;
	else
		return ERR_CONFLICT;
	return ERR_INPUT;
}

static enum err
insert(const struct site *site, struct arena *a,
    const struct account_joining *j, struct account_complaints *c,
    int64_t *account)
{
	struct sql_account_insert_in in = {
	    .name = j->name,
	    .email = j->email,
	    .display = j->display,
	    .consent_version = j->terms,
	    .form_key = j->form_key,
	};
	struct sql_account_insert_row row;
	enum err e;

	TRY(password_hash(site, a, j->password, &in.password_hash));
	e = sql_account_insert(site->db, a, &in, &row);
	if (e == ERR_CONFLICT)
		return explain_conflict(site, c);
	TRY(e);
	*account = row.id;
	metrics_count(METRIC_ACTIONS, AT(METRICS_ACTION_REGISTER), 1);
	log_event(LOG_INFO, "account made", LOG_INT("made", row.id));
	return OK;
}

enum err
account_join(const struct site *site, struct arena *a,
    const struct account_joining *joining,
    struct account_complaints *complaints, int64_t *account)
{
	struct sql_account_by_form_key_row earlier;
	bool is_again = false, matches, is_stale;

	*complaints = (struct account_complaints){0};
	check_rules(joining, complaints);
	if (has_complaint(complaints))
		return ERR_INPUT;
	TRY(check_others(site, a, joining, complaints, &earlier, &is_again));
	if (!is_again) {
		enum err e = insert(site, a, joining, complaints, account);

		if (e != ERR_INPUT)
			return e;
		/* The same form, sent twice at once, may have been faster. */
		*complaints = (struct account_complaints){0};
		TRY(check_others(
		    site, a, joining, complaints, &earlier, &is_again));
		if (!is_again)
			return ERR_CONFLICT;
	}
	TRY(password_check(site, a, joining->password, earlier.password_hash,
	    &matches, &is_stale));
	if (!matches || !str_equal(earlier.name, joining->name)) {
		complaints->name = name_taken;
		return ERR_INPUT;
	}
	*account = earlier.id;
	return OK;
}

/* The parameters have changed since the hash was made: make it anew.  A
 * failure only leaves it for the next time. */
static void
refresh_hash(const struct site *site, struct arena *a, int64_t account,
    struct str password, struct str old_hash)
{
	struct sql_account_set_password_in in = {
	    .account = account, .old_hash = old_hash};
	enum err e = password_hash(site, a, password, &in.new_hash);

	if (e == OK)
		e = sql_account_set_password(site->db, a, &in, NULL);
	if (e != OK)
		log_event(LOG_WARN, "password not rehashed", LOG_ERR(e));
}

/* Notes a wrong password, forgets what came before a right one. */
static enum err
settle(const struct site *site, struct arena *a, const struct guess *guess,
    const struct sql_login_failures_row *failures, bool matches)
{
	if (!matches)
		return guess_note(site, a, guess);
	return failures->of_network > 0 ? guess_forget(site, a, guess) : OK;
}

enum err
account_log_in(const struct site *site, struct arena *a,
    const struct account_login *login, int64_t *account,
    struct when *password_of)
{
	struct sql_login_failures_row failures;
	struct sql_account_by_login_row found = {0};
	struct str password = login->password;
	bool is_found = false, matches, is_stale;
	struct guess guess;

	TRY(guess_make(a, login->who, login->client, &guess));
	guess_ask(site, &guess, &failures);
	sql_account_by_login_ask(site->db,
	    &(struct sql_account_by_login_in){guess.who}, &found, &is_found);
	TRY(db_sync(site->db, a));
	if (guess_must_rest(&failures))
		return ERR_TOO_MANY;
	if (password.len > RULES_PASSWORD_MAX_BYTES)
		password.len = 0;
	TRY(password_check(site, a, password,
	    is_found ? found.password_hash : (struct str){0}, &matches,
	    &is_stale));
	TRY(settle(site, a, &guess, &failures, matches));
	if (!matches)
		return ERR_INPUT;
	if (found.is_suspended)
		return ERR_FORBIDDEN;
	if (is_stale)
		refresh_hash(site, a, found.id, password, found.password_hash);
	*account = found.id;
	metrics_count(METRIC_ACTIONS, AT(METRICS_ACTION_LOGIN), 1);
	*password_of = found.changed;
	return OK;
}

/* Whether the current password is the right one; *hash is its hash. */
static enum err
check_current(const struct site *site, struct arena *a, int64_t account,
    const struct account_password_change *change, struct str *hash,
    bool *matches)
{
	struct sql_login_failures_row failures;
	struct sql_account_password_row row;
	struct guess guess;
	bool is_stale;

	TRY(guess_make(a, change->name, change->client, &guess));
	guess_ask(site, &guess, &failures);
	sql_account_password_ask(
	    site->db, &(struct sql_account_password_in){account}, &row);
	TRY(db_sync(site->db, a));
	if (guess_must_rest(&failures))
		return ERR_TOO_MANY;
	TRY(password_check(
	    site, a, change->current, row.password_hash, matches, &is_stale));
	*hash = row.password_hash;
	return settle(site, a, &guess, &failures, *matches);
}

enum err
account_change_password(const struct site *site, struct arena *a,
    int64_t account, const struct account_password_change *change,
    struct account_password_complaints *complaints)
{
	struct sql_account_change_password_in in = {.account = account};
	struct sql_account_change_password_row row;
	bool matches;

	*complaints = (struct account_password_complaints){0};
	complaints->password =
	    rules_check_password(change->password, change->name, change->email);
	if (!str_equal(change->password, change->again))
		complaints->again = STR("The two passwords differ. Please "
					"type both again.");
	if (complaints->password.len > 0 || complaints->again.len > 0)
		return ERR_INPUT;
	TRY(check_current(site, a, account, change, &in.old_hash, &matches));
	if (!matches) {
		complaints->current = STR("That is not your current "
					  "password.");
		return ERR_INPUT;
	}
	TRY(password_hash(site, a, change->password, &in.new_hash));
	/* A statement of its own, so that the next one sees the sessions of the
	 * logins that it waited for, and ends them. */
	sql_account_lock_ask(
	    site->db, &(struct sql_account_lock_in){account}, NULL, NULL);
	TRY(sql_account_change_password(site->db, a, &in, &row));
	return row.changed == 1 ? OK : ERR_CONFLICT;
}

enum err
account_edit(const struct site *site, struct arena *a, int64_t account,
    struct str display, struct str bio)
{
	return sql_profile_update(site->db, a,
	    &(struct sql_profile_update_in){account, display, bio}, NULL);
}

/* A job waits for what fails here. */
static void
hide_picture(
    const struct site *site, struct arena *a, int64_t account, struct str key)
{
	struct sql_job_done_by_subject_in in = {
	    STR("picture_hide"), account, key};
	enum err e = image_hide(site, IMAGE_PICTURE, key);

	if (e == OK)
		e = sql_job_done_by_subject(site->db, a, &in, NULL);
	if (e != OK)
		log_event(LOG_WARN, "old picture left to the job", LOG_ERR(e));
}

enum err
account_set_picture(const struct site *site, struct arena *a, int64_t account,
    int fd, struct str *complaint)
{
	struct sql_picture_update_in in = {.account = account};
	struct sql_picture_update_row row;
	struct image_made made;
	enum err e;

	TRY(image_make(
	    site, a, IMAGE_PICTURE, OBJECT_PUBLIC, fd, &made, complaint));
	in.key = made.key;
	e = sql_picture_update(site->db, a, &in, &row);
	if (e != OK) {
		if (image_is_unnamed_after(e))
			image_erase(site, IMAGE_PICTURE, made.key);
		return e;
	}
	if (row.old_key.len > 0)
		hide_picture(site, a, account, row.old_key);
	return OK;
}

enum err
account_remove_picture(
    const struct site *site, struct arena *a, int64_t account)
{
	struct sql_picture_update_in in = {.account = account};
	struct sql_picture_update_row row;

	TRY(sql_picture_update(site->db, a, &in, &row));
	if (row.old_key.len > 0)
		hide_picture(site, a, account, row.old_key);
	return OK;
}
