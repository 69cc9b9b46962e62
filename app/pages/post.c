/* One post: showing it, its comments and likes, and taking it away. */
#include "domain/post.h"
#include "domain/comment.h"
#include "domain/like.h"
#include "domain/rate.h"
#include "domain/rules.h"
#include "http/url.h"
#include "pages/fill.h"
#include "pages/handlers.h"
#include "view/text.h"

enum {
	COMMENTS = 50,
	TITLE_CHARS = 60
};

static enum err
fill_images(struct page *p, struct list rows, struct list *out)
{
	const struct sql_post_images_row *row = rows.items;
	struct image *images =
	    arena_array(p->arena, rows.count, sizeof(*images));

	if (images == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < rows.count; i++) {
		images[i].width = row[i].width;
		images[i].height = row[i].height;
		images[i].m_width = row[i].m_width;
		images[i].alt = row[i].alt;
		images[i].colour = fill_behind(row[i].colour, row[i].webp);
		images[i].place = (int64_t)i + 1;
		images[i].camera = row[i].camera;
		images[i].has_original = row[i].original.len > 0;
		TRY(fill_image(p->arena, row[i].key, row[i].webp,
		    row[i].is_guarded, &images[i]));
	}
	*out = (struct list){images, rows.count};
	return OK;
}

/* The rows come newest first; people read them oldest first. */
static enum err
fill_comments(struct page *p, struct list rows, struct list *out)
{
	const struct sql_comment_row *row = rows.items;
	struct comment_item *items =
	    arena_array(p->arena, rows.count, sizeof(*items));

	if (items == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < rows.count; i++) {
		struct comment_item *item = &items[rows.count - 1 - i];

		item->id = row[i].id;
		item->created = row[i].created;
		item->can_delete = row[i].is_own;
		TRY(fill_author(p->arena, row[i].name, row[i].display,
		    row[i].picture, &item->author));
		TRY(text_to_html(p->arena, row[i].body, &item->text));
	}
	*out = (struct list){items, rows.count};
	return OK;
}

static enum err
title_of(struct page *p, const struct sql_card_row *row, struct str *out)
{
	struct str excerpt;

	TRY(text_excerpt(p->arena, row->caption, TITLE_CHARS, &excerpt));
	if (excerpt.len > 0)
		return arena_printf(p->arena, out, "%.*s: %.*s",
		    STR_ARG(row->display), STR_ARG(excerpt));
	return arena_printf(
	    p->arena, out, "Post by %.*s", STR_ARG(row->display));
}

/* The page of a post, with what somebody was about to comment. */
static enum err
show_post(struct page *p, int64_t before, struct field text, struct str key)
{
	struct post_show_view *view =
	    ARENA_NEW(p->arena, struct post_show_view);
	struct sql_comment_list_in in = {p->id, before};
	struct sql_card_row row;
	struct sql_bookmark_find_in saved_in = {{&p->id, 1}};
	struct list images, comments, saved = {0};
	struct str title;
	int64_t last;

	if (view == NULL)
		return ERR_MEMORY;
	page_ask(p);
	sql_post_show_ask(p->site->db, &(struct sql_post_show_in){p->id}, &row);
	sql_post_images_ask(
	    p->site->db, &(struct sql_post_images_in){p->id}, &images);
	sql_comment_list_ask(p->site->db, &in, &comments);
	if (p->token.len > 0)
		sql_bookmark_find_ask(p->site->db, &saved_in, &saved);
	TRY(page_load(p));
	TRY(fill_card(p->arena, &row, &view->post));
	TRY(fill_images(p, images, &view->images));
	view->has_images = images.count > 0;
	view->is_saved = saved.count > 0;
	last = fill_next(&comments, COMMENTS, sizeof(struct sql_comment_row));
	TRY(fill_comments(p, comments, &view->comment_list));
	if (last != 0)
		TRY(url_make(p->arena, &view->older_comments,
		    "/p/{}?before={}#comments", URL_INT(p->id), URL_INT(last)));
	TRY(url_make(p->arena, &view->comment_form.action, "/p/{}/comment",
	    URL_INT(p->id)));
	TRY(page_keep_form_key(p, key, &view->comment_form.key));
	view->comment_form.text = text;
	view->text_chars = p->site->conf->comment_chars;
	TRY(title_of(p, &row, &title));
	return page_show(p, "post_show", title, &view->frame);
}

enum err
page_post(struct page *p)
{
	int64_t before;

	TRY(page_before(p, &before));
	return show_post(p, before, (struct field){0}, STR(""));
}

static enum err
show_comment_too_often(struct page *p, struct str text, struct str key)
{
	struct str complaint;

	TRY(arena_printf(p->arena, &complaint,
	    "You have written %lld comments in this hour, and that is as many "
	    "as this site allows. Please send this one after the full hour.",
	    (long long)rate_limit(p->site, RATE_COMMENT)));
	p->status = 429;
	TRY(response_header(p->response, STR("Retry-After"), STR("900")));
	return show_post(p, INT64_MAX, (struct field){text, complaint}, key);
}

enum err
page_comment_send(struct page *p)
{
	struct str text = str_trim(form_value(&p->form, STR("text")));
	struct str key, complaint;
	struct list mentions;
	struct url url;
	enum err e;

	TRY(page_keep_form_key(p, form_value(&p->form, STR("key")), &key));
	TRY(rules_check_text(
	    p->arena, text, p->site->conf->comment_chars, false, &complaint));
	if (complaint.len > 0) {
		p->status = 400;
		return show_post(
		    p, INT64_MAX, (struct field){text, complaint}, key);
	}
	TRY(text_mentions(p->arena, text, &mentions));
	e = comment_make(
	    p->site, p->arena, p->viewer.account, p->id, text, mentions, key);
	if (e == ERR_TOO_MANY)
		return show_comment_too_often(p, text, key);
	TRY(e);
	TRY(url_make(p->arena, &url, "/p/{}#comments", URL_INT(p->id)));
	return page_redirect(p, url);
}

enum err
page_comment_delete_send(struct page *p)
{
	struct url url;
	int64_t post;

	TRY(comment_delete(p->site, p->arena, p->viewer.account, p->id, &post));
	TRY(url_make(p->arena, &url, "/p/{}#comments", URL_INT(post)));
	return page_redirect_saying(p, url, "comment_deleted");
}

enum err
page_post_delete(struct page *p)
{
	struct post_delete_view *view =
	    ARENA_NEW(p->arena, struct post_delete_view);
	struct sql_card_row row;

	if (view == NULL)
		return ERR_MEMORY;
	sql_post_show_ask(p->site->db, &(struct sql_post_show_in){p->id}, &row);
	TRY(page_load(p));
	if (!row.is_own)
		return ERR_FORBIDDEN;
	TRY(fill_card(p->arena, &row, &view->post));
	return page_show(p, "post_delete", STR("Delete a post"), &view->frame);
}

enum err
page_post_delete_send(struct page *p)
{
	struct url url;

	TRY(post_delete(p->site, p->arena, p->viewer.account, p->id));
	TRY(url_make(p->arena, &url, "/@{}", URL_STR(p->viewer.name)));
	return page_redirect_saying(p, url, "deleted");
}

/* The script asks for JSON, a form for the page it came from. */
static enum err
answer_like(struct page *p, bool is_liked, int64_t likes)
{
	struct url url;

	if (str_starts(p->request->accept, STR("application/json"))) {
		p->response->content_type = STR("application/json");
		buf_printf(p->response->body, "{\"liked\":%s,\"likes\":%lld}",
		    is_liked ? "true" : "false", (long long)likes);
		return OK;
	}
	TRY(url_make(p->arena, &url, "/p/{}", URL_INT(p->id)));
	return page_redirect_back(p, url);
}

enum err
page_like_send(struct page *p)
{
	int64_t likes;

	TRY(like_add(p->site, p->arena, p->viewer.account, p->id, &likes));
	return answer_like(p, true, likes);
}

enum err
page_unlike_send(struct page *p)
{
	int64_t likes;

	TRY(like_remove(p->site, p->arena, p->viewer.account, p->id, &likes));
	return answer_like(p, false, likes);
}
