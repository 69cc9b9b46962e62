/* Likes and their counter. */
#include "domain/like.h"

#include "../helper/stage.h"
#include "domain/post.h"

static int64_t people[4], post, likes;

static void
start(void)
{
	stage_start();
	people[0] = stage_account("ann");
	people[1] = stage_account("bob");
	people[2] = stage_account("eve");
	people[3] = stage_account("joe");
	post = stage_post(people[0], "x");
}

TestSuite(like, .init = start, .fini = stage_end);

static enum err
add(int64_t who)
{
	return like_add(&stage.site, kit_arena, who, post, &likes);
}

static enum err
take_back(int64_t who)
{
	return like_remove(&stage.site, kit_arena, who, post, &likes);
}

/* The counter says what the rows say. */
static void
assert_likes(int64_t expected)
{
	ASSERT_INT(stage_count("SELECT count(*) FROM liking"), expected);
	ASSERT_INT(stage_count("SELECT likes FROM post WHERE id = %lld",
		       (long long)post),
	    expected);
}

Test(like, is_counted)
{
	ASSERT_OK(add(people[1]));
	ASSERT_INT(likes, 1);
	ASSERT_OK(add(people[2]));
	ASSERT_INT(likes, 2);
	assert_likes(2);
}

Test(like, given_twice_is_one)
{
	ASSERT_OK(add(people[1]));
	ASSERT_OK(add(people[1]));
	ASSERT_INT(likes, 1);
	assert_likes(1);
}

Test(like, taken_back_is_gone)
{
	ASSERT_OK(add(people[1]));
	ASSERT_OK(add(people[2]));
	ASSERT_OK(take_back(people[1]));
	ASSERT_INT(likes, 1);
	assert_likes(1);
}

Test(like, taken_back_twice_changes_nothing_more)
{
	ASSERT_OK(add(people[1]));
	ASSERT_OK(take_back(people[2]));
	ASSERT_OK(take_back(people[2]));
	ASSERT_INT(likes, 1);
	assert_likes(1);
}

Test(like, needs_a_post_that_is_there)
{
	int64_t there = post;

	post += 77;
	ASSERT_ERR(add(people[1]), ERR_ABSENT);
	ASSERT_ERR(take_back(people[1]), ERR_ABSENT);
	post = there;
	ASSERT_OK(post_delete(&stage.site, kit_arena, people[0], post));
	ASSERT_ERR(add(people[1]), ERR_ABSENT);
	ASSERT_ERR(take_back(people[1]), ERR_ABSENT);
	assert_likes(0);
}

static enum err
like_often(struct site *site, struct arena *a, int i)
{
	int64_t count;

	for (int k = 0; k < 15; k++) {
		TRY(like_add(site, a, people[i], post, &count));
		TRY(like_remove(site, a, people[i], post, &count));
		TRY(like_add(site, a, people[i], post, &count));
	}
	return OK;
}

Test(like, of_many_at_once_is_counted_right)
{
	enum err errors[4];

	stage_at_once(4, like_often, errors);
	for (int i = 0; i < 4; i++)
		ASSERT_OK(errors[i]);
	assert_likes(4);
}

static enum err
waver(struct site *site, struct arena *a, int i)
{
	int64_t count;

	for (int k = 0; k < 15; k++)
		if ((i + k) % 2 == 0)
			TRY(like_add(site, a, people[1], post, &count));
		else
			TRY(like_remove(site, a, people[1], post, &count));
	return OK;
}

Test(like, of_one_from_many_windows_is_counted_right)
{
	enum err errors[4];

	stage_at_once(4, waver, errors);
	for (int i = 0; i < 4; i++)
		ASSERT_OK(errors[i]);
	assert_likes(stage_count("SELECT count(*) FROM liking"));
}
