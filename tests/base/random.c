/* Random names. */
#include "base/random.h"

#include "../helper/kit.h"

#include <string.h>

TestSuite(random, .init = kit_start, .fini = kit_end);

static bool
is_made_of(struct str s, const char *alphabet)
{
	for (size_t i = 0; i < s.len; i++)
		if (strchr(alphabet, s.at[i]) == NULL)
			return false;
	return true;
}

Test(random, fills_every_byte)
{
	unsigned char seen[300] = {0}, bytes[300];

	/* A byte that stays 0 in 30 tries has not been filled. */
	for (int i = 0; i < 30; i++) {
		ASSERT_OK(random_bytes(bytes, sizeof(bytes)));
		for (size_t k = 0; k < sizeof(bytes); k++)
			seen[k] |= bytes[k];
	}
	for (size_t k = 0; k < sizeof(seen); k++)
		cr_assert(seen[k] != 0);
}

Test(random, fills_no_byte_more)
{
	unsigned char bytes[8] = {0};

	for (int i = 0; i < 30; i++)
		ASSERT_OK(random_bytes(bytes, 7));
	ASSERT_OK(random_bytes(bytes, 0));
	cr_assert(bytes[7] == 0);
}

Test(random, a_token_is_base64url_of_its_bytes)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijk"
				       "lmnopqrstuvwxyz0123456789-_";
	struct str token;

	ASSERT_OK(random_token(kit_arena, 32, &token));
	ASSERT_INT((long long)token.len, 43);
	cr_assert(is_made_of(token, alphabet));
	ASSERT_OK(random_token(kit_arena, 16, &token));
	ASSERT_INT((long long)token.len, 22);
	ASSERT_OK(random_token(kit_arena, 64, &token));
	ASSERT_INT((long long)token.len, 86);
}

Test(random, a_key_is_26_letters_that_are_safe_in_file_names)
{
	struct str key;

	for (int i = 0; i < 200; i++) {
		ASSERT_OK(random_key(kit_arena, &key));
		ASSERT_INT((long long)key.len, 26);
		cr_assert(is_made_of(key, "abcdefghijklmnopqrstuvwxyz234567"));
	}
}

Test(random, every_letter_comes_at_every_place)
{
	bool seen[26][128] = {{false}};
	struct str key;

	/* That one letter is missing at a place: 32 * 26 * (31/32)^2000. */
	for (int i = 0; i < 2000; i++) {
		ASSERT_OK(random_key(kit_arena, &key));
		for (size_t k = 0; k < key.len; k++)
			seen[k][(int)key.at[k]] = true;
	}
	for (size_t k = 0; k < 26; k++)
		for (const char *c = "abcdefghijklmnopqrstuvwxyz234567";
		     *c != '\0'; c++)
			cr_assert(seen[k][(int)*c]);
}

Test(random, no_two_are_alike)
{
	struct str keys[200], tokens[200];

	for (size_t i = 0; i < 200; i++) {
		ASSERT_OK(random_key(kit_arena, &keys[i]));
		ASSERT_OK(random_token(kit_arena, 16, &tokens[i]));
		for (size_t k = 0; k < i; k++) {
			cr_assert(!str_equal(keys[i], keys[k]));
			cr_assert(!str_equal(tokens[i], tokens[k]));
		}
	}
}

Test(random, a_full_arena_is_no_memory)
{
	struct arena *a = arena_make(16);
	struct str out = STR("untouched");

	ASSERT_ERR(random_key(a, &out), ERR_MEMORY);
	ASSERT_ERR(random_token(a, 32, &out), ERR_MEMORY);
	ASSERT_STR(out, "untouched");
	arena_free(a);
}
