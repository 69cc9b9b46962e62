/* The shapes of what templates are given, in the order of models.h. */
#include "view/models.h"
#include "view/api.h"

#define T struct frame
SHAPE(shape_frame, T, SHAPE_FIELD(T, title), SHAPE_FIELD(T, site),
    SHAPE_FIELD(T, has_own_name), SHAPE_FIELD(T, css), SHAPE_FIELD(T, js),
    SHAPE_FIELD(T, icon), SHAPE_FIELD(T, is_member),
    SHAPE_FIELD(T, is_moderator), SHAPE_FIELD(T, is_admin),
    SHAPE_FIELD(T, name), SHAPE_FIELD(T, display), SHAPE_FIELD(T, picture),
    SHAPE_FIELD(T, initial), SHAPE_FIELD(T, hue), SHAPE_FIELD(T, profile),
    SHAPE_FIELD(T, unread), SHAPE_FIELD(T, is_crowded), SHAPE_FIELD(T, login),
    SHAPE_FIELD(T, here), SHAPE_FIELD(T, csrf), SHAPE_FIELD(T, notice),
    SHAPE_FIELD(T, at_home), SHAPE_FIELD(T, at_public), SHAPE_FIELD(T, at_new),
    SHAPE_FIELD(T, at_search), SHAPE_FIELD(T, at_settings),
    SHAPE_FIELD(T, at_bookmarks), SHAPE_FIELD(T, at_notifications),
    SHAPE_FIELD(T, at_profile), SHAPE_FIELD(T, requests));
#undef T

#define T struct author
SHAPE(shape_author, T, SHAPE_FIELD(T, name), SHAPE_FIELD(T, display),
    SHAPE_FIELD(T, picture), SHAPE_FIELD(T, initial), SHAPE_FIELD(T, hue));
#undef T

#define T struct person
SHAPE(shape_person, T, SHAPE_FIELD(T, name), SHAPE_FIELD(T, display),
    SHAPE_FIELD(T, picture), SHAPE_FIELD(T, initial), SHAPE_FIELD(T, hue),
    SHAPE_FIELD(T, bio), SHAPE_FIELD(T, is_self), SHAPE_FIELD(T, is_followed),
    SHAPE_FIELD(T, is_asked), SHAPE_FIELD(T, is_removable));
#undef T

#define T struct image
SHAPE(shape_image, T, SHAPE_FIELD(T, i), SHAPE_FIELD(T, width),
    SHAPE_FIELD(T, height), SHAPE_FIELD(T, m_width), SHAPE_FIELD(T, has_larger),
    SHAPE_FIELD(T, has_webp), SHAPE_FIELD(T, l_webp), SHAPE_FIELD(T, m_webp),
    SHAPE_FIELD(T, is_tall), SHAPE_FIELD(T, alt), SHAPE_FIELD(T, colour),
    SHAPE_FIELD(T, place), SHAPE_FIELD(T, camera),
    SHAPE_FIELD(T, has_original));
#undef T

#define T struct card
SHAPE(shape_card, T, SHAPE_FIELD(T, id), SHAPE_INNER(T, author, &shape_author),
    SHAPE_FIELD(T, created), SHAPE_FIELD(T, caption),
    SHAPE_FIELD(T, image_count), SHAPE_FIELD(T, has_many),
    SHAPE_LIST_OF(T, cover, &shape_image), SHAPE_FIELD(T, likes),
    SHAPE_FIELD(T, comments), SHAPE_FIELD(T, is_liked),
    SHAPE_FIELD(T, can_delete));
#undef T

#define T struct tile
SHAPE(shape_tile, T, SHAPE_FIELD(T, id), SHAPE_FIELD(T, i),
    SHAPE_FIELD(T, has_webp), SHAPE_FIELD(T, text), SHAPE_FIELD(T, alt),
    SHAPE_FIELD(T, image_count), SHAPE_FIELD(T, has_many),
    SHAPE_FIELD(T, colour));
#undef T

#define T struct field
SHAPE(shape_field, T, SHAPE_FIELD(T, value), SHAPE_FIELD(T, error));
#undef T

#define T struct home_view
SHAPE(shape_home_view, T, SHAPE_INNER(T, frame, &shape_frame),
    SHAPE_LIST_OF(T, cards, &shape_card), SHAPE_FIELD(T, next),
    SHAPE_LIST_OF(T, people, &shape_person));
#undef T

#define T struct public_view
SHAPE(shape_public_view, T, SHAPE_INNER(T, frame, &shape_frame),
    SHAPE_LIST_OF(T, cards, &shape_card), SHAPE_FIELD(T, next),
    SHAPE_FIELD(T, show_hero));
#undef T

#define T struct login_form
SHAPE(shape_login_form, T, SHAPE_FIELD(T, error),
    SHAPE_INNER(T, who, &shape_field), SHAPE_INNER(T, password, &shape_field),
    SHAPE_FIELD(T, next));
#undef T

#define T struct login_view
SHAPE(shape_login_view, T, SHAPE_INNER(T, frame, &shape_frame),
    SHAPE_INNER(T, form, &shape_login_form));
#undef T

#define T struct forgot_form
SHAPE(shape_forgot_form, T, SHAPE_FIELD(T, error),
    SHAPE_INNER(T, who, &shape_field));
#undef T

#define T struct forgot_view
SHAPE(shape_forgot_view, T, SHAPE_INNER(T, frame, &shape_frame),
    SHAPE_FIELD(T, has_mail), SHAPE_FIELD(T, contact),
    SHAPE_INNER(T, form, &shape_forgot_form));
#undef T

#define T struct reset_form
SHAPE(shape_reset_form, T, SHAPE_FIELD(T, error), SHAPE_FIELD(T, link),
    SHAPE_FIELD(T, name), SHAPE_INNER(T, password, &shape_field),
    SHAPE_INNER(T, again, &shape_field));
#undef T

#define T struct reset_view
SHAPE(shape_reset_view, T, SHAPE_INNER(T, frame, &shape_frame),
    SHAPE_FIELD(T, has_link), SHAPE_INNER(T, form, &shape_reset_form));
#undef T

#define T struct register_form
SHAPE(shape_register_form, T, SHAPE_FIELD(T, error), SHAPE_FIELD(T, key),
    SHAPE_INNER(T, username, &shape_field),
    SHAPE_INNER(T, display, &shape_field), SHAPE_INNER(T, email, &shape_field),
    SHAPE_INNER(T, password, &shape_field), SHAPE_INNER(T, again, &shape_field),
    SHAPE_INNER(T, consent, &shape_field));
#undef T

#define T struct register_view
SHAPE(shape_register_view, T, SHAPE_INNER(T, frame, &shape_frame),
    SHAPE_INNER(T, form, &shape_register_form), SHAPE_FIELD(T, terms_version));
#undef T

#define T struct slot
SHAPE(shape_slot, T, SHAPE_FIELD(T, number), SHAPE_FIELD(T, alt),
    SHAPE_FIELD(T, error));
#undef T

#define T struct post_new_form
SHAPE(shape_post_new_form, T, SHAPE_FIELD(T, error), SHAPE_FIELD(T, key),
    SHAPE_INNER(T, caption, &shape_field), SHAPE_INNER(T, images, &shape_field),
    SHAPE_FIELD(T, camera));
#undef T

#define T struct post_new_view
SHAPE(shape_post_new_view, T, SHAPE_INNER(T, frame, &shape_frame),
    SHAPE_INNER(T, form, &shape_post_new_form),
    SHAPE_INNER(T, first, &shape_slot), SHAPE_LIST_OF(T, more, &shape_slot),
    SHAPE_FIELD(T, is_more_open), SHAPE_FIELD(T, max_images),
    SHAPE_FIELD(T, max_megabytes), SHAPE_FIELD(T, max_bytes),
    SHAPE_FIELD(T, caption_chars), SHAPE_FIELD(T, alt_chars));
#undef T

#define T struct comment_item
SHAPE(shape_comment_item, T, SHAPE_FIELD(T, id),
    SHAPE_INNER(T, author, &shape_author), SHAPE_FIELD(T, created),
    SHAPE_FIELD(T, text), SHAPE_FIELD(T, can_delete));
#undef T

#define T struct comment_form
SHAPE(shape_comment_form, T, SHAPE_FIELD(T, action), SHAPE_FIELD(T, error),
    SHAPE_FIELD(T, key), SHAPE_INNER(T, text, &shape_field));
#undef T

#define T struct post_show_view
SHAPE(shape_post_show_view, T, SHAPE_INNER(T, frame, &shape_frame),
    SHAPE_INNER(T, post, &shape_card), SHAPE_FIELD(T, is_saved),
    SHAPE_FIELD(T, has_images), SHAPE_LIST_OF(T, images, &shape_image),
    SHAPE_LIST_OF(T, comment_list, &shape_comment_item),
    SHAPE_FIELD(T, older_comments),
    SHAPE_INNER(T, comment_form, &shape_comment_form),
    SHAPE_FIELD(T, text_chars));
#undef T

#define T struct post_delete_view
SHAPE(shape_post_delete_view, T, SHAPE_INNER(T, frame, &shape_frame),
    SHAPE_INNER(T, post, &shape_card));
#undef T

#define T struct profile_account
SHAPE(shape_profile_account, T, SHAPE_FIELD(T, name), SHAPE_FIELD(T, display),
    SHAPE_FIELD(T, bio), SHAPE_FIELD(T, picture), SHAPE_FIELD(T, initial),
    SHAPE_FIELD(T, hue), SHAPE_FIELD(T, posts), SHAPE_FIELD(T, followers),
    SHAPE_FIELD(T, following), SHAPE_FIELD(T, joined), SHAPE_FIELD(T, is_self),
    SHAPE_FIELD(T, is_followed), SHAPE_FIELD(T, is_asked),
    SHAPE_FIELD(T, is_private), SHAPE_FIELD(T, is_closed),
    SHAPE_FIELD(T, is_suspended));
#undef T

#define T struct profile_view
SHAPE(shape_profile_view, T, SHAPE_INNER(T, frame, &shape_frame),
    SHAPE_INNER(T, account, &shape_profile_account),
    SHAPE_LIST_OF(T, grid, &shape_tile), SHAPE_FIELD(T, next));
#undef T

#define T struct moderate_view
SHAPE(shape_moderate_view, T, SHAPE_INNER(T, frame, &shape_frame),
    SHAPE_FIELD(T, heading), SHAPE_INNER(T, owner, &shape_author),
    SHAPE_FIELD(T, text), SHAPE_FIELD(T, explanation), SHAPE_FIELD(T, action),
    SHAPE_FIELD(T, back), SHAPE_FIELD(T, is_lift), SHAPE_FIELD(T, button),
    SHAPE_INNER(T, reason, &shape_field), SHAPE_FIELD(T, reason_chars));
#undef T

#define T struct people_view
SHAPE(shape_people_view, T, SHAPE_INNER(T, frame, &shape_frame),
    SHAPE_FIELD(T, heading), SHAPE_INNER(T, owner, &shape_author),
    SHAPE_LIST_OF(T, accounts, &shape_person), SHAPE_FIELD(T, next));
#undef T

#define T struct request_item
SHAPE(shape_request_item, T, SHAPE_FIELD(T, name), SHAPE_FIELD(T, display),
    SHAPE_FIELD(T, picture), SHAPE_FIELD(T, initial), SHAPE_FIELD(T, hue),
    SHAPE_FIELD(T, bio), SHAPE_FIELD(T, created));
#undef T

#define T struct requests_view
SHAPE(shape_requests_view, T, SHAPE_INNER(T, frame, &shape_frame),
    SHAPE_LIST_OF(T, items, &shape_request_item), SHAPE_FIELD(T, next));
#undef T

#define T struct tag_view
SHAPE(shape_tag_view, T, SHAPE_INNER(T, frame, &shape_frame),
    SHAPE_FIELD(T, tag), SHAPE_FIELD(T, count), SHAPE_FIELD(T, is_more),
    SHAPE_LIST_OF(T, grid, &shape_tile), SHAPE_FIELD(T, next));
#undef T

#define T struct bookmarks_view
SHAPE(shape_bookmarks_view, T, SHAPE_INNER(T, frame, &shape_frame),
    SHAPE_LIST_OF(T, grid, &shape_tile), SHAPE_FIELD(T, next),
    SHAPE_FIELD(T, is_first));
#undef T

#define T struct notice
SHAPE(shape_notice, T, SHAPE_FIELD(T, is_unread), SHAPE_FIELD(T, is_like),
    SHAPE_FIELD(T, is_comment), SHAPE_FIELD(T, is_mention),
    SHAPE_FIELD(T, is_follow), SHAPE_FIELD(T, is_request),
    SHAPE_FIELD(T, is_accept), SHAPE_FIELD(T, is_many),
    SHAPE_INNER(T, author, &shape_author), SHAPE_FIELD(T, second),
    SHAPE_FIELD(T, others), SHAPE_FIELD(T, created), SHAPE_FIELD(T, to),
    SHAPE_FIELD(T, text), SHAPE_FIELD(T, has_post), SHAPE_FIELD(T, i),
    SHAPE_FIELD(T, has_webp), SHAPE_FIELD(T, colour), SHAPE_FIELD(T, words));
#undef T

#define T struct notifications_view
SHAPE(shape_notifications_view, T, SHAPE_INNER(T, frame, &shape_frame),
    SHAPE_LIST_OF(T, notices, &shape_notice), SHAPE_FIELD(T, next),
    SHAPE_FIELD(T, newest), SHAPE_FIELD(T, is_first));
#undef T

#define T struct search_tag
SHAPE(shape_search_tag, T, SHAPE_FIELD(T, tag), SHAPE_FIELD(T, url),
    SHAPE_FIELD(T, posts));
#undef T

#define T struct search_view
SHAPE(shape_search_view, T, SHAPE_INNER(T, frame, &shape_frame),
    SHAPE_FIELD(T, q), SHAPE_LIST_OF(T, accounts, &shape_person),
    SHAPE_LIST_OF(T, tags, &shape_search_tag), SHAPE_FIELD(T, is_empty));
#undef T

#define T struct profile_form
SHAPE(shape_profile_form, T, SHAPE_FIELD(T, action), SHAPE_FIELD(T, error),
    SHAPE_INNER(T, display, &shape_field), SHAPE_INNER(T, bio, &shape_field));
#undef T

#define T struct picture_form
SHAPE(shape_picture_form, T, SHAPE_FIELD(T, action), SHAPE_FIELD(T, error),
    SHAPE_INNER(T, file, &shape_field), SHAPE_FIELD(T, picture),
    SHAPE_FIELD(T, initial), SHAPE_FIELD(T, hue));
#undef T

#define T struct password_form
SHAPE(shape_password_form, T, SHAPE_FIELD(T, action), SHAPE_FIELD(T, error),
    SHAPE_INNER(T, current, &shape_field),
    SHAPE_INNER(T, password, &shape_field),
    SHAPE_INNER(T, again, &shape_field));
#undef T

#define T struct privacy_form
SHAPE(shape_privacy_form, T, SHAPE_FIELD(T, action), SHAPE_FIELD(T, error),
    SHAPE_FIELD(T, is_private));
#undef T

#define T struct settings_view
SHAPE(shape_settings_view, T, SHAPE_INNER(T, frame, &shape_frame),
    SHAPE_INNER(T, profile_form, &shape_profile_form),
    SHAPE_FIELD(T, bio_chars),
    SHAPE_INNER(T, picture_form, &shape_picture_form),
    SHAPE_FIELD(T, max_megabytes), SHAPE_FIELD(T, max_bytes),
    SHAPE_FIELD(T, can_be_private),
    SHAPE_INNER(T, privacy_form, &shape_privacy_form),
    SHAPE_INNER(T, password_form, &shape_password_form),
    SHAPE_FIELD(T, contact));
#undef T

#define T struct token_form
SHAPE(shape_token_form, T, SHAPE_FIELD(T, error), SHAPE_FIELD(T, key),
    SHAPE_INNER(T, name, &shape_field), SHAPE_FIELD(T, can_read),
    SHAPE_FIELD(T, can_write), SHAPE_FIELD(T, can_upload),
    SHAPE_FIELD(T, may_moderate), SHAPE_FIELD(T, can_moderate),
    SHAPE_FIELD(T, scopes_error));
#undef T

#define T struct token_item
SHAPE(shape_token_item, T, SHAPE_FIELD(T, name), SHAPE_FIELD(T, can_read),
    SHAPE_FIELD(T, can_write), SHAPE_FIELD(T, can_upload),
    SHAPE_FIELD(T, can_moderate), SHAPE_FIELD(T, is_idle),
    SHAPE_FIELD(T, created), SHAPE_FIELD(T, is_used), SHAPE_FIELD(T, used),
    SHAPE_FIELD(T, revoke));
#undef T

#define T struct tokens_view
SHAPE(shape_tokens_view, T, SHAPE_INNER(T, frame, &shape_frame),
    SHAPE_FIELD(T, fresh), SHAPE_INNER(T, form, &shape_token_form),
    SHAPE_LIST_OF(T, items, &shape_token_item));
#undef T

#define T struct api_call
SHAPE(shape_api_call, T, SHAPE_FIELD(T, method), SHAPE_FIELD(T, pattern),
    SHAPE_FIELD(T, scope), SHAPE_FIELD(T, summary), SHAPE_FIELD(T, sends));
#undef T

#define T struct api_view
SHAPE(shape_api_view, T, SHAPE_INNER(T, frame, &shape_frame),
    SHAPE_FIELD(T, url), SHAPE_FIELD(T, most),
    SHAPE_LIST_OF(T, calls, &shape_api_call));
#undef T

#define T struct status_part
SHAPE(shape_status_part, T, SHAPE_FIELD(T, name), SHAPE_FIELD(T, what),
    SHAPE_FIELD(T, is_fine));
#undef T

#define T struct status_incident
SHAPE(shape_status_incident, T, SHAPE_FIELD(T, id), SHAPE_FIELD(T, title),
    SHAPE_FIELD(T, severity), SHAPE_FIELD(T, heading), SHAPE_FIELD(T, began),
    SHAPE_FIELD(T, ended), SHAPE_FIELD(T, is_over),
    SHAPE_LIST_OF(T, notes, &shape_api_note));
#undef T

#define T struct status_view
SHAPE(shape_status_view, T, SHAPE_INNER(T, frame, &shape_frame),
    SHAPE_FIELD(T, is_fine), SHAPE_FIELD(T, summary),
    SHAPE_LIST_OF(T, parts, &shape_status_part),
    SHAPE_LIST_OF(T, incidents, &shape_status_incident),
    SHAPE_FIELD(T, checked));
#undef T

#define T struct plot
SHAPE(shape_plot, T, SHAPE_FIELD(T, title), SHAPE_FIELD(T, now),
    SHAPE_FIELD(T, change), SHAPE_FIELD(T, has_line), SHAPE_FIELD(T, top),
    SHAPE_FIELD(T, middle), SHAPE_FIELD(T, bottom), SHAPE_FIELD(T, first),
    SHAPE_FIELD(T, last), SHAPE_FIELD(T, first_words),
    SHAPE_FIELD(T, last_words), SHAPE_FIELD(T, line), SHAPE_FIELD(T, area),
    SHAPE_FIELD(T, other), SHAPE_FIELD(T, name), SHAPE_FIELD(T, other_name),
    SHAPE_FIELD(T, other_now));
#undef T

#define T struct admin_span
SHAPE(shape_admin_span, T, SHAPE_FIELD(T, label), SHAPE_FIELD(T, url),
    SHAPE_FIELD(T, is_chosen));
#undef T

#define T struct admin_row
SHAPE(shape_admin_row, T, SHAPE_FIELD(T, at), SHAPE_FIELD(T, people),
    SHAPE_FIELD(T, active), SHAPE_FIELD(T, posts), SHAPE_FIELD(T, comments),
    SHAPE_FIELD(T, likes), SHAPE_FIELD(T, follows), SHAPE_FIELD(T, bytes));
#undef T

#define T struct admin_backup
SHAPE(shape_admin_backup, T, SHAPE_FIELD(T, is_there), SHAPE_FIELD(T, started),
    SHAPE_FIELD(T, ended), SHAPE_FIELD(T, is_running), SHAPE_FIELD(T, is_good),
    SHAPE_FIELD(T, message), SHAPE_FIELD(T, good_at), SHAPE_FIELD(T, bytes));
#undef T

#define T struct admin_deed
SHAPE(shape_admin_deed, T, SHAPE_FIELD(T, at), SHAPE_FIELD(T, actor),
    SHAPE_FIELD(T, what), SHAPE_FIELD(T, account), SHAPE_FIELD(T, reason));
#undef T

#define T struct admin_times
SHAPE(shape_admin_times, T, SHAPE_FIELD(T, title), SHAPE_FIELD(T, count),
    SHAPE_FIELD(T, half), SHAPE_FIELD(T, most), SHAPE_FIELD(T, is_slower),
    SHAPE_FIELD(T, bars), SHAPE_FIELD(T, first), SHAPE_FIELD(T, last));
#undef T

#define T struct admin_class
SHAPE(shape_admin_class, T, SHAPE_FIELD(T, name), SHAPE_FIELD(T, count),
    SHAPE_FIELD(T, is_bad));
#undef T

#define T struct admin_view
SHAPE(shape_admin_view, T, SHAPE_INNER(T, frame, &shape_frame),
    SHAPE_FIELD(T, span), SHAPE_LIST_OF(T, spans, &shape_admin_span),
    SHAPE_LIST_OF(T, plots, &shape_plot), SHAPE_LIST_OF(T, pulse, &shape_plot),
    SHAPE_FIELD(T, has_history), SHAPE_FIELD(T, has_pulse),
    SHAPE_LIST_OF(T, rows, &shape_admin_row),
    SHAPE_LIST_OF(T, times, &shape_admin_times),
    SHAPE_LIST_OF(T, classes, &shape_admin_class), SHAPE_FIELD(T, due),
    SHAPE_FIELD(T, later), SHAPE_FIELD(T, given_up), SHAPE_FIELD(T, oldest),
    SHAPE_INNER(T, backup, &shape_admin_backup),
    SHAPE_LIST_OF(T, deeds, &shape_admin_deed));
#undef T

#define T struct incident_form
SHAPE(shape_incident_form, T, SHAPE_FIELD(T, action), SHAPE_FIELD(T, error),
    SHAPE_FIELD(T, key), SHAPE_FIELD(T, is_new),
    SHAPE_INNER(T, title, &shape_field), SHAPE_FIELD(T, is_maintenance),
    SHAPE_FIELD(T, is_degraded), SHAPE_FIELD(T, is_outage),
    SHAPE_FIELD(T, severity_error), SHAPE_INNER(T, began, &shape_field),
    SHAPE_INNER(T, ended, &shape_field), SHAPE_INNER(T, body, &shape_field),
    SHAPE_FIELD(T, title_chars), SHAPE_FIELD(T, body_chars));
#undef T

#define T struct incident_view
SHAPE(shape_incident_view, T, SHAPE_INNER(T, frame, &shape_frame),
    SHAPE_FIELD(T, heading), SHAPE_INNER(T, form, &shape_incident_form));
#undef T

#define T struct text_view
SHAPE(shape_text_view, T, SHAPE_INNER(T, frame, &shape_frame),
    SHAPE_FIELD(T, keeps_originals), SHAPE_FIELD(T, terms_version),
    SHAPE_FIELD(T, contact));
#undef T

#define T struct typed
SHAPE(shape_typed, T, SHAPE_FIELD(T, number), SHAPE_FIELD(T, label),
    SHAPE_FIELD(T, text));
#undef T

#define T struct error_view
SHAPE(shape_error_view, T, SHAPE_INNER(T, frame, &shape_frame),
    SHAPE_FIELD(T, status), SHAPE_FIELD(T, heading), SHAPE_FIELD(T, text),
    SHAPE_FIELD(T, retry_after), SHAPE_FIELD(T, needs_login),
    SHAPE_FIELD(T, reference), SHAPE_LIST_OF(T, typed, &shape_typed));
#undef T

const struct tpl_source models[] = {
    {"home", &shape_home_view},
    {"public", &shape_public_view},
    {"login", &shape_login_view},
    {"register", &shape_register_view},
    {"forgot", &shape_forgot_view},
    {"reset", &shape_reset_view},
    {"post_new", &shape_post_new_view},
    {"post_show", &shape_post_show_view},
    {"post_delete", &shape_post_delete_view},
    {"profile", &shape_profile_view},
    {"moderate", &shape_moderate_view},
    {"people", &shape_people_view},
    {"requests", &shape_requests_view},
    {"tag", &shape_tag_view},
    {"bookmarks", &shape_bookmarks_view},
    {"notifications", &shape_notifications_view},
    {"search", &shape_search_view},
    {"settings", &shape_settings_view},
    {"tokens", &shape_tokens_view},
    {"api", &shape_api_view},
    {"terms", &shape_text_view},
    {"privacy", &shape_text_view},
    {"status", &shape_status_view},
    {"incident", &shape_incident_view},
    {"admin", &shape_admin_view},
    {"error", &shape_error_view},
};

const size_t models_count = sizeof(models) / sizeof(models[0]);
