/* The shapes of the API, in the order of api.h. */
#include "view/api.h"

#define T struct api_author
SHAPE(shape_api_author, T, SHAPE_FIELD(T, name), SHAPE_FIELD(T, display),
    SHAPE_FIELD(T, picture));
#undef T

#define T struct api_person
SHAPE(shape_api_person, T, SHAPE_FIELD(T, name), SHAPE_FIELD(T, display),
    SHAPE_FIELD(T, bio), SHAPE_FIELD(T, picture), SHAPE_FIELD(T, is_self),
    SHAPE_FIELD(T, is_followed), SHAPE_FIELD(T, is_asked));
#undef T

#define T struct api_request
SHAPE(shape_api_request, T, SHAPE_FIELD(T, name), SHAPE_FIELD(T, display),
    SHAPE_FIELD(T, bio), SHAPE_FIELD(T, picture), SHAPE_FIELD(T, created));
#undef T

#define T struct api_account
SHAPE(shape_api_account, T, SHAPE_FIELD(T, name), SHAPE_FIELD(T, display),
    SHAPE_FIELD(T, bio), SHAPE_FIELD(T, picture), SHAPE_FIELD(T, page),
    SHAPE_FIELD(T, posts), SHAPE_FIELD(T, followers), SHAPE_FIELD(T, following),
    SHAPE_FIELD(T, joined), SHAPE_FIELD(T, is_private), SHAPE_FIELD(T, is_self),
    SHAPE_FIELD(T, is_followed), SHAPE_FIELD(T, is_asked));
#undef T

#define T struct api_me
SHAPE(shape_api_me, T, SHAPE_FIELD(T, name), SHAPE_FIELD(T, display),
    SHAPE_FIELD(T, email), SHAPE_FIELD(T, bio), SHAPE_FIELD(T, picture),
    SHAPE_FIELD(T, is_private), SHAPE_FIELD(T, requests),
    SHAPE_FIELD(T, unread));
#undef T

#define T struct api_image
SHAPE(shape_api_image, T, SHAPE_FIELD(T, large), SHAPE_FIELD(T, medium),
    SHAPE_FIELD(T, small), SHAPE_FIELD(T, original), SHAPE_FIELD(T, width),
    SHAPE_FIELD(T, height), SHAPE_FIELD(T, alt), SHAPE_FIELD(T, camera));
#undef T

#define T struct api_post
SHAPE(shape_api_post, T, SHAPE_FIELD(T, id), SHAPE_FIELD(T, page),
    SHAPE_INNER(T, author, &shape_api_author), SHAPE_FIELD(T, created),
    SHAPE_FIELD(T, caption), SHAPE_LIST_OF(T, images, &shape_api_image),
    SHAPE_FIELD(T, likes), SHAPE_FIELD(T, comments), SHAPE_FIELD(T, is_liked),
    SHAPE_FIELD(T, is_bookmarked), SHAPE_FIELD(T, is_own));
#undef T

#define T struct api_comment
SHAPE(shape_api_comment, T, SHAPE_FIELD(T, id),
    SHAPE_INNER(T, author, &shape_api_author), SHAPE_FIELD(T, created),
    SHAPE_FIELD(T, text), SHAPE_FIELD(T, can_delete));
#undef T

#define T struct api_tag
SHAPE(shape_api_tag, T, SHAPE_FIELD(T, tag), SHAPE_FIELD(T, posts));
#undef T

#define T struct api_found
SHAPE(shape_api_found, T, SHAPE_LIST_OF(T, accounts, &shape_api_person),
    SHAPE_LIST_OF(T, tags, &shape_api_tag));
#undef T

#define T struct api_liking
SHAPE(shape_api_liking, T, SHAPE_FIELD(T, is_liked), SHAPE_FIELD(T, likes));
#undef T

#define T struct api_bookmarking
SHAPE(shape_api_bookmarking, T, SHAPE_FIELD(T, is_bookmarked));
#undef T

#define T struct api_notification
SHAPE(shape_api_notification, T, SHAPE_FIELD(T, id), SHAPE_FIELD(T, kind),
    SHAPE_FIELD(T, is_read), SHAPE_FIELD(T, created),
    SHAPE_INNER(T, actor, &shape_api_author), SHAPE_FIELD(T, post),
    SHAPE_FIELD(T, comment), SHAPE_FIELD(T, text), SHAPE_FIELD(T, page));
#undef T

#define T struct api_unread
SHAPE(shape_api_unread, T, SHAPE_FIELD(T, unread));
#undef T

#define T struct api_fault
SHAPE(shape_api_fault, T, SHAPE_FIELD(T, field), SHAPE_FIELD(T, detail));
#undef T

#define T struct api_problem
SHAPE(shape_api_problem, T, SHAPE_FIELD(T, type), SHAPE_FIELD(T, title),
    SHAPE_FIELD(T, status), SHAPE_FIELD(T, detail), SHAPE_FIELD(T, request_id),
    SHAPE_LIST_OF(T, errors, &shape_api_fault));
#undef T

#define T struct api_standing
SHAPE(shape_api_standing, T, SHAPE_FIELD(T, name), SHAPE_FIELD(T, is_suspended),
    SHAPE_FIELD(T, because));
#undef T

#define T struct api_deed
SHAPE(shape_api_deed, T, SHAPE_FIELD(T, id), SHAPE_FIELD(T, at),
    SHAPE_FIELD(T, what), SHAPE_FIELD(T, by), SHAPE_FIELD(T, account),
    SHAPE_FIELD(T, post), SHAPE_FIELD(T, comment), SHAPE_FIELD(T, reason));
#undef T

#define T struct api_note
SHAPE(shape_api_note, T, SHAPE_FIELD(T, at), SHAPE_FIELD(T, text));
#undef T

#define T struct api_incident
SHAPE(shape_api_incident, T, SHAPE_FIELD(T, id), SHAPE_FIELD(T, title),
    SHAPE_FIELD(T, severity), SHAPE_FIELD(T, began), SHAPE_FIELD(T, ended),
    SHAPE_LIST_OF(T, notes, &shape_api_note));
#undef T

#define T struct api_comment_sent
SHAPE(shape_api_comment_sent, T, SHAPE_FIELD(T, text));
#undef T

#define T struct api_password_sent
SHAPE(shape_api_password_sent, T, SHAPE_FIELD(T, current),
    SHAPE_FIELD(T, password));
#undef T

#define T struct api_me_sent
SHAPE(shape_api_me_sent, T, SHAPE_FIELD(T, display), SHAPE_FIELD(T, bio),
    SHAPE_FIELD(T, is_private));
#undef T

#define T struct api_reason_sent
SHAPE(shape_api_reason_sent, T, SHAPE_FIELD(T, reason));
#undef T

#define T struct api_incident_sent
SHAPE(shape_api_incident_sent, T, SHAPE_FIELD(T, title),
    SHAPE_FIELD(T, severity), SHAPE_FIELD(T, began), SHAPE_FIELD(T, ended),
    SHAPE_FIELD(T, text));
#undef T

#define T struct api_read_sent
SHAPE(shape_api_read_sent, T, SHAPE_FIELD(T, newest));
#undef T

#define T struct api_post_sent
SHAPE(shape_api_post_sent, T, SHAPE_FIELD(T, caption),
    SHAPE_LIST_OF(T, alt, NULL), SHAPE_FIELD(T, camera));
#undef T
