/* Saving a post, and the page of what one has saved. */
#include "domain/bookmark.h"
#include "http/url.h"
#include "pages/fill.h"
#include "pages/handlers.h"

enum {
	TILES = 30 /* bookmark_list.sql asks for one more */
};

static enum err
fill_grid(struct page *p, struct list rows, struct list *out)
{
	const struct sql_bookmark_list_row *row = rows.items;
	struct sql_tile_row *tiles =
	    arena_array(p->arena, rows.count, sizeof(*tiles));

	if (tiles == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < rows.count; i++)
		tiles[i] = (struct sql_tile_row){.id = row[i].id,
		    .key = row[i].key,
		    .alt = row[i].alt,
		    .images = row[i].images,
		    .colour = row[i].colour,
		    .webp = row[i].webp,
		    .is_guarded = row[i].is_guarded,
		    .caption = row[i].caption};
	return fill_tiles(p->arena, (struct list){tiles, rows.count}, out);
}

enum err
page_bookmarks(struct page *p)
{
	struct bookmarks_view *view =
	    ARENA_NEW(p->arena, struct bookmarks_view);
	struct sql_bookmark_list_in in = {0};
	struct list rows;
	int64_t last;

	if (view == NULL)
		return ERR_MEMORY;
	TRY(page_before(p, &in.before));
	sql_bookmark_list_ask(p->site->db, &in, &rows);
	TRY(page_load(p));
	last = fill_next(&rows, TILES, sizeof(struct sql_bookmark_list_row));
	if (last != 0)
		TRY(url_make(p->arena, &view->next, "/bookmarks?before={}",
		    URL_INT(last)));
	TRY(fill_grid(p, rows, &view->grid));
	view->is_first = in.before == INT64_MAX;
	view->frame.at_bookmarks = true;
	return page_show(p, "bookmarks", STR("Bookmarks"), &view->frame);
}

/* The script asks for JSON, a form for the page it came from. */
static enum err
answer(struct page *p, bool is_saved)
{
	struct url url;

	if (str_starts(p->request->accept, STR("application/json"))) {
		p->response->content_type = STR("application/json");
		buf_printf(p->response->body, "{\"saved\":%s}",
		    is_saved ? "true" : "false");
		return OK;
	}
	TRY(url_make(p->arena, &url, "/p/{}", URL_INT(p->id)));
	return page_redirect_back(p, url);
}

enum err
page_bookmark_send(struct page *p)
{
	TRY(bookmark_add(p->site, p->arena, p->viewer.account, p->id));
	return answer(p, true);
}

enum err
page_unbookmark_send(struct page *p)
{
	TRY(bookmark_remove(p->site, p->arena, p->viewer.account, p->id));
	return answer(p, false);
}
