/* Profile pictures. */
#include "domain/account.h"

#include "../helper/stage.h"

static int64_t ann;
static struct str complaint;

static void
start(void)
{
	stage_start();
	ann = stage_account("ann");
}

TestSuite(picture, .init = start, .fini = stage_end);

static enum err
set(int fd)
{
	return account_set_picture(&stage.site, kit_arena, ann, fd, &complaint);
}

static int64_t
jobs(void)
{
	return stage_count("SELECT count(*) FROM job");
}

Test(picture, is_in_place)
{
	ASSERT_OK(set(stage_jpeg(200, 200)));
	ASSERT_INT(stage_count("SELECT length(picture_key) FROM account"), 26);
	ASSERT_INT((long long)stage_objects("public"), 2);
	ASSERT_INT(jobs(), 0);
}

Test(picture, replaced_hides_the_one_before)
{
	ASSERT_OK(set(stage_jpeg(200, 200)));
	ASSERT_OK(set(stage_jpeg(100, 100)));
	ASSERT_INT((long long)stage_objects("public"), 2);
	ASSERT_INT((long long)stage_objects("hidden"), 2);
	ASSERT_INT(jobs(), 0);
}

Test(picture, refused_leaves_the_one_before)
{
	struct str before;

	ASSERT_OK(set(stage_jpeg(200, 200)));
	before = stage_rows();
	ASSERT_ERR(set(stage_file(STR("no image"))), ERR_INPUT);
	cr_assert(complaint.len > 0);
	cr_assert(str_equal(before, stage_rows()));
	ASSERT_INT((long long)stage_objects("public"), 2);
}

Test(picture, of_nobody_leaves_no_object)
{
	ann += 77;
	ASSERT_ERR(set(stage_jpeg(20, 20)), ERR_ABSENT);
	ASSERT_INT((long long)stage_objects("public"), 0);
}

Test(picture, whose_row_was_lost_leaves_an_orphan_and_no_dangling_row)
{
	stage_run("CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS "
		  "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); "
		  "RETURN new; END $$; CREATE TRIGGER cut BEFORE UPDATE ON "
		  "account FOR EACH ROW EXECUTE FUNCTION cut()");
	ASSERT_ERR(set(stage_jpeg(20, 20)), ERR_LOST);
	ASSERT_INT((long long)stage_objects("public"), 2);
	ASSERT_INT(stage_count("SELECT count(picture_key) FROM account"), 0);
}

Test(picture, that_cannot_be_hidden_is_left_to_a_job)
{
	ASSERT_OK(set(stage_jpeg(200, 200)));
	stage_block("hidden", NULL);
	ASSERT_OK(set(stage_jpeg(100, 100)));
	ASSERT_INT((long long)stage_objects("public"), 4);
	ASSERT_INT(stage_count("SELECT count(*) FROM job j, account a WHERE "
			       "j.kind = 'picture_hide' AND j.subject = a.id "
			       "AND j.detail <> a.picture_key"),
	    1);
}

Test(picture, removed_is_hidden_and_may_be_removed_again)
{
	ASSERT_OK(set(stage_jpeg(200, 200)));
	ASSERT_OK(account_remove_picture(&stage.site, kit_arena, ann));
	ASSERT_INT(stage_count("SELECT count(picture_key) FROM account"), 0);
	ASSERT_INT(stage_count("SELECT count(*) FROM former_picture"), 1);
	ASSERT_INT((long long)stage_objects("public"), 0);
	ASSERT_INT((long long)stage_objects("hidden"), 2);
	ASSERT_OK(account_remove_picture(&stage.site, kit_arena, ann));
	ASSERT_INT(stage_count("SELECT count(*) FROM former_picture"), 1);
	ASSERT_INT(jobs(), 0);
}
