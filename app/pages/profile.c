/* People: their pages, whom they follow and who follows them. */
#include "domain/follow.h"
#include "domain/image.h"
#include "http/url.h"
#include "pages/fill.h"
#include "pages/handlers.h"
#include "view/text.h"

#include <string.h>

enum {
	TILES = 30,
	PEOPLE = 40
};

static enum err
fill_account(struct page *p, const struct sql_profile_show_row *row,
    struct profile_account *out)
{
	struct arena *a = p->arena;

	out->name = row->name;
	out->display = row->display;
	out->initial = fill_initial(row->display);
	out->hue = fill_hue(row->name);
	out->posts = row->posts;
	out->followers = row->followers;
	out->following = row->following;
	out->joined = row->joined;
	out->is_self = row->is_self;
	out->is_followed = row->is_followed;
	out->is_asked = row->is_asked;
	out->is_private = row->is_private;
	out->is_closed = row->is_closed;
	out->is_suspended = row->is_suspended;
	TRY(text_to_html(a, row->bio, &out->bio));
	return image_url(a, row->picture, 's', &out->picture);
}

enum err
page_profile(struct page *p)
{
	struct profile_view *view = ARENA_NEW(p->arena, struct profile_view);
	struct sql_profile_list_in in = {.name = p->text};
	struct sql_profile_show_row row;
	struct list rows;
	struct str title;
	int64_t last;

	if (view == NULL)
		return ERR_MEMORY;
	TRY(page_before(p, &in.before));
	sql_profile_show_ask(
	    p->site->db, &(struct sql_profile_show_in){p->text}, &row);
	sql_profile_list_ask(p->site->db, &in, &rows);
	TRY(page_load(p));
	last = fill_next(&rows, TILES, sizeof(struct sql_tile_row));
	if (last != 0)
		TRY(url_make(p->arena, &view->next, "/@{}?before={}",
		    URL_STR(row.name), URL_INT(last)));
	TRY(fill_account(p, &row, &view->account));
	TRY(fill_tiles(p->arena, rows, &view->grid));
	TRY(arena_printf(p->arena, &title, "%.*s (@%.*s)", STR_ARG(row.display),
	    STR_ARG(row.name)));
	view->frame.at_profile = row.is_self;
	return page_show(p, "profile", title, &view->frame);
}

static enum err
show_people(struct page *p, struct people_view *view,
    const struct sql_profile_show_row *owner, struct list rows,
    const char *which)
{
	int64_t last = fill_next(&rows, PEOPLE, sizeof(struct sql_person_row));
	struct str title;

	/* To whom it is closed it is not there. */
	if (owner->is_closed)
		return ERR_ABSENT;
	TRY(fill_author(p->arena, owner->name, owner->display, owner->picture,
	    &view->owner));
	/* Who is removed from a public account follows it again. */
	TRY(fill_people(p->arena, rows,
	    owner->is_self && owner->is_private &&
		strcmp(which, "followers") == 0,
	    &view->accounts));
	if (last != 0)
		TRY(url_make(p->arena, &view->next, "/@{}/{}?before={}",
		    URL_STR(owner->name), URL_STR(str_from(which)),
		    URL_INT(last)));
	TRY(arena_printf(p->arena, &title, "%.*s: %.*s",
	    STR_ARG(owner->display), STR_ARG(view->heading)));
	return page_show(p, "people", title, &view->frame);
}

enum err
page_followers(struct page *p)
{
	struct people_view *view = ARENA_NEW(p->arena, struct people_view);
	struct sql_follower_list_in in = {.name = p->text};
	struct sql_profile_show_row owner;
	struct list rows;

	if (view == NULL)
		return ERR_MEMORY;
	TRY(page_before(p, &in.before));
	sql_profile_show_ask(
	    p->site->db, &(struct sql_profile_show_in){p->text}, &owner);
	sql_follower_list_ask(p->site->db, &in, &rows);
	TRY(page_load(p));
	view->heading = STR("Followers");
	return show_people(p, view, &owner, rows, "followers");
}

enum err
page_following(struct page *p)
{
	struct people_view *view = ARENA_NEW(p->arena, struct people_view);
	struct sql_following_list_in in = {.name = p->text};
	struct sql_profile_show_row owner;
	struct list rows;

	if (view == NULL)
		return ERR_MEMORY;
	TRY(page_before(p, &in.before));
	sql_profile_show_ask(
	    p->site->db, &(struct sql_profile_show_in){p->text}, &owner);
	sql_following_list_ask(p->site->db, &in, &rows);
	TRY(page_load(p));
	view->heading = STR("Following");
	return show_people(p, view, &owner, rows, "following");
}

static enum err
back_to_profile(struct page *p)
{
	struct url url;

	TRY(url_make(p->arena, &url, "/@{}", URL_STR(p->text)));
	return page_redirect_back(p, url);
}

enum err
page_follow_send(struct page *p)
{
	TRY(follow_add(p->site, p->arena, p->viewer.account, p->text));
	return back_to_profile(p);
}

enum err
page_unfollow_send(struct page *p)
{
	TRY(follow_remove(p->site, p->arena, p->viewer.account, p->text));
	return back_to_profile(p);
}
