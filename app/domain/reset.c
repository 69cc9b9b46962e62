/* A random token, of which the row has the hash. */
#include "domain/reset.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/random.h"
#include "domain/password.h"
#include "domain/rules.h"

enum err
reset_make(const struct site *site, struct arena *a, int64_t account,
    struct str *address, struct when *ends)
{
	struct sql_reset_link_make_in in = {
	    .account = account, .hours = RESET_HOURS};
	struct sql_reset_link_make_row row;
	struct str token;

	TRY(random_token(a, RESET_TOKEN_BYTES, &token));
	TRY(digest_kept(a, token, &in.token_hash));
	TRY(arena_printf(a, address, "%.*s/reset?link=%.*s",
	    STR_ARG(site->conf->site_url), STR_ARG(token)));
	TRY(sql_reset_link_make(site->db, a, &in, &row));
	log_event(LOG_INFO, "reset link made", LOG_INT("of", account));
	*ends = row.ends;
	return OK;
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
