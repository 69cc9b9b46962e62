/* pixlpix-decode and pixlpix-decode-gd: the decoder child.
 *
 * One process for one upload, started by media/child.c.  Reads its command
 * line (see media/report.h), maps the upload, closes the sandbox behind
 * itself, and only then looks at the upload.
 *
 * There are two of them because loading libgd and the fifty libraries behind
 * it takes 8 ms, ten times as long as all the others: only GIF pays for it.
 */
#include "media/report.h"
#include "media/sandbox.h"

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
};

static decode_fn *
decoder_of(enum media_kind kind)
{
#ifdef PIXLPIX_DECODE_GD
	return kind == MEDIA_KIND_GIF ? decode_gif : NULL;
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
	TRY(str_parse_int(
	    str_from(argv[1]), 1, INT64_MAX, &t->sandbox.address_space_bytes));
	TRY(str_parse_int(str_from(argv[2]), 1, 3600, &t->sandbox.cpu_s));
	TRY(str_parse_int(
	    str_from(argv[3]), 1, INT64_MAX, &t->sandbox.file_bytes));
	TRY(str_parse_int(str_from(argv[4]), 0, 0xffffff, &colour));
	t->job.background = (uint32_t)colour;
	t->job.count = (size_t)count;
	t->sandbox.write_first = MEDIA_FIRST_OUT;
	t->sandbox.write_last = MEDIA_FIRST_OUT + count - 1;
	for (int i = 0; i < count; i++) {
		t->job.out_fds[i] = MEDIA_FIRST_OUT + i;
		TRY(parse_size(
		    str_from(argv[1 + MEDIA_ARGUMENTS + i]), &t->job.sizes[i]));
	}
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

static enum err
make_pictures(const struct task *t, struct cascade_made *made)
{
	struct media_probe probe;
	TRY(media_probe_bytes(t->upload, &probe));
	decode_fn *decode = decoder_of(probe.kind);
	if (decode == NULL || !probe.is_whole || probe.width_px < 1 ||
	    probe.width_px > MEDIA_EDGE_MAX_PX || probe.height_px < 1 ||
	    probe.height_px > MEDIA_EDGE_MAX_PX)
		return ERR_INPUT;
	return cascade_run(decode, t->upload, &probe, &t->job, made);
}

int
main(int argc, char **argv)
{
	/* With its worker the child has lost its purpose. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
		return EXIT_FAILURE;
	struct task t = {0};
	if (parse_arguments(argc, argv, &t) != OK || map_upload(&t) != OK ||
	    sandbox_enter(&t.sandbox) != OK)
		return EXIT_FAILURE;
	struct media_report report = {.magic = MEDIA_REPORT_MAGIC};
	report.failure = make_pictures(&t, &report.made);
	ssize_t n = write(STDOUT_FILENO, &report, sizeof report);
	/* Not exit: there is nothing to flush, and less left to run. */
	_exit(n == (ssize_t)sizeof report ? EXIT_SUCCESS : EXIT_FAILURE);
}
