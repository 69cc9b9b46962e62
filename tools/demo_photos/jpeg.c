/* Writes JPEG files: see jpeg.h. */
#include "jpeg.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

struct trouble {
	struct jpeg_error_mgr base; /* first: libjpeg sees only this */
	jmp_buf out;
};

static void
trouble_leave(j_common_ptr cinfo)
{
	struct trouble *trouble = (struct trouble *)cinfo->err;
	cinfo->err->output_message(cinfo);
	longjmp(trouble->out, 1);
}

/* Writes to `file` when it is not NULL, else to memory. */
static bool
compress(const struct jpeg *jpeg, FILE *file, unsigned char **bytes,
    unsigned long *size)
{
	struct jpeg_compress_struct cinfo;
	struct trouble trouble;
	cinfo.err = jpeg_std_error(&trouble.base);
	trouble.base.error_exit = trouble_leave;
	if (setjmp(trouble.out)) {
		jpeg_destroy_compress(&cinfo);
		return false;
	}
	jpeg_create_compress(&cinfo);
	if (file)
		jpeg_stdio_dest(&cinfo, file);
	else
		jpeg_mem_dest(&cinfo, bytes, size);
	cinfo.image_width = (JDIMENSION)jpeg->width;
	cinfo.image_height = (JDIMENSION)jpeg->height;
	cinfo.input_components = 3;
	cinfo.in_color_space = JCS_RGB;
	jpeg_set_defaults(&cinfo);
	jpeg_set_quality(&cinfo, jpeg->quality, TRUE);
	cinfo.write_JFIF_header = jpeg->is_exif ? FALSE : TRUE;
	jpeg_start_compress(&cinfo, TRUE);
	for (size_t i = 0; i < jpeg->segment_count; i++)
		jpeg_write_marker(&cinfo, JPEG_APP0 + jpeg->segments[i].app,
		    jpeg->segments[i].bytes,
		    (unsigned int)jpeg->segments[i].size);
	while (cinfo.next_scanline < cinfo.image_height) {
		size_t at = (size_t)cinfo.next_scanline * cinfo.image_width * 3;
		/* libjpeg's rows are not const, but it does not write them. */
		union {
			const uint8_t *given;
			JSAMPROW wanted;
		} row = {jpeg->rgb + at};
		jpeg_write_scanlines(&cinfo, &row.wanted, 1);
	}
	jpeg_finish_compress(&cinfo);
	jpeg_destroy_compress(&cinfo);
	return true;
}

bool
jpeg_write(const struct jpeg *jpeg, const char *path)
{
	FILE *file = fopen(path, "wb");
	if (!file) {
		perror(path);
		return false;
	}
	bool is_done = compress(jpeg, file, NULL, NULL);
	if (fclose(file)) {
		perror(path);
		is_done = false;
	}
	return is_done;
}

bool
jpeg_pack(const struct jpeg *jpeg, uint8_t **bytes, size_t *size)
{
	unsigned char *made = NULL;
	unsigned long made_size = 0;
	if (!compress(jpeg, NULL, &made, &made_size)) {
		free(made);
		return false;
	}
	*bytes = made;
	*size = made_size;
	return true;
}
