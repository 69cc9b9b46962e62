/* Lists of posts: home, everybody's, those of a hashtag. */
#include "http/url.h"
#include "pages/fill.h"
#include "pages/handlers.h"
#include "view/text.h"

/* How many a page has; the statements ask for one more, to know whether there
 * is a next page.  Their LIMIT is a literal: with a parameter the planner
 * expects a tenth of the table and joins all accounts. */
enum {
	CARDS = 20,
	TILES = 30,
	TAG_COUNT = 1000 /* as tag_count.sql has it */
};

/* Cuts the list to a page and makes the address of the next one. */
static enum err
next_page(struct page *p, struct list *rows, size_t limit, size_t size,
    const char *path, struct url *out)
{
	int64_t last = fill_next(rows, limit, size);

	if (last == 0)
		return OK;
	return arena_printf(
	    p->arena, &out->text, "%s?before=%lld", path, (long long)last);
}

static enum err
show_public(struct page *p, int64_t before, struct str title)
{
	struct public_view *view = ARENA_NEW(p->arena, struct public_view);
	struct sql_public_list_in in = {.before = before};
	struct list rows;

	if (view == NULL)
		return ERR_MEMORY;
	sql_public_list_ask(p->site->db, &in, &rows);
	TRY(page_load(p));
	TRY(next_page(p, &rows, CARDS, sizeof(struct sql_card_row), "/public",
	    &view->next));
	TRY(fill_cards(p->arena, rows, &view->cards));
	view->show_hero = before == INT64_MAX && p->viewer.account == 0;
	view->frame.at_public = true;
	return page_show(p, "public", title, &view->frame);
}

enum err
page_public(struct page *p)
{
	int64_t before;

	TRY(page_before(p, &before));
	return show_public(p, before, STR("Explore"));
}

static enum err
suggest_people(struct page *p, struct home_view *view)
{
	struct list rows;

	page_ask(p);
	TRY(sql_people_suggest(p->site->db, p->arena, &rows));
	return fill_people(p->arena, rows, false, &view->people);
}

/* A stranger's home is what everybody sees. */
enum err
page_home(struct page *p)
{
	struct home_view *view = ARENA_NEW(p->arena, struct home_view);
	struct sql_home_list_in in = {0};
	struct list rows;

	if (view == NULL)
		return ERR_MEMORY;
	TRY(page_before(p, &in.before));
	if (p->token.len == 0)
		return show_public(p, in.before, STR(""));
	sql_home_list_ask(p->site->db, &in, &rows);
	TRY(page_load(p));
	if (p->viewer.account == 0)
		return show_public(p, in.before, STR(""));
	TRY(next_page(
	    p, &rows, CARDS, sizeof(struct sql_card_row), "/", &view->next));
	TRY(fill_cards(p->arena, rows, &view->cards));
	if (rows.count == 0)
		TRY(suggest_people(p, view));
	view->frame.at_home = true;
	return page_show(p, "home", STR(""), &view->frame);
}

enum err
page_tag(struct page *p)
{
	struct tag_view *view = ARENA_NEW(p->arena, struct tag_view);
	struct sql_tag_list_in in = {0};
	struct sql_tag_count_row count;
	struct list rows;
	struct str title;
	int64_t last;

	if (view == NULL)
		return ERR_MEMORY;
	if (text_tag_parse(p->arena, p->text, &view->tag) != OK)
		return ERR_ABSENT;
	in.tag = view->tag;
	TRY(page_before(p, &in.before));
	sql_tag_list_ask(p->site->db, &in, &rows);
	sql_tag_count_ask(
	    p->site->db, &(struct sql_tag_count_in){view->tag}, &count);
	TRY(page_load(p));
	last = fill_next(&rows, TILES, sizeof(struct sql_tile_row));
	if (last != 0)
		TRY(url_make(p->arena, &view->next, "/tag/{}?before={}",
		    URL_STR(view->tag), URL_INT(last)));
	TRY(fill_tiles(p->arena, rows, &view->grid));
	view->is_more = count.posts > TAG_COUNT;
	view->count = view->is_more ? TAG_COUNT : count.posts;
	TRY(arena_printf(p->arena, &title, "#%.*s", STR_ARG(view->tag)));
	return page_show(p, "tag", title, &view->frame);
}
