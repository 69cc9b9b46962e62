/* Making posts: all of one, or nothing. */
#include "domain/post.h"

#include "../helper/stage.h"
#include "domain/follow.h"

static int64_t ann;
static struct post_draft draft;
static struct post_outcome out;

static void
start(void)
{
	stage_start();
	ann = stage_account("ann");
	draft = (struct post_draft){
	    .account = ann,
	    .caption = STR("The #sea at night"),
	    .form_key = STR("form-key-one"),
	};
}

TestSuite(post_make, .init = start, .fini = stage_end);

static void
add_image(int fd, const char *alt)
{
	draft.images[draft.image_count++] =
	    (struct post_image){fd, str_from(alt)};
}

static enum err
make(void)
{
	return post_make(&stage.site, kit_arena, &draft, &out);
}

static int64_t
posts(void)
{
	return stage_count("SELECT count(*) FROM post");
}

/* What runs in the server just before the post's row is written. */
static void
before_insert(const char *body)
{
	stage_run("CREATE FUNCTION meanwhile() RETURNS trigger LANGUAGE "
		  "plpgsql AS $$ BEGIN %s RETURN new; END $$; "
		  "CREATE TRIGGER meanwhile BEFORE INSERT ON post "
		  "FOR EACH ROW EXECUTE FUNCTION meanwhile()",
	    body);
}

/* Somebody else's transaction that writes the same form's post. */
static struct str
same_form_elsewhere(void)
{
	stage_run("CREATE EXTENSION dblink");
	return kit_text("PERFORM dblink_exec('%s', 'SET "
			"session_replication_role = replica; INSERT INTO post "
			"(account_id, form_key) VALUES (%lld, ''%.*s'')');",
	    stage.db->conninfo, (long long)ann, STR_ARG(draft.form_key));
}

Test(post_make, keeps_caption_and_images_in_their_order)
{
	add_image(stage_jpeg(1800, 900), "the sea");
	add_image(stage_jpeg(300, 600), "");
	ASSERT_OK(make());
	ASSERT_INT(stage_count("SELECT count(*) FROM post p JOIN image i ON "
			       "i.post_id = p.id AND i.place = 1 WHERE p.id = "
			       "%lld AND p.account_id = %lld AND p.caption = "
			       "'The #sea at night' AND p.images = 2 AND "
			       "p.cover_key = i.key AND p.cover_width = 1600 "
			       "AND p.cover_height = 800 AND p.cover_m_width = "
			       "640 AND p.cover_alt = 'the sea' AND i.width = "
			       "1600 AND i.alt = 'the sea' AND i.colour = "
			       "p.cover_colour",
		       (long long)out.post, (long long)ann),
	    1);
	ASSERT_INT(
	    stage_count("SELECT height FROM image WHERE place = 2"), 600);
	ASSERT_INT((long long)stage_objects("public"), 6);
}

Test(post_make, counts_the_post_of_its_author)
{
	ASSERT_OK(make());
	ASSERT_INT(stage_count("SELECT posts FROM account"), 1);
}

Test(post_make, needs_no_image)
{
	ASSERT_OK(make());
	ASSERT_INT(stage_count("SELECT count(*) FROM post WHERE images = 0 AND "
			       "cover_key IS NULL"),
	    1);
}

Test(post_make, keeps_its_tags)
{
	struct str tags[] = {
	    STR("sea"), STR("n\xc3\xa4tt"), STR("na\xcc\x88tt")};

	draft.tags = (struct list){tags, 3};
	ASSERT_OK(make());
	ASSERT_INT(stage_count("SELECT count(*) FROM post_tag WHERE post_id = "
			       "%lld AND tag IN ('sea', 'n\xc3\xa4tt')",
		       (long long)out.post),
	    2);
}

Test(post_make, says_that_an_animation_shows_as_a_still)
{
	add_image(stage_jpeg(20, 20), "");
	ASSERT_OK(make());
	cr_assert(!out.has_still);
	draft.form_key = STR("form-key-two");
	add_image(stage_file(stage_animation()), "");
	ASSERT_OK(make());
	cr_assert(out.has_still);
}

Test(post_make, the_same_form_again_is_the_same_post)
{
	int64_t first;

	add_image(stage_jpeg(20, 20), "");
	ASSERT_OK(make());
	first = out.post;
	ASSERT_OK(make());
	ASSERT_INT(out.post, first);
	ASSERT_INT(posts(), 1);
	ASSERT_INT((long long)stage_objects("public"), 3);
	ASSERT_INT(stage_count("SELECT posts FROM account"), 1);
}

Test(post_make, the_form_key_of_another_is_not_ones_own)
{
	int64_t first;

	ASSERT_OK(make());
	first = out.post;
	draft.account = stage_account("bob");
	ASSERT_OK(make());
	cr_assert(out.post != first);
	ASSERT_INT(posts(), 2);
}

Test(post_make, a_refused_image_leaves_no_object_and_no_row)
{
	struct str before = stage_rows();

	add_image(stage_jpeg(20, 20), "");
	add_image(stage_file(STR("no image")), "");
	add_image(stage_jpeg(20, 20), "");
	ASSERT_ERR(make(), ERR_INPUT);
	ASSERT_INT((long long)out.bad, 1);
	cr_assert(out.complaint.len > 0);
	ASSERT_INT((long long)stage_objects("public"), 0);
	ASSERT_INT((long long)stage_objects("hidden"), 0);
	cr_assert(str_equal(before, stage_rows()));
	stage_run("UPDATE account SET bio = bio || ' '");
	cr_assert_not(str_equal(before, stage_rows()), "it can tell");
}

Test(post_make, a_store_that_fails_leaves_no_row)
{
	stage_block("public", NULL);
	add_image(stage_jpeg(20, 20), "");
	ASSERT_ERR(make(), ERR_STORE);
	ASSERT_INT(posts(), 0);
}

Test(post_make, a_row_that_is_refused_leaves_no_object)
{
	before_insert("RAISE 'no';");
	add_image(stage_jpeg(20, 20), "");
	ASSERT_ERR(make(), ERR_DATABASE);
	ASSERT_INT((long long)stage_objects("public"), 0);
	ASSERT_INT(posts(), 0);
	ASSERT_INT(stage_count("SELECT posts FROM account"), 0);
}

/* Nobody can say whether it was written: orphans, never a dangling row. */
Test(post_make, a_lost_connection_leaves_orphans)
{
	before_insert("PERFORM pg_terminate_backend(pg_backend_pid());");
	add_image(stage_jpeg(20, 20), "");
	ASSERT_ERR(make(), ERR_LOST);
	ASSERT_INT((long long)stage_objects("public"), 3);
	ASSERT_INT(posts(), 0);
}

Test(post_make, can_be_sent_again_after_a_lost_connection)
{
	before_insert("PERFORM pg_terminate_backend(pg_backend_pid());");
	ASSERT_ERR(make(), ERR_LOST);
	stage_run("DROP TRIGGER meanwhile ON post");
	ASSERT_OK(make());
	ASSERT_INT(posts(), 1);
}

Test(post_make, a_post_whose_reply_was_lost_is_found)
{
	struct str insert = same_form_elsewhere();

	before_insert(kit_text("%.*s PERFORM pg_terminate_backend("
			       "pg_backend_pid());",
	    STR_ARG(insert))
			  .at);
	add_image(stage_jpeg(20, 20), "");
	ASSERT_OK(make());
	ASSERT_INT(out.post, stage_count("SELECT id FROM post"));
	ASSERT_INT((long long)stage_objects("public"), 3);
}

Test(post_make, of_two_sendings_at_once_the_second_gives_way)
{
	before_insert(same_form_elsewhere().at);
	add_image(stage_jpeg(20, 20), "");
	ASSERT_OK(make());
	ASSERT_INT(posts(), 1);
	ASSERT_INT(out.post, stage_count("SELECT id FROM post"));
	ASSERT_INT((long long)stage_objects("public"), 0);
	ASSERT_INT(stage_count("SELECT posts FROM account"), 0);
}

Test(post_make, a_full_arena_makes_nothing)
{
	struct arena *small = arena_make(64);

	ASSERT_ERR(post_make(&stage.site, small, &draft, &out), ERR_MEMORY);
	arena_free(small);
	ASSERT_INT(posts(), 0);
}

static enum err
make_once(struct site *site, struct arena *a, int i)
{
	struct post_outcome mine;

	(void)i;
	return post_make(site, a, &draft, &mine);
}

Test(post_make, a_form_that_is_sent_many_times_at_once_is_one_post)
{
	enum err errors[6];

	stage_at_once(6, make_once, errors);
	for (int i = 0; i < 6; i++)
		ASSERT_OK(errors[i]);
	ASSERT_INT(posts(), 1);
	ASSERT_INT(stage_count("SELECT posts FROM account"), 1);
}

Test(post_make, is_in_the_home_of_author_and_followers)
{
	int64_t bob = stage_account("bob");

	(void)stage_account("eve");
	ASSERT_OK(follow_add(&stage.site, kit_arena, bob, STR("ann")));
	ASSERT_OK(make());
	ASSERT_INT(stage_count("SELECT count(*) FROM feed"), 2);
	ASSERT_INT(stage_count("SELECT count(*) FROM feed WHERE post_id = %lld "
			       "AND author_id = %lld AND account_id IN (%lld, "
			       "%lld)",
		       (long long)out.post, (long long)ann, (long long)ann,
		       (long long)bob),
	    2);
	ASSERT_INT(stage_count("SELECT count(*) FROM job"), 0);
}

/* Followers that are rows alone. */
static void
gather_followers(int count)
{
	stage_run("INSERT INTO account (name, email, display, password_hash, "
		  "consent_version) SELECT 'f' || n, 'f' || n || '@x.y', 'F', "
		  "'', '' FROM generate_series(1, %d) n; INSERT INTO follow "
		  "SELECT id, %lld FROM account WHERE id <> %lld; UPDATE "
		  "account SET followers = %d WHERE id = %lld",
	    count, (long long)ann, (long long)ann, count, (long long)ann);
}

Test(post_make, of_a_thousand_followers_each_has_it_at_once)
{
	gather_followers(POST_FAN_OUT);
	ASSERT_OK(make());
	ASSERT_INT(stage_count("SELECT count(*) FROM feed"), POST_FAN_OUT + 1);
	ASSERT_INT(stage_count("SELECT count(*) FROM job"), 0);
}

Test(post_make, of_more_a_job_fills_the_homes)
{
	gather_followers(POST_FAN_OUT + 1);
	ASSERT_OK(make());
	ASSERT_INT(stage_count("SELECT count(*) FROM feed"), 1);
	ASSERT_INT(stage_count("SELECT count(*) FROM job WHERE kind = "
			       "'feed_fill' AND subject = %lld AND run_at <= "
			       "now()",
		       (long long)out.post),
	    1);
}
