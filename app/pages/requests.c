/* Who asks to follow a private account, and the owner's answers. */
#include "domain/follow.h"
#include "domain/image.h"
#include "http/url.h"
#include "pages/fill.h"
#include "pages/handlers.h"
#include "view/text.h"

enum {
	REQUESTS = 40,
	BIO_CHARS = 120
};

static enum err
fill_item(struct page *p, const struct sql_request_list_row *row,
    struct request_item *out)
{
	struct author author;

	TRY(fill_author(
	    p->arena, row->name, row->display, row->picture, &author));
	out->name = author.name;
	out->display = author.display;
	out->picture = author.picture;
	out->initial = author.initial;
	out->hue = author.hue;
	out->created = row->created;
	return text_excerpt(p->arena, row->bio, BIO_CHARS, &out->bio);
}

enum err
page_requests(struct page *p)
{
	struct requests_view *view = ARENA_NEW(p->arena, struct requests_view);
	struct sql_request_list_in in = {0};
	const struct sql_request_list_row *row;
	struct request_item *items;
	struct list rows;
	int64_t last;

	if (view == NULL)
		return ERR_MEMORY;
	TRY(page_before(p, &in.before));
	sql_request_list_ask(p->site->db, &in, &rows);
	TRY(page_load(p));
	last = fill_next(&rows, REQUESTS, sizeof(*row));
	row = rows.items;
	items = arena_array(p->arena, rows.count, sizeof(*items));
	if (items == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < rows.count; i++)
		TRY(fill_item(p, &row[i], &items[i]));
	view->items = (struct list){items, rows.count};
	if (last != 0)
		TRY(url_make(p->arena, &view->next, "/requests?before={}",
		    URL_INT(last)));
	return page_show(p, "requests", STR("Follow requests"), &view->frame);
}

/* Who has withdrawn it meanwhile, or was answered by an earlier press, is no
 * longer in the list that is shown. */
static enum err
back_to_requests(struct page *p, enum err e, const char *what)
{
	if (e == ERR_ABSENT)
		return page_redirect(p, URL("/requests"));
	TRY(e);
	return page_redirect_saying(p, URL("/requests"), what);
}

enum err
page_request_accept_send(struct page *p)
{
	enum err e =
	    follow_accept(p->site, p->arena, p->viewer.account, p->text);

	return back_to_requests(p, e, "accepted");
}

enum err
page_request_decline_send(struct page *p)
{
	enum err e =
	    follow_decline(p->site, p->arena, p->viewer.account, p->text);

	return back_to_requests(p, e, "declined");
}

enum err
page_follower_remove_send(struct page *p)
{
	struct url url;

	TRY(follow_remove_follower(
	    p->site, p->arena, p->viewer.account, p->text));
	TRY(url_make(
	    p->arena, &url, "/@{}/followers", URL_STR(p->viewer.name)));
	return page_redirect_saying(p, url, "parted");
}
