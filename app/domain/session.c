/* Tokens out of random bytes, and rows that know their hashes. */
#include "domain/session.h"
#include "base/digest.h"
#include "base/random.h"

/* The hash under which a token is kept; of the absent token, none. */
static enum err
hash_of(struct arena *a, struct str token, struct str *out)
{
	*out = STR("");
	return token.len == 0 ? OK : digest_kept(a, token, out);
}

enum err
session_ask_viewer(const struct site *site, struct arena *a, struct str token,
    bool is_reading, struct sql_viewer_find_row *out)
{
	struct sql_viewer_find_in in = {
	    .idle_minutes = site->conf->session_idle_minutes,
	    .days = site->conf->session_days,
	    .mode = is_reading ? STR("on") : STR("off"),
	};

	TRY(hash_of(a, token, &in.token_hash));
	sql_viewer_find_ask(site->db, &in, out);
	return OK;
}

enum err
session_start(const struct site *site, struct arena *a, int64_t account,
    const struct when *password_of, struct str *token)
{
	struct sql_session_insert_in in = {.account = account,
	    .idle_minutes = site->conf->session_idle_minutes,
	    .is_checked = password_of != NULL};
	struct sql_session_insert_row row;
	struct str fresh;

	TRY(random_token(a, SESSION_TOKEN_BYTES, &fresh));
	TRY(hash_of(a, fresh, &in.token_hash));
	if (password_of != NULL)
		in.changed = *password_of;
	TRY(sql_session_insert(site->db, a, &in, &row));
	*token = fresh;
	return OK;
}

enum err
session_end(const struct site *site, struct arena *a, struct str token)
{
	struct sql_session_delete_in in = {0};

	if (token.len == 0)
		return OK;
	TRY(hash_of(a, token, &in.token_hash));
	return sql_session_delete(site->db, a, &in, NULL);
}

enum err
session_touch(const struct site *site, struct arena *a, struct str token)
{
	struct sql_session_touch_in in = {0};

	TRY(hash_of(a, token, &in.token_hash));
	return sql_session_touch(site->db, a, &in, NULL);
}

enum err
session_csrf(struct arena *a, struct str token, struct str *out)
{
	unsigned char mac[DIGEST_BYTES];

	TRY(digest_hmac(token, STR("pixlpix csrf"), mac));
	return digest_base64url(
	    a, (struct str){(const char *)mac, sizeof(mac)}, out);
}
