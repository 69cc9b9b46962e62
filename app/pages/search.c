/* Finding people and hashtags. */
#include "pages/search.h"
#include "http/url.h"
#include "pages/fill.h"
#include "pages/handlers.h"
#include "view/text.h"

enum {
	QUERY_BYTES = 200
};

/* With LIKE's own characters escaped. */
static enum err
like_prefix(struct arena *a, struct str q, struct str *out)
{
	char *at = arena_array(a, q.len, 2);
	size_t n = 0;

	if (at == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < q.len; i++) {
		char c = q.at[i];

		if (c == '%' || c == '_' || c == '\\')
			at[n++] = '\\';
		at[n++] = c;
	}
	*out = (struct str){at, n};
	return OK;
}

static enum err
fill_tags(struct page *p, struct list rows, struct list *out)
{
	const struct sql_tag_search_row *row = rows.items;
	struct search_tag *tags =
	    arena_array(p->arena, rows.count, sizeof(*tags));

	if (tags == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < rows.count; i++) {
		tags[i].tag = row[i].tag;
		tags[i].posts = row[i].posts;
		TRY(url_make(
		    p->arena, &tags[i].url, "/tag/{}", URL_STR(row[i].tag)));
	}
	*out = (struct list){tags, rows.count};
	return OK;
}

enum err
search_ask(struct page *p, struct str q, struct list *people, struct list *tags)
{
	char sign = q.at[0];
	struct str rest =
	    sign == '@' || sign == '#' ? str_slice(q, 1, q.len) : q;
	struct str prefix;

	TRY(like_prefix(p->arena, rest, &prefix));
	if (prefix.len == 0)
		return OK;
	if (sign != '#')
		sql_people_search_ask(p->site->db,
		    &(struct sql_people_search_in){prefix}, people);
	if (sign != '@')
		sql_tag_search_ask(
		    p->site->db, &(struct sql_tag_search_in){prefix}, tags);
	return OK;
}

enum err
page_search(struct page *p)
{
	struct search_view *view = ARENA_NEW(p->arena, struct search_view);
	struct list people = {0}, tags = {0};
	struct form query;

	if (view == NULL)
		return ERR_MEMORY;
	TRY(form_parse(p->arena, p->request->query, NULL, &query));
	view->q = str_trim(form_value(&query, STR("q")));
	if (view->q.len > QUERY_BYTES)
		return ERR_INPUT;
	if (view->q.len > 0)
		TRY(search_ask(p, view->q, &people, &tags));
	TRY(page_load(p));
	TRY(fill_people(p->arena, people, false, &view->accounts));
	TRY(fill_tags(p, tags, &view->tags));
	view->is_empty =
	    view->q.len > 0 && people.count == 0 && tags.count == 0;
	view->frame.at_search = true;
	return page_show(p, "search", STR("Search"), &view->frame);
}
