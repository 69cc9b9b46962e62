/* What the viewer is told. */
#include "domain/notify.h"
#include "domain/image.h"
#include "http/url.h"
#include "pages/fill.h"
#include "pages/handlers.h"
#include "view/text.h"

enum {
	LINES = 40, /* notification_list.sql asks for one more */
	WORDS = 140,
	TILE_WORDS = 40
};

/* Likes of one post, new followers, and who wants to be one: where they come
 * one after the other, they are one line. */
static bool
goes_with(const struct sql_notification_list_row *above,
    const struct sql_notification_list_row *row)
{
	return str_equal(above->kind, row->kind) && above->post == row->post &&
	       above->is_read == row->is_read &&
	       (str_equal(row->kind, STR("like")) ||
		   str_equal(row->kind, STR("follow")) ||
		   str_equal(row->kind, STR("request")));
}

static enum err
fill_to(struct page *p, const struct sql_notification_list_row *row,
    const struct notice *notice, struct url *out)
{
	if (notice->is_follow && notice->is_many)
		return url_make(
		    p->arena, out, "/@{}/followers", URL_STR(p->viewer.name));
	if (notice->is_request)
		return url_make(p->arena, out, "/requests");
	if (notice->is_follow || notice->is_accept)
		return url_make(p->arena, out, "/@{}", URL_STR(row->name));
	if (row->comment != 0)
		return url_make(p->arena, out, "/p/{}#comment-{}",
		    URL_INT(row->post), URL_INT(row->comment));
	return url_make(p->arena, out, "/p/{}", URL_INT(row->post));
}

static enum err
fill_post(struct page *p, const struct sql_notification_list_row *row,
    struct notice *out)
{
	out->has_post = row->post != 0;
	out->colour = fill_behind(row->colour, row->webp);
	out->has_webp = (row->webp & IMAGE_WEBP_SQUARE) != 0;
	if (row->key.len > 0)
		return image_stem(p->arena, row->key, row->is_guarded, &out->i);
	return text_excerpt(p->arena, row->caption, TILE_WORDS, &out->words);
}

/* One line of `count` rows that go together, newest first. */
static enum err
fill_notice(struct page *p, const struct sql_notification_list_row *row,
    size_t count, struct notice *out)
{
	out->is_unread = !row->is_read;
	out->is_like = str_equal(row->kind, STR("like"));
	out->is_comment = str_equal(row->kind, STR("comment"));
	out->is_mention = str_equal(row->kind, STR("mention"));
	out->is_follow = str_equal(row->kind, STR("follow"));
	out->is_request = str_equal(row->kind, STR("request"));
	out->is_accept = str_equal(row->kind, STR("accept"));
	out->created = row->created;
	out->is_many = count > 1;
	if (count == 2)
		out->second = row[1].display;
	else if (count > 2)
		out->others = (int64_t)count - 1;
	TRY(fill_author(
	    p->arena, row->name, row->display, row->picture, &out->author));
	TRY(fill_post(p, row, out));
	TRY(fill_to(p, row, out, &out->to));
	return text_excerpt(p->arena, row->body, WORDS, &out->text);
}

static enum err
fill_notices(struct page *p, struct list rows, struct list *out)
{
	const struct sql_notification_list_row *row = rows.items;
	struct notice *notices =
	    arena_array(p->arena, rows.count, sizeof(*notices));
	size_t count = 0, i = 0;

	if (notices == NULL)
		return ERR_MEMORY;
	while (i < rows.count) {
		size_t first = i++;

		while (i < rows.count && goes_with(&row[first], &row[i]))
			i++;
		TRY(fill_notice(p, &row[first], i - first, &notices[count++]));
	}
	*out = (struct list){notices, count};
	return OK;
}

enum err
page_notifications(struct page *p)
{
	struct notifications_view *view =
	    ARENA_NEW(p->arena, struct notifications_view);
	struct sql_notification_list_in in = {0};
	struct sql_notification_newest_row newest;
	struct list rows;
	int64_t last;

	if (view == NULL)
		return ERR_MEMORY;
	TRY(page_before(p, &in.before));
	sql_notification_list_ask(p->site->db, &in, &rows);
	sql_notification_newest_ask(p->site->db, &newest);
	TRY(page_load(p));
	last =
	    fill_next(&rows, LINES, sizeof(struct sql_notification_list_row));
	if (last != 0)
		TRY(url_make(p->arena, &view->next, "/notifications?before={}",
		    URL_INT(last)));
	TRY(fill_notices(p, rows, &view->notices));
	view->newest = newest.id;
	view->is_first = in.before == INT64_MAX;
	view->frame.at_notifications = true;
	return page_show(
	    p, "notifications", STR("Notifications"), &view->frame);
}

/* The script asks for JSON, a form for the page again. */
enum err
page_notifications_read_send(struct page *p)
{
	struct str typed = form_value(&p->form, STR("newest"));
	int64_t newest, unread;
	struct url url;

	TRY(str_parse_int(typed, 0, INT64_MAX, &newest));
	TRY(notify_read(p->site, p->arena, p->viewer.account, newest, &unread));
	if (str_starts(p->request->accept, STR("application/json"))) {
		p->response->content_type = STR("application/json");
		buf_printf(
		    p->response->body, "{\"unread\":%lld}", (long long)unread);
		return OK;
	}
	TRY(url_make(p->arena, &url, "/notifications"));
	return page_redirect(p, url);
}
