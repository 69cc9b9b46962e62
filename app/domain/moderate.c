/* Roles, suspensions and removals. */
#include "domain/moderate.h"
#include "base/log.h"
#include "domain/password.h"
#include "domain/post.h"
#include "domain/rules.h"
#include "domain/viewer.h"

bool
moderate_is_role(struct str role)
{
	return str_equal(role, STR("member")) ||
	       str_equal(role, STR("moderator")) ||
	       str_equal(role, STR("admin"));
}

enum err
moderate_check_reason(struct arena *a, struct str reason, struct str *complaint)
{
	*complaint = (struct str){0};
	if (reason.len == 0) {
		*complaint = STR("Say why: those who ask later will want to "
				 "know.");
		return OK;
	}
	return rules_check_text(
	    a, reason, MODERATE_REASON_MAX, true, complaint);
}

enum err
moderate_find(const struct site *site, struct arena *a, struct str name,
    struct sql_account_line_row *out)
{
	return sql_account_find(
	    site->db, a, &(struct sql_account_find_in){name}, out);
}

enum err
moderate_role(const struct site *site, struct arena *a, int64_t account,
    struct str role, struct str *before)
{
	struct sql_account_set_role_in in = {.account = account, .role = role};
	struct sql_account_set_role_row row;

	TRY(sql_account_set_role(site->db, a, &in, &row));
	*before = row.before;
	log_event(LOG_INFO, "role given", LOG_INT("to", account),
	    LOG_STR("role", role));
	return OK;
}

enum err
moderate_first_admin(
    const struct site *site, struct arena *a, int64_t account, bool *is_made)
{
	struct sql_account_first_admin_row row;

	return sql_account_first_admin(site->db, a,
	    &(struct sql_account_first_admin_in){account}, &row, is_made);
}

/* Admins are for the shell; moderators for admins. */
static enum err
check_right(const struct site *site, struct arena *a,
    const struct moderator *who, int64_t account)
{
	struct sql_account_role_row row;

	if (who->account == 0)
		return OK;
	TRY(sql_account_role(
	    site->db, a, &(struct sql_account_role_in){account}, &row));
	if (account == who->account || str_equal(row.role, STR("admin")) ||
	    (str_equal(row.role, STR("moderator")) && !who->is_admin))
		return ERR_FORBIDDEN;
	return OK;
}

static enum err
suspend(const struct site *site, struct arena *a, const struct moderator *who,
    int64_t account, struct str reason)
{
	struct sql_account_suspend_in in = {account, reason, who->account};
	struct sql_account_suspend_row row;
	bool is_found;

	TRY(sql_account_suspend(site->db, a, &in, &row, &is_found));
	return is_found ? OK : ERR_CONFLICT;
}

static enum err
lift(const struct site *site, struct arena *a, const struct moderator *who,
    int64_t account, struct str reason)
{
	struct sql_account_lift_in in = {account, reason, who->account};
	struct sql_account_lift_row row;
	bool is_found;

	TRY(sql_account_lift(site->db, a, &in, &row, &is_found));
	return is_found ? OK : ERR_CONFLICT;
}

typedef enum err change_account(const struct site *site, struct arena *a,
    const struct moderator *who, int64_t account, struct str reason);

/* In one transaction, with the account kept from everybody else. */
static enum err
change(const struct site *site, struct arena *a, const struct moderator *who,
    int64_t account, struct str reason, change_account *body)
{
	struct sql_account_hold_row row;
	enum err e;

	db_begin(site->db);
	e = sql_account_hold(
	    site->db, a, &(struct sql_account_hold_in){account}, &row);
	if (e == OK)
		e = check_right(site, a, who, account);
	if (e == OK)
		e = body(site, a, who, account, reason);
	if (e != OK) {
		db_rollback(site->db);
		return e;
	}
	return db_commit(site->db, a);
}

enum err
moderate_suspend(const struct site *site, struct arena *a,
    const struct moderator *who, int64_t account, struct str reason)
{
	TRY(change(site, a, who, account, reason, suspend));
	log_event(LOG_INFO, "account suspended", LOG_INT("suspended", account));
	return OK;
}

enum err
moderate_lift(const struct site *site, struct arena *a,
    const struct moderator *who, int64_t account, struct str reason)
{
	TRY(change(site, a, who, account, reason, lift));
	log_event(LOG_INFO, "suspension lifted", LOG_INT("lifted", account));
	return OK;
}

enum err
moderate_suspension(const struct site *site, struct arena *a, struct str who,
    struct str *because)
{
	struct sql_account_suspension_row row;
	bool is_found;

	TRY(sql_account_suspension(site->db, a,
	    &(struct sql_account_suspension_in){who}, &row, &is_found));
	if (!is_found)
		return ERR_ABSENT;
	*because = row.because;
	return OK;
}

enum err
moderate_reset(const struct site *site, struct arena *a,
    const struct sql_account_line_row *account, struct str password,
    struct str *complaint)
{
	struct sql_account_reset_password_in in = {.account = account->id};
	struct sql_account_reset_password_row row;

	*complaint =
	    rules_check_password(password, account->name, account->email);
	if (complaint->len > 0)
		return ERR_INPUT;
	TRY(password_hash(site, a, password, &in.new_hash));
	/* A statement of its own: the next one sees the sessions of the logins
	 * that it waited for, and ends them. */
	sql_account_hold_ask(
	    site->db, &(struct sql_account_hold_in){account->id}, NULL);
	TRY(sql_account_reset_password(site->db, a, &in, &row));
	log_event(LOG_INFO, "password reset", LOG_INT("of", account->id));
	return row.changed == 1 ? OK : ERR_ABSENT;
}

enum err
moderate_post(const struct site *site, struct arena *a,
    const struct moderator *who, int64_t post, struct str reason)
{
	struct sql_post_remove_in in = {who->account, post, reason};
	struct sql_post_lock_any_row locked;
	struct sql_post_remove_row row;
	bool was_there, is_found = false;

	sql_post_lock_any_ask(site->db, &(struct sql_post_lock_any_in){post},
	    &locked, &was_there);
	TRY(sql_post_remove(site->db, a, &in, &row, &is_found));
	if (!is_found)
		return ERR_ABSENT;
	log_event(LOG_INFO, "post removed", LOG_INT("post", post));
	post_hide_now(site, a, post);
	return OK;
}

enum err
moderate_comment(const struct site *site, struct arena *a,
    const struct moderator *who, int64_t comment, struct str reason,
    int64_t *post)
{
	struct sql_comment_remove_in in = {who->account, comment, reason};
	struct sql_comment_remove_row row;

	viewer_ask(site, who->account);
	TRY(sql_comment_remove(site->db, a, &in, &row));
	*post = row.post;
	log_event(LOG_INFO, "comment removed", LOG_INT("comment", comment));
	return OK;
}
