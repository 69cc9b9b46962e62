/* The images of private accounts: a worker looks who asks and lets nginx send
 * the file.  Whoever may not see the post learns nothing, and nothing is kept
 * in between.
 */
#include "domain/image.h"
#include "http/url.h"
#include "pages/handlers.h"

static enum err
hand_over(struct page *p, const struct sql_image_find_row *row, struct str key,
    struct str end)
{
	struct str address;

	TRY(image_inner_address(
	    p->site, p->arena, key, end, row->is_moving, &address));
	p->is_file = true;
	p->response->content_type =
	    str_ends(end, STR(".webp")) ? STR("image/webp") : STR("image/jpeg");
	return response_header(p->response, STR("X-Accel-Redirect"), address);
}

/* The account has become public since the page was made. */
static enum err
lead_to_public(struct page *p, struct str key, struct str end)
{
	struct url stem, whole;

	TRY(image_stem(p->arena, key, false, &stem));
	TRY(arena_printf(p->arena, &whole.text, "%.*s-%.*s", STR_ARG(stem.text),
	    STR_ARG(end)));
	return page_redirect(p, whole);
}

static enum err
show_image(struct page *p)
{
	struct sql_image_find_row row;
	bool is_found = false;
	struct str key, end;
	int64_t webp;

	TRY(image_name_parse(p->text, &key, &end, &webp));
	sql_image_find_ask(
	    p->site->db, &(struct sql_image_find_in){key}, &row, &is_found);
	TRY(page_load(p));
	p->response->cache_control = STR("private, no-store");
	if (!is_found || (row.webp & webp) != webp)
		return ERR_ABSENT;
	if (row.is_private || row.is_moving)
		return hand_over(p, &row, key, end);
	return lead_to_public(p, key, end);
}

enum err
page_private_image(struct page *p)
{
	return show_image(p);
}

enum err
api_private_image(struct page *p)
{
	return show_image(p);
}
