/* Tokens for programs: made, known again, counted and ended. */
#include "domain/token.h"

#include "../helper/stage.h"
#include "domain/account.h"

static int64_t ann;

static void
start(void)
{
	stage_start();
	ann = stage_account("ann");
}

TestSuite(token, .init = start, .fini = stage_end);

static struct token_draft
draft_of(int64_t account)
{
	return (struct token_draft){.account = account,
	    .name = STR("my script"),
	    .can_read = true,
	    .form_key = stage_key()};
}

static struct str
make(const struct token_draft *draft)
{
	struct token_complaints faults;
	struct str token;

	ASSERT_OK(token_make(&stage.site, kit_arena, draft, &faults, &token));
	return token;
}

static struct str
fresh(int64_t account)
{
	struct token_draft draft = draft_of(account);

	return make(&draft);
}

static enum err
enter(struct str token, struct sql_token_enter_row *row)
{
	return token_enter(&stage.site, kit_arena, token, row);
}

Test(token, stands_for_its_account_and_its_scopes)
{
	struct token_draft draft = draft_of(ann);
	struct sql_token_enter_row row;
	struct str token;

	draft.can_upload = true;
	token = make(&draft);
	ASSERT_INT((long long)token.len, TOKEN_CHARS);
	ASSERT_OK(enter(token, &row));
	ASSERT_INT(row.account, ann);
	ASSERT_STR(row.name, "ann");
	cr_assert(row.can_read && row.can_upload && !row.can_write);
}

Test(token, the_table_holds_no_token)
{
	struct str token = fresh(ann);

	ASSERT_INT(stage_count("SELECT count(*) FROM token t WHERE t::text "
			       "LIKE '%%%.*s%%'",
		       STR_ARG(str_slice(token, 4, 20))),
	    0);
	ASSERT_INT(stage_count("SELECT count(*) FROM token WHERE token_hash = "
			       "sha256('%.*s')",
		       STR_ARG(token)),
	    1);
}

Test(token, whatever_else_is_shown_is_nobodys)
{
	struct str token = fresh(ann), wrong;
	struct sql_token_enter_row row;

	ASSERT_OK(arena_printf(kit_arena, &wrong, "%.*sA",
	    STR_ARG(str_slice(token, 0, token.len - 1))));
	if (str_equal(wrong, token))
		ASSERT_OK(arena_printf(kit_arena, &wrong, "%.*sE",
		    STR_ARG(str_slice(token, 0, token.len - 1))));
	ASSERT_ERR(enter(wrong, &row), ERR_LOGIN);
	ASSERT_ERR(enter(STR(""), &row), ERR_LOGIN);
	ASSERT_ERR(enter((struct str){0}, &row), ERR_LOGIN);
	ASSERT_ERR(enter(str_slice(token, 4, token.len), &row), ERR_LOGIN);
}

Test(token, the_calls_of_a_minute_are_counted_and_the_next_begins_anew)
{
	struct str token = fresh(ann), other = fresh(ann);
	struct sql_token_enter_row row;

	ASSERT_OK(enter(token, &row));
	ASSERT_OK(enter(token, &row));
	ASSERT_INT(row.calls, 2);
	cr_assert(row.seconds_left > 50 && row.seconds_left <= 60);
	ASSERT_OK(enter(other, &row));
	ASSERT_INT(row.calls, 1);
	stage_run("UPDATE token SET minute_at = now() - interval '61 s'");
	ASSERT_OK(enter(token, &row));
	ASSERT_INT(row.calls, 1);
}

Test(token, notes_when_it_was_used_last)
{
	struct sql_token_enter_row row;
	struct str token = fresh(ann);

	ASSERT_INT(
	    stage_count("SELECT count(*) FROM token WHERE used_at IS NULL"), 1);
	ASSERT_OK(enter(token, &row));
	ASSERT_INT(stage_count("SELECT count(*) FROM token WHERE used_at > "
			       "now() - interval '1 min'"),
	    1);
}

Test(token, the_same_form_makes_one_and_shows_it_once)
{
	struct token_draft draft = draft_of(ann);

	cr_assert_gt(make(&draft).len, 0);
	cr_assert_eq(make(&draft).len, 0);
	ASSERT_INT(stage_count("SELECT count(*) FROM token"), 1);
}

Test(token, needs_a_name_and_something_that_it_may_do)
{
	struct token_draft draft = draft_of(ann);
	struct token_complaints faults;
	struct str token;

	draft.name = STR("");
	draft.can_read = false;
	ASSERT_ERR(token_make(&stage.site, kit_arena, &draft, &faults, &token),
	    ERR_INPUT);
	cr_assert(faults.name.len > 0 && faults.scopes.len > 0);
	draft.name = STR("a name of far more than the fifty characters that "
			 "there is room for");
	draft.can_read = true;
	ASSERT_ERR(token_make(&stage.site, kit_arena, &draft, &faults, &token),
	    ERR_INPUT);
	cr_assert(faults.name.len > 0 && faults.scopes.len == 0);
	ASSERT_INT(stage_count("SELECT count(*) FROM token"), 0);
}

Test(token, nobody_has_more_than_fifty)
{
	struct token_draft draft = draft_of(ann);
	struct token_complaints faults;
	struct str token;

	stage_run("INSERT INTO token (account_id, name, token_hash, can_read, "
		  "can_write, can_upload, form_key) SELECT %lld, 'x', "
		  "sha256(n::text::bytea), true, false, false, n::text FROM "
		  "generate_series(1, 50) n",
	    (long long)ann);
	ASSERT_ERR(token_make(&stage.site, kit_arena, &draft, &faults, &token),
	    ERR_INPUT);
	cr_assert_gt(faults.whole.len, 0);
	(void)fresh(stage_account("bob"));
}

Test(token, ends_when_its_owner_revokes_it_and_for_nobody_else)
{
	struct str token = fresh(ann);
	int64_t bob = stage_account("bob");
	int64_t id = stage_count("SELECT id FROM token");
	struct sql_token_enter_row row;

	ASSERT_ERR(token_revoke(&stage.site, kit_arena, bob, id), ERR_ABSENT);
	ASSERT_OK(enter(token, &row));
	ASSERT_OK(token_revoke(&stage.site, kit_arena, ann, id));
	ASSERT_ERR(enter(token, &row), ERR_LOGIN);
	ASSERT_ERR(token_revoke(&stage.site, kit_arena, ann, id), ERR_ABSENT);
}

Test(token, ends_with_the_password)
{
	struct account_password_change change = {
	    .current = STR(STAGE_PASSWORD),
	    .password = STR("another four odd words"),
	    .again = STR("another four odd words"),
	    .name = STR("ann"),
	    .email = STR("ann@example.org"),
	    .client = STR("192.0.2.1"),
	};
	struct account_password_complaints complaints;
	struct str token = fresh(ann), others = fresh(stage_account("bob"));
	struct sql_token_enter_row row;

	ASSERT_OK(account_change_password(
	    &stage.site, kit_arena, ann, &change, &complaints));
	ASSERT_ERR(enter(token, &row), ERR_LOGIN);
	ASSERT_OK(enter(others, &row));
}

Test(token, ends_with_its_account)
{
	struct str token = fresh(ann);
	struct sql_token_enter_row row;

	stage_run("DELETE FROM account WHERE id = %lld", (long long)ann);
	ASSERT_ERR(enter(token, &row), ERR_LOGIN);
}
