/* pixlpix-decode, -gd and -heif: the decoder child.
 *
 * One process for one upload, started by media/child.c.  Reads its command
 * line (see media/report.h), maps the upload, closes the sandbox behind
 * itself, and only then looks at the upload.
 *
 * There are three of them because loading libgd and the fifty libraries behind
 * it takes 8 ms, ten times as long as all the others: only GIF pays for it, and
 * only HEIC and AVIF for theirs.
 */
#include "media/report.h"
#include "media/sandbox.h"
#include "media/strip.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

struct task {
	struct sandbox sandbox;
	struct cascade_job job;
	struct str upload;
	int original_fd; /* for the stripped upload, or -1 */
};

static decode_fn *
decoder_of(enum media_kind kind)
{
#ifdef PIXLPIX_DECODE_GD
	return kind == MEDIA_KIND_GIF ? decode_gif : NULL;
#elif defined PIXLPIX_DECODE_HEIF
	return kind == MEDIA_KIND_HEIC || kind == MEDIA_KIND_AVIF ? decode_heif
	                                                          : NULL;
#else
	return kind == MEDIA_KIND_JPEG   ? decode_jpeg
	       : kind == MEDIA_KIND_PNG  ? decode_png
	       : kind == MEDIA_KIND_WEBP ? decode_webp
	                                 : NULL;
#endif
}

static enum err
parse_size(struct str text, struct media_size *out)
{
	struct str quality = text;
	struct str edge = str_cut(&quality, ':');
	int64_t q;
	out->is_square = str_ends(edge, STR("s"));
	if (out->is_square)
		edge.len--;
	TRY(str_parse_int(edge, 1, MEDIA_EDGE_MAX_PX, &out->edge_px));
	TRY(str_parse_int(quality, 1, 100, &q));
	out->quality = (int)q;
	return OK;
}

static enum err
parse_arguments(int argc, char **argv, struct task *t)
{
	int count = argc - 1 - MEDIA_ARGUMENTS;
	if (count < 1 || count > MEDIA_SIZES_MAX)
		return ERR_INPUT;
	int64_t colour;
	int64_t format;
	int64_t has_original;
	TRY(str_parse_int(
	    str_from(argv[1]), 1, INT64_MAX, &t->sandbox.address_space_bytes));
	TRY(str_parse_int(str_from(argv[2]), 1, 3600, &t->sandbox.cpu_s));
	TRY(str_parse_int(
	    str_from(argv[3]), 1, INT64_MAX, &t->sandbox.file_bytes));
	TRY(str_parse_int(str_from(argv[4]), 0, 0xffffff, &colour));
	TRY(str_parse_int(
	    str_from(argv[5]), MEDIA_AS_JPEG, MEDIA_AS_WEBP, &format));
	TRY(str_parse_int(str_from(argv[6]), 0, 1, &has_original));
	t->job.background = (uint32_t)colour;
	t->job.count = (size_t)count;
	t->job.format = (enum media_format)format;
	t->original_fd = has_original ? MEDIA_FIRST_OUT + count : -1;
	t->sandbox.write_first = MEDIA_FIRST_OUT;
	t->sandbox.write_last = MEDIA_FIRST_OUT + count - 1 + (int)has_original;
	for (int i = 0; i < count; i++) {
		t->job.out_fds[i] = MEDIA_FIRST_OUT + i;
		TRY(parse_size(
		    str_from(argv[1 + MEDIA_ARGUMENTS + i]), &t->job.sizes[i]));
	}
	return OK;
}

static ssize_t
forget(void *nothing, const char *text, size_t size)
{
	(void)nothing;
	(void)text;
	return (ssize_t)size;
}

/* Some of the libraries print what they think of a file.  In the sandbox that
 * would be the end of the process, and nobody reads it. */
static enum err
silence_libraries(void)
{
	FILE *sink =
	    fopencookie(NULL, "w", (cookie_io_functions_t){.write = forget});
	if (sink == NULL)
		return ERR_MEMORY;
	stdout = stderr = sink;
	return OK;
}

static enum err
map_upload(struct task *t)
{
	struct stat st;
	if (fstat(STDIN_FILENO, &st) != 0 || st.st_size <= 0)
		return ERR_IO;
	size_t size = (size_t)st.st_size;
	const void *at =
	    mmap(NULL, size, PROT_READ, MAP_PRIVATE, STDIN_FILENO, 0);
	if (at == MAP_FAILED || close(STDIN_FILENO) != 0)
		return ERR_IO;
	t->upload = (struct str){at, size};
	return OK;
}

/* What is to be had without decoding.  A file that can be shown and not
 * stripped is shown. */
static enum err
read_blocks(const struct task *t, const struct media_probe *probe,
    struct media_report *report)
{
	camera_read(str_slice(t->upload, (size_t)probe->exif_at,
			(size_t)probe->exif_bytes),
	    report->camera);
	if (t->original_fd < 0 || !strip_knows(probe->kind))
		return OK;
	enum err e = strip_write(t->upload, probe, t->original_fd);
	report->has_original = e == OK;
	return e == ERR_INPUT ? OK : e;
}

static enum err
make_pictures(const struct task *t, struct media_report *report)
{
	struct media_probe probe;
	TRY(media_probe_bytes(t->upload, &probe));
	decode_fn *decode = decoder_of(probe.kind);
	if (decode == NULL || !probe.is_whole || probe.is_odd ||
	    probe.width_px < 1 || probe.width_px > MEDIA_EDGE_MAX_PX ||
	    probe.height_px < 1 || probe.height_px > MEDIA_EDGE_MAX_PX)
		return ERR_INPUT;
	TRY(cascade_run(decode, t->upload, &probe, &t->job, &report->made));
	return read_blocks(t, &probe, report);
}

int
main(int argc, char **argv)
{
	/* With its worker the child has lost its purpose. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
		return EXIT_FAILURE;
	struct task t = {0};
	if (parse_arguments(argc, argv, &t) != OK || map_upload(&t) != OK ||
	    silence_libraries() != OK || sandbox_enter(&t.sandbox) != OK)
		return EXIT_FAILURE;
	struct media_report report = {.magic = MEDIA_REPORT_MAGIC};
	report.failure = make_pictures(&t, &report);
	ssize_t n = write(STDOUT_FILENO, &report, sizeof report);
	/* Not exit: there is nothing to flush, and less left to run. */
	_exit(n == (ssize_t)sizeof report ? EXIT_SUCCESS : EXIT_FAILURE);
}
