/* Tokens, and who they stand for. */
#include "domain/session.h"

#include "../helper/stage.h"
#include "base/digest.h"
#include "store/sql.h"

static int64_t ann;

static void
start(void)
{
	stage_start();
	ann = stage_account("ann");
}

TestSuite(session, .init = start, .fini = stage_end);

static struct str
log_in(int64_t account)
{
	struct str token;

	ASSERT_OK(session_start(&stage.site, kit_arena, account, NULL, &token));
	return token;
}

static struct sql_viewer_find_row
viewer_of(struct str token)
{
	struct sql_viewer_find_row row;

	ASSERT_OK(
	    session_ask_viewer(&stage.site, kit_arena, token, true, &row));
	ASSERT_OK(db_sync(stage.site.db, kit_arena));
	return row;
}

Test(session, a_token_stands_for_the_account)
{
	struct str token = log_in(ann);
	struct sql_viewer_find_row row = viewer_of(token);

	ASSERT_INT((long long)token.len, SESSION_TOKEN_CHARS);
	ASSERT_INT(row.account, ann);
	ASSERT_STR(row.name, "ann");
	cr_assert(!row.is_stale && row.picture.len == 0);
}

Test(session, every_login_has_a_token_of_its_own)
{
	cr_assert(!str_equal(log_in(ann), log_in(ann)));
	ASSERT_INT(stage_count("SELECT count(*) FROM session"), 2);
}

Test(session, the_table_holds_the_hash_of_the_token_alone)
{
	struct str token = log_in(ann), hex;
	unsigned char hash[DIGEST_BYTES];

	ASSERT_OK(digest_sha256(token, hash));
	ASSERT_OK(digest_hex(
	    kit_arena, (struct str){(const char *)hash, sizeof(hash)}, &hex));
	ASSERT_INT(stage_count("SELECT count(*) FROM session WHERE "
			       "encode(token_hash, 'hex') = '%.*s'",
		       STR_ARG(hex)),
	    1);
	ASSERT_INT(stage_count("SELECT count(*) FROM session s WHERE "
			       "s::text LIKE '%%%.*s%%'",
		       STR_ARG(token)),
	    0);
}

Test(session, what_stands_in_the_table_is_no_token)
{
	struct str token = log_in(ann), hex;
	unsigned char hash[DIGEST_BYTES];

	ASSERT_OK(digest_sha256(token, hash));
	ASSERT_OK(digest_hex(
	    kit_arena, (struct str){(const char *)hash, sizeof(hash)}, &hex));
	ASSERT_INT(viewer_of(hex).account, 0);
	ASSERT_INT(
	    viewer_of((struct str){(const char *)hash, sizeof(hash)}).account,
	    0);
}

Test(session, no_token_and_a_wrong_one_stand_for_nobody)
{
	(void)log_in(ann);
	ASSERT_INT(viewer_of((struct str){0}).account, 0);
	ASSERT_INT(viewer_of(STR("")).account, 0);
	ASSERT_INT(viewer_of(STR("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"))
		       .account,
	    0);
}

Test(session, ends_when_it_is_ended)
{
	struct str token = log_in(ann), other = log_in(ann);

	ASSERT_OK(session_end(&stage.site, kit_arena, token));
	ASSERT_INT(viewer_of(token).account, 0);
	ASSERT_INT(viewer_of(other).account, ann);
	ASSERT_OK(session_end(&stage.site, kit_arena, token));
	ASSERT_OK(session_end(&stage.site, kit_arena, (struct str){0}));
}

Test(session, rows_of_what_has_ended_as_idle_go_with_a_new_one)
{
	struct str kept = log_in(stage_account("bob"));

	(void)log_in(ann);
	stage_run("UPDATE session SET seen_at = now() - interval '1 year' "
		  "WHERE account_id = %lld",
	    (long long)ann);
	(void)log_in(ann);
	ASSERT_INT(stage_count("SELECT count(*) FROM session"), 2);
	cr_assert_neq(viewer_of(kept).account, 0);
}

Test(session, ends_when_nobody_has_come_for_too_long)
{
	struct str token = log_in(ann);

	stage.conf.session_idle_minutes = 30;
	stage_run("UPDATE session SET seen_at = now() - interval '29 min'");
	ASSERT_INT(viewer_of(token).account, ann);
	stage_run("UPDATE session SET seen_at = now() - interval '31 min'");
	ASSERT_INT(viewer_of(token).account, 0);
}

Test(session, ends_for_good_however_often_somebody_comes)
{
	struct str token = log_in(ann);

	stage.conf.session_days = 2;
	stage_run("UPDATE session SET created_at = now() - interval '47 h'");
	ASSERT_INT(viewer_of(token).account, ann);
	stage_run("UPDATE session SET created_at = now() - interval '49 h'");
	ASSERT_OK(session_touch(&stage.site, kit_arena, token));
	ASSERT_INT(viewer_of(token).account, 0);
}

Test(session, a_visit_after_five_minutes_is_worth_a_note)
{
	struct str token = log_in(ann);

	stage_run("UPDATE session SET seen_at = now() - interval '6 min'");
	cr_assert(viewer_of(token).is_stale);
	ASSERT_OK(session_touch(&stage.site, kit_arena, token));
	cr_assert(!viewer_of(token).is_stale);
	ASSERT_INT(stage_count("SELECT count(*) FROM session WHERE seen_at > "
			       "now() - interval '1 min'"),
	    1);
}

Test(session, ends_with_its_account)
{
	struct str token = log_in(ann);

	stage_run("DELETE FROM account WHERE id = %lld", (long long)ann);
	ASSERT_INT(viewer_of(token).account, 0);
}

/* A suspension ends all sessions; also one that came in between is nobody's. */
Test(session, of_a_suspended_account_stands_for_nobody)
{
	struct str token = log_in(ann);

	stage_run("UPDATE account SET suspended_at = now()");
	ASSERT_INT(viewer_of(token).account, 0);
	ASSERT_STR(viewer_of(token).viewer, "");
}

/* 100 stands for more than 99. */
Test(session, knows_how_many_ask_to_follow)
{
	struct str token = log_in(ann);
	int64_t bob = stage_account("bob"), cat = stage_account("cat");

	stage_run("INSERT INTO follow_request (follower_id, followed_id) "
		  "VALUES (%lld, %lld), (%lld, %lld), (%lld, %lld)",
	    (long long)bob, (long long)ann, (long long)cat, (long long)ann,
	    (long long)ann, (long long)bob);
	ASSERT_INT(viewer_of(token).requests, 0);
	stage_run("UPDATE account SET is_private = true WHERE name = 'ann'");
	ASSERT_INT(viewer_of(token).requests, 2);
	stage_run("UPDATE account SET suspended_at = now() WHERE name = 'bob'");
	ASSERT_INT(viewer_of(token).requests, 1);
}

Test(session, a_reading_page_cannot_write)
{
	struct str token = log_in(ann);
	struct sql_viewer_find_row row;
	struct sql_profile_update_in in = {ann, STR("Eve"), STR("")};

	ASSERT_OK(
	    session_ask_viewer(&stage.site, kit_arena, token, true, &row));
	sql_profile_update_ask(stage.site.db, &in, NULL);
	ASSERT_ERR(db_sync(stage.site.db, kit_arena), ERR_INTERNAL);
	ASSERT_OK(
	    session_ask_viewer(&stage.site, kit_arena, token, false, &row));
	sql_profile_update_ask(stage.site.db, &in, NULL);
	ASSERT_OK(db_sync(stage.site.db, kit_arena));
}

Test(session, whose_turn_it_was_is_forgotten_with_the_page)
{
	struct sql_settings_show_row row;

	(void)viewer_of(log_in(ann));
	ASSERT_ERR(
	    sql_settings_show(stage.site.db, kit_arena, &row), ERR_ABSENT);
}

Test(session, the_token_of_forms_belongs_to_the_cookie)
{
	struct str first, again, other;

	ASSERT_OK(session_csrf(kit_arena, STR("token one"), &first));
	ASSERT_OK(session_csrf(kit_arena, STR("token one"), &again));
	ASSERT_OK(session_csrf(kit_arena, STR("token two"), &other));
	ASSERT_INT((long long)first.len, 43);
	cr_assert(str_equal(first, again));
	cr_assert(!str_equal(first, other));
	cr_assert(!kit_has(first, "token"));
}

Test(session, no_row_is_made_for_an_account_that_is_none)
{
	struct str token = STR("untouched");

	ASSERT_ERR(
	    session_start(&stage.site, kit_arena, ann + 77, NULL, &token),
	    ERR_ABSENT);
	ASSERT_STR(token, "untouched");
}
