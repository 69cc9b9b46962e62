/* What the API answers and takes, with the shapes by which it is written,
 * read and described.  Ids are strings, since not every language has integers
 * of 64 bits; all addresses are whole ones.
 */
#ifndef PIXLPIX_VIEW_API_H
#define PIXLPIX_VIEW_API_H

#include "base/shape.h"

/* Who made something. */
struct api_author {
	struct str name;
	struct str display;
	struct url picture;
};

/* Somebody in a list. */
struct api_person {
	struct str name;
	struct str display;
	struct str bio;
	struct url picture;
	bool is_self;
	bool is_followed;
	bool is_asked; /* you wait for their answer */
};

/* Somebody who asks to follow you. */
struct api_request {
	struct str name;
	struct str display;
	struct str bio;
	struct url picture;
	struct when created;
};

/* Somebody's profile. */
struct api_account {
	struct str name;
	struct str display;
	struct str bio;
	struct url picture;
	struct url page;
	int64_t posts;
	int64_t followers;
	int64_t following;
	struct when joined;
	bool is_private;
	bool is_self;
	bool is_followed;
	bool is_asked; /* you wait for their answer */
};

/* Oneself, as the settings page has it. */
struct api_me {
	struct str name;
	struct str display;
	struct str email;
	struct str bio;
	struct url picture;
	bool is_private;
	int64_t requests; /* that wait for an answer; 100: or more */
	int64_t unread;   /* notifications */
};

/* Width and height are those of the large size. */
struct api_image {
	struct url large;
	struct url medium;
	struct url small;
	struct url original; /* to its owner, where it is kept */
	int64_t width;
	int64_t height;
	struct str alt;
	struct str camera; /* where its author shows it */
};

struct api_post {
	struct str id;
	struct url page;
	struct api_author author;
	struct when created;
	struct str caption;
	struct list images; /* of struct api_image */
	int64_t likes;
	int64_t comments;
	bool is_liked;
	bool is_bookmarked; /* by whose token it is */
	bool is_own;
};

struct api_comment {
	struct str id;
	struct api_author author;
	struct when created;
	struct str text;
	bool can_delete;
};

/* A hashtag that a search has found. */
struct api_tag {
	struct str tag;
	int64_t posts;
};

struct api_found {
	struct list accounts; /* of struct api_person */
	struct list tags;     /* of struct api_tag */
};

struct api_liking {
	bool is_liked;
	int64_t likes;
};

struct api_bookmarking {
	bool is_bookmarked;
};

/* What a member is told.  `post` and `comment` are empty where it is about
 * none; `page` is where to look. */
struct api_notification {
	struct str id;
	struct str
	    kind; /* also "comment", "mention", "follow", "request", "accept" */
	bool is_read;
	struct when created;
	struct api_author actor;
	struct str post;
	struct str comment;
	struct str text; /* of the comment */
	struct url page;
};

struct api_unread {
	int64_t unread;
};

/* A field that is not as it should be, and what to do. */
struct api_fault {
	struct str field;
	struct str detail;
};

/* RFC 9457. */
struct api_problem {
	struct str type;
	struct str title;
	int64_t status;
	struct str detail;
	struct str request_id;
	struct list errors; /* of struct api_fault */
};

/* Whether an account is suspended, to moderators. */
struct api_standing {
	struct str name;
	bool is_suspended;
	struct str because;
};

/* Something that a moderator has done; empty is what it is not about, and
 * `by` where it was the sysadmin's shell. */
struct api_deed {
	struct str id;
	struct when at;
	struct str what;
	struct str by;
	struct str account;
	struct str post;
	struct str comment;
	struct str reason;
};

struct api_note {
	struct when at;
	struct str text;
};

/* Of the status page. */
struct api_incident {
	struct str id;
	struct str title;
	struct str severity;
	struct when began;
	struct when ended; /* absent: it goes on */
	struct list notes; /* of struct api_note */
};

/* What programs send. */
struct api_comment_sent {
	struct str text;
};

struct api_password_sent {
	struct str current;
	struct str password;
};

struct api_me_sent {
	struct str display;
	struct str bio;
	bool is_private;
};

struct api_reason_sent {
	struct str reason;
};

struct api_incident_sent {
	struct str title;
	struct str severity;
	struct str began; /* RFC 3339 */
	struct str ended;
	struct str text; /* of a note */
};

struct api_read_sent {
	struct str newest;
};

struct api_post_sent {
	struct str caption;
	struct list alt; /* of struct str */
	bool camera;
};

extern const struct shape shape_api_author;
extern const struct shape shape_api_person;
extern const struct shape shape_api_request;
extern const struct shape shape_api_account;
extern const struct shape shape_api_me;
extern const struct shape shape_api_image;
extern const struct shape shape_api_post;
extern const struct shape shape_api_comment;
extern const struct shape shape_api_tag;
extern const struct shape shape_api_found;
extern const struct shape shape_api_liking;
extern const struct shape shape_api_bookmarking;
extern const struct shape shape_api_notification;
extern const struct shape shape_api_unread;
extern const struct shape shape_api_fault;
extern const struct shape shape_api_problem;
extern const struct shape shape_api_standing;
extern const struct shape shape_api_deed;
extern const struct shape shape_api_note;
extern const struct shape shape_api_incident;
extern const struct shape shape_api_comment_sent;
extern const struct shape shape_api_me_sent;
extern const struct shape shape_api_password_sent;
extern const struct shape shape_api_reason_sent;
extern const struct shape shape_api_incident_sent;
extern const struct shape shape_api_read_sent;
extern const struct shape shape_api_post_sent;

#endif
