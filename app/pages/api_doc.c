/* What the API's calls are for, and the page that says so to people
 * (api_openapi.c says it to programs). */
#include "pages/api.h"
#include "pages/handlers.h"
#include "view/models.h"

#include <string.h>

#define READS(route_, summary_, gives_)                                       \
	{                                                                     \
		.route = (route_), .summary = (summary_), .gives = &(gives_), \
		.status = 200                                                 \
	}
#define LISTS(route_, summary_, gives_)                                       \
	{                                                                     \
		.route = (route_), .summary = (summary_), .gives = &(gives_), \
		.gives_list = true, .has_pages = true, .status = 200          \
	}

#define LISTS_WHOLE(route_, summary_, gives_)                                 \
	{                                                                     \
		.route = (route_), .summary = (summary_), .gives = &(gives_), \
		.gives_list = true, .status = 200                             \
	}
#define REMOVES(route_, summary_)                               \
	{                                                       \
		.route = (route_), .summary = (summary_),       \
		.sends = &shape_api_reason_sent, .status = 204, \
	}
#define JUDGES(route_, summary_)                                               \
	{                                                                      \
		.route = (route_), .summary = (summary_),                      \
		.sends = &shape_api_reason_sent, .gives = &shape_api_standing, \
		.status = 200, .may_clash = true                               \
	}

const struct api_operation api_operations[] = {
    READS("api_me", "Who you are.", shape_api_me),
    {.route = "api_me_edit",
	.summary = "Changes your display name, what you say of yourself, and "
		   "whether your account is private; what is not sent stays.",
	.sends = &shape_api_me_sent,
	.gives = &shape_api_me,
	.status = 200},
    {.route = "api_password",
	.summary = "Changes your password; every login and every token ends "
		   "with it, also the one that this is sent with.",
	.sends = &shape_api_password_sent,
	.status = 204},
    {.route = "api_picture",
	.summary = "Makes an image your profile picture.",
	.file = "picture",
	.gives = &shape_api_me,
	.status = 200},
    READS("api_picture_remove", "Removes your profile picture.", shape_api_me),
    LISTS("api_home", "Your posts and those of whom you follow, newest first.",
	shape_api_post),
    LISTS("api_bookmarks", "The posts that you have saved, saved last first.",
	shape_api_post),
    LISTS("api_notifications",
	"What you are told: who likes your posts, comments on them, mentions "
	"or follows you, asks to, or lets you; newest first.",
	shape_api_notification),
    {.route = "api_notifications_read",
	.summary = "Marks as read what you were told up to the notification "
		   "`newest`; says how many have come since.",
	.sends = &shape_api_read_sent,
	.gives = &shape_api_unread,
	.status = 200},
    LISTS("api_public", "Everybody's posts, newest first.", shape_api_post),
    LISTS("api_tag_posts", "The posts with a hashtag, newest first.",
	shape_api_post),
    READS("api_account", "Somebody's profile.", shape_api_account),
    LISTS(
	"api_account_posts", "Somebody's posts, newest first.", shape_api_post),
    LISTS("api_followers", "Who follows somebody.", shape_api_person),
    LISTS("api_following", "Whom somebody follows.", shape_api_person),
    READS("api_follow",
	"Follows somebody, or asks to where their account is private.",
	shape_api_account),
    READS("api_unfollow", "Stops following somebody, or asking to.",
	shape_api_account),
    {.route = "api_follower_remove",
	.summary = "Ends that somebody follows you.",
	.status = 204},
    LISTS("api_requests", "Who asks to follow you, newest first.",
	shape_api_request),
    {.route = "api_request_accept",
	.summary = "Lets somebody who asks follow you.",
	.status = 204},
    {.route = "api_request_decline",
	.summary = "Declines somebody who asks to follow you.",
	.status = 204},
    {.route = "api_private_image",
	.summary = "One size of an image of a private account's post, by the "
		   "address that the post gives.",
	.file_type = "image/jpeg",
	.status = 200},
    {.route = "api_original",
	.summary = "What was sent of an image of your own post, without its "
		   "metadata, by the address that the post gives.",
	.file_type = "application/octet-stream",
	.status = 200},
    {.route = "api_post_make",
	.summary = "Posts images: the n-th alt text belongs to the n-th image.",
	.sends = &shape_api_post_sent,
	.file = "image",
	.gives = &shape_api_post,
	.takes_key = true,
	.status = 201},
    READS("api_post", "One post.", shape_api_post),
    {.route = "api_post_delete",
	.summary = "Deletes your own post and its images.",
	.status = 204},
    READS("api_like", "Likes a post.", shape_api_liking),
    READS("api_unlike", "Takes a like back.", shape_api_liking),
    READS("api_bookmark",
	"Saves a post among your bookmarks, which only you can see.",
	shape_api_bookmarking),
    READS("api_unbookmark", "Takes a post from your bookmarks.",
	shape_api_bookmarking),
    LISTS("api_comments", "The comments of a post, newest first.",
	shape_api_comment),
    {.route = "api_comment_make",
	.summary = "Comments on a post.",
	.sends = &shape_api_comment_sent,
	.gives = &shape_api_comment,
	.takes_key = true,
	.status = 201},
    {.route = "api_comment_delete",
	.summary = "Deletes your own comment, or one on your post.",
	.status = 204},
    {.route = "api_search",
	.summary = "People and hashtags that begin with what you look for; "
		   "@ann looks for people alone, #sea for hashtags alone.",
	.gives = &shape_api_found,
	.query = "q",
	.status = 200},
    LISTS_WHOLE("api_incidents",
	"What the status page tells about: what goes on, and what was in the "
	"last 90 days.",
	shape_api_incident),
    REMOVES("api_post_remove",
	"Removes anybody's post with its images, likes and comments."),
    REMOVES("api_comment_remove", "Removes anybody's comment."),
    READS("api_standing", "Whether an account is suspended, and why.",
	shape_api_standing),
    JUDGES("api_suspend",
	"Suspends an account: its logins and tokens end, and what it has "
	"posted and written is out of sight. 409 where it is suspended."),
    JUDGES("api_lift",
	"Lifts a suspension: what was posted and written comes back. 409 "
	"where there is none."),
    LISTS("api_moderation",
	"What moderators, admins and the sysadmin have done, newest first; "
	"for admins.",
	shape_api_deed),
    {.route = "api_incident_open",
	.summary = "Tells about an incident, for admins: it needs a title, "
		   "a severity and a text, and began now where nothing is "
		   "sent.",
	.sends = &shape_api_incident_sent,
	.gives = &shape_api_incident,
	.takes_key = true,
	.status = 201},
    {.route = "api_incident_change",
	.summary = "Changes an incident, for admins: text is one note more, "
		   "ended ends it, an empty one lets it go on; what is not "
		   "sent stays.",
	.sends = &shape_api_incident_sent,
	.gives = &shape_api_incident,
	.takes_key = true,
	.status = 200},
};

const size_t api_operations_count =
    sizeof(api_operations) / sizeof(api_operations[0]);

const struct api_operation *
api_operation_of(const struct route *route)
{
	for (size_t i = 0; i < api_operations_count; i++)
		if (strcmp(api_operations[i].route, route->name) == 0)
			return &api_operations[i];
	return NULL;
}

/* "display, bio" */
static enum err
name_members(struct page *p, const struct api_operation *op, struct str *out)
{
	struct str all = STR("");

	if (op->file != NULL)
		all = str_from(op->file);
	for (size_t i = 0; op->sends != NULL && i < op->sends->count; i++)
		TRY(arena_printf(p->arena, &all, "%.*s%s%s", STR_ARG(all),
		    all.len > 0 ? ", " : "", op->sends->members[i].name));
	*out = all;
	return OK;
}

static enum err
fill_call(struct page *p, const struct route *route,
    const struct api_operation *op, struct api_call *out)
{
	static const struct {
		enum method method;
		const char *name;
	} names[] = {{METHOD_GET, "GET"}, {METHOD_POST, "POST"},
	    {METHOD_PUT, "PUT"}, {METHOD_PATCH, "PATCH"},
	    {METHOD_DELETE, "DELETE"}};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].method == route->method)
			out->method = str_from(names[i].name);
	out->pattern = str_from(route->pattern);
	out->scope = str_from(api_scope(route->need));
	out->summary = str_from(op->summary);
	return name_members(p, op, &out->sends);
}

enum err
page_api(struct page *p)
{
	struct api_view *view = ARENA_NEW(p->arena, struct api_view);
	struct api_call *calls =
	    arena_array(p->arena, p->api->count, sizeof(*calls));
	size_t count = 0;

	if (view == NULL || calls == NULL)
		return ERR_MEMORY;
	TRY(page_load(p));
	for (size_t i = 0; i < p->api->count; i++) {
		const struct route *route = &p->api->rows[i];
		const struct api_operation *op = api_operation_of(route);

		if (op != NULL)
			TRY(fill_call(p, route, op, &calls[count++]));
	}
	view->calls = (struct list){calls, count};
	view->most = p->site->conf->api_calls;
	view->url = p->site->conf->site_url;
	return page_show(p, "api", STR("For programs"), &view->frame);
}
