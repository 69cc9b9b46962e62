/* The tags of what programs read, and what they ask with them. */
#include "base/digest.h"
#include "pages/api.h"

enum {
	ETAG_CHARS = 22 /* 132 bits */
};

/* The tag of what has been written. */
static enum err
make_tag(struct page *p, struct str *tag)
{
	unsigned char hash[DIGEST_BYTES];
	struct str text;

	TRY(digest_sha256(buf_str(p->response->body), hash));
	TRY(digest_base64url(
	    p->arena, (struct str){(const char *)hash, sizeof(hash)}, &text));
	return arena_printf(
	    p->arena, tag, "\"%.*s\"", STR_ARG(str_slice(text, 0, ETAG_CHARS)));
}

/* Whether a tag is among those of If-Match or If-None-Match. */
static bool
is_among(struct str tag, struct str all)
{
	while (all.len > 0) {
		struct str one = str_trim(str_cut(&all, ','));

		/* nginx weakens the tag of what it compresses. */
		if (str_starts(one, STR("W/")))
			one = str_slice(one, 2, one.len);
		if (str_equal(one, tag) || str_equal(one, STR("*")))
			return true;
	}
	return false;
}

enum err
api_add_tag(struct page *p)
{
	struct str tag;

	TRY(make_tag(p, &tag));
	TRY(response_header(p->response, STR("ETag"), tag));
	if (is_among(tag, p->request->if_none_match)) {
		p->response->status = 304;
		buf_reset(p->response->body);
	}
	return OK;
}

/* What the address gives when it is read, as its tag; absent where it cannot be
 * read.  Nothing of it is left in the answer. */
static enum err
find_tag(struct page *p, struct str *tag)
{
	const struct route *changes = p->route;
	size_t headers = p->response->header_count;
	struct route_match match;
	enum err e;

	*tag = (struct str){0};
	if (route_find(p->api, METHOD_GET, p->request->segments, &match) != OK)
		return OK;
	p->route = match.route;
	sql_api_reading_ask(
	    p->site->db, &(struct sql_api_reading_in){p->viewer.account}, NULL);
	e = match.route->handler(p);
	if (e == OK)
		e = make_tag(p, tag);
	p->route = changes;
	p->response->header_count = headers;
	buf_reset(p->response->body);
	return e;
}

enum err
api_check_match(struct page *p, bool *is_refused)
{
	struct str wanted = p->request->if_match, tag;

	*is_refused = false;
	if (wanted.len == 0)
		return OK;
	TRY(find_tag(p, &tag));
	*is_refused = tag.len == 0 || !is_among(tag, wanted);
	return *is_refused ? api_show_status(p, 412) : OK;
}
