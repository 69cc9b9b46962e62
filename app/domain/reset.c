/* A random token, of which the row has the hash. */
#include "domain/reset.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/random.h"
#include "domain/password.h"
#include "domain/rules.h"

/* A new token's address and hash. */
static enum err
make_token(const struct site *site, struct arena *a, struct str *address,
    struct str *token_hash)
{
	struct str token;

	TRY(random_token(a, RESET_TOKEN_BYTES, &token));
	TRY(digest_kept(a, token, token_hash));
	return arena_printf(a, address, "%.*s/reset?link=%.*s",
	    STR_ARG(site->conf->site_url), STR_ARG(token));
}

static enum err
keep(const struct site *site, struct arena *a,
    const struct sql_reset_link_make_in *in, struct when *ends)
{
	struct sql_reset_link_make_row row;

	TRY(sql_reset_link_make(site->db, a, in, &row));
	log_event(LOG_INFO, "reset link made", LOG_INT("of", in->account));
	*ends = row.ends;
	return OK;
}

enum err
reset_make(const struct site *site, struct arena *a, int64_t account,
    struct str *address, struct when *ends)
{
	struct sql_reset_link_make_in in = {
	    .account = account, .hours = RESET_HOURS};

	TRY(make_token(site, a, address, &in.token_hash));
	return keep(site, a, &in, ends);
}

enum err
reset_ask(const struct site *site, struct arena *a, struct str who,
    struct str *complaint)
{
	struct sql_reset_ask_in in = {str_trim(who), RESET_WAITING_MAX};
	struct sql_reset_ask_row row;

	*complaint = STR("");
	if (in.who.len == 0)
		*complaint =
		    STR("Please type your username or your email address.");
	else if (in.who.len > RULES_EMAIL_MAX_BYTES)
		*complaint = STR("That is too long for a username or an email "
				 "address.");
	if (complaint->len > 0)
		return ERR_INPUT;
	TRY(sql_reset_ask(site->db, a, &in, &row));
	return row.is_full ? ERR_BUSY : OK;
}

enum err
reset_mail_make(const struct site *site, struct arena *a, struct str who,
    struct reset_mail *out, bool *is_due)
{
	struct sql_reset_mail_find_in in = {who};
	struct sql_reset_mail_find_row row;
	bool is_found;

	*is_due = false;
	TRY(sql_reset_mail_find(site->db, a, &in, &row, &is_found));
	if (!is_found || row.is_held)
		return OK;
	*out = (struct reset_mail){
	    .account = row.account, .name = row.name, .email = row.email};
	*is_due = true;
	return make_token(site, a, &out->address, &out->token_hash);
}

enum err
reset_mail_done(
    const struct site *site, struct arena *a, const struct reset_mail *mail)
{
	struct sql_reset_link_make_in in = {
	    .account = mail->account,
	    .token_hash = mail->token_hash,
	    .hours = RESET_HOURS,
	    .mails = 1,
	};
	struct when ends;

	return keep(site, a, &in, &ends);
}

enum err
reset_find(const struct site *site, struct arena *a, struct str token,
    struct sql_reset_link_find_row *out)
{
	struct sql_reset_link_find_in in = {0};
	bool is_found;

	TRY(digest_kept(a, token, &in.token_hash));
	TRY(sql_reset_link_find(site->db, a, &in, out, &is_found));
	return is_found ? OK : ERR_ABSENT;
}

enum err
reset_use(const struct site *site, struct arena *a, struct str token,
    struct str password, struct str again, struct reset_complaints *complaints)
{
	struct sql_reset_link_use_in in = {0};
	struct sql_reset_link_find_row owner;
	struct sql_reset_link_use_row row;

	*complaints = (struct reset_complaints){0};
	/* Before the work of hashing: only who has a link may ask for it. */
	TRY(reset_find(site, a, token, &owner));
	complaints->password =
	    rules_check_password(password, owner.name, owner.email);
	if (!str_equal(password, again))
		complaints->again = STR("The two passwords differ. Please "
					"type both again.");
	if (complaints->password.len > 0 || complaints->again.len > 0)
		return ERR_INPUT;
	TRY(digest_kept(a, token, &in.token_hash));
	TRY(password_hash(site, a, password, &in.new_hash));
	/* A statement of its own: the next one sees the sessions of the logins
	 * that it waited for, and ends them. */
	sql_account_hold_ask(
	    site->db, &(struct sql_account_hold_in){owner.account}, NULL);
	TRY(sql_reset_link_use(site->db, a, &in, &row));
	if (row.changed == 0)
		return ERR_ABSENT;
	log_event(LOG_INFO, "reset link used", LOG_INT("of", owner.account));
	return OK;
}
