/* Making an account. */
#include "domain/account.h"

#include "../helper/stage.h"

static struct account_joining form;
static struct account_complaints complaints;
static int64_t account;

static void
start(void)
{
	stage_start();
	form = (struct account_joining){
	    .name = STR("ann"),
	    .email = STR("Ann@Example.org"),
	    .display = STR("Ann O'Neil"),
	    .password = STR(STAGE_PASSWORD),
	    .again = STR(STAGE_PASSWORD),
	    .has_consented = true,
	    .terms = STR(ACCOUNT_TERMS_VERSION),
	    .form_key = STR("form-key-one"),
	};
	account = 0;
}

TestSuite(join, .init = start, .fini = stage_end);

static enum err
join(void)
{
	return account_join(
	    &stage.site, kit_arena, &form, &complaints, &account);
}

static int64_t
accounts(void)
{
	return stage_count("SELECT count(*) FROM account");
}

/* Refused, and no account is made. */
static void
is_refused(void)
{
	int64_t before = accounts();

	ASSERT_ERR(join(), ERR_INPUT);
	ASSERT_INT(accounts(), before);
}

Test(join, makes_an_account_with_what_was_typed)
{
	ASSERT_OK(join());
	ASSERT_INT(stage_count("SELECT count(*) FROM account WHERE id = %lld "
			       "AND name = 'ann' AND email = 'Ann@Example.org' "
			       "AND display = 'Ann O''Neil' AND bio = ''",
		       (long long)account),
	    1);
}

Test(join, keeps_version_and_time_of_the_consent)
{
	ASSERT_OK(join());
	ASSERT_INT(
	    stage_count("SELECT count(*) FROM account WHERE consent_version "
			"= '%s' AND consent_at > now() - interval '1 min'",
		ACCOUNT_TERMS_VERSION),
	    1);
}

Test(join, keeps_a_hash_and_never_the_password)
{
	ASSERT_OK(join());
	ASSERT_INT(stage_count("SELECT count(*) FROM account WHERE "
			       "password_hash LIKE '$argon2id$%%'"),
	    1);
	ASSERT_INT(stage_count("SELECT count(*) FROM account a WHERE "
			       "a::text LIKE '%%purple%%'"),
	    0);
	ASSERT_LACKS(kit_log(), "purple");
}

Test(join, every_broken_rule_has_its_complaint)
{
	form = (struct account_joining){.name = STR("a"),
	    .email = STR("b"),
	    .password = STR("c"),
	    .again = STR("d"),
	    .form_key = STR("key")};
	is_refused();
	ASSERT_HAS(complaints.name, "too short");
	ASSERT_HAS(complaints.email, "whole email address");
	ASSERT_HAS(complaints.display, "Enter the name");
	ASSERT_HAS(complaints.password, "at least 8");
	ASSERT_HAS(complaints.again, "differ");
	ASSERT_HAS(complaints.consent, "Without your consent");
}

Test(join, without_consent_there_is_no_account)
{
	form.has_consented = false;
	is_refused();
	ASSERT_HAS(complaints.consent, "Without your consent");
	ASSERT_STR(complaints.name, "");
}

Test(join, consent_to_older_terms_does_not_count)
{
	form.terms = STR("2020-01-01");
	is_refused();
	ASSERT_HAS(complaints.consent, "The terms have changed");
}

Test(join, a_second_password_that_differs_is_refused)
{
	form.again = STR(STAGE_PASSWORD "!");
	is_refused();
	ASSERT_HAS(complaints.again, "differ");
	ASSERT_STR(complaints.password, "");
}

Test(join, a_taken_name_is_refused)
{
	ASSERT_OK(join());
	form.email = STR("other@example.org");
	form.form_key = STR("form-key-two");
	is_refused();
	ASSERT_HAS(complaints.name, "taken");
	ASSERT_STR(complaints.email, "");
}

Test(join, a_name_that_differs_in_case_alone_is_taken)
{
	ASSERT_OK(join());
	stage_run("UPDATE account SET name = 'ANN'");
	form.email = STR("other@example.org");
	form.form_key = STR("form-key-two");
	is_refused();
	ASSERT_HAS(complaints.name, "taken");
}

Test(join, an_address_that_differs_in_case_alone_is_taken)
{
	ASSERT_OK(join());
	form.name = STR("bob");
	form.email = STR("ann@EXAMPLE.org");
	form.form_key = STR("form-key-two");
	is_refused();
	ASSERT_HAS(complaints.email, "There is an account with this address");
	ASSERT_STR(complaints.name, "");
}

Test(join, the_same_form_again_gives_the_same_account)
{
	int64_t first;

	ASSERT_OK(join());
	first = account;
	account = 0;
	ASSERT_OK(join());
	ASSERT_INT(account, first);
	ASSERT_INT(accounts(), 1);
}

Test(join, the_same_form_with_another_password_gives_nothing)
{
	ASSERT_OK(join());
	account = 0;
	form.password = form.again = STR("seven green cats");
	is_refused();
	ASSERT_HAS(complaints.name, "taken");
	ASSERT_INT(account, 0);
}

Test(join, the_same_form_with_another_name_gives_nothing)
{
	ASSERT_OK(join());
	account = 0;
	form.name = STR("bob");
	is_refused();
	ASSERT_INT(account, 0);
}

Test(join, nothing_happens_while_the_queue_of_hashes_is_full)
{
	struct site full = stage.site;
	struct conf conf = stage.conf;

	conf.hashes = 0;
	conf.hash_queue = 0;
	full.conf = &conf;
	ASSERT_ERR(account_join(&full, kit_arena, &form, &complaints, &account),
	    ERR_BUSY);
	ASSERT_INT(accounts(), 0);
}

/* All of them look whether the name is free before one has taken it. */
static enum err
join_as_ann(struct site *site, struct arena *a, int i)
{
	struct account_joining mine = form;
	struct account_complaints said;
	int64_t id;
	enum err e;

	TRY(arena_printf(a, &mine.form_key, "form-key-of-%d", i));
	TRY(arena_printf(a, &mine.email, "ann%d@example.org", i));
	e = account_join(site, a, &mine, &said, &id);
	return e == ERR_INPUT && said.name.len > 0 ? ERR_CONFLICT : e;
}

Test(join, of_many_who_want_a_name_at_once_one_gets_it)
{
	enum err errors[6];
	int made = 0, taken = 0;

	stage_at_once(6, join_as_ann, errors);
	for (int i = 0; i < 6; i++) {
		made += errors[i] == OK;
		taken += errors[i] == ERR_CONFLICT;
	}
	ASSERT_INT(made, 1);
	ASSERT_INT(taken, 5);
	ASSERT_INT(accounts(), 1);
}

static enum err
join_again(struct site *site, struct arena *a, int i)
{
	struct account_complaints said;
	int64_t id;

	(void)i;
	return account_join(site, a, &form, &said, &id);
}

Test(join, a_form_that_is_sent_twice_at_once_is_one_account_for_both)
{
	enum err errors[6];

	stage_at_once(6, join_again, errors);
	for (int i = 0; i < 6; i++)
		ASSERT_OK(errors[i]);
	ASSERT_INT(accounts(), 1);
}

Test(join, display_and_bio_can_be_edited)
{
	ASSERT_OK(join());
	ASSERT_OK(account_edit(
	    &stage.site, kit_arena, account, STR("Ann II"), STR("I <3 owls")));
	ASSERT_INT(stage_count("SELECT count(*) FROM account WHERE display = "
			       "'Ann II' AND bio = 'I <3 owls'"),
	    1);
}
