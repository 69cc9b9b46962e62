/* What was sent of one's own images, without the metadata.
 *
 * A worker looks who asks and lets nginx send the file; nobody else learns
 * even that it is there.
 */
#include "domain/image.h"
#include "pages/handlers.h"

static enum err
hand_over(
    struct page *p, int64_t place, const struct sql_original_show_row *row)
{
	struct str object, address, name;

	TRY(image_original(p->arena, row->key, &object));
	TRY(object_inner_address(
	    p->site->store, OBJECT_HIDDEN, object, p->arena, &address));
	TRY(arena_printf(p->arena, &name,
	    "attachment; filename=\"post-%lld-%lld.%.*s\"", (long long)p->id,
	    (long long)place, STR_ARG(row->original)));
	p->is_file = true;
	/* To be saved under its name, whatever the store says of its type. */
	p->response->content_type = STR("application/octet-stream");
	p->response->cache_control = STR("private, no-store");
	TRY(response_header(p->response, STR("Content-Disposition"), name));
	return response_header(p->response, STR("X-Accel-Redirect"), address);
}

static enum err
show_original(struct page *p)
{
	struct sql_original_show_in in = {.post = p->id};
	struct sql_original_show_row row;
	bool is_found = false;

	if (str_parse_int(p->text, 1, 1000, &in.place) != OK)
		return ERR_ABSENT;
	sql_original_show_ask(p->site->db, &in, &row, &is_found);
	TRY(page_load(p));
	return is_found ? hand_over(p, in.place, &row) : ERR_ABSENT;
}

enum err
page_original(struct page *p)
{
	return show_original(p);
}

enum err
api_original(struct page *p)
{
	return show_original(p);
}
