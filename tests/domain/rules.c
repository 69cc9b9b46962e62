/* What people may enter, sentence by sentence. */
#include "domain/rules.h"

#include "../helper/kit.h"

#include <string.h>

TestSuite(rules, .init = kit_start, .fini = kit_end);

static struct str
repeated(const char *what, size_t count)
{
	struct buf b = {0};
	struct str out;

	for (size_t i = 0; i < count; i++)
		buf_put(&b, str_from(what));
	ASSERT_OK(arena_copy(kit_arena, buf_str(&b), &out));
	buf_free(&b);
	return out;
}

static struct str
password(struct str text)
{
	return rules_check_password(
	    kit_exact(text), STR("annabella"), STR("ann.o@example.org"));
}

static struct str
text(struct str s, int64_t max_chars, bool may_be_empty)
{
	struct str complaint = STR("untouched");

	ASSERT_OK(rules_check_text(
	    kit_arena, s, max_chars, may_be_empty, &complaint));
	return complaint;
}

Test(rules, a_name_is_kept_trimmed_and_in_lower_case)
{
	struct str out;

	ASSERT_OK(rules_fold_name(kit_arena, STR(" Ann_7\n"), &out));
	ASSERT_STR(out, "ann_7");
	ASSERT_OK(rules_fold_name(kit_arena, STR("\xc3\x84Z"), &out));
	ASSERT_STR(out, "\xc3\x84z");
	ASSERT_OK(rules_fold_name(kit_arena, (struct str){0}, &out));
	ASSERT_STR(out, "");
}

Test(rules, a_name_that_memory_does_not_hold_is_an_error)
{
	struct arena *a = arena_make(0);
	struct str out;

	ASSERT_ERR(rules_fold_name(a, STR("ann"), &out), ERR_MEMORY);
	arena_free(a);
}

Test(rules, good_names_pass)
{
	ASSERT_STR(rules_check_name(STR("ann")), "");
	ASSERT_STR(rules_check_name(STR("a_1")), "");
	ASSERT_STR(rules_check_name(STR("___")), "");
	ASSERT_STR(rules_check_name(STR("123")), "");
	ASSERT_STR(rules_check_name(repeated("a", 30)), "");
	ASSERT_STR(rules_check_name(STR("admins")), "");
}

Test(rules, a_name_must_be_given)
{
	ASSERT_STR(rules_check_name((struct str){0}), "Choose a username.");
}

Test(rules, a_name_has_letters_digits_and_underscores_alone)
{
	static const char *const names[] = {"Ann", "an n", "an-n", "an.n",
	    "\xc3\xa4nn", "ann@", "ann/", "a\x7fn", "<b>"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		ASSERT_STR(rules_check_name(str_from(names[i])),
		    "Use only the letters a to z, digits and the underscore.");
	ASSERT_HAS(rules_check_name(STR("an\0n")), "Use only");
}

Test(rules, a_name_has_three_to_thirty_characters)
{
	ASSERT_STR(rules_check_name(STR("an")),
	    "That is too short: use 3 characters or more.");
	ASSERT_STR(rules_check_name(repeated("a", 31)),
	    "That is too long: use at most 30 characters.");
}

Test(rules, names_of_the_site_are_kept)
{
	static const char *const names[] = {"admin", "login", "register",
	    "settings", "static", "pixlpix", "tag", "new", "search", "public",
	    "terms", "privacy", "logout", "comment", "root", "support"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		ASSERT_STR(rules_check_name(str_from(names[i])),
		    "This name is kept for the site itself. Please choose "
		    "another.");
}

Test(rules, good_addresses_pass)
{
	ASSERT_STR(rules_check_email(STR("a@b.cd")), "");
	ASSERT_STR(
	    rules_check_email(STR("ann.o'neil+pix@mail.example.org")), "");
	ASSERT_STR(rules_check_email(STR("\xc3\xa4@\xc3\xb6.example")), "");
}

Test(rules, an_address_must_be_given)
{
	ASSERT_STR(
	    rules_check_email((struct str){0}), "Enter your email address.");
}

Test(rules, an_address_has_no_spaces_commas_or_brackets)
{
	static const char *const addresses[] = {"a b@c.de", "a@b.cd\n",
	    "<a@b.cd>", "a@b.cd,e@f.gh", "a\t@b.cd", "a\x7f@b.cd"};

	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++)
		ASSERT_STR(rules_check_email(str_from(addresses[i])),
		    "An email address has no spaces, commas or angle "
		    "brackets.");
}

Test(rules, an_address_is_whole)
{
	static const char *const addresses[] = {"ann", "@b.cd", "ann@",
	    "ann@host", "ann@.de", "ann@host.", "ann@a..b", "a@b@c.de"};

	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++)
		ASSERT_STR(rules_check_email(kit_exact(str_from(addresses[i]))),
		    "Enter a whole email address, such as name@example.org.");
}

Test(rules, an_address_has_at_most_254_bytes)
{
	struct str local = repeated("a", 242);

	ASSERT_STR(
	    rules_check_email(kit_text("%.*s@example.org", STR_ARG(local))),
	    "");
	ASSERT_STR(
	    rules_check_email(kit_text("%.*sb@example.org", STR_ARG(local))),
	    "That is too long for an email address.");
}

Test(rules, a_display_name_turns_no_text_round)
{
	cr_expect_gt(rules_check_display(STR("Ann\xe2\x80\xae mid")).len, 0);
	cr_expect_gt(rules_check_display(STR("\xe2\x81\xa6 Ann")).len, 0);
	cr_expect_eq(rules_check_display(STR("\xe2\x80\x99 Ann")).len, 0);
}

Test(rules, a_display_name_can_be_seen)
{
	static const struct str unseen[] = {STR(" "), STR("\xe2\x80\x8b"),
	    STR("\xe2\x80\x8d \xe2\x80\x8d"), STR("\xc2\xad"),
	    STR("\xe3\x85\xa4"), STR("\xef\xbb\xbf"),
	    STR("\xe2\xa0\x80\xe2\xa0\x80"), STR("\xef\xb8\x8f"),
	    STR("\xf3\xa0\x81\xa1"), STR("\xe2\x81\xa0"), STR("\xe2\x80\xaf")};

	for (size_t i = 0; i < sizeof(unseen) / sizeof(unseen[0]); i++)
		ASSERT_STR(rules_check_display(unseen[i]),
		    "Enter the name that people shall see.");
	ASSERT_STR(rules_check_display(STR("\xe2\x80\x8b"
					   "a")),
	    "");
	/* A flag, a family, and a sign of emphasis. */
	ASSERT_STR(rules_check_display(STR("\xe2\x9d\xa4\xef\xb8\x8f")), "");
	ASSERT_STR(rules_check_display(STR("\xe2\x80\xbc")), "");
}

Test(rules, a_display_name_is_one_line_of_50_characters)
{
	ASSERT_STR(
	    rules_check_display(STR("\xc3\x84nn O'Neil \xf0\x9f\x93\xb7")), "");
	ASSERT_STR(rules_check_display(repeated("\xc3\xa4", 50)), "");
	ASSERT_STR(rules_check_display(repeated("\xc3\xa4", 51)),
	    "That is too long: use at most 50 characters.");
	ASSERT_STR(rules_check_display((struct str){0}),
	    "Enter the name that people shall see.");
	ASSERT_STR(rules_check_display(STR("Ann\nO'Neil")),
	    "A name is one line without control characters.");
	ASSERT_STR(rules_check_display(STR("Ann\x7f")),
	    "A name is one line without control characters.");
}

Test(rules, a_text_is_counted_in_characters)
{
	ASSERT_STR(text(repeated("\xf0\x9f\x93\xb7", 10), 10, true), "");
	ASSERT_STR(text(repeated("\xf0\x9f\x93\xb7", 11), 10, true),
	    "That is 11 characters; please shorten it to 10.");
}

Test(rules, a_text_may_be_empty_only_where_that_is_said)
{
	ASSERT_STR(text(STR(""), 10, true), "");
	ASSERT_STR(text(STR(" \n "), 10, true), "");
	ASSERT_STR(text(STR(""), 10, false), "Write something first.");
	ASSERT_STR(text(STR(" \n "), 10, false), "Write something first.");
	ASSERT_STR(text(STR("x"), 10, false), "");
}

Test(rules, good_passwords_pass)
{
	ASSERT_STR(password(STR("three purple owls")), "");
	ASSERT_STR(password(STR("x7 \n\xff\0 y")), "");
	ASSERT_STR(password(repeated("ab7z", 32)), "");
	ASSERT_STR(password(STR("12345679x")), "");
}

Test(rules, a_password_has_8_to_128_bytes)
{
	ASSERT_STR(password(STR("x7!k2 z")),
	    "A password needs at least 8 characters.");
	ASSERT_STR(password((struct str){0}),
	    "A password needs at least 8 characters.");
	ASSERT_STR(password(repeated("x7!k2 zq1", 15)),
	    "A password may be at most 128 bytes long.");
}

Test(rules, common_passwords_are_refused_in_every_case)
{
	static const char *const words[] = {"password", "PassWord",
	    "password123!", "qwertyuiop", "iloveyou2", "Letmein2024!!",
	    "trustno1", "correcthorsebatterystaple"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		ASSERT_HAS(password(str_from(words[i])),
		    "This is one of the passwords that are guessed first.");
}

Test(rules, rows_of_characters_are_refused)
{
	static const char *const words[] = {"12345678", "1234567890",
	    "87654321", "aaaaaaaaaa", "abcdefghijk", "zyxwvuts", "!!!!!!!!",
	    "31415926", "7777777!"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		ASSERT_HAS(password(str_from(words[i])),
		    "This is one of the passwords that are guessed first.");
}

Test(rules, ones_own_names_are_no_password)
{
	static const char *const words[] = {
	    "annabella", "AnnaBella", "ann.o@example.org"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		ASSERT_STR(password(str_from(words[i])),
		    "Your name or address is too easy to guess as a "
		    "password.");
	ASSERT_STR(rules_check_password(STR("ann.oneil"), STR("ann"),
		       STR("Ann.Oneil@example.org")),
	    "Your name or address is too easy to guess as a password.");
}
