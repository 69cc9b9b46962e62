/* multipart/form-data. */
#include "http/multipart.h"
#include "base/buf.h"
#include "base/log.h"
#include "support.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static char spool[] = "/tmp/pixlpix-multipart-XXXXXX";
static struct form_limits limits;
static struct form form;

static void
start(void)
{
	test_arena_start();
	cr_assert_not_null(mkdtemp(spool));
	log_set_fd(open("/dev/null", O_WRONLY | O_CLOEXEC));
	limits = (struct form_limits){
	    .files = 3, .file_bytes = 1000, .spool = spool};
}

static void
end(void)
{
	test_arena_end();
	cr_assert_eq(rmdir(spool), 0, "files stayed in the spool folder");
}

TestSuite(multipart, .init = start, .fini = end);

#define NAMED(name) "Content-Disposition: form-data; name=\"" name "\"\r\n"
#define FILE_NAMED(name, file)                                                \
	"Content-Disposition: form-data; name=\"" name "\"; filename=\"" file \
	"\"\r\nContent-Type: image/jpeg\r\n"

/* Whole parts, and what ends the body. */
#define TEXT(name, value) "--B\r\n" NAMED(name) "\r\n" value "\r\n"
#define FILE_PART(name, file, data) \
	"--B\r\n" FILE_NAMED(name, file) "\r\n" data "\r\n"
#define END "--B--\r\n"

static enum err
parse_chunks(struct str bytes, size_t chunk_bytes)
{
	struct body_memory memory = {bytes, chunk_bytes};
	struct body body = body_from_memory(&memory);

	return multipart_read(test_arena, &body, STR("B"), &limits, &form);
}

static enum err
parse(const char *text)
{
	return parse_chunks(str_from(text), 0);
}

static const struct upload *
upload(size_t i)
{
	cr_assert(i < form.uploads.count);
	return (const struct upload *)form.uploads.items + i;
}

static struct str
content(const struct upload *u)
{
	char *at = arena_alloc(test_arena, 4096);
	ssize_t got = read(u->fd, at, 4096);

	cr_assert(got >= 0, "%s", strerror(errno));
	cr_assert_eq(lseek(u->fd, 0, SEEK_SET), 0);
	return (struct str){at, (size_t)got};
}

static enum err
boundary_of(const char *type, struct str *out)
{
	return multipart_boundary(test_arena, str_from(type), out);
}

Test(multipart, the_boundary_is_a_parameter)
{
	struct str b;

	ASSERT_ERR(boundary_of("multipart/form-data; boundary=abc", &b), OK);
	ASSERT_STR(b, "abc");
	ASSERT_ERR(boundary_of("Multipart/Form-Data;charset=utf-8 ; "
			       "BOUNDARY=\"a b=c\"",
		       &b),
	    OK);
	ASSERT_STR(b, "a b=c");
}

Test(multipart, another_type_has_no_boundary)
{
	struct str b;

	ASSERT_ERR(
	    boundary_of("multipart/mixed; boundary=a", &b), ERR_MEDIA_TYPE);
	ASSERT_ERR(boundary_of("", &b), ERR_MEDIA_TYPE);
}

/* One of 70 bytes. */
#define LONG_BOUNDARY                                                          \
	"multipart/form-data; boundary="                                       \
	"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggggggg" \
	"gg"

Test(multipart, a_bad_boundary_is_refused)
{
	static const char *const bad[] = {"multipart/form-data",
	    "multipart/form-data; boundary=",
	    "multipart/form-data; boundary=\"\"",
	    "multipart/form-data; boundary=a; boundary=b",
	    "multipart/form-data; boundary=\"a ",
	    "multipart/form-data; boundary",
	    "multipart/form-data; boundary=\"a \"",
	    "multipart/form-data; boundary=\"a\x01\"",
	    "multipart/form-data; boundary=\"a*b\"", (LONG_BOUNDARY "h")};
	struct str b;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_assert(boundary_of(bad[i], &b) == ERR_INPUT, "%s", bad[i]);
}

Test(multipart, a_boundary_of_70_bytes_is_allowed)
{
	struct str b;

	ASSERT_ERR(boundary_of(LONG_BOUNDARY, &b), OK);
	cr_assert_eq(b.len, 70);
}

Test(multipart, text_parts_become_fields)
{
	ASSERT_ERR(parse(TEXT("a", "x\r\ny") TEXT("b", "") END), OK);
	cr_assert_eq(form.fields.count, 2);
	ASSERT_STR(form_value(&form, STR("a")), "x\ny");
	ASSERT_STR(form_value(&form, STR("b")), "");
	cr_assert_not_null(form_value(&form, STR("b")).at);
}

Test(multipart, a_file_part_becomes_an_upload)
{
	ASSERT_ERR(
	    parse(FILE_PART("image", "caf\xc3\xa9.jpg", "\xff\xd8\0") END),
	    ERR_INPUT); /* the NUL ends the test's own text: it is cut */
	ASSERT_ERR(parse_chunks(STR(FILE_PART("image", "caf\xc3\xa9.jpg",
				    "\xff\xd8\0") END),
		       0),
	    OK);
	cr_assert_eq(form.uploads.count, 1);
	ASSERT_STR(upload(0)->field, "image");
	ASSERT_STR(upload(0)->file_name, "caf\xc3\xa9.jpg");
	cr_assert_eq(upload(0)->size_bytes, 3);
	cr_assert(!upload(0)->is_too_big);
	cr_assert(str_equal(content(upload(0)), STR("\xff\xd8\0")));
}

Test(multipart, an_upload_has_no_name_on_disk)
{
	DIR *folder;
	int entries = 0;

	ASSERT_ERR(parse(FILE_PART("i", "a", "abc") END), OK);
	folder = opendir(spool);
	while (readdir(folder) != NULL)
		entries++;
	closedir(folder);
	cr_assert_eq(entries, 2, "more than . and ..");
}

Test(multipart, an_upload_is_closed_with_the_arena)
{
	int fd;

	ASSERT_ERR(parse(FILE_PART("i", "a", "abc") END), OK);
	fd = upload(0)->fd;
	cr_assert(fcntl(fd, F_GETFD) >= 0);
	arena_reset(test_arena);
	cr_assert(fcntl(fd, F_GETFD) < 0);
}

/* All at once: a preamble, blanks behind a boundary, what looks like one in the
 * data, an empty place, data of line ends, an epilogue. */
#define MIXED_CAPTION "preamble\r\n--B \t\r\n" NAMED("caption") "\r\nnice\r\n"
#define MIXED_FIRST FILE_PART("image", "1.jpg", "one\r\n--\r--BB\r-B\r\n-")
#define MIXED_SECOND FILE_PART("image", "", "")
#define MIXED_THIRD FILE_PART("image", "3.jpg", "\r\n\r\n\r\n")
#define MIXED_END TEXT("alt", "") TEXT("alt", "third") END "epilogue\r\n--B\r\n"

static const char mixed[] = MIXED_CAPTION MIXED_FIRST MIXED_SECOND TEXT(
    "alt", "first") MIXED_THIRD MIXED_END;

static struct str
mixed_body(void)
{
	return (struct str){mixed, sizeof(mixed) - 1};
}

static void
check_mixed(void)
{
	const struct form_field *fields = form.fields.items;

	cr_assert_eq(form.fields.count, 4);
	ASSERT_STR(fields[0].value, "nice");
	ASSERT_STR(fields[1].value, "first");
	ASSERT_STR(fields[2].value, "");
	ASSERT_STR(fields[3].value, "third");
	cr_assert_eq(form.uploads.count, 3);
	ASSERT_STR(content(upload(0)), "one\r\n--\r--BB\r-B\r\n-");
	cr_assert_eq(upload(1)->fd, -1);
	cr_assert_eq(upload(1)->size_bytes, 0);
	ASSERT_STR(upload(1)->file_name, "");
	ASSERT_STR(content(upload(2)), "\r\n\r\n\r\n");
	ASSERT_STR(upload(2)->file_name, "3.jpg");
	cr_assert_eq(form.dropped_files, 0);
}

Test(multipart, every_way_of_cutting_the_stream_gives_the_same)
{
	for (size_t chunk = 1; chunk <= sizeof(mixed); chunk++) {
		ASSERT_ERR(parse_chunks(mixed_body(), chunk), OK);
		check_mixed();
		arena_reset(test_arena);
	}
}

/* Much more than is held at a time: a file that is full of what a delimiter
 * begins with, and texts behind it. */
static struct str
long_body(size_t file_bytes)
{
	static const char almost[] = "\r\n--A\r\n-\r\n\r";
	struct buf b = {0};
	struct str s;

	buf_put(&b, STR("--B\r\n" FILE_NAMED("image", "a") "\r\n"));
	for (size_t i = 0; i < file_bytes; i++)
		buf_put_char(&b, almost[i % (sizeof(almost) - 1)]);
	buf_put(&b, STR("\r\n"));
	for (int i = 0; i < 50; i++)
		buf_printf(&b, TEXT("t", "%01000d"), i);
	buf_put(&b, STR(END));
	ASSERT_ERR(arena_copy(test_arena, buf_str(&b), &s), OK);
	buf_free(&b);
	return s;
}

Test(multipart, a_long_body_of_almost_boundaries_arrives_as_it_was_sent)
{
	for (size_t bytes = 100000; bytes < 100014; bytes++) {
		struct str body = long_body(bytes);
		const char *sent = strstr(z(body), "\r\n\r\n") + 4;
		char *got = arena_alloc(test_arena, bytes);
		const struct form_field *field;

		limits.file_bytes = (int64_t)bytes;
		ASSERT_ERR(parse_chunks(body, 0), OK);
		cr_assert_eq(upload(0)->size_bytes, (int64_t)bytes);
		cr_assert_eq(
		    pread(upload(0)->fd, got, bytes, 0), (ssize_t)bytes);
		cr_assert_eq(memcmp(got, sent, bytes), 0);
		cr_assert_eq(form.fields.count, 50);
		field = form.fields.items;
		for (size_t i = 0; i < 50; i++) {
			char text[1001];

			(void)snprintf(text, sizeof(text), "%01000zu", i);
			ASSERT_STR(field[i].value, text);
		}
		arena_reset(test_arena);
	}
}

Test(multipart, a_body_cut_anywhere_before_its_end_is_refused)
{
	size_t whole = (size_t)(strstr(mixed, END) + 5 - mixed);

	for (size_t len = 0; len < whole; len++) {
		ASSERT_ERR(
		    parse_chunks((struct str){mixed, len}, 0), ERR_INPUT);
		arena_reset(test_arena);
	}
	ASSERT_ERR(parse_chunks((struct str){mixed, whole}, 0), OK);
}

Test(multipart, a_body_shorter_than_promised_is_refused)
{
	struct body_memory memory = {STR(TEXT("a", "x") END), 0};
	struct body body = body_from_memory(&memory);

	body.left_bytes += 5;
	ASSERT_ERR(multipart_read(test_arena, &body, STR("B"), &limits, &form),
	    ERR_INPUT);
}

Test(multipart, a_file_past_the_limit_is_dropped_and_the_rest_kept)
{
	static char big[3000];
	int length = snprintf(big, sizeof(big),
	    FILE_PART("i", "big.jpg", "%02000d") TEXT("caption", "typed")
		FILE_PART("i", "b", "ok") END,
	    7);

	for (size_t chunk = 1; chunk < 2100; chunk += 7) {
		ASSERT_ERR(
		    parse_chunks((struct str){big, (size_t)length}, chunk), OK);
		cr_assert(upload(0)->is_too_big);
		cr_assert_eq(upload(0)->fd, -1);
		cr_assert_eq(upload(0)->size_bytes, 2000);
		ASSERT_STR(form_value(&form, STR("caption")), "typed");
		ASSERT_STR(content(upload(1)), "ok");
		arena_reset(test_arena);
	}
}

Test(multipart, a_file_of_exactly_the_limit_is_kept)
{
	limits.file_bytes = 3;
	ASSERT_ERR(
	    parse(FILE_PART("i", "a", "abc") FILE_PART("i", "b", "abcd") END),
	    OK);
	cr_assert(!upload(0)->is_too_big);
	cr_assert(upload(1)->is_too_big);
}

Test(multipart, files_past_their_number_are_dropped_and_counted)
{
	limits.files = 1;
	ASSERT_ERR(parse(FILE_PART("i", "a", "1") FILE_PART("i", "", "")
			   FILE_PART("i", "b", "2") FILE_PART("i", "c", "3")
			       TEXT("t", "x") END),
	    OK);
	cr_assert_eq(form.uploads.count, 2);
	ASSERT_STR(content(upload(0)), "1");
	cr_assert_eq(form.dropped_files, 2);
	ASSERT_STR(form_value(&form, STR("t")), "x");
}

Test(multipart, a_page_without_files_writes_none)
{
	limits = (struct form_limits){0};
	ASSERT_ERR(parse(FILE_PART("i", "a", "1") END), OK);
	cr_assert_eq(form.uploads.count, 0);
	cr_assert_eq(form.dropped_files, 1);
}

Test(multipart, a_chosen_file_without_bytes_is_an_empty_file)
{
	ASSERT_ERR(parse(FILE_PART("i", "a.jpg", "") END), OK);
	cr_assert(upload(0)->fd >= 0);
	cr_assert_eq(upload(0)->size_bytes, 0);
}

Test(multipart, folders_are_taken_off_a_file_name)
{
	ASSERT_ERR(parse(FILE_PART("i", "C:\\Users\\me\\..\\a b.jpg", "1")
			   FILE_PART("i", "../../etc/passwd", "2") END),
	    OK);
	ASSERT_STR(upload(0)->file_name, "a b.jpg");
	ASSERT_STR(upload(1)->file_name, "passwd");
}

Test(multipart, a_long_file_name_is_cut_between_characters)
{
	char text[600];

	(void)snprintf(text, sizeof(text),
	    FILE_PART("i", "%0254d\xc3\xa9.jpg", "1") END, 0);
	ASSERT_ERR(parse(text), OK);
	cr_assert_eq(upload(0)->file_name.len, 254);
}

Test(multipart, a_file_name_that_is_not_text_is_called_file)
{
	ASSERT_ERR(parse(FILE_PART("i", "\xff.jpg", "1")
			   FILE_PART("i", "a\tb.jpg", "2") END),
	    OK);
	ASSERT_STR(upload(0)->file_name, "file");
	ASSERT_STR(upload(1)->file_name, "file");
}

Test(multipart, a_quote_in_a_file_name_may_be_escaped)
{
	ASSERT_ERR(parse("--B\r\nContent-Disposition: form-data; name=i; "
			 "filename=\"a\\\"b.jpg\"\r\n\r\n1\r\n--B--"),
	    OK);
	ASSERT_STR(upload(0)->file_name, "a\"b.jpg");
	ASSERT_STR(upload(0)->field, "i");
}

Test(multipart, bad_headers_are_refused)
{
	static const char *const bad[] = {"", "Content-Type: text/plain\r\n",
	    "Content-Disposition: form-data\r\n",
	    "Content-Disposition: form-data; filename=a\r\n",
	    "Content-Disposition: attachment; name=a\r\n",
	    "Content-Disposition: form-data; name=\"a\r\n",
	    "Content-Disposition: form-data; name=a; name=b\r\n",
	    "Content-Disposition: form-data; name=a x=y\r\n",
	    "Content-Disposition: form-data name=a\r\n",
	    "Content-Disposition form-data; name=a\r\n", (": x\r\n" NAMED("a")),
	    (NAMED("a") NAMED("b")),
	    "Content-Disposition: form-data;\r\n name=a\r\n",
	    "Content-Disposition: form-data; name=\"a\x01\"\r\n",
	    "Content-Disposition: form-data; name=\"\xff\"\r\n",
	    (NAMED("a") "Content-Transfer-Encoding: base64\r\n")};
	char text[400];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		(void)snprintf(
		    text, sizeof(text), "--B\r\n%s\r\nx\r\n--B--\r\n", bad[i]);
		cr_assert(parse(text) == ERR_INPUT, "%s", bad[i]);
	}
}

Test(multipart, headers_without_end_are_refused)
{
	static char text[20000];

	(void)snprintf(
	    text, sizeof(text), "--B\r\n" NAMED("a") "X: %015000d", 0);
	ASSERT_ERR(parse(text), ERR_INPUT);
}

Test(multipart, bytes_behind_a_boundary_are_refused)
{
	ASSERT_ERR(parse("--Bx\r\n" NAMED("a") "\r\nx\r\n--B--"), ERR_INPUT);
	ASSERT_ERR(parse(TEXT("a", "x") "--Bad\r\n--B--"), ERR_INPUT);
}

Test(multipart, a_text_that_is_not_utf8_is_refused)
{
	ASSERT_ERR(parse(TEXT("a", "\xff") END), ERR_INPUT);
	ASSERT_ERR(parse_chunks(STR(TEXT("a", "\0") END), 0), ERR_INPUT);
}

Test(multipart, too_much_text_is_refused)
{
	limits.text_bytes = 4;
	ASSERT_ERR(parse(TEXT("a", "xyz") END), OK);
	ASSERT_ERR(parse(TEXT("a", "wxyz") END), ERR_TOO_BIG);
	ASSERT_ERR(parse(TEXT("a", "x") TEXT("b", "yz") END), ERR_TOO_BIG);
}

Test(multipart, too_many_parts_are_refused)
{
	limits.fields = 2;
	limits.files = 1;
	ASSERT_ERR(parse(FILE_PART("i", "", "") FILE_PART("i", "", "")
			   FILE_PART("i", "", "") END),
	    ERR_TOO_BIG);
	ASSERT_ERR(parse(FILE_PART("i", "a", "1") FILE_PART("i", "b", "2")
			   FILE_PART("i", "c", "3") END),
	    ERR_TOO_BIG);
}

Test(multipart, a_body_past_the_total_limit_is_refused_unread)
{
	struct body_memory memory = {mixed_body(), 0};
	struct body body = body_from_memory(&memory);
	struct request r = {.method = METHOD_POST,
	    .content_type = STR("multipart/form-data; boundary=B"),
	    .content_length = body.left_bytes,
	    .body = &body};

	limits.body_bytes = body.left_bytes - 1;
	ASSERT_ERR(form_read(test_arena, &r, &limits, &form), ERR_TOO_BIG);
	cr_assert_eq(memory.bytes.len, sizeof(mixed) - 1);
	limits.body_bytes++;
	ASSERT_ERR(form_read(test_arena, &r, &limits, &form), OK);
	check_mixed();
}

Test(multipart, a_missing_spool_folder_is_an_io_error)
{
	limits.spool = "/nonexistent";
	ASSERT_ERR(parse(FILE_PART("i", "a", "1") END), ERR_IO);
}

Test(multipart, a_full_disk_is_an_io_error)
{
	static char text[1200];
	struct rlimit small = {512, 512};
	int length =
	    snprintf(text, sizeof(text), FILE_PART("i", "a", "%0900d") END, 0);

	/* a write past the limit fails as on a full disk, but with EFBIG */
	(void)signal(SIGXFSZ, SIG_IGN);
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
	ASSERT_ERR(parse_chunks((struct str){text, (size_t)length}, 0), ERR_IO);
}

/* With one file more than there is room for at first. */
Test(multipart, a_small_arena_is_a_memory_error_and_never_half_a_form)
{
	static char text[4096];
	size_t len = 0, enough = 0;

	for (int i = 0; i < 17; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    FILE_PART("i", "a", "%d"), i);
	len += (size_t)snprintf(text + len, sizeof(text) - len, END);
	limits.files = 17;
	for (size_t bytes = 1024; enough == 0; bytes += 64) {
		struct arena *a = arena_make(bytes);
		struct body_memory memory = {{text, len}, 0};
		struct body body = body_from_memory(&memory);
		enum err e = multipart_read(a, &body, STR("B"), &limits, &form);
		size_t files = e == OK ? form.uploads.count : 17;

		if (e == OK)
			enough = bytes;
		arena_free(a);
		cr_assert(e == OK || e == ERR_MEMORY, "%s", err_name(e));
		cr_assert_eq(files, 17);
	}
	cr_assert(enough > 1024);
}
