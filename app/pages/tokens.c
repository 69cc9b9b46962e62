/* The settings page of the tokens that programs use. */
#include "domain/token.h"
#include "http/url.h"
#include "pages/handlers.h"

struct token_sent {
	struct str key;
	struct str name;
	bool can_read;
	bool can_write;
	bool can_upload;
	bool can_moderate;
};

#define T struct token_sent
SHAPE_LOCAL(shape_token_sent, T, SHAPE_FIELD(T, key), SHAPE_FIELD(T, name),
    SHAPE_FIELD(T, can_read), SHAPE_FIELD(T, can_write),
    SHAPE_FIELD(T, can_upload), SHAPE_FIELD(T, can_moderate));
#undef T

static enum err
fill_items(struct page *p, struct list rows, struct list *out)
{
	bool is_moderator = p->viewer.is_moderator;
	const struct sql_token_list_row *row = rows.items;
	struct token_item *items =
	    arena_array(p->arena, rows.count, sizeof(*items));

	if (items == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < rows.count; i++) {
		items[i].name = row[i].name;
		items[i].can_read = row[i].can_read;
		items[i].can_write = row[i].can_write;
		items[i].can_upload = row[i].can_upload;
		items[i].can_moderate = row[i].can_moderate;
		items[i].is_idle = row[i].can_moderate && !is_moderator;
		items[i].created = row[i].created;
		items[i].is_used = row[i].used.us != 0;
		items[i].used = row[i].used;
		TRY(url_make(p->arena, &items[i].revoke,
		    "/settings/tokens/{}/revoke", URL_INT(row[i].id)));
	}
	*out = (struct list){items, rows.count};
	return OK;
}

/* The page with what was typed, its faults, and what has just been made. */
static enum err
show(struct page *p, const struct token_sent *sent,
    const struct token_complaints *faults, struct str fresh)
{
	struct tokens_view *view = ARENA_NEW(p->arena, struct tokens_view);
	struct list rows;

	if (view == NULL)
		return ERR_MEMORY;
	page_ask(p);
	sql_token_list_ask(p->site->db, &rows);
	TRY(page_load(p));
	TRY(fill_items(p, rows, &view->items));
	view->fresh = fresh;
	view->form.error = faults->whole;
	view->form.name = (struct field){sent->name, faults->name};
	view->form.scopes_error = faults->scopes;
	view->form.can_read = sent->can_read;
	view->form.can_write = sent->can_write;
	view->form.can_upload = sent->can_upload;
	view->form.may_moderate = p->viewer.is_moderator;
	view->form.can_moderate = sent->can_moderate;
	TRY(page_keep_form_key(p, sent->key, &view->form.key));
	view->frame.at_settings = true;
	return page_show(p, "tokens", STR("Tokens"), &view->frame);
}

enum err
page_tokens(struct page *p)
{
	return show(p, &(struct token_sent){.can_read = true},
	    &(struct token_complaints){0}, (struct str){0});
}

enum err
page_tokens_send(struct page *p)
{
	struct token_complaints faults;
	struct token_sent sent = {0};
	struct token_draft draft = {.account = p->viewer.account};
	struct str fresh;
	enum err e;

	TRY(form_fill(p->arena, &p->form, &shape_token_sent, &sent));
	TRY(page_keep_form_key(p, sent.key, &draft.form_key));
	draft.name = str_trim(sent.name);
	draft.can_read = sent.can_read;
	draft.can_write = sent.can_write;
	draft.can_upload = sent.can_upload;
	draft.can_moderate = sent.can_moderate;
	e = token_make(p->site, p->arena, &draft, &faults, &fresh);
	if (e == ERR_INPUT) {
		p->status = 400;
		return show(p, &sent, &faults, (struct str){0});
	}
	TRY(e);
	/* The form was sent again: the token has been shown already. */
	if (fresh.len == 0)
		return page_redirect(p, URL("/settings/tokens"));
	TRY(show(p, &(struct token_sent){.can_read = true}, &faults, fresh));
	p->response->cache_control = STR("private, no-store");
	return OK;
}

enum err
page_token_revoke_send(struct page *p)
{
	TRY(token_revoke(p->site, p->arena, p->viewer.account, p->id));
	return page_redirect_saying(p, URL("/settings/tokens"), "revoked");
}
