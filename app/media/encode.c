/* libjpeg-turbo's encoder, fed with planes as they are (raw data). */
#include "media/encode.h"

#include <errno.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* After stdio.h: these headers do not include what they use. */
#include <jerror.h>
#include <jpeglib.h>

enum {
	OUT_BYTES = 1 << 16,
	ROWS_MAX = 2 * DCTSIZE
};

struct writer {
	struct jpeg_compress_struct c;
	struct jpeg_error_mgr errors;
	struct jpeg_destination_mgr to;
	jmp_buf on_error;
	enum err failure;
	int fd;
	struct buf *memory; /* instead of fd, or NULL */
	int64_t bytes;
	JOCTET out[OUT_BYTES];
};

_Noreturn static void
on_error(j_common_ptr common)
{
	struct writer *w = common->client_data;
	w->failure = common->err->msg_code == JERR_OUT_OF_MEMORY ? ERR_MEMORY
	             : common->err->msg_code == JERR_FILE_WRITE  ? ERR_IO
	                                                         : ERR_INTERNAL;
	longjmp(w->on_error, 1);
}

static void
on_message(j_common_ptr common, int level)
{
	(void)common;
	(void)level;
}

static void
write_out(struct writer *w, size_t size)
{
	const JOCTET *at = w->out;
	w->bytes += (int64_t)size;
	if (w->memory != NULL) {
		buf_put(w->memory, (struct str){(const char *)at, size});
		return;
	}
	while (size > 0) {
		ssize_t n = write(w->fd, at, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			ERREXIT(&w->c, JERR_FILE_WRITE);
		at += n;
		size -= (size_t)n;
	}
}

static void
on_start(j_compress_ptr c)
{
	struct writer *w = c->client_data;
	w->to.next_output_byte = w->out;
	w->to.free_in_buffer = OUT_BYTES;
}

static boolean
on_full(j_compress_ptr c)
{
	write_out(c->client_data, OUT_BYTES);
	on_start(c);
	return TRUE;
}

static void
on_end(j_compress_ptr c)
{
	struct writer *w = c->client_data;
	write_out(w, OUT_BYTES - w->to.free_in_buffer);
}

/* The encoder reads whole blocks: repeat the last sample of each row. */
static void
pad_rows(struct plane *p)
{
	for (size_t j = 0; j < p->height; j++) {
		uint8_t *row = p->at + j * p->stride;
		memset(row + p->width, row[p->width - 1], 2 * DCTSIZE);
	}
}

static void
start(struct writer *w, const struct frame *f, int quality)
{
	w->c.err = jpeg_std_error(&w->errors);
	w->errors.error_exit = on_error;
	w->errors.emit_message = on_message;
	w->c.client_data = w;
	jpeg_create_compress(&w->c);
	w->to.init_destination = on_start;
	w->to.empty_output_buffer = on_full;
	w->to.term_destination = on_end;
	w->c.dest = &w->to;
	w->c.image_width = (JDIMENSION)f->planes[0].width;
	w->c.image_height = (JDIMENSION)f->planes[0].height;
	w->c.input_components = (int)f->count;
	w->c.in_color_space = f->count == 1 ? JCS_GRAYSCALE : JCS_YCbCr;
	jpeg_set_defaults(&w->c); /* 2x2, 1x1, 1x1 for YCbCr */
	jpeg_set_quality(&w->c, quality, TRUE);
	w->c.raw_data_in = TRUE;
	w->c.optimize_coding = TRUE;
	jpeg_start_compress(&w->c, TRUE);
}

static void
write_group(struct writer *w, const struct frame *f)
{
	JSAMPROW rows[3][ROWS_MAX];
	JSAMPARRAY components[3] = {rows[0], rows[1], rows[2]};
	size_t done = w->c.next_scanline;
	for (size_t c = 0; c < f->count; c++) {
		const struct plane *p = &f->planes[c];
		size_t from = c == 0 ? done : done / 2;
		for (size_t i = 0; i < ROWS_MAX; i++) {
			size_t j =
			    from + i < p->height ? from + i : p->height - 1;
			rows[c][i] = p->at + j * p->stride;
		}
	}
	(void)jpeg_write_raw_data(
	    &w->c, components, (JDIMENSION)(w->c.max_v_samp_factor * DCTSIZE));
}

static enum err
encode(struct frame *f, int quality, struct writer *w)
{
	for (size_t c = 0; c < f->count; c++)
		pad_rows(&f->planes[c]);
	if (setjmp(w->on_error) == 0) {
		start(w, f, quality);
		while (w->c.next_scanline < w->c.image_height)
			write_group(w, f);
		jpeg_finish_compress(&w->c);
	}
	jpeg_destroy_compress(&w->c);
	return w->failure;
}

enum err
encode_jpeg(struct frame *f, int quality, int fd, int64_t *bytes)
{
	struct writer *w = calloc(1, sizeof *w);
	if (w == NULL)
		return ERR_MEMORY;
	w->fd = fd;
	enum err e = encode(f, quality, w);
	if (e == OK)
		*bytes = w->bytes;
	free(w);
	return e;
}

enum err
encode_jpeg_memory(struct frame *f, int quality, struct buf *out)
{
	struct writer *w = calloc(1, sizeof *w);
	if (w == NULL)
		return ERR_MEMORY;
	w->memory = out;
	enum err e = encode(f, quality, w);
	free(w);
	return e == OK ? buf_check(out) : e;
}
