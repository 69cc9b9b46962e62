/* The handlers of all pages, for the route table. */
#ifndef PIXLPIX_PAGES_HANDLERS_H
#define PIXLPIX_PAGES_HANDLERS_H

#include "pages/page.h"

/* timeline.c */
page_handler page_home;
page_handler page_public;
page_handler page_tag;

/* bookmark.c */
page_handler page_bookmarks;
page_handler page_bookmark_send;
page_handler page_unbookmark_send;

/* notify.c */
page_handler page_notifications;
page_handler page_notifications_read_send;

/* search.c */
page_handler page_search;

/* health.c */
page_handler page_health_live;
page_handler page_health_ready;

/* join.c */
page_handler page_register;
page_handler page_register_send;
page_handler page_login;
page_handler page_login_send;
page_handler page_forgot;
page_handler page_forgot_send;
page_handler page_reset;
page_handler page_reset_send;
page_handler page_logout_send;

/* post_new.c */
page_handler page_post_new;
page_handler page_post_new_send;

/* original.c */
page_handler page_original;

/* post.c */
page_handler page_post;
page_handler page_post_delete;
page_handler page_post_delete_send;
page_handler page_comment_send;
page_handler page_comment_delete_send;
page_handler page_like_send;
page_handler page_unlike_send;

/* moderate.c */
page_handler page_moderate_post;
page_handler page_moderate_post_send;
page_handler page_moderate_comment;
page_handler page_moderate_comment_send;
page_handler page_moderate_account;
page_handler page_moderate_account_send;

/* profile.c */
page_handler page_profile;
page_handler page_followers;
page_handler page_following;
page_handler page_follow_send;
page_handler page_unfollow_send;

/* settings.c */
page_handler page_settings;
page_handler page_settings_send;
page_handler page_picture_send;
page_handler page_picture_remove_send;
page_handler page_password_send;
page_handler page_private_send;

/* requests.c */
page_handler page_requests;
page_handler page_request_accept_send;
page_handler page_request_decline_send;
page_handler page_follower_remove_send;

/* private.c */
page_handler page_private_image;
page_handler api_private_image;

/* original.c */
page_handler api_original;

/* tokens.c */
page_handler page_tokens;
page_handler page_tokens_send;
page_handler page_token_revoke_send;

/* api_read.c */
page_handler api_me;
page_handler api_home;
page_handler api_bookmarks;
page_handler api_notifications;
page_handler api_public;
page_handler api_tag_posts;
page_handler api_account;
page_handler api_account_posts;
page_handler api_followers;
page_handler api_following;
page_handler api_post;
page_handler api_comments;
page_handler api_search;
page_handler api_requests;

/* api_write.c */
page_handler api_me_edit;
page_handler api_password;
page_handler api_picture;
page_handler api_picture_remove;
page_handler api_follow;
page_handler api_unfollow;
page_handler api_request_accept;
page_handler api_request_decline;
page_handler api_follower_remove;
page_handler api_post_make;
page_handler api_post_delete;
page_handler api_like;
page_handler api_unlike;
page_handler api_bookmark;
page_handler api_notifications_read;
page_handler api_unbookmark;
page_handler api_comment_make;
page_handler api_comment_delete;

/* api_moderate.c */
page_handler api_post_remove;
page_handler api_comment_remove;
page_handler api_standing;
page_handler api_suspend;
page_handler api_lift;
page_handler api_moderation;
page_handler api_incidents;
page_handler api_incident_open;
page_handler api_incident_change;

/* api_openapi.c */
page_handler api_openapi;

/* api_doc.c */
page_handler page_api;

/* admin.c */
page_handler page_admin;

/* status.c */
page_handler page_status;
page_handler page_incident_new;
page_handler page_incident_new_send;
page_handler page_incident;
page_handler page_incident_send;

/* about.c */
page_handler page_terms;
page_handler page_privacy;

/* The simulator's interface. */
page_handler sim_latest;
page_handler sim_register;
page_handler sim_messages;
page_handler sim_account_messages;
page_handler sim_message_send;
page_handler sim_follows;
page_handler sim_follow_send;

#endif
