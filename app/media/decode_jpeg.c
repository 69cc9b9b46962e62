/* JPEG by way of libjpeg-turbo.
 *
 * The library hands over its planes as they are (raw data), so that neither
 * upsampling nor colour conversion is spent on pixels that are to shrink.
 */
#include "media/decode.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

/* After stdio.h: these headers do not include what they use. */
#include <jerror.h>
#include <jpeglib.h>

#if JPEG_LIB_VERSION >= 70
#define SCALED_SIZE(c) ((c)->DCT_v_scaled_size)
#define LEAST_SIZE(d) ((d)->min_DCT_v_scaled_size)
#else
#define SCALED_SIZE(c) ((c)->DCT_scaled_size)
#define LEAST_SIZE(d) ((d)->min_DCT_scaled_size)
#endif

enum {
	SCANS_MAX = 100,  /* a progressive file has some ten */
	PADDING_MAX = 64, /* bytes between the picture and its end */
	GROUP_MAX = MAX_SAMP_FACTOR * DCTSIZE
};

struct reader {
	struct jpeg_decompress_struct d;
	struct jpeg_error_mgr errors;
	struct jpeg_progress_mgr progress;
	jmp_buf on_error;
	enum err failure;
	struct shrink shrink;
	struct colour_transform *transform;
	uint8_t *icc;
};

_Noreturn static void
give_up(struct reader *r, enum err why)
{
	r->failure = why;
	longjmp(r->on_error, 1);
}

static void
on_error(j_common_ptr common)
{
	struct reader *r = common->client_data;
	give_up(r, common->err->msg_code == JERR_OUT_OF_MEMORY ? ERR_MEMORY
							       : ERR_INPUT);
}

/* Warnings that say nothing about the pixels. */
static bool
is_harmless(const struct jpeg_error_mgr *e)
{
	switch (e->msg_code) {
	case JWRN_ADOBE_XFORM:
	case JWRN_JFIF_MAJOR:
	case JWRN_BOGUS_ICC:
		return true;
	case JWRN_EXTRANEOUS_DATA: /* padding before the end, as cameras do */
		return e->msg_parm.i[1] == JPEG_EOI &&
		       e->msg_parm.i[0] <= PADDING_MAX;
	}
	return false;
}

static void
on_message(j_common_ptr common, int level)
{
	struct reader *r = common->client_data;
	if (level < 0 && !is_harmless(common->err))
		give_up(r, ERR_INPUT);
}

static void
on_output(j_common_ptr common)
{
	(void)common;
}

/* Each scan of a progressive file costs a pass over the whole picture. */
static void
on_progress(j_common_ptr common)
{
	struct reader *r = common->client_data;
	if (r->d.input_scan_number > SCANS_MAX)
		give_up(r, ERR_INPUT);
}

static enum colour_model
model_of(struct reader *r)
{
	switch ((int)r->d.jpeg_color_space) {
	case JCS_GRAYSCALE:
		return COLOUR_GREY;
	case JCS_YCbCr:
		return COLOUR_YCC;
	case JCS_RGB:
		return COLOUR_RGB;
	case JCS_CMYK:
		return COLOUR_CMYK;
	case JCS_YCCK:
		return COLOUR_YCCK;
	}
	give_up(r, ERR_INPUT);
}

/* The largest of 1/8, 1/4, 1/2 that leaves no less than what is wanted. */
static void
choose_scale(struct reader *r, const struct wanted *wanted)
{
	bool turned = wanted->orientation >= 5;
	size_t width = turned ? wanted->height : wanted->width;
	size_t height = turned ? wanted->width : wanted->height;
	unsigned shift = 3;
	while (shift > 0 && (r->d.image_width >> shift < width ||
				r->d.image_height >> shift < height))
		shift--;
	r->d.scale_num = 1;
	r->d.scale_denom = 1U << shift;
}

static void
describe(struct reader *r, struct source *s)
{
	const struct jpeg_decompress_struct *d = &r->d;
	*s = (struct source){.width = d->image_width,
	    .height = d->image_height,
	    .model = model_of(r),
	    .group = GROUP_MAX};
	if ((size_t)d->num_components != colour_planes(s->model))
		give_up(r, ERR_INPUT);
	for (int c = 0; c < d->num_components; c++) {
		const jpeg_component_info *from = &d->comp_info[c];
		double scale = (double)SCALED_SIZE(from) / DCTSIZE;
		s->components[c] = (struct source_component){
		    from->downsampled_width, from->downsampled_height,
		    scale * from->h_samp_factor / d->max_h_samp_factor,
		    scale * from->v_samp_factor / d->max_v_samp_factor};
	}
}

/* One row of MCUs of all components. */
static void
read_group(struct reader *r)
{
	struct jpeg_decompress_struct *d = &r->d;
	JSAMPROW rows[PLANES_MAX][GROUP_MAX];
	JSAMPARRAY components[PLANES_MAX];
	for (int c = 0; c < d->num_components; c++) {
		const jpeg_component_info *info = &d->comp_info[c];
		int n = info->v_samp_factor * SCALED_SIZE(info);
		for (int i = 0; i < n; i++)
			rows[c][i] =
			    shrink_row(&r->shrink, (size_t)c, (size_t)i);
		components[c] = rows[c];
	}
	JDIMENSION lines = (JDIMENSION)(d->max_v_samp_factor * LEAST_SIZE(d));
	if (jpeg_read_raw_data(d, components, lines) == 0)
		give_up(r, ERR_INPUT);
	for (int c = 0; c < d->num_components; c++) {
		const jpeg_component_info *info = &d->comp_info[c];
		shrink_filled(&r->shrink, (size_t)c,
		    (size_t)info->v_samp_factor * (size_t)SCALED_SIZE(info));
	}
}

static void
start(struct reader *r, struct str bytes)
{
	r->d.err = jpeg_std_error(&r->errors);
	r->errors.error_exit = on_error;
	r->errors.emit_message = on_message;
	r->errors.output_message = on_output;
	r->d.client_data = r;
	jpeg_create_decompress(&r->d);
	r->progress.progress_monitor = on_progress;
	r->d.progress = &r->progress;
	jpeg_mem_src(
	    &r->d, (const unsigned char *)bytes.at, (unsigned long)bytes.len);
	jpeg_save_markers(&r->d, JPEG_APP0 + 2, 0xffff);
}

static void
read_all(struct reader *r, const struct wanted *wanted, struct frame *out)
{
	unsigned icc_bytes = 0;
	(void)jpeg_read_header(&r->d, TRUE);
	if (jpeg_read_icc_profile(&r->d, &r->icc, &icc_bytes))
		r->transform = colour_open(
		    (struct str){(const char *)r->icc, icc_bytes}, model_of(r));
	choose_scale(r, wanted);
	r->d.raw_data_out = TRUE;
	r->d.do_fancy_upsampling = FALSE;
	r->d.out_color_space = r->d.jpeg_color_space;
	(void)jpeg_start_decompress(&r->d);
	struct source source;
	describe(r, &source);
	enum err e = shrink_make(&r->shrink, wanted, &source, r->transform);
	if (e != OK)
		give_up(r, e);
	while (r->d.output_scanline < r->d.output_height)
		read_group(r);
	(void)jpeg_finish_decompress(&r->d);
	e = shrink_finish(&r->shrink, out);
	if (e != OK)
		give_up(r, e);
}

enum err
decode_jpeg(struct str bytes, const struct media_probe *probe,
    const struct wanted *wanted, struct frame *out)
{
	(void)probe;
	struct reader *r = calloc(1, sizeof *r);
	if (r == NULL)
		return ERR_MEMORY;
	if (setjmp(r->on_error) == 0) {
		start(r, bytes);
		read_all(r, wanted, out);
	}
	enum err e = r->failure;
	jpeg_destroy_decompress(&r->d);
	shrink_free(&r->shrink);
	colour_close(r->transform);
	free(r->icc);
	free(r);
	return e;
}
