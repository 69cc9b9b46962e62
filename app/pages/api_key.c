/* Idempotency-Key: what is sent again is made once. */
#include "base/digest.h"
#include "pages/api.h"

enum {
	IDEMPOTENCY_KEY_BYTES = 255
};

enum err
api_form_key(struct page *p, struct str *out)
{
	struct str key = p->request->idempotency_key, hash;

	if (key.len == 0)
		return page_form_key(p, out);
	if (key.len > IDEMPOTENCY_KEY_BYTES) {
		p->why = STR("An Idempotency-Key has at most 255 bytes.");
		return ERR_INPUT;
	}
	TRY(arena_printf(p->arena, &key, "api %.*s", STR_ARG(key)));
	TRY(digest_kept(p->arena, key, &hash));
	return digest_base64url(p->arena, hash, out);
}

enum err
api_claim_key(struct page *p, struct str request, bool *is_refused)
{
	struct api_fault fault = {STR("Idempotency-Key"),
	    STR("This key has come with another request. Make a new key for "
		"each thing that you make.")};
	struct sql_api_key_claim_in in = {.account = p->viewer.account};
	struct sql_api_key_claim_row row;
	struct str hash;

	*is_refused = false;
	if (p->request->idempotency_key.len == 0)
		return OK;
	TRY(api_form_key(p, &in.key));
	TRY(digest_kept(p->arena, request, &hash));
	TRY(digest_base64url(p->arena, hash, &in.request));
	TRY(sql_api_key_claim(p->site->db, p->arena, &in, &row));
	if (row.is_new)
		p->claimed_key = in.key;
	*is_refused = !str_equal(row.request, in.request);
	return *is_refused ? api_refuse(p, &fault, 1) : OK;
}

void
api_keep_key(struct page *p)
{
	p->claimed_key = (struct str){0};
}

enum err
api_free_key(struct page *p)
{
	struct sql_api_key_free_in in = {p->viewer.account, p->claimed_key};
	struct sql_api_key_free_row row;
	bool is_found;

	if (p->claimed_key.len == 0)
		return OK;
	p->claimed_key = (struct str){0};
	return sql_api_key_free(p->site->db, p->arena, &in, &row, &is_found);
}
