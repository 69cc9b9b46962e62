/* Links for a forgotten password: made, found, used once. */
#include "domain/reset.h"

#include "../helper/stage.h"
#include "domain/account.h"
#include "domain/moderate.h"
#include "domain/rules.h"
#include "domain/session.h"

#include <string.h>

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

/* ---- by mail ---- */

static enum err
ask(struct str who)
{
	struct str complaint;
	enum err e = reset_ask(&stage.site, kit_arena, who, &complaint);

	cr_assert_eq(e == ERR_INPUT, complaint.len > 0);
	return e;
}

static bool
is_due(struct str who, struct reset_mail *mail)
{
	bool is = false;

	ASSERT_OK(reset_mail_make(&stage.site, kit_arena, who, mail, &is));
	return is;
}

/* The token of a link that was mailed. */
static struct str
mailed(struct str who)
{
	struct reset_mail mail;

	cr_assert(is_due(who, &mail));
	ASSERT_OK(reset_mail_done(&stage.site, kit_arena, &mail));
	(void)str_cut(&mail.address, '=');
	return mail.address;
}

static void
pass(const char *time)
{
	stage_run("UPDATE reset_link SET made_at = made_at - interval '%s', "
		  "ends_at = ends_at - interval '%s'",
	    time, time);
}

Test(reset, who_asks_leaves_a_job_whoever_exists)
{
	ASSERT_OK(ask(STR(" ann ")));
	ASSERT_OK(ask(STR("nobody@nowhere.example")));
	ASSERT_INT(stage_count("SELECT count(*) FROM job WHERE "
			       "kind = 'reset_mail' AND detail IN ('ann', "
			       "'nobody@nowhere.example')"),
	    2);
	ASSERT_INT(stage_count("SELECT count(*) FROM reset_link"), 0);
}

Test(reset, who_asks_twice_leaves_one_job)
{
	ASSERT_OK(ask(STR("ann")));
	ASSERT_OK(ask(STR("ann")));
	ASSERT_INT(stage_count("SELECT count(*) FROM job"), 1);
	stage_run("UPDATE job SET failed_at = now()");
	ASSERT_OK(ask(STR("ann")));
	ASSERT_INT(stage_count("SELECT count(*) FROM job"), 2);
}

Test(reset, what_is_no_name_is_refused)
{
	char long_name[RULES_EMAIL_MAX_BYTES + 1];

	memset(long_name, 'a', sizeof(long_name));
	ASSERT_ERR(ask(STR("  ")), ERR_INPUT);
	ASSERT_ERR(ask((struct str){long_name, sizeof(long_name)}), ERR_INPUT);
	ASSERT_OK(ask((struct str){long_name, sizeof(long_name) - 1}));
}

Test(reset, those_who_wait_are_bounded)
{
	stage_run("INSERT INTO job (kind, subject, detail) SELECT "
		  "'reset_mail', 0, 'n' || n FROM generate_series(1, %d) n",
	    RESET_WAITING_MAX - 1);
	ASSERT_OK(ask(STR("ann")));
	ASSERT_ERR(ask(STR("bob")), ERR_BUSY);
	ASSERT_OK(ask(STR("ann")));
	ASSERT_INT(stage_count("SELECT count(*) FROM job"), RESET_WAITING_MAX);
}

Test(reset, a_mail_is_for_the_address_of_who_is_meant)
{
	struct reset_mail mail;

	(void)stage_account("bob");
	cr_assert(is_due(STR("Ann"), &mail));
	ASSERT_INT(mail.account, ann);
	ASSERT_STR(mail.name, "ann");
	ASSERT_STR(mail.email, "ann@example.org");
	cr_assert(is_due(STR("ANN@example.org"), &mail));
	ASSERT_INT(mail.account, ann);
	cr_assert_not(is_due(STR("nobody"), &mail));
}

Test(reset, what_the_simulator_registered_gets_no_mail)
{
	struct reset_mail mail;

	stage_run("UPDATE account SET is_simulated = true WHERE id = %lld",
	    (long long)ann);
	cr_assert_not(is_due(STR("ann"), &mail));
}

Test(reset, a_link_works_when_its_mail_is_on_its_way)
{
	struct str before = fresh(ann), token;
	struct reset_mail mail;

	pass("16 minutes");
	cr_assert(is_due(STR("ann"), &mail));
	cr_assert(works(before));
	token = mailed(STR("ann"));
	cr_assert(works(token));
	cr_assert_not(works(before));
	ASSERT_OK(use(token, NEXT));
}

Test(reset, a_second_mail_takes_a_quarter_of_an_hour)
{
	struct reset_mail mail;

	(void)mailed(STR("ann"));
	pass("14 minutes");
	cr_assert_not(is_due(STR("ann"), &mail));
	pass("2 minutes");
	cr_assert(is_due(STR("ann"), &mail));
}

Test(reset, after_three_mails_in_a_row_a_day_must_pass)
{
	struct reset_mail mail;

	for (int i = 0; i < 3; i++) {
		(void)mailed(STR("ann"));
		pass("20 hours");
	}
	cr_assert_not(is_due(STR("ann"), &mail));
	pass("5 hours");
	(void)mailed(STR("ann"));
	pass("16 minutes");
	cr_assert(is_due(STR("ann"), &mail));
}
