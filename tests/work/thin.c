/* When what is old goes. */
#include "work/thin.h"

#include "../helper/stage.h"
#include "base/clock.h"

TestSuite(thin, .init = stage_start, .fini = stage_end);

/* So many notifications of so many days ago. */
static void
tell(int count, int days)
{
	int64_t ann = stage_account("ann"), bob = stage_account("bob");

	stage_run("WITH made AS (INSERT INTO post (account_id) SELECT %lld "
		  "FROM generate_series(1, %d) RETURNING id) INSERT INTO "
		  "notification (account_id, kind, actor_id, post_id, "
		  "created_at) SELECT %lld, 'mention', %lld, id, now() - %d * "
		  "interval '1 day' FROM made",
	    (long long)bob, count, (long long)ann, (long long)bob, days);
}

static int64_t
left(void)
{
	return stage_count("SELECT count(*) FROM notification");
}

Test(thin, goes_on_until_nothing_old_is_left)
{
	struct thin t = {0};

	tell(1500, 91);
	ASSERT_OK(thin_keep(&stage.site, kit_arena, &t));
	ASSERT_INT(left(), 500);
	ASSERT_INT(stage_count("SELECT unread FROM inbox"), 500);
	ASSERT_OK(thin_keep(&stage.site, kit_arena, &t));
	ASSERT_INT(left(), 0);
	cr_assert(t.next_us > clock_monotonic_us());
}

Test(thin, leaves_what_is_younger)
{
	tell(3, 89);
	ASSERT_OK(thin_keep(&stage.site, kit_arena, &(struct thin){0}));
	ASSERT_INT(left(), 3);
}

Test(thin, looks_once_in_a_while)
{
	struct thin t = {0};

	ASSERT_OK(thin_keep(&stage.site, kit_arena, &t));
	tell(1, 91);
	ASSERT_OK(thin_keep(&stage.site, kit_arena, &t));
	ASSERT_INT(left(), 1);
	t.next_us = clock_monotonic_us();
	ASSERT_OK(thin_keep(&stage.site, kit_arena, &t));
	ASSERT_INT(left(), 0);
}
