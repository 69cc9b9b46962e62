/* Logging in, and changing the password. */
#include "domain/account.h"
#include "domain/guess.h"
#include "domain/session.h"

#include "../helper/stage.h"

static int64_t ann, account;

static struct when password_of;

static void
start(void)
{
	stage_start();
	ann = stage_account("ann");
	account = 0;
}

TestSuite(log_in, .init = start, .fini = stage_end);

static enum err
log_in_from(const char *client, struct str who, struct str password)
{
	struct account_login login = {who, password, str_from(client)};

	return account_log_in(
	    &stage.site, kit_arena, &login, &account, &password_of);
}

static enum err
log_in(struct str who, struct str password)
{
	return log_in_from("192.0.2.1", who, password);
}

static void
is_ann(struct str who)
{
	account = 0;
	ASSERT_OK(log_in(who, STR(STAGE_PASSWORD)));
	ASSERT_INT(account, ann);
}

static int64_t
failures(void)
{
	return stage_count("SELECT count(*) FROM login_failure");
}

Test(log_in, takes_the_name_or_the_address_in_any_case)
{
	is_ann(STR("ann"));
	is_ann(STR("ANN"));
	is_ann(STR("ann@example.org"));
	is_ann(STR("Ann@Example.Org"));
}

Test(log_in, a_name_goes_before_an_address_of_the_same_letters)
{
	int64_t bob = stage_account("bob");

	stage_run(
	    "UPDATE account SET email = 'ann' WHERE id = %lld", (long long)bob);
	is_ann(STR("ann"));
}

Test(log_in, a_wrong_password_and_an_unknown_name_are_the_same_answer)
{
	ASSERT_ERR(log_in(STR("ann"), STR("three purple cats")), ERR_INPUT);
	ASSERT_ERR(log_in(STR("eve"), STR(STAGE_PASSWORD)), ERR_INPUT);
	ASSERT_ERR(log_in(STR(""), STR("")), ERR_INPUT);
	ASSERT_INT(account, 0);
	ASSERT_INT(failures(), 3);
}

/* As in password.c: with parameters that argon2 refuses a hash fails. */
Test(log_in, an_unknown_name_costs_a_hash_too)
{
	stage.conf.argon2_memory_kib = 1;
	ASSERT_ERR(log_in(STR("eve"), STR(STAGE_PASSWORD)), ERR_MEMORY);
}

Test(log_in, a_password_is_never_cut)
{
	struct account_password_change c = {.current = STR(STAGE_PASSWORD)};
	struct account_password_complaints said;
	char text[129];

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + i % 7);
	c.password = c.again = (struct str){text, 128};
	ASSERT_OK(
	    account_change_password(&stage.site, kit_arena, ann, &c, &said));
	ASSERT_OK(log_in(STR("ann"), (struct str){text, 128}));
	ASSERT_ERR(log_in(STR("ann"), (struct str){text, 129}), ERR_INPUT);
	ASSERT_ERR(log_in(STR("ann"), (struct str){text, 127}), ERR_INPUT);
}

Test(log_in, rests_after_ten_failures_also_for_the_right_password)
{
	for (int i = 0; i < GUESS_TRIES; i++)
		ASSERT_ERR(
		    log_in(i % 2 ? STR("ann") : STR("ANN"), STR("wrong")),
		    ERR_INPUT);
	ASSERT_ERR(log_in(STR("ann"), STR(STAGE_PASSWORD)), ERR_TOO_MANY);
	ASSERT_INT(account, 0);
	ASSERT_INT(failures(), GUESS_TRIES);
}

Test(log_in, an_unknown_name_rests_too)
{
	for (int i = 0; i < GUESS_TRIES; i++)
		ASSERT_ERR(log_in(STR("eve"), STR("wrong")), ERR_INPUT);
	ASSERT_ERR(log_in(STR("eve"), STR("wrong")), ERR_TOO_MANY);
}

Test(log_in, one_name_that_rests_does_not_stop_another)
{
	stage_run("INSERT INTO login_failure (name_key, network) "
		  "SELECT 'eve', '192.0.2.1' FROM generate_series(1, 20)");
	is_ann(STR("ann"));
}

Test(log_in, a_stranger_elsewhere_cannot_lock_somebody_out)
{
	for (int i = 0; i <= GUESS_TRIES; i++)
		(void)log_in_from("198.51.100.7", STR("ann"), STR("wrong"));
	ASSERT_ERR(log_in_from("198.51.100.7", STR("ann"), STR(STAGE_PASSWORD)),
	    ERR_TOO_MANY);
	is_ann(STR("ann"));
	/* And her success does not give the stranger new tries. */
	ASSERT_ERR(log_in_from("198.51.100.7", STR("ann"), STR("wrong")),
	    ERR_TOO_MANY);
}

Test(log_in, guesses_from_everywhere_stop_in_the_end)
{
	stage_run("INSERT INTO login_failure (name_key, network) "
		  "SELECT 'ann', '203.0.113.' || n "
		  "FROM generate_series(1, 100) n");
	ASSERT_ERR(log_in(STR("ann"), STR(STAGE_PASSWORD)), ERR_TOO_MANY);
}

Test(log_in, the_addresses_of_one_ipv6_subscriber_count_as_one)
{
	struct guess one, same, other;

	ASSERT_OK(guess_make(kit_arena, STR(""), STR("2001:db8::1"), &one));
	ASSERT_OK(guess_make(kit_arena, STR(""), STR("2001:db8::ff:2"), &same));
	ASSERT_OK(
	    guess_make(kit_arena, STR(""), STR("2001:db8:0:1::1"), &other));
	cr_assert(str_equal(one.network, same.network));
	cr_assert(!str_equal(one.network, other.network));
}

Test(log_in, a_name_without_end_is_as_wrong_as_any)
{
	static char text[60000];

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + i * i * 7 % 26);
	ASSERT_ERR(
	    log_in((struct str){text, sizeof(text)}, STR("x")), ERR_INPUT);
	ASSERT_INT(failures(), 1);
}

Test(log_in, is_possible_again_after_a_quarter_of_an_hour)
{
	stage_run("INSERT INTO login_failure SELECT 'ann', '192.0.2.1', "
		  "now() - interval '14 min' FROM generate_series(1, 10)");
	ASSERT_ERR(log_in(STR("ann"), STR(STAGE_PASSWORD)), ERR_TOO_MANY);
	stage_run("UPDATE login_failure SET at = now() - interval '16 min'");
	is_ann(STR("ann"));
}

Test(log_in, success_forgets_the_failures_of_the_name)
{
	ASSERT_ERR(log_in(STR("ann"), STR("wrong")), ERR_INPUT);
	ASSERT_ERR(log_in(STR("eve"), STR("wrong")), ERR_INPUT);
	is_ann(STR("ann"));
	ASSERT_INT(failures(), 1);
}

Test(log_in, failures_are_let_go_after_a_day)
{
	stage_run("INSERT INTO login_failure VALUES "
		  "('bob', '', now() - interval '25 h')");
	ASSERT_ERR(log_in(STR("eve"), STR("wrong")), ERR_INPUT);
	ASSERT_INT(failures(), 1);
}

Test(log_in, renews_the_hash_when_the_parameters_have_changed)
{
	stage.conf.argon2_passes = 2;
	is_ann(STR("ann"));
	ASSERT_INT(stage_count("SELECT count(*) FROM account WHERE "
			       "password_hash LIKE '$argon2id$v=19$m=64,t=2,"
			       "p=1$%%'"),
	    1);
	is_ann(STR("ann"));
}

Test(log_in, leaves_a_hash_of_the_present_parameters_alone)
{
	struct str before = stage_rows();

	is_ann(STR("ann"));
	cr_assert(str_equal(before, stage_rows()));
}

Test(log_in, succeeds_also_where_the_hash_cannot_be_renewed)
{
	stage.conf.argon2_memory_kib = 1;
	is_ann(STR("ann"));
	ASSERT_HAS(kit_log(), "password not rehashed");
}

Test(log_in, is_busy_while_the_queue_is_full_and_that_is_no_failure)
{
	stage.conf.hashes = 0;
	stage.conf.hash_queue = 0;
	ASSERT_ERR(log_in(STR("ann"), STR(STAGE_PASSWORD)), ERR_BUSY);
	ASSERT_INT(failures(), 0);
}

static struct account_password_complaints faults;

static enum err
change(const char *current, const char *password, const char *again)
{
	struct account_password_change c = {
	    .current = str_from(current),
	    .password = str_from(password),
	    .again = str_from(again),
	    .name = STR("ann"),
	    .email = STR("ann@example.org"),
	};

	return account_change_password(
	    &stage.site, kit_arena, ann, &c, &faults);
}

Test(log_in, a_changed_password_is_the_only_one)
{
	ASSERT_OK(
	    change(STAGE_PASSWORD, "seven green cats", "seven green cats"));
	ASSERT_ERR(log_in(STR("ann"), STR(STAGE_PASSWORD)), ERR_INPUT);
	ASSERT_OK(log_in(STR("ann"), STR("seven green cats")));
}

Test(log_in, a_password_changes_for_who_knows_the_current_one)
{
	ASSERT_ERR(
	    change("wrong", "seven green cats", "seven green cats"), ERR_INPUT);
	ASSERT_STR(faults.current, "That is not your current password.");
	is_ann(STR("ann"));
}

Test(log_in, who_guesses_the_current_password_must_rest_too)
{
	for (int i = 0; i < GUESS_TRIES; i++)
		ASSERT_ERR(
		    change("wrong", "seven green cats", "seven green cats"),
		    ERR_INPUT);
	ASSERT_ERR(
	    change(STAGE_PASSWORD, "seven green cats", "seven green cats"),
	    ERR_TOO_MANY);
}

Test(log_in, a_changed_password_ends_every_session_of_the_account)
{
	int64_t bob = stage_account("bob");
	struct str token;

	ASSERT_OK(session_start(&stage.site, kit_arena, ann, NULL, &token));
	ASSERT_OK(session_start(&stage.site, kit_arena, bob, NULL, &token));
	ASSERT_ERR(
	    change("wrong", "seven green cats", "seven green cats"), ERR_INPUT);
	ASSERT_INT(stage_count("SELECT count(*) FROM session"), 2);
	ASSERT_OK(
	    change(STAGE_PASSWORD, "seven green cats", "seven green cats"));
	ASSERT_INT(stage_count("SELECT count(*) FROM session"), 1);
}

Test(log_in, a_new_password_obeys_the_rules)
{
	ASSERT_ERR(change(STAGE_PASSWORD, "password", "passwort"), ERR_INPUT);
	ASSERT_HAS(faults.password, "guessed first");
	ASSERT_HAS(faults.again, "differ");
	ASSERT_STR(faults.current, "");
	ASSERT_ERR(change(STAGE_PASSWORD, "ann@example.org", "ann@example.org"),
	    ERR_INPUT);
	ASSERT_HAS(faults.password, "too easy to guess");
	is_ann(STR("ann"));
}

static enum err
change_to(struct site *site, struct arena *a, int i)
{
	struct account_password_complaints said;
	struct account_password_change c = {.current = STR(STAGE_PASSWORD)};

	TRY(arena_printf(a, &c.password, "password of %d", i));
	c.again = c.password;
	return account_change_password(site, a, ann, &c, &said);
}

Test(log_in, of_two_who_change_it_at_once_one_does)
{
	enum err errors[4];
	int changed = 0;

	stage_at_once(4, change_to, errors);
	for (int i = 0; i < 4; i++) {
		changed += errors[i] == OK;
		cr_assert(errors[i] == OK || errors[i] == ERR_INPUT ||
			  errors[i] == ERR_CONFLICT);
	}
	ASSERT_INT(changed, 1);
}

Test(log_in, that_checked_a_former_password_begins_no_session)
{
	struct str token;

	ASSERT_OK(log_in(STR("ann"), STR(STAGE_PASSWORD)));
	ASSERT_OK(
	    session_start(&stage.site, kit_arena, ann, &password_of, &token));
	stage_run("UPDATE account SET password_changed_at = now()");
	ASSERT_ERR(
	    session_start(&stage.site, kit_arena, ann, &password_of, &token),
	    ERR_ABSENT);
	ASSERT_INT(stage_count("SELECT count(*) FROM session"), 1);
}
