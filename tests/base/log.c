/* The lines of the log. */
#include "base/log.h"

#include "../helper/kit.h"

#include <errno.h>
#include <string.h>

static void
start(void)
{
	kit_start();
	kit_log_capture();
}

TestSuite(log, .init = start, .fini = kit_end);

/* The lines without their times. */
static struct str
behind_time(void)
{
	struct str s = kit_log();
	struct str head = STR("{\"time\":\"2026-11-21T00:00:00Z\"");

	cr_assert(str_starts(s, STR("{\"time\":\"20")) && s.len > head.len);
	return str_slice(s, head.len, s.len);
}

Test(log, an_event_is_one_line_of_json)
{
	log_event(LOG_INFO, "image refused", LOG_Z("why", "broken"),
	    LOG_INT("bytes", -12), LOG_ERR(ERR_INPUT));
	ASSERT_STR(behind_time(),
	    ",\"level\":\"info\",\"event\":\"image refused\",\"why\":"
	    "\"broken\",\"bytes\":-12,\"err\":\"input\"}\n");
}

Test(log, an_event_needs_no_fields)
{
	log_event(LOG_ERROR, "gone");
	ASSERT_STR(behind_time(), ",\"level\":\"error\",\"event\":\"gone\"}\n");
}

Test(log, no_value_can_forge_a_line)
{
	log_event(LOG_WARN, "odd",
	    LOG_STR("path", STR("/x\n{\"time\":\"now\"}\r\n\"}\x1b[31m\0")));
	ASSERT_INT((long long)kit_count(kit_log(), "\n"), 1);
	ASSERT_HAS(kit_log(), "\"/x\\n{\\\"time\\\":\\\"now\\\"}\\u000d\\n\\\""
			      "}\\u001b[31m\\u0000\"}\n");
}

Test(log, a_value_that_is_no_utf8_is_mended)
{
	log_event(
	    LOG_WARN, "odd", LOG_STR("path", kit_exact(STR("a\xff\xc3"))));
	ASSERT_HAS(kit_log(), "\"path\":\"a\xef\xbf\xbd\xef\xbf\xbd\"");
}

Test(log, errno_is_told_as_text_and_kept)
{
	errno = ENOENT;
	log_event(LOG_WARN, "no file", LOG_ERRNO());
	ASSERT_INT(errno, ENOENT);
	ASSERT_HAS(kit_log(), "\"errno\":\"No such file or directory\"");
}

Test(log, the_context_is_in_every_line_until_it_is_cleared)
{
	log_context((struct log_context){STR("0123abcd"), STR("home"), 7});
	log_event(LOG_INFO, "one");
	log_event(LOG_INFO, "two");
	ASSERT_INT((long long)kit_count(kit_log(),
		       ",\"request\":\"0123abcd\",\"route\":\"home\","
		       "\"account\":7}"),
	    2);
	log_context((struct log_context){0});
	log_event(LOG_INFO, "three");
	ASSERT_HAS(kit_log(), "\"event\":\"three\"}");
}

Test(log, the_context_of_a_stranger_has_no_account)
{
	log_context((struct log_context){STR("0123abcd"), {0}, 0});
	log_event(LOG_INFO, "one");
	ASSERT_HAS(kit_log(), "\"event\":\"one\",\"request\":\"0123abcd\"}");
}

Test(log, lines_below_the_level_are_dropped)
{
	log_event(LOG_DEBUG, "quiet");
	log_event(LOG_INFO, "heard");
	log_set_level(LOG_ERROR);
	log_event(LOG_WARN, "quiet");
	log_event(LOG_ERROR, "loud");
	ASSERT_LACKS(kit_log(), "quiet");
	ASSERT_HAS(kit_log(), "heard");
	ASSERT_HAS(kit_log(), "loud");
	log_set_level(LOG_DEBUG);
	log_event(LOG_DEBUG, "whisper");
	ASSERT_HAS(kit_log(), "\"level\":\"debug\",\"event\":\"whisper\"");
}

Test(log, a_value_of_any_length_leaves_a_line)
{
	char text[100 * 1024];

	memset(text, 'x', sizeof(text));
	log_event(LOG_ERROR, "long",
	    LOG_STR("what", ((struct str){text, sizeof(text)})));
	ASSERT_HAS(kit_log(), "\"event\":\"long\"");
	ASSERT_INT((long long)kit_count(kit_log(), "\n"), 1);
}

Test(log, a_log_that_cannot_be_written_stops_nobody)
{
	log_set_fd(-1);
	log_event(LOG_ERROR, "unheard");
	log_set_fd(2);
}

Test(log, a_time_is_told_in_milliseconds)
{
	log_event(LOG_INFO, "answered", LOG_MS(12345));
	log_event(LOG_INFO, "answered", LOG_MS(7));
	ASSERT_HAS(kit_log(), "\"event\":\"answered\",\"ms\":12.345}\n");
	ASSERT_HAS(kit_log(), "\"event\":\"answered\",\"ms\":0.007}\n");
}

Test(log, each_line_of_a_text_is_an_event)
{
	log_each(LOG_ERROR, "refused", STR("a:1: x\nb:2: \"y\"\n"));
	ASSERT_INT((long long)kit_count(kit_log(), "\n"), 2);
	ASSERT_HAS(kit_log(), "\"event\":\"refused\",\"why\":\"a:1: x\"}\n");
	ASSERT_HAS(kit_log(), "\"why\":\"b:2: \\\"y\\\"\"}\n");
}
