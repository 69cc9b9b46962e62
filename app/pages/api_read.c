/* What programs read. */
#include "domain/image.h"
#include "pages/api.h"
#include "pages/fill.h"
#include "pages/handlers.h"
#include "pages/search.h"
#include "view/text.h"

enum {
	POSTS = 20,
	PEOPLE = 40,
	COMMENTS = 50,
	NOTIFICATIONS = 40,
	QUERY_BYTES = 200 /* said in api_search, too */
};

static enum err
fill_picture(struct page *p, struct str key, char size, struct url *out)
{
	struct url path;

	TRY(image_url(p->arena, key, size, &path));
	return api_address(p, path, out);
}

enum err
api_fill_author(struct page *p, struct str name, struct str display,
    struct str picture, struct api_author *out)
{
	out->name = name;
	out->display = display;
	return fill_picture(p, picture, 't', &out->picture);
}

static enum err
fill_post(struct page *p, const struct sql_card_row *row, struct api_post *out)
{
	struct url path;

	TRY(api_id(p, row->id, &out->id));
	TRY(url_make(p->arena, &path, "/p/{}", URL_INT(row->id)));
	TRY(api_address(p, path, &out->page));
	TRY(api_fill_author(
	    p, row->name, row->display, row->picture, &out->author));
	out->created = row->created;
	out->caption = row->caption;
	out->likes = row->likes;
	out->comments = row->comments;
	out->is_liked = row->is_liked;
	out->is_own = row->is_own;
	return OK;
}

/* What is guarded is fetched with the token. */
static enum err
fill_size(struct page *p, const struct sql_api_images_row *row, char size,
    struct url *out)
{
	struct url path;

	if (!row->is_guarded)
		return fill_picture(p, row->key, size, out);
	TRY(arena_printf(p->arena, &path.text, "/api/v1/images/%.*s-%c.jpg",
	    STR_ARG(row->key), size));
	return api_address(p, path, out);
}

static enum err
fill_image_of(
    struct page *p, const struct sql_api_images_row *row, struct api_image *out)
{
	struct url path;

	TRY(fill_size(p, row, 'l', &out->large));
	TRY(fill_size(p, row, 'm', &out->medium));
	TRY(fill_size(p, row, 's', &out->small));
	out->width = row->width;
	out->height = row->height;
	out->alt = row->alt;
	out->camera = row->camera;
	if (row->original.len == 0)
		return OK;
	TRY(url_make(p->arena, &path, "/api/v1/posts/{}/originals/{}",
	    URL_INT(row->post), URL_INT(row->place)));
	return api_address(p, path, &out->original);
}

static void
fill_bookmarks(
    struct list saved, struct api_post *posts, const int64_t *ids, size_t count)
{
	const struct sql_bookmark_find_row *row = saved.items;

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < saved.count; k++)
			if (row[k].post == ids[i])
				posts[i].is_bookmarked = true;
}

/* The images come in the order of the posts. */
static enum err
fill_images(struct page *p, struct list found, struct api_post *posts,
    const int64_t *ids, size_t count)
{
	const struct sql_api_images_row *row = found.items;
	struct api_image *images =
	    arena_array(p->arena, found.count, sizeof(*images));
	size_t n = 0;

	if (images == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < count; i++) {
		size_t first = n;

		while (n < found.count && row[n].post == ids[i]) {
			TRY(fill_image_of(p, &row[n], &images[n]));
			n++;
		}
		posts[i].images = (struct list){images + first, n - first};
	}
	return OK;
}

/* Gives each post what its row has not: images, and whether it is saved. */
static enum err
fill_rest(struct page *p, const struct sql_card_row *rows,
    struct api_post *posts, size_t count)
{
	int64_t *ids = arena_array(p->arena, count, sizeof(*ids));
	struct list images, saved;

	if (ids == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < count; i++)
		ids[i] = rows[i].id;
	page_ask(p);
	sql_bookmark_find_ask(
	    p->site->db, &(struct sql_bookmark_find_in){{ids, count}}, &saved);
	TRY(sql_api_images(p->site->db, p->arena,
	    &(struct sql_api_images_in){{ids, count}}, &images));
	fill_bookmarks(saved, posts, ids, count);
	return fill_images(p, images, posts, ids, count);
}

/* A page of posts; with `last` not 0, there is another after it. */
static enum err
show_page(struct page *p, struct list rows, int64_t last)
{
	const struct sql_card_row *row = rows.items;
	struct api_post *posts =
	    arena_array(p->arena, rows.count, sizeof(*posts));

	if (posts == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < rows.count; i++)
		TRY(fill_post(p, &row[i], &posts[i]));
	if (rows.count > 0)
		TRY(fill_rest(p, row, posts, rows.count));
	return api_show_list(
	    p, &shape_api_post, (struct list){posts, rows.count}, last);
}

static enum err
show_posts(struct page *p, struct list rows)
{
	int64_t last = fill_next(&rows, POSTS, sizeof(struct sql_card_row));

	return show_page(p, rows, last);
}

/* What is saved is known by the bookmarks' ids, and read by the posts'. */
enum err
api_bookmarks(struct page *p)
{
	struct sql_bookmark_list_in in = {0};
	const struct sql_bookmark_list_row *row;
	struct list saved, rows;
	int64_t last, *ids;

	TRY(api_before(p, &in.before));
	sql_bookmark_list_ask(p->site->db, &in, &saved);
	TRY(page_load(p));
	last = fill_next(&saved, POSTS, sizeof(*row));
	row = saved.items;
	ids = arena_array(p->arena, saved.count, sizeof(*ids));
	if (ids == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < saved.count; i++)
		ids[i] = row[i].id;
	page_ask(p);
	TRY(sql_api_posts(p->site->db, p->arena,
	    &(struct sql_api_posts_in){{ids, saved.count}}, &rows));
	return show_page(p, rows, last);
}

enum err
api_home(struct page *p)
{
	struct sql_home_list_in in = {0};
	struct list rows;

	TRY(api_before(p, &in.before));
	sql_home_list_ask(p->site->db, &in, &rows);
	TRY(page_load(p));
	return show_posts(p, rows);
}

static enum err
fill_notification(struct page *p, const struct sql_notification_list_row *row,
    struct api_notification *out)
{
	struct url path;

	TRY(api_id(p, row->id, &out->id));
	out->kind = row->kind;
	out->is_read = row->is_read;
	out->created = row->created;
	out->text = row->body;
	TRY(api_fill_author(
	    p, row->name, row->display, row->picture, &out->actor));
	TRY(url_make(p->arena, &path, "/@{}", URL_STR(row->name)));
	if (row->post != 0) {
		TRY(api_id(p, row->post, &out->post));
		TRY(url_make(p->arena, &path, "/p/{}", URL_INT(row->post)));
	}
	if (row->comment != 0) {
		TRY(api_id(p, row->comment, &out->comment));
		TRY(url_make(p->arena, &path, "/p/{}#comment-{}",
		    URL_INT(row->post), URL_INT(row->comment)));
	}
	return api_address(p, path, &out->page);
}

enum err
api_notifications(struct page *p)
{
	struct sql_notification_list_in in = {0};
	const struct sql_notification_list_row *row;
	struct api_notification *all;
	struct list rows;
	int64_t last;

	TRY(api_before(p, &in.before));
	sql_notification_list_ask(p->site->db, &in, &rows);
	TRY(page_load(p));
	last = fill_next(&rows, NOTIFICATIONS, sizeof(*row));
	row = rows.items;
	all = arena_array(p->arena, rows.count, sizeof(*all));
	if (all == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < rows.count; i++)
		TRY(fill_notification(p, &row[i], &all[i]));
	return api_show_list(
	    p, &shape_api_notification, (struct list){all, rows.count}, last);
}

enum err
api_public(struct page *p)
{
	struct sql_public_list_in in = {0};
	struct list rows;

	TRY(api_before(p, &in.before));
	sql_public_list_ask(p->site->db, &in, &rows);
	TRY(page_load(p));
	return show_posts(p, rows);
}

enum err
api_tag_posts(struct page *p)
{
	struct sql_api_tag_posts_in in = {0};
	struct list rows;

	if (text_tag_parse(p->arena, p->text, &in.tag) != OK)
		return ERR_ABSENT;
	TRY(api_before(p, &in.before));
	sql_api_tag_posts_ask(p->site->db, &in, &rows);
	TRY(page_load(p));
	return show_posts(p, rows);
}

enum err
api_account_posts(struct page *p)
{
	struct sql_api_account_posts_in in = {.name = p->text};
	struct sql_profile_show_row owner;
	struct list rows;

	TRY(api_before(p, &in.before));
	sql_profile_show_ask(
	    p->site->db, &(struct sql_profile_show_in){p->text}, &owner);
	sql_api_account_posts_ask(p->site->db, &in, &rows);
	TRY(page_load(p));
	if (owner.is_closed)
		return ERR_ABSENT;
	return show_posts(p, rows);
}

enum err
api_show_post(struct page *p, int64_t post)
{
	struct sql_post_show_in in = {post};
	struct api_post out = {0};
	struct sql_card_row row;

	page_ask(p);
	sql_post_show_ask(p->site->db, &in, &row);
	TRY(page_load(p));
	TRY(fill_post(p, &row, &out));
	TRY(fill_rest(p, &row, &out, 1));
	return api_show(p, &shape_api_post, &out);
}

enum err
api_post(struct page *p)
{
	return api_show_post(p, p->id);
}

enum err
api_fill_comment(
    struct page *p, const struct sql_comment_row *row, struct api_comment *out)
{
	TRY(api_id(p, row->id, &out->id));
	TRY(api_fill_author(
	    p, row->name, row->display, row->picture, &out->author));
	out->created = row->created;
	out->text = row->body;
	out->can_delete = row->is_own;
	return OK;
}

enum err
api_comments(struct page *p)
{
	struct sql_comment_list_in in = {.post = p->id};
	const struct sql_comment_row *row;
	struct api_comment *comments;
	struct sql_card_row post;
	struct list rows;
	int64_t last;

	TRY(api_before(p, &in.before));
	sql_post_show_ask(
	    p->site->db, &(struct sql_post_show_in){p->id}, &post);
	sql_comment_list_ask(p->site->db, &in, &rows);
	TRY(page_load(p));
	last = fill_next(&rows, COMMENTS, sizeof(*row));
	row = rows.items;
	comments = arena_array(p->arena, rows.count, sizeof(*comments));
	if (comments == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < rows.count; i++)
		TRY(api_fill_comment(p, &row[i], &comments[i]));
	return api_show_list(
	    p, &shape_api_comment, (struct list){comments, rows.count}, last);
}

static enum err
fill_account(struct page *p, const struct sql_profile_show_row *row,
    struct api_account *out)
{
	struct url path;

	TRY(url_make(p->arena, &path, "/@{}", URL_STR(row->name)));
	TRY(api_address(p, path, &out->page));
	out->name = row->name;
	out->display = row->display;
	out->bio = row->bio;
	out->posts = row->posts;
	out->followers = row->followers;
	out->following = row->following;
	out->joined = row->joined;
	out->is_private = row->is_private;
	out->is_asked = row->is_asked;
	out->is_self = row->is_self;
	out->is_followed = row->is_followed;
	return fill_picture(p, row->picture, 's', &out->picture);
}

enum err
api_account(struct page *p)
{
	struct sql_profile_show_row row;
	struct api_account out = {0};

	page_ask(p);
	sql_profile_show_ask(
	    p->site->db, &(struct sql_profile_show_in){p->text}, &row);
	TRY(page_load(p));
	TRY(fill_account(p, &row, &out));
	return api_show(p, &shape_api_account, &out);
}

enum err
api_show_me(struct page *p)
{
	struct sql_settings_show_row row;
	struct api_me out = {0};

	page_ask(p);
	sql_settings_show_ask(p->site->db, &row);
	TRY(page_load(p));
	out.name = row.name;
	out.display = row.display;
	out.email = row.email;
	out.bio = row.bio;
	out.is_private = row.is_private;
	out.requests = row.requests;
	out.unread = row.unread;
	TRY(fill_picture(p, row.picture, 's', &out.picture));
	return api_show(p, &shape_api_me, &out);
}

enum err
api_me(struct page *p)
{
	return api_show_me(p);
}

static enum err
fill_people_of(struct page *p, struct list rows, struct list *out)
{
	const struct sql_person_row *row = rows.items;
	struct api_person *people =
	    arena_array(p->arena, rows.count, sizeof(*people));

	if (people == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < rows.count; i++) {
		people[i].name = row[i].name;
		people[i].display = row[i].display;
		people[i].bio = row[i].bio;
		people[i].is_self = row[i].is_self;
		people[i].is_followed = row[i].is_followed;
		people[i].is_asked = row[i].is_asked;
		TRY(fill_picture(p, row[i].picture, 't', &people[i].picture));
	}
	*out = (struct list){people, rows.count};
	return OK;
}

static enum err
show_people(struct page *p, struct list rows)
{
	int64_t last = fill_next(&rows, PEOPLE, sizeof(struct sql_person_row));
	struct list people;

	TRY(fill_people_of(p, rows, &people));
	return api_show_list(p, &shape_api_person, people, last);
}

enum err
api_followers(struct page *p)
{
	struct sql_follower_list_in in = {.name = p->text};
	struct sql_profile_show_row owner;
	struct list rows;

	TRY(api_before(p, &in.before));
	sql_profile_show_ask(
	    p->site->db, &(struct sql_profile_show_in){p->text}, &owner);
	sql_follower_list_ask(p->site->db, &in, &rows);
	TRY(page_load(p));
	if (owner.is_closed)
		return ERR_ABSENT;
	return show_people(p, rows);
}

enum err
api_following(struct page *p)
{
	struct sql_following_list_in in = {.name = p->text};
	struct sql_profile_show_row owner;
	struct list rows;

	TRY(api_before(p, &in.before));
	sql_profile_show_ask(
	    p->site->db, &(struct sql_profile_show_in){p->text}, &owner);
	sql_following_list_ask(p->site->db, &in, &rows);
	TRY(page_load(p));
	if (owner.is_closed)
		return ERR_ABSENT;
	return show_people(p, rows);
}

static enum err
fill_tags(struct page *p, struct list rows, struct list *out)
{
	const struct sql_tag_search_row *row = rows.items;
	struct api_tag *tags = arena_array(p->arena, rows.count, sizeof(*tags));

	if (tags == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < rows.count; i++)
		tags[i] = (struct api_tag){row[i].tag, row[i].posts};
	*out = (struct list){tags, rows.count};
	return OK;
}

enum err
api_search(struct page *p)
{
	struct list people = {0}, tags = {0};
	struct api_found out = {0};
	struct form query;
	struct str q;

	TRY(form_parse(p->arena, p->request->query, NULL, &query));
	q = str_trim(form_value(&query, STR("q")));
	if (q.len > QUERY_BYTES) {
		p->why = STR("What is looked for has at most 200 bytes.");
		return ERR_INPUT;
	}
	if (q.len > 0)
		TRY(search_ask(p, q, &people, &tags));
	TRY(page_load(p));
	TRY(fill_people_of(p, people, &out.accounts));
	TRY(fill_tags(p, tags, &out.tags));
	return api_show(p, &shape_api_found, &out);
}

enum err
api_requests(struct page *p)
{
	struct sql_request_list_in in = {0};
	const struct sql_request_list_row *row;
	struct api_request *requests;
	struct list rows;
	int64_t last;

	TRY(api_before(p, &in.before));
	sql_request_list_ask(p->site->db, &in, &rows);
	TRY(page_load(p));
	last = fill_next(&rows, PEOPLE, sizeof(*row));
	row = rows.items;
	requests = arena_array(p->arena, rows.count, sizeof(*requests));
	if (requests == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < rows.count; i++) {
		requests[i].name = row[i].name;
		requests[i].display = row[i].display;
		requests[i].bio = row[i].bio;
		requests[i].created = row[i].created;
		TRY(fill_picture(p, row[i].picture, 't', &requests[i].picture));
	}
	return api_show_list(
	    p, &shape_api_request, (struct list){requests, rows.count}, last);
}
