/* What each template is given.
 *
 * views/README.md says in words what the members mean; the two are the
 * contract between pages/ and views/.  The texts are views of rows and
 * requests, and live as long as these.
 */
#ifndef PIXLPIX_VIEW_MODELS_H
#define PIXLPIX_VIEW_MODELS_H

#include "base/shape.h"
#include "view/tpl.h"

struct frame {
	struct str title;
	struct str site;
	bool has_own_name;
	struct url css;
	struct url js;
	struct url icon;
	bool is_member;
	bool is_moderator; /* or an admin */
	bool is_admin;
	struct str name;
	struct str display;
	struct url picture;
	struct str initial;
	int64_t hue;
	struct url profile;
	int64_t unread;  /* notifications */
	bool is_crowded; /* they are more than 99 */
	struct url login;
	struct str here;
	struct str csrf;
	struct str notice;
	bool at_home;
	bool at_public;
	bool at_new;
	bool at_search;
	bool at_settings;
	bool at_bookmarks;
	bool at_notifications;
	bool at_profile;
	struct str
	    requests; /* that wait for the member's answer, "3"; absent: none */
};

struct author {
	struct str name;
	struct str display;
	struct url picture;
	struct str initial;
	int64_t hue;
};

struct person {
	struct str name;
	struct str display;
	struct url picture;
	struct str initial;
	int64_t hue;
	struct str bio;
	bool is_self;
	bool is_followed;
	bool is_asked;     /* the viewer waits for their answer */
	bool is_removable; /* from the viewer's own followers */
};

struct image {
	struct url i; /* its address without the size: {{i}}-l.jpg */
	int64_t width;
	int64_t height;
	int64_t m_width;
	bool has_webp; /* one of the next two, or both */
	bool l_webp;   /* {{i}}-l.webp is there */
	bool m_webp;
	bool has_larger; /* the large size has more pixels than the medium */
	bool is_tall;
	struct str alt;
	int64_t colour;
	int64_t place;     /* from 1 */
	struct str camera; /* make, lens and exposure, or empty */
	bool has_original; /* to be fetched by who may delete the post */
};

struct card {
	int64_t id;
	struct author author;
	struct when created;
	struct html caption;
	int64_t image_count;
	bool has_many;
	struct list cover; /* of image: one, or none in a post of text alone */
	int64_t likes;
	int64_t comments;
	bool is_liked;
	bool can_delete;
};

struct tile {
	int64_t id;
	struct url i;    /* as image's; absent: it has no image */
	bool has_webp;   /* {{i}}-s.webp is there */
	struct str text; /* of a post without an image: how it begins */
	struct str alt;
	int64_t image_count;
	bool has_many;
	int64_t colour;
};

struct field {
	struct str value;
	struct str error;
};

struct home_view {
	struct frame frame;
	struct list cards;
	struct url next;
	struct list people;
};

struct public_view {
	struct frame frame;
	struct list cards;
	struct url next;
	bool show_hero;
};

struct login_form {
	struct str error;
	struct field who;
	struct field password;
	struct str next;
};

struct login_view {
	struct frame frame;
	struct login_form form;
};

struct reset_form {
	struct str error;
	struct str link; /* what the address holds */
	struct str name;
	struct field password;
	struct field again;
};

struct forgot_form {
	struct str error;
	struct field who;
};

struct forgot_view {
	struct frame frame;
	bool has_mail; /* the site can send one */
	struct str contact;
	struct forgot_form form;
};

struct reset_view {
	struct frame frame;
	bool has_link; /* one that works */
	struct reset_form form;
};

struct register_form {
	struct str error;
	struct str key;
	struct field username;
	struct field display;
	struct field email;
	struct field password;
	struct field again;
	struct field consent;
};

struct register_view {
	struct frame frame;
	struct register_form form;
	struct str terms_version;
};

struct slot {
	int64_t number;
	struct str alt;
	struct str error;
};

struct post_new_form {
	struct str error;
	struct str key;
	struct field caption;
	struct field images;
	bool camera; /* camera data is to be shown */
};

struct post_new_view {
	struct frame frame;
	struct post_new_form form;
	struct slot first;
	struct list more;
	bool is_more_open;
	int64_t max_images;
	int64_t max_megabytes;
	int64_t max_bytes;
	int64_t caption_chars;
	int64_t alt_chars;
};

struct comment_item {
	int64_t id;
	struct author author;
	struct when created;
	struct html text;
	bool can_delete;
};

struct comment_form {
	struct url action;
	struct str error;
	struct str key;
	struct field text;
};

struct post_show_view {
	struct frame frame;
	struct card post;
	bool is_saved;   /* by the viewer */
	bool has_images; /* else it is of words alone */
	struct list images;
	struct list comment_list;
	struct url older_comments;
	struct comment_form comment_form;
	int64_t text_chars;
};

struct post_delete_view {
	struct frame frame;
	struct card post;
};

struct profile_account {
	struct str name;
	struct str display;
	struct html bio;
	struct url picture;
	struct str initial;
	int64_t hue;
	int64_t posts;
	int64_t followers;
	int64_t following;
	struct when joined;
	bool is_self;
	bool is_followed;
	bool is_asked; /* the viewer waits for their answer */
	bool is_private;
	bool is_closed;    /* the viewer may not see what it has posted */
	bool is_suspended; /* and a moderator looks */
};

struct profile_view {
	struct frame frame;
	struct profile_account account;
	struct list grid;
	struct url next;
};

/* Before a moderator acts: on what, and why. */
struct moderate_view {
	struct frame frame;
	struct str heading;
	struct author owner; /* of what is acted on */
	struct str text;     /* of a comment or a caption, or empty */
	struct str explanation;
	struct url action;
	struct url back;
	bool is_lift; /* of a suspension: nothing is taken away */
	struct str button;
	struct field reason;
	int64_t reason_chars;
};

struct people_view {
	struct frame frame;
	struct str heading;
	struct author owner;
	struct list accounts;
	struct url next;
};

struct request_item {
	struct str name;
	struct str display;
	struct url picture;
	struct str initial;
	int64_t hue;
	struct str bio;
	struct when created;
};

struct requests_view {
	struct frame frame;
	struct list items; /* of request_item */
	struct url next;
};

struct tag_view {
	struct frame frame;
	struct str tag;
	int64_t count; /* with is_more, of more than these */
	bool is_more;
	struct list grid;
	struct url next;
};

/* What the viewer has saved. */
struct bookmarks_view {
	struct frame frame;
	struct list grid;
	struct url next;
	bool is_first; /* page of the list */
};

/* A line of what the viewer is told. */
struct notice {
	bool is_unread;
	bool is_like;
	bool is_comment;
	bool is_mention;
	bool is_follow;
	bool is_request; /* to follow */
	bool is_accept;  /* of one's own */
	bool is_many;    /* people, for likes and follows */
	struct author author;
	struct str second; /* display name, where they are two */
	int64_t others;    /* besides the author, where they are more */
	struct when created;
	struct url to;
	struct str text; /* how the comment begins, or empty */
	bool has_post;
	struct url i; /* as image's; absent: it has no image */
	bool has_webp;
	int64_t colour;
	struct str words; /* of a post without an image */
};

struct notifications_view {
	struct frame frame;
	struct list notices;
	struct url next;
	int64_t newest; /* up to which pressing the button marks as read */
	bool is_first;  /* page of the list */
};

struct search_tag {
	struct str tag;
	struct url url;
	int64_t posts;
};

struct search_view {
	struct frame frame;
	struct str q;
	struct list accounts;
	struct list tags;
	bool is_empty;
};

struct profile_form {
	struct url action;
	struct str error;
	struct field display;
	struct field bio;
};

struct picture_form {
	struct url action;
	struct str error;
	struct field file;
	struct url picture;
	struct str initial;
	int64_t hue;
};

struct password_form {
	struct url action;
	struct str error;
	struct field current;
	struct field password;
	struct field again;
};

/* Whether the account is private. */
struct privacy_form {
	struct url action;
	struct str error;
	bool is_private;
};

struct settings_view {
	struct frame frame;
	struct profile_form profile_form;
	int64_t bio_chars;
	struct picture_form picture_form;
	int64_t max_megabytes;
	int64_t max_bytes;
	bool can_be_private;
	struct privacy_form privacy_form;
	struct password_form password_form;
	struct str contact;
};

struct token_form {
	struct str error;
	struct str key;
	struct field name;
	bool can_read;
	bool can_write;
	bool can_upload;
	bool may_moderate; /* be asked for */
	bool can_moderate;
	struct str scopes_error;
};

struct token_item {
	struct str name;
	bool can_read;
	bool can_write;
	bool can_upload;
	bool can_moderate;
	bool is_idle; /* the role that it needs is gone */
	struct when created;
	bool is_used;
	struct when used;
	struct url revoke;
};

struct tokens_view {
	struct frame frame;
	struct str fresh;
	struct token_form form;
	struct list items;
};

struct api_call {
	struct str method;
	struct str pattern;
	struct str scope;
	struct str summary;
	struct str sends;
};

struct api_view {
	struct frame frame;
	struct str url;
	int64_t most;
	struct list calls;
};

/* The status page. */
struct status_part {
	struct str name;
	struct str what; /* it is good for */
	bool is_fine;
};

struct status_incident {
	int64_t id;
	struct str title;
	struct str severity; /* "maintenance", "degraded", "outage" */
	struct str heading;  /* the same in words */
	struct when began;
	struct when ended;
	bool is_over;
	struct list notes; /* of struct api_note (view/api.h), newest first */
};

struct status_view {
	struct frame frame;
	bool is_fine; /* every part, and nothing goes on */
	struct str summary;
	struct list parts;
	struct list incidents;
	struct when checked;
};

/* One plot: pages/plot.h makes it. */
struct plot {
	struct str title;
	struct str now;
	struct str change;
	bool has_line;
	struct str
	    top; /* what the edges and the middle of the field stand for */
	struct str middle;
	struct str bottom;
	struct when first;
	struct when last;
	struct str first_words; /* the same as told below it */
	struct str last_words;
	struct str line; /* what an SVG path's d takes */
	struct str area;
	struct str other; /* a second line; absent: there is none */
	struct str name;  /* of each line, where there are two */
	struct str other_name;
	struct str other_now;
};

struct admin_span {
	struct str label;
	struct url url;
	bool is_chosen;
};

struct admin_row {
	struct when at;
	int64_t people;
	int64_t active;
	int64_t posts;
	int64_t comments;
	int64_t likes;
	int64_t follows;
	struct str bytes;
};

struct admin_backup {
	bool is_there;
	struct when started;
	struct when ended;
	bool is_running;
	bool is_good;
	struct str message;
	struct when good_at;
	struct str bytes;
};

struct admin_deed {
	struct when at;
	struct str actor; /* absent: the sysadmin's shell */
	struct str what;
	struct str account;
	struct str reason;
};

/* How long something has taken since the workers were started. */
struct admin_times {
	struct str title;
	struct str count;
	struct str half; /* half of them were within this */
	struct str most; /* 99 of 100 */
	bool is_slower;  /* than the last edge: `most` is that edge */
	struct str bars;
	struct str first;
	struct str last;
};

struct admin_class {
	struct str name;
	struct str count;
	bool is_bad;
};

struct admin_view {
	struct frame frame;
	struct str span;
	struct list spans;
	struct list plots;
	struct list pulse; /* plots, too */
	bool has_history;
	bool has_pulse;
	struct list rows;
	struct list times;
	struct list classes;
	int64_t due;
	int64_t later;
	int64_t given_up;
	struct when oldest;
	struct admin_backup backup;
	struct list deeds;
};

struct incident_form {
	struct url action;
	struct str error;
	struct str key;
	bool is_new;
	struct field title;
	bool is_maintenance;
	bool is_degraded;
	bool is_outage;
	struct str severity_error;
	struct field began;
	struct field ended;
	struct field body;
	int64_t title_chars;
	int64_t body_chars;
};

struct incident_view {
	struct frame frame;
	struct str heading;
	struct incident_form form;
};

/* terms and privacy */
struct text_view {
	struct frame frame;
	bool keeps_originals;
	struct str terms_version;
	struct str contact;
};

/* What somebody had typed into a form that could not be taken. */
struct typed {
	int64_t number; /* from 1 */
	struct str label;
	struct str text;
};

struct error_view {
	struct frame frame;
	int64_t status;
	struct str heading;
	struct str text;
	int64_t retry_after;
	bool needs_login;
	struct str reference; /* by which the log names the request */
	struct list typed;    /* of struct typed */
};

/* Every template with its shape, models_count of them. */
extern const struct tpl_source models[];
extern const size_t models_count;

#endif
