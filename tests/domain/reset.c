/* Links for a forgotten password: made, found, used once. */
#include "domain/reset.h"

#include "../helper/stage.h"
#include "domain/account.h"
#include "domain/moderate.h"
#include "domain/session.h"

static int64_t ann;

static void
start(void)
{
	stage_start();
	ann = stage_account("ann");
}

TestSuite(reset, .init = start, .fini = stage_end);

#define NEXT STR("four orange kettles")

/* The token in the address of a new link. */
static struct str
fresh(int64_t account)
{
	struct str address, before;
	struct when ends;

	ASSERT_OK(reset_make(&stage.site, kit_arena, account, &address, &ends));
	before = str_cut(&address, '=');
	cr_assert(str_ends(before, STR("/reset?link")));
	ASSERT_INT((long long)address.len, 43);
	return address;
}

static enum err
use(struct str token, struct str password)
{
	struct reset_complaints complaints;

	return reset_use(
	    &stage.site, kit_arena, token, password, password, &complaints);
}

static bool
works(struct str token)
{
	struct sql_reset_link_find_row owner;

	return reset_find(&stage.site, kit_arena, token, &owner) == OK;
}

static long long
reset_count(void)
{
	return stage_count("SELECT count(*) FROM account WHERE "
			   "password_changed_at > created_at");
}

Test(reset, a_link_is_its_accounts)
{
	struct sql_reset_link_find_row owner;

	(void)fresh(stage_account("bob"));
	ASSERT_OK(reset_find(&stage.site, kit_arena, fresh(ann), &owner));
	ASSERT_INT(owner.account, ann);
	ASSERT_STR(owner.name, "ann");
}

Test(reset, the_table_holds_no_token)
{
	struct str token = fresh(ann);

	ASSERT_INT(stage_count("SELECT count(*) FROM reset_link l WHERE "
			       "l::text LIKE '%%%.*s%%'",
		       STR_ARG(str_slice(token, 4, 20))),
	    0);
	ASSERT_INT(stage_count("SELECT count(*) FROM reset_link WHERE "
			       "token_hash = sha256('%.*s')",
		       STR_ARG(token)),
	    1);
}

Test(reset, a_link_works_once)
{
	struct str token = fresh(ann);

	ASSERT_OK(use(token, NEXT));
	ASSERT_INT(reset_count(), 1);
	cr_assert(!works(token));
	ASSERT_ERR(use(token, STR("five yellow lamps")), ERR_ABSENT);
	ASSERT_INT(stage_count("SELECT count(*) FROM moderation WHERE "
			       "what = 'reset' AND account_id = %lld",
		       (long long)ann),
	    1);
}

static struct str at_once;

static enum err
use_it(struct site *site, struct arena *a, int i)
{
	struct reset_complaints complaints;

	(void)i;
	return reset_use(site, a, at_once, NEXT, NEXT, &complaints);
}

Test(reset, of_many_who_use_it_at_once_one_does)
{
	enum err errors[6];
	int good = 0;

	stage.conf.hash_queue = 100;
	at_once = fresh(ann);
	stage_at_once(6, use_it, errors);
	for (int i = 0; i < 6; i++) {
		good += errors[i] == OK;
		cr_assert(errors[i] == OK || errors[i] == ERR_ABSENT ||
			      errors[i] == ERR_BUSY,
		    "%s", err_name(errors[i]));
	}
	ASSERT_INT(good, 1);
}

Test(reset, sessions_and_tokens_of_the_account_end_and_no_others)
{
	int64_t bob = stage_account("bob");
	struct str session;

	ASSERT_OK(session_start(&stage.site, kit_arena, ann, NULL, &session));
	ASSERT_OK(session_start(&stage.site, kit_arena, bob, NULL, &session));
	stage_run("INSERT INTO token (account_id, name, token_hash, can_read, "
		  "can_write, can_upload, form_key) SELECT id, 'x', "
		  "sha256(name::bytea), true, true, true, 'k' FROM account");
	ASSERT_OK(use(fresh(ann), NEXT));
	ASSERT_INT(stage_count("SELECT count(*) FROM session WHERE "
			       "account_id = %lld",
		       (long long)ann),
	    0);
	ASSERT_INT(stage_count("SELECT count(*) FROM session WHERE "
			       "account_id = %lld",
		       (long long)bob),
	    1);
	ASSERT_INT(stage_count("SELECT count(*) FROM token"), 1);
}

Test(reset, a_link_ends_after_a_day)
{
	struct str token = fresh(ann);

	stage_run(
	    "UPDATE reset_link SET ends_at = ends_at - interval '23 hours'");
	cr_assert(works(token));
	stage_run(
	    "UPDATE reset_link SET ends_at = ends_at - interval '1 hour'");
	cr_assert(!works(token));
	ASSERT_ERR(use(token, NEXT), ERR_ABSENT);
	ASSERT_INT(reset_count(), 0);
}

Test(reset, a_new_link_is_the_end_of_the_one_before)
{
	struct str first = fresh(ann), second = fresh(ann);

	cr_assert(!works(first));
	cr_assert(works(second));
}

Test(reset, a_link_ends_when_its_owner_changes_the_password)
{
	struct account_password_change c = {.current = STR(STAGE_PASSWORD),
	    .password = NEXT,
	    .again = NEXT,
	    .name = STR("ann"),
	    .email = STR("ann@example.org")};
	struct account_password_complaints said;
	struct str of_ann = fresh(ann), of_bob = fresh(stage_account("bob"));

	ASSERT_OK(
	    account_change_password(&stage.site, kit_arena, ann, &c, &said));
	cr_assert_not(works(of_ann));
	cr_assert(works(of_bob));
}

Test(reset, a_link_ends_when_the_sysadmin_sets_a_password)
{
	struct sql_account_line_row row;
	struct str complaint, token = fresh(ann);

	ASSERT_OK(moderate_find(&stage.site, kit_arena, STR("ann"), &row));
	ASSERT_OK(
	    moderate_reset(&stage.site, kit_arena, &row, NEXT, &complaint));
	cr_assert_not(works(token));
}

Test(reset, a_bad_password_changes_nothing_and_the_link_goes_on)
{
	struct reset_complaints complaints;
	struct str token = fresh(ann);

	ASSERT_ERR(reset_use(&stage.site, kit_arena, token, STR("short"),
		       STR("other"), &complaints),
	    ERR_INPUT);
	cr_assert(complaints.password.len > 0 && complaints.again.len > 0);
	ASSERT_INT(reset_count(), 0);
	ASSERT_OK(use(token, NEXT));
}

Test(reset, what_is_no_token_is_nobodys)
{
	(void)fresh(ann);
	cr_assert(!works(STR("")));
	cr_assert(!works((struct str){0}));
	cr_assert(!works(STR("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")));
}

Test(reset, an_erased_account_takes_its_link_along)
{
	(void)fresh(ann);
	stage_run("DELETE FROM account WHERE id = %lld", (long long)ann);
	ASSERT_INT(stage_count("SELECT count(*) FROM reset_link"), 0);
}
