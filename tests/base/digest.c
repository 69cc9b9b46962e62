/* Digests against published vectors. */
#include "base/digest.h"

#include "../helper/kit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TestSuite(digest, .init = kit_start, .fini = kit_end);

static struct str
hex(const unsigned char *bytes, size_t size)
{
	struct str out;

	ASSERT_OK(digest_hex(
	    kit_arena, (struct str){(const char *)bytes, size}, &out));
	return out;
}

static struct str
sha256(struct str data)
{
	unsigned char out[DIGEST_BYTES];
	struct str kept;

	ASSERT_OK(digest_sha256(kit_exact(data), out));
	ASSERT_OK(digest_kept(kit_arena, kit_exact(data), &kept));
	cr_assert(
	    str_equal(kept, (struct str){(const char *)out, sizeof(out)}));
	return hex(out, sizeof(out));
}

static struct str
hmac(struct str key, struct str data)
{
	unsigned char out[DIGEST_BYTES];

	ASSERT_OK(digest_hmac(kit_exact(key), kit_exact(data), out));
	return hex(out, sizeof(out));
}

static struct str
repeated(char c, size_t count)
{
	char *at = arena_alloc(kit_arena, count);

	cr_assert(at != NULL);
	memset(at, c, count);
	return (struct str){at, count};
}

static struct str
encode(struct str bytes)
{
	struct str out;

	ASSERT_OK(digest_base64url(kit_arena, kit_exact(bytes), &out));
	return out;
}

static struct str
decode(const char *text)
{
	struct str out;

	ASSERT_OK(
	    digest_from_base64url(kit_arena, kit_exact(str_from(text)), &out));
	return out;
}

static void
decode_refuses(const char *text)
{
	struct str out = STR("untouched");

	ASSERT_ERR(
	    digest_from_base64url(kit_arena, str_from(text), &out), ERR_INPUT);
	ASSERT_STR(out, "untouched");
}

/* FIPS 180-4, the examples that NIST publishes with it. */
Test(digest, sha256_gives_the_vectors_of_fips_180)
{
	ASSERT_STR(sha256(STR("")), "e3b0c44298fc1c149afbf4c8996fb924"
				    "27ae41e4649b934ca495991b7852b855");
	ASSERT_STR(sha256(STR("abc")), "ba7816bf8f01cfea414140de5dae2223"
				       "b00361a396177a9cb410ff61f20015ad");
	ASSERT_STR(sha256(STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlm"
			      "nomnopnopq")),
	    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	ASSERT_STR(sha256(repeated('a', 1000000)),
	    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

Test(digest, sha256_takes_every_byte)
{
	cr_assert(!str_equal(sha256(STR("a\0b")), sha256(STR("a"))));
}

/* RFC 4231 section 4. */
Test(digest, hmac_gives_the_vectors_of_rfc_4231)
{
	char counting[25];

	for (size_t i = 0; i < sizeof(counting); i++)
		counting[i] = (char)(i + 1);
	ASSERT_STR(hmac(repeated('\x0b', 20), STR("Hi There")),
	    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	ASSERT_STR(hmac(STR("Jefe"), STR("what do ya want for nothing?")),
	    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	ASSERT_STR(hmac(repeated('\xaa', 20), repeated('\xdd', 50)),
	    "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
	ASSERT_STR(hmac((struct str){counting, 25}, repeated('\xcd', 50)),
	    "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
}

Test(digest, hmac_takes_keys_longer_than_a_block)
{
	ASSERT_STR(hmac(repeated('\xaa', 131),
		       STR("Test Using Larger Than Block-Size Key - Hash Key "
			   "First")),
	    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
	ASSERT_STR(hmac(repeated('\xaa', 131),
		       STR("This is a test using a larger than block-size key "
			   "and a larger than block-size data. The key needs "
			   "to be hashed before being used by the HMAC "
			   "algorithm.")),
	    "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

Test(digest, hmac_takes_no_key_and_no_data)
{
	ASSERT_STR(hmac((struct str){0}, (struct str){0}),
	    "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

Test(digest, equal_looks_at_every_byte_and_the_length)
{
	cr_assert(digest_equal(STR("abc"), STR("abc")));
	cr_assert(digest_equal((struct str){0}, STR("")));
	cr_assert(!digest_equal(STR("abc"), STR("abd")));
	cr_assert(!digest_equal(STR("abc"), STR("xbc")));
	cr_assert(!digest_equal(STR("abc"), STR("ab")));
	cr_assert(!digest_equal(STR("a\0c"), STR("a\0d")));
}

/* RFC 4648 section 10, without padding. */
Test(digest, base64url_gives_the_vectors_of_rfc_4648)
{
	ASSERT_STR(encode(STR("")), "");
	ASSERT_STR(encode(STR("f")), "Zg");
	ASSERT_STR(encode(STR("fo")), "Zm8");
	ASSERT_STR(encode(STR("foo")), "Zm9v");
	ASSERT_STR(encode(STR("foob")), "Zm9vYg");
	ASSERT_STR(encode(STR("fooba")), "Zm9vYmE");
	ASSERT_STR(encode(STR("foobar")), "Zm9vYmFy");
}

/* Section 10. */
Test(digest, base64_gives_the_vectors_of_rfc_4648)
{
	static const char *const vectors[][2] = {{"", ""}, {"f", "Zg=="},
	    {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="},
	    {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"},
	    {"\xff\xfe", "//4="}};

	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		struct str out;

		ASSERT_OK(
		    digest_base64(kit_arena, str_from(vectors[i][0]), &out));
		cr_expect(str_equal(out, str_from(vectors[i][1])));
	}
}

Test(digest, base64url_has_the_alphabet_that_addresses_take)
{
	ASSERT_STR(encode(STR("\xfb\xff\xbf")), "-_-_");
	ASSERT_STR(encode(STR("\xff\xff\xff")), "____");
}

Test(digest, base64url_gives_every_byte_back)
{
	char bytes[256];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)i;
	for (size_t length = 0; length <= sizeof(bytes); length++) {
		struct str text = encode((struct str){bytes, length}), back;

		ASSERT_OK(digest_from_base64url(kit_arena, text, &back));
		cr_assert(str_equal(back, (struct str){bytes, length}));
	}
}

Test(digest, base64url_is_read_without_padding_alone)
{
	ASSERT_STR(decode("Zm9vYg"), "foob");
	decode_refuses("Zm9vYg==");
	decode_refuses("Zg=");
}

Test(digest, what_is_no_base64url_is_refused)
{
	decode_refuses("Zm9v+A");
	decode_refuses("Zm9v/A");
	decode_refuses("Zm 9v");
	decode_refuses("\xc3\xa4");
	decode_refuses("A");
	decode_refuses("Zm9vA");
}

Test(digest, hex_is_lower_case)
{
	ASSERT_STR(
	    hex((const unsigned char *)"\x00\x0f\xa5\xff", 4), "000fa5ff");
	ASSERT_STR(hex(NULL, 0), "");
}

Test(digest, texts_past_the_arenas_cap_are_refused)
{
	struct arena *a = arena_make(16);
	struct str out = STR("untouched");
	struct str bytes = repeated('x', 100);

	ASSERT_ERR(digest_base64url(a, bytes, &out), ERR_MEMORY);
	ASSERT_ERR(digest_from_base64url(a, bytes, &out), ERR_MEMORY);
	ASSERT_ERR(digest_hex(a, bytes, &out), ERR_MEMORY);
	ASSERT_STR(out, "untouched");
	arena_free(a);
}

Test(digest, wipe_leaves_nothing)
{
	char secret[] = "secret";

	digest_wipe(secret, sizeof(secret));
	for (size_t i = 0; i < sizeof(secret); i++)
		cr_assert(secret[i] == 0);
}

Test(digest, a_file_differs_from_one_that_is_longer_or_changed)
{
	char path[] = "/tmp/pixlpix-digest.XXXXXX";
	unsigned char one[DIGEST_BYTES], two[DIGEST_BYTES];
	static char zeros[3000000];
	int fd = mkstemp(path);

	cr_assert_geq(fd, 0);
	cr_assert_eq(unlink(path), 0);
	cr_assert_eq(write(fd, zeros, sizeof(zeros)), (ssize_t)sizeof(zeros));
	cr_assert_eq(digest_file(fd, one), OK);
	cr_assert_eq(digest_file(fd, two), OK);
	cr_assert_arr_eq(one, two, DIGEST_BYTES);
	cr_assert_eq(pwrite(fd, "x", 1, 1500000), 1);
	cr_assert_eq(digest_file(fd, two), OK);
	cr_assert_arr_neq(one, two, DIGEST_BYTES);
	cr_assert_eq(ftruncate(fd, 2000000), 0);
	cr_assert_eq(digest_file(fd, one), OK);
	cr_assert_arr_neq(one, two, DIGEST_BYTES);
	cr_assert_eq(close(fd), 0);
}
