/* Writing about incidents. */
#include "domain/incident.h"

#include "../helper/stage.h"

#include <string.h>

static int64_t ada;
static struct incident_complaints complaints;

static void
start(void)
{
	stage_start();
	ada = stage_account("ada");
}

TestSuite(incident, .init = start, .fini = stage_end);

static struct incident_draft
draft(void)
{
	return (struct incident_draft){.author = ada,
	    .title = STR("Slow disks"),
	    .severity = STR("degraded"),
	    .began = STR("2026-11-20T09:30"),
	    .body = STR("We look into it."),
	    .form_key = STR("key")};
}

static enum err
open_one(const struct incident_draft *d, int64_t *id)
{
	return incident_open(&stage.site, kit_arena, d, &complaints, id);
}

Test(incident, is_kept_with_its_note)
{
	struct incident_draft d = draft();
	int64_t id;

	ASSERT_OK(open_one(&d, &id));
	ASSERT_INT(stage_count("SELECT count(*) FROM incident WHERE id = %lld "
			       "AND title = 'Slow disks' AND severity = "
			       "'degraded' AND began_at = "
			       "'2026-11-20 09:30Z' AND ended_at IS NULL",
		       (long long)id),
	    1);
	ASSERT_INT(stage_count("SELECT count(*) FROM incident_note WHERE "
			       "body = 'We look into it.' AND author_id = %lld",
		       (long long)ada),
	    1);
}

Test(incident, of_the_same_form_is_written_once)
{
	struct incident_draft d = draft();
	int64_t first, second;

	ASSERT_OK(open_one(&d, &first));
	ASSERT_OK(open_one(&d, &second));
	ASSERT_INT(first, second);
	ASSERT_INT(stage_count("SELECT count(*) FROM incident_note"), 1);
}

Test(incident, goes_on_with_notes_until_it_ends)
{
	struct incident_draft d = draft();
	int64_t id;

	ASSERT_OK(open_one(&d, &id));
	d.form_key = STR("second");
	d.body = STR("Better.");
	ASSERT_OK(incident_change(&stage.site, kit_arena, id, &d, &complaints));
	ASSERT_OK(incident_change(&stage.site, kit_arena, id, &d, &complaints));
	d.form_key = STR("third");
	d.body = STR("");
	d.ended = STR("2026-11-20T10:00");
	ASSERT_OK(incident_change(&stage.site, kit_arena, id, &d, &complaints));
	ASSERT_INT(stage_count("SELECT count(*) FROM incident_note"), 2);
	ASSERT_INT(stage_count("SELECT count(*) FROM incident WHERE ended_at "
			       "= '2026-11-20 10:00Z'"),
	    1);
	ASSERT_ERR(
	    incident_change(&stage.site, kit_arena, id + 1, &d, &complaints),
	    ERR_ABSENT);
}

Test(incident, is_refused_with_a_complaint_for_each_fault)
{
	struct incident_draft d = {.author = ada, .form_key = STR("k")};
	int64_t id;

	d.began = STR("soon");
	d.ended = STR("later");
	ASSERT_ERR(open_one(&d, &id), ERR_INPUT);
	cr_assert_gt(complaints.title.len, 0);
	cr_assert_gt(complaints.severity.len, 0);
	cr_assert_gt(complaints.body.len, 0);
	cr_assert_gt(complaints.began.len, 0);
	cr_assert_gt(complaints.ended.len, 0);
	ASSERT_INT(stage_count("SELECT count(*) FROM incident"), 0);
}

Test(incident, does_not_end_before_it_begins)
{
	struct incident_draft d = draft();
	int64_t id;

	d.ended = STR("2026-11-20T09:29");
	ASSERT_ERR(open_one(&d, &id), ERR_INPUT);
	cr_assert_gt(complaints.ended.len, 0);
	d.ended = STR("2026-11-20T09:30");
	ASSERT_OK(open_one(&d, &id));
}
