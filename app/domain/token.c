/* Making tokens and knowing them again. */
#include "domain/token.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/random.h"
#include "domain/rules.h"

static const struct str prefix = {"pix_", 4};

static enum err
check(struct arena *a, const struct token_draft *draft,
    struct token_complaints *out)
{
	*out = (struct token_complaints){0};
	TRY(rules_check_text(a, draft->name, TOKEN_NAME_MAX, true, &out->name));
	if (draft->name.len == 0)
		out->name = STR("Say what it is for, so that you know later.");
	if (!draft->can_read && !draft->can_write && !draft->can_upload &&
	    !draft->can_moderate)
		out->scopes = STR("Choose at least one thing that it may do.");
	return out->name.len > 0 || out->scopes.len > 0 ? ERR_INPUT : OK;
}

enum err
token_make(const struct site *site, struct arena *a,
    const struct token_draft *draft, struct token_complaints *complaints,
    struct str *token)
{
	struct sql_token_insert_in in = {
	    .account = draft->account,
	    .name = draft->name,
	    .can_read = draft->can_read,
	    .can_write = draft->can_write,
	    .can_upload = draft->can_upload,
	    .can_moderate = draft->can_moderate,
	    .form_key = draft->form_key,
	    .most = TOKENS_MAX,
	};
	struct sql_token_insert_row row;
	struct str secret, fresh;

	TRY(check(a, draft, complaints));
	TRY(random_token(a, TOKEN_BYTES, &secret));
	TRY(arena_printf(
	    a, &fresh, "%.*s%.*s", STR_ARG(prefix), STR_ARG(secret)));
	TRY(digest_kept(a, fresh, &in.token_hash));
	TRY(sql_token_insert(site->db, a, &in, &row));
	if (draft->can_moderate && !row.may_moderate) {
		complaints->scopes = STR(
		    "Only moderators and admins have tokens that moderate.");
		return ERR_INPUT;
	}
	if (!row.is_made && row.is_full) {
		complaints->whole = STR("You have as many tokens as one may "
					"have. Revoke one that is not used.");
		return ERR_INPUT;
	}
	*token = row.is_made ? fresh : (struct str){0};
	if (row.is_made)
		log_event(
		    LOG_INFO, "token made", LOG_INT("account", draft->account));
	return OK;
}

enum err
token_revoke(
    const struct site *site, struct arena *a, int64_t account, int64_t token)
{
	struct sql_token_delete_in in = {.account = account, .token = token};
	struct sql_token_delete_row row;

	TRY(sql_token_delete(site->db, a, &in, &row));
	log_event(LOG_INFO, "token revoked", LOG_INT("account", account));
	return OK;
}

enum err
token_enter(const struct site *site, struct arena *a, struct str token,
    struct sql_token_enter_row *out)
{
	struct sql_token_enter_in in = {0};
	bool is_found;

	if (token.len != TOKEN_CHARS || !str_starts(token, prefix))
		return ERR_LOGIN;
	TRY(digest_kept(a, token, &in.token_hash));
	TRY(sql_token_enter(site->db, a, &in, out, &is_found));
	return is_found ? OK : ERR_LOGIN;
}
