/* Signing, held to the cases that AWS publishes. */
#include "store/sigv4.h"

#include "../helper/kit.h"
#include "vectors.h"

#include <string.h>

TestSuite(sigv4, .init = kit_start, .fini = kit_end);

static const struct sigv4_keys keys = {.access_key = {"AKIDEXAMPLE", 11},
    .secret = {"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", 40},
    .region = {"us-east-1", 9},
    .service = {"service", 7}};

/* 2015-08-30T12:36:00Z */
static const struct when then = {INT64_C(1440938160000000)};

static size_t
count_pairs(const struct sigv4_pair *pairs, size_t max)
{
	size_t count = 0;

	while (count < max && pairs[count].name.at != NULL)
		count++;
	return count;
}

static struct sigv4_request
request_of(const struct vector *v)
{
	return (struct sigv4_request){.method = v->method,
	    .path = v->path,
	    .query = v->query,
	    .query_count = count_pairs(v->query, 4),
	    .headers = v->headers,
	    .header_count = count_pairs(v->headers, 6),
	    .payload = v->payload};
}

/* The pairs and one more. */
static const struct sigv4_pair *
with_pair(const struct sigv4_pair *pairs, size_t *count, struct str name,
    struct str value)
{
	struct sigv4_pair *all =
	    arena_array(kit_arena, *count + 1, sizeof(*all));

	memcpy(all, pairs, *count * sizeof(*all));
	all[(*count)++] = (struct sigv4_pair){name, value};
	return all;
}

Test(sigv4, signs_in_headers_as_published)
{
	for (size_t i = 0; i < vector_count; i++) {
		const struct vector *v = &vectors[i];
		struct sigv4_request r = request_of(v);
		struct sigv4_signed made;

		if (v->token.len > 0)
			r.headers = with_pair(r.headers, &r.header_count,
			    STR("X-Amz-Security-Token"), v->token);
		if (v->has_body)
			r.headers = with_pair(r.headers, &r.header_count,
			    STR("X-Amz-Content-Sha256"), v->payload);
		ASSERT_OK(sigv4_sign(kit_arena, &keys, &r, then, &made));
		ASSERT_STR(made.date, "20150830T123600Z");
		cr_expect(str_ends(made.authorization, str_from(v->in_headers)),
		    "%s", v->name);
	}
}

Test(sigv4, signs_in_the_query_as_published)
{
	for (size_t i = 0; i < vector_count; i++) {
		const struct vector *v = &vectors[i];
		struct sigv4_request r = request_of(v);
		struct str target;

		if (v->token.len > 0)
			r.query = with_pair(r.query, &r.query_count,
			    STR("X-Amz-Security-Token"), v->token);
		ASSERT_OK(
		    sigv4_presign(kit_arena, &keys, &r, then, 3600, &target));
		cr_expect(
		    str_ends(target, str_from(v->in_query)), "%s", v->name);
	}
}

Test(sigv4, writes_the_header_as_published)
{
	struct sigv4_request r = request_of(&vectors[0]);
	struct sigv4_signed made;

	ASSERT_OK(sigv4_sign(kit_arena, &keys, &r, then, &made));
	ASSERT_STR(made.authorization,
	    "AWS4-HMAC-SHA256 "
	    "Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
	    "SignedHeaders=host;my-header1;x-amz-date, "
	    "Signature="
	    "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea");
}

Test(sigv4, target_is_encoded_once_and_sorted)
{
	const struct sigv4_pair query[] = {
	    {STR("prefix"), STR("a/b c+~")}, {STR("acl"), STR("")}};
	const struct sigv4_pair host = {STR("Host"), STR("s3.example")};
	struct sigv4_request r = {.method = STR("GET"),
	    .path = STR("/images/../a(1) %20.jpg"),
	    .query = query,
	    .query_count = 2,
	    .headers = &host,
	    .header_count = 1,
	    .payload = SIGV4_EMPTY};
	struct sigv4_signed made;

	ASSERT_OK(sigv4_sign(kit_arena, &keys, &r, then, &made));
	ASSERT_STR(made.target,
	    "/images/../a%281%29%20%2520.jpg?acl=&prefix=a%2Fb%20c%2B~");
}

Test(sigv4, every_part_of_a_request_counts)
{
	const struct sigv4_pair host = {STR("Host"), STR("s3.example")};
	const struct sigv4_pair other = {STR("Host"), STR("s4.example")};
	const struct sigv4_pair query = {STR("a"), STR("b")};
	const struct sigv4_request plain = {.method = STR("GET"),
	    .path = STR("/"),
	    .headers = &host,
	    .header_count = 1,
	    .payload = SIGV4_EMPTY};
	struct sigv4_request requests[6];
	struct sigv4_signed made[6];

	for (size_t i = 0; i < 6; i++)
		requests[i] = plain;
	requests[1].method = STR("PUT");
	requests[2].path = STR("/a");
	requests[3].query = &query;
	requests[3].query_count = 1;
	requests[4].headers = &other;
	requests[5].payload = SIGV4_UNSIGNED;
	for (size_t i = 0; i < 6; i++) {
		ASSERT_OK(
		    sigv4_sign(kit_arena, &keys, &requests[i], then, &made[i]));
		for (size_t k = 0; k < i; k++)
			cr_assert(!str_equal(
			    made[i].authorization, made[k].authorization));
	}
}

Test(sigv4, what_is_past_its_limits_is_refused)
{
	struct sigv4_pair many[SIGV4_PAIRS_MAX + 1];
	char secret[SIGV4_SECRET_MAX_BYTES + 1];
	struct sigv4_request r = request_of(&vectors[0]);
	struct sigv4_keys other = keys;
	struct sigv4_signed made = {0};
	struct str target = {0};

	memset(secret, 'x', sizeof(secret));
	other.secret = (struct str){secret, sizeof(secret)};
	ASSERT_ERR(sigv4_sign(kit_arena, &other, &r, then, &made), ERR_INPUT);
	other.secret = (struct str){0};
	ASSERT_ERR(sigv4_sign(kit_arena, &other, &r, then, &made), ERR_INPUT);
	ASSERT_ERR(
	    sigv4_presign(kit_arena, &keys, &r, then, 0, &target), ERR_INPUT);
	ASSERT_ERR(sigv4_presign(kit_arena, &keys, &r, then,
		       SIGV4_EXPIRES_MAX_S + 1, &target),
	    ERR_INPUT);
	for (size_t i = 0; i < SIGV4_PAIRS_MAX + 1; i++)
		many[i] = (struct sigv4_pair){STR("a"), STR("b")};
	r.headers = many;
	r.header_count = SIGV4_PAIRS_MAX + 1;
	ASSERT_ERR(sigv4_sign(kit_arena, &keys, &r, then, &made), ERR_INPUT);
	cr_assert(made.target.at == NULL && target.at == NULL);
}
