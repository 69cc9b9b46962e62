/* Bringing what one store has into another. */
#include "store/transfer.h"
#include "wrapper.h"

#define KEY STR("abcdefghijklmnopqrstuvwxy2-l.jpg")
#define NEXT STR("bbcdefghijklmnopqrstuvwxy2-l.jpg")

static struct object_store *from, *to;
static struct wrapper broken;
static struct transfer_progress report;

static void
start(void)
{
	place_start();
	from = place_part(0);
	to = place_part(1);
}

static void
end(void)
{
	object_close(from);
	object_close(to);
	place_end();
}

TestSuite(transfer, .init = start, .fini = end, .timeout = 120);

static enum err
run(struct object_store *source, struct object_store *target, bool verifies)
{
	return transfer_run(source, target,
	    &(struct transfer_options){.verifies = verifies}, &report);
}

Test(transfer, of_nothing_is_nothing)
{
	ASSERT_OK(run(from, to, false));
	ASSERT_INT(report.objects, 0);
	ASSERT_INT(report.copied, 0);
}

Test(transfer, brings_each_object_into_the_same_space)
{
	ASSERT_OK(place_put_in(from, OBJECT_PUBLIC, KEY, "public"));
	ASSERT_OK(place_put_in(from, OBJECT_HIDDEN, NEXT, "hidden"));
	ASSERT_OK(run(from, to, false));
	cr_assert(place_has(to, OBJECT_PUBLIC, KEY, "public"));
	cr_assert(place_has(to, OBJECT_HIDDEN, NEXT, "hidden"));
	cr_assert(place_has(from, OBJECT_PUBLIC, KEY, "public"));
	ASSERT_INT(report.objects, 2);
	ASSERT_INT(report.bytes, 12);
	ASSERT_INT(report.copied, 2);
	ASSERT_INT(report.copied_bytes, 12);
	ASSERT_INT(report.failed, 0);
}

Test(transfer, goes_on_where_it_was)
{
	ASSERT_OK(place_put_in(from, OBJECT_PUBLIC, KEY, "one"));
	ASSERT_OK(run(from, to, false));
	ASSERT_OK(place_put_in(from, OBJECT_PUBLIC, NEXT, "two"));
	ASSERT_OK(run(from, to, false));
	ASSERT_INT(report.present, 1);
	ASSERT_INT(report.copied, 1);
	cr_assert(place_has(to, OBJECT_PUBLIC, NEXT, "two"));
}

Test(transfer, replaces_what_has_another_size)
{
	ASSERT_OK(place_put_in(from, OBJECT_PUBLIC, KEY, "whole"));
	ASSERT_OK(place_put_in(to, OBJECT_PUBLIC, KEY, "wh"));
	ASSERT_OK(run(from, to, false));
	cr_assert(place_has(to, OBJECT_PUBLIC, KEY, "whole"));
	ASSERT_HAS(kit_log(), "it has another size");
}

Test(transfer, that_verifies_replaces_what_has_other_bytes)
{
	ASSERT_OK(place_put_in(from, OBJECT_PUBLIC, KEY, "right"));
	ASSERT_OK(place_put_in(to, OBJECT_PUBLIC, KEY, "wrong"));
	ASSERT_OK(run(from, to, false));
	ASSERT_INT(report.present, 1);
	cr_assert(place_has(to, OBJECT_PUBLIC, KEY, "wrong"));
	ASSERT_OK(run(from, to, true));
	ASSERT_INT(report.present, 0);
	ASSERT_INT(report.copied, 1);
	cr_assert(place_has(to, OBJECT_PUBLIC, KEY, "right"));
	ASSERT_OK(run(from, to, true));
	ASSERT_INT(report.present, 1);
}

Test(transfer, leaves_nothing_public_that_is_hidden_meanwhile)
{
	struct object_entry entry;

	ASSERT_OK(place_put_in(from, OBJECT_PUBLIC, KEY, "deleted"));
	wrapper_open(&broken, from);
	broken.moves_after_get = true;
	ASSERT_OK(run(&broken.base, to, false));
	ASSERT_ERR(object_head(to, OBJECT_PUBLIC, KEY, &entry), ERR_ABSENT);
	cr_assert(place_has(to, OBJECT_HIDDEN, KEY, "deleted"));
	ASSERT_INT(report.vanished, 1);
	ASSERT_INT(report.copied, 1);
}

Test(transfer, hides_what_was_deleted_while_nothing_reached_the_other)
{
	struct object_entry entry;

	ASSERT_OK(place_put_in(from, OBJECT_HIDDEN, KEY, "deleted"));
	ASSERT_OK(place_put_in(to, OBJECT_PUBLIC, KEY, "deleted"));
	ASSERT_OK(place_put_in(to, OBJECT_PUBLIC, NEXT, "nobody's"));
	ASSERT_OK(run(from, to, false));
	ASSERT_ERR(object_head(to, OBJECT_PUBLIC, KEY, &entry), ERR_ABSENT);
	cr_assert(place_has(to, OBJECT_HIDDEN, KEY, "deleted"));
	cr_assert(place_has(to, OBJECT_PUBLIC, NEXT, "nobody's"));
	ASSERT_INT(report.withdrawn, 1);
}

Test(transfer, leaves_public_what_is_in_both_spaces_for_a_moment)
{
	ASSERT_OK(place_put_in(from, OBJECT_HIDDEN, KEY, "moving"));
	ASSERT_OK(place_put_in(from, OBJECT_PUBLIC, KEY, "moving"));
	ASSERT_OK(run(from, to, false));
	cr_assert(place_has(to, OBJECT_PUBLIC, KEY, "moving"));
	ASSERT_INT(report.withdrawn, 0);
}

Test(transfer, of_one_that_cannot_be_read_brings_the_others)
{
	ASSERT_OK(place_put_in(from, OBJECT_PUBLIC, KEY, "good"));
	ASSERT_OK(place_put_in(from, OBJECT_PUBLIC, NEXT, "unreadable"));
	wrapper_open(&broken, from);
	broken.get_fails = ERR_STORE;
	broken.fails_after = 1;
	ASSERT_ERR(run(&broken.base, to, false), ERR_STORE);
	ASSERT_INT(report.copied, 1);
	ASSERT_INT(report.failed, 1);
	cr_assert(place_has(to, OBJECT_PUBLIC, KEY, "good"));
	ASSERT_HAS(kit_log(), "object not copied");
}

static void
put_many(int count)
{
	for (int i = 0; i < count; i++)
		ASSERT_OK(place_put_in(
		    from, OBJECT_PUBLIC, kit_text("ab%06d-s.jpg", i), "x"));
}

Test(transfer, gives_up_where_the_other_store_is_away)
{
	put_many(30);
	wrapper_open(&broken, to);
	broken.put_fails = ERR_STORE;
	ASSERT_ERR(run(from, &broken.base, false), ERR_STORE);
	ASSERT_INT(report.failed, 20);
	ASSERT_INT(report.seen, 20);
}

Test(transfer, whose_source_cannot_be_listed_fails)
{
	wrapper_open(&broken, from);
	broken.list_fails = ERR_STORE;
	ASSERT_ERR(run(&broken.base, to, false), ERR_STORE);
}

static int64_t last_seen;

static void
take_progress(void *user, const struct transfer_progress *so_far)
{
	(void)user;
	cr_assert(so_far->seen == last_seen + 1);
	ASSERT_INT(so_far->objects, 1203);
	last_seen = so_far->seen;
}

Test(transfer, of_more_than_a_batch_is_whole_and_tells_how_far_it_is)
{
	put_many(1203);
	ASSERT_OK(transfer_run(from, to,
	    &(struct transfer_options){.said = take_progress}, &report));
	ASSERT_INT(report.copied, 1203);
	ASSERT_INT(last_seen, 1203);
	ASSERT_OK(run(from, to, false));
	ASSERT_INT(report.present, 1203);
	ASSERT_INT(report.copied, 0);
}
