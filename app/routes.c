/* The site's whole surface: one line a page, with what it requires. */
#include "routes.h"
#include "pages/handlers.h"

#define GET(pattern, name, need, handler)                           \
	{                                                           \
		name, METHOD_GET, pattern, need, FORM_NONE, handler \
	}
#define POST(pattern, name, need, form, handler)                \
	{                                                       \
		name, METHOD_POST, pattern, need, form, handler \
	}

static const struct route rows[] = {
    GET("/", "home", NEED_NOTHING, page_home),
    GET("/public", "public", NEED_NOTHING, page_public),
    GET("/p/{id}", "post", NEED_NOTHING, page_post),
    GET("/@{name}", "profile", NEED_NOTHING, page_profile),
    GET("/@{name}/followers", "followers", NEED_NOTHING, page_followers),
    GET("/@{name}/following", "following", NEED_NOTHING, page_following),
    GET("/requests", "requests", NEED_MEMBER, page_requests),
    GET("/private/{place}", "private_image", NEED_NOTHING, page_private_image),
    GET("/p/{id}/moderate", "moderate_post", NEED_MODERATOR,
	page_moderate_post),
    GET("/comment/{id}/moderate", "moderate_comment", NEED_MODERATOR,
	page_moderate_comment),
    GET("/@{name}/moderate", "moderate_account", NEED_MODERATOR,
	page_moderate_account),
    GET("/tag/{tag}", "tag", NEED_NOTHING, page_tag),
    GET("/search", "search", NEED_NOTHING, page_search),
    GET("/bookmarks", "bookmarks", NEED_MEMBER, page_bookmarks),
    GET("/notifications", "notifications", NEED_MEMBER, page_notifications),
    GET("/new", "post_new", NEED_MEMBER, page_post_new),
    GET("/p/{id}/original/{place}", "original", NEED_NOTHING, page_original),
    GET("/p/{id}/delete", "post_delete", NEED_MEMBER, page_post_delete),
    GET("/settings", "settings", NEED_MEMBER, page_settings),
    GET("/settings/tokens", "tokens", NEED_MEMBER, page_tokens),
    GET("/api", "api", NEED_NOTHING, page_api),
    GET("/login", "login", NEED_NOTHING, page_login),
    GET("/register", "register", NEED_NOTHING, page_register),
    GET("/reset", "reset", NEED_NOTHING, page_reset),
    GET("/terms", "terms", NEED_NOTHING, page_terms),
    GET("/privacy", "privacy", NEED_NOTHING, page_privacy),
    GET("/status", "status", NEED_NOTHING, page_status),
    GET("/admin", "admin", NEED_ADMIN, page_admin),
    GET("/admin/incident", "incident_new", NEED_ADMIN, page_incident_new),
    GET("/admin/incident/{id}", "incident", NEED_ADMIN, page_incident),
    GET("/health/live", "live", NEED_NOTHING, page_health_live),
    GET("/health/ready", "ready", NEED_NOTHING, page_health_ready),

    POST("/login", "login_send", NEED_NOTHING, FORM_TEXT, page_login_send),
    POST("/register", "register_send", NEED_NOTHING, FORM_TEXT,
	page_register_send),
    POST("/reset", "reset_send", NEED_NOTHING, FORM_TEXT, page_reset_send),
    POST("/logout", "logout", NEED_MEMBER, FORM_TEXT, page_logout_send),
    POST("/new", "post_new_send", NEED_MEMBER, FORM_FILES, page_post_new_send),
    POST("/p/{id}/delete", "post_delete_send", NEED_MEMBER, FORM_TEXT,
	page_post_delete_send),
    POST("/p/{id}/comment", "comment", NEED_MEMBER, FORM_TEXT,
	page_comment_send),
    POST("/comment/{id}/delete", "comment_delete", NEED_MEMBER, FORM_TEXT,
	page_comment_delete_send),
    POST("/p/{id}/moderate", "moderate_post_send", NEED_MODERATOR, FORM_TEXT,
	page_moderate_post_send),
    POST("/comment/{id}/moderate", "moderate_comment_send", NEED_MODERATOR,
	FORM_TEXT, page_moderate_comment_send),
    POST("/@{name}/moderate", "moderate_account_send", NEED_MODERATOR,
	FORM_TEXT, page_moderate_account_send),
    POST("/p/{id}/like", "like", NEED_MEMBER, FORM_TEXT, page_like_send),
    POST("/p/{id}/unlike", "unlike", NEED_MEMBER, FORM_TEXT, page_unlike_send),
    POST("/p/{id}/bookmark", "bookmark", NEED_MEMBER, FORM_TEXT,
	page_bookmark_send),
    POST("/p/{id}/unbookmark", "unbookmark", NEED_MEMBER, FORM_TEXT,
	page_unbookmark_send),
    POST("/notifications/read", "notifications_read", NEED_MEMBER, FORM_TEXT,
	page_notifications_read_send),
    POST("/@{name}/follow", "follow", NEED_MEMBER, FORM_TEXT, page_follow_send),
    POST("/@{name}/unfollow", "unfollow", NEED_MEMBER, FORM_TEXT,
	page_unfollow_send),
    POST("/@{name}/accept", "request_accept", NEED_MEMBER, FORM_TEXT,
	page_request_accept_send),
    POST("/@{name}/decline", "request_decline", NEED_MEMBER, FORM_TEXT,
	page_request_decline_send),
    POST("/@{name}/remove", "follower_remove", NEED_MEMBER, FORM_TEXT,
	page_follower_remove_send),
    POST("/settings/private", "private", NEED_MEMBER, FORM_TEXT,
	page_private_send),
    POST("/settings", "settings_send", NEED_MEMBER, FORM_TEXT,
	page_settings_send),
    POST("/settings/picture", "picture", NEED_MEMBER, FORM_FILES,
	page_picture_send),
    POST("/settings/picture/remove", "picture_remove", NEED_MEMBER, FORM_TEXT,
	page_picture_remove_send),
    POST("/settings/password", "password", NEED_MEMBER, FORM_TEXT,
	page_password_send),
    POST("/settings/tokens", "tokens_send", NEED_MEMBER, FORM_TEXT,
	page_tokens_send),
    POST("/settings/tokens/{id}/revoke", "token_revoke", NEED_MEMBER, FORM_TEXT,
	page_token_revoke_send),
    POST("/admin/incident", "incident_new_send", NEED_ADMIN, FORM_TEXT,
	page_incident_new_send),
    POST("/admin/incident/{id}", "incident_send", NEED_ADMIN, FORM_TEXT,
	page_incident_send),
};

/* The API: what the token must be allowed to do. */
#define CALL(method, pattern, name, need)                     \
	{                                                     \
#name, method, pattern, need, FORM_TEXT, name \
	}

static const struct route api_rows[] = {
    CALL(METHOD_GET, "/api/v1/openapi.json", api_openapi, NEED_NOTHING),
    CALL(METHOD_GET, "/api/v1/me", api_me, NEED_READ),
    CALL(METHOD_PATCH, "/api/v1/me", api_me_edit, NEED_WRITE),
    CALL(METHOD_PUT, "/api/v1/me/password", api_password, NEED_WRITE),
    {"api_picture", METHOD_PUT, "/api/v1/me/picture", NEED_UPLOAD, FORM_FILES,
	api_picture},
    CALL(METHOD_DELETE, "/api/v1/me/picture", api_picture_remove, NEED_WRITE),
    CALL(METHOD_GET, "/api/v1/home", api_home, NEED_READ),
    CALL(METHOD_GET, "/api/v1/bookmarks", api_bookmarks, NEED_READ),
    CALL(METHOD_GET, "/api/v1/notifications", api_notifications, NEED_READ),
    CALL(METHOD_PUT, "/api/v1/notifications/read", api_notifications_read,
	NEED_WRITE),
    CALL(METHOD_GET, "/api/v1/public", api_public, NEED_READ),
    CALL(METHOD_GET, "/api/v1/tags/{tag}/posts", api_tag_posts, NEED_READ),
    CALL(METHOD_GET, "/api/v1/accounts/{name}", api_account, NEED_READ),
    CALL(METHOD_GET, "/api/v1/accounts/{name}/posts", api_account_posts,
	NEED_READ),
    CALL(METHOD_GET, "/api/v1/accounts/{name}/followers", api_followers,
	NEED_READ),
    CALL(METHOD_GET, "/api/v1/accounts/{name}/following", api_following,
	NEED_READ),
    CALL(METHOD_PUT, "/api/v1/accounts/{name}/follow", api_follow, NEED_WRITE),
    CALL(METHOD_DELETE, "/api/v1/accounts/{name}/follow", api_unfollow,
	NEED_WRITE),
    CALL(METHOD_DELETE, "/api/v1/accounts/{name}/follower", api_follower_remove,
	NEED_WRITE),
    CALL(METHOD_GET, "/api/v1/requests", api_requests, NEED_READ),
    CALL(METHOD_PUT, "/api/v1/requests/{name}", api_request_accept, NEED_WRITE),
    CALL(METHOD_DELETE, "/api/v1/requests/{name}", api_request_decline,
	NEED_WRITE),
    CALL(METHOD_GET, "/api/v1/images/{place}", api_private_image, NEED_READ),
    {"api_post_make", METHOD_POST, "/api/v1/posts", NEED_UPLOAD, FORM_FILES,
	api_post_make},
    CALL(METHOD_GET, "/api/v1/posts/{id}", api_post, NEED_READ),
    CALL(METHOD_DELETE, "/api/v1/posts/{id}", api_post_delete, NEED_WRITE),
    CALL(METHOD_PUT, "/api/v1/posts/{id}/like", api_like, NEED_WRITE),
    CALL(METHOD_DELETE, "/api/v1/posts/{id}/like", api_unlike, NEED_WRITE),
    CALL(METHOD_PUT, "/api/v1/posts/{id}/bookmark", api_bookmark, NEED_WRITE),
    CALL(METHOD_DELETE, "/api/v1/posts/{id}/bookmark", api_unbookmark,
	NEED_WRITE),
    CALL(METHOD_GET, "/api/v1/posts/{id}/comments", api_comments, NEED_READ),
    CALL(METHOD_POST, "/api/v1/posts/{id}/comments", api_comment_make,
	NEED_WRITE),
    CALL(
	METHOD_DELETE, "/api/v1/comments/{id}", api_comment_delete, NEED_WRITE),
    CALL(METHOD_GET, "/api/v1/search", api_search, NEED_READ),
    CALL(METHOD_GET, "/api/v1/incidents", api_incidents, NEED_READ),

    /* What moderators and admins do. */
    CALL(METHOD_POST, "/api/v1/posts/{id}/removal", api_post_remove,
	NEED_MODERATE),
    CALL(METHOD_POST, "/api/v1/comments/{id}/removal", api_comment_remove,
	NEED_MODERATE),
    CALL(METHOD_GET, "/api/v1/accounts/{name}/standing", api_standing,
	NEED_MODERATE),
    CALL(METHOD_POST, "/api/v1/accounts/{name}/suspend", api_suspend,
	NEED_MODERATE),
    CALL(METHOD_POST, "/api/v1/accounts/{name}/lift", api_lift, NEED_MODERATE),
    CALL(METHOD_GET, "/api/v1/moderation", api_moderation, NEED_MODERATE_ADMIN),
    CALL(METHOD_POST, "/api/v1/incidents", api_incident_open,
	NEED_MODERATE_ADMIN),
    CALL(METHOD_PATCH, "/api/v1/incidents/{id}", api_incident_change,
	NEED_MODERATE_ADMIN),
};

/* The simulator's interface, below its prefix. */
static const struct route sim_rows[] = {
    CALL(METHOD_GET, "/latest", sim_latest, NEED_NOTHING),
    CALL(METHOD_POST, "/register", sim_register, NEED_NOTHING),
    CALL(METHOD_GET, "/msgs", sim_messages, NEED_SIMULATOR),
    CALL(METHOD_GET, "/msgs/{name}", sim_account_messages, NEED_SIMULATOR),
    CALL(METHOD_POST, "/msgs/{name}", sim_message_send, NEED_SIMULATOR),
    CALL(METHOD_GET, "/fllws/{name}", sim_follows, NEED_SIMULATOR),
    CALL(METHOD_POST, "/fllws/{name}", sim_follow_send, NEED_SIMULATOR),
};

const struct route_table routes = {rows, sizeof(rows) / sizeof(rows[0])};
const struct route_table api_routes = {
    api_rows, sizeof(api_rows) / sizeof(api_rows[0])};
const struct route_table sim_routes = {
    sim_rows, sizeof(sim_rows) / sizeof(sim_rows[0])};
