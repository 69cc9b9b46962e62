/* JPEG files, with all that a camera writes into them. */
#include "fixture.h"

#include <criterion/criterion.h>
#include <lcms2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

/* Orientation, and a GPS position and a maker where there are secrets. */
static struct blob
exif(int orientation, bool has_secrets)
{
	struct blob b = {0};
	blob_put(&b, "Exif\0\0MM\0*\0\0\0\x08", 14);
	blob_put_be(&b, has_secrets ? 3 : 1, 2);
	if (has_secrets) { /* 0x010f: the maker, text at offset 64 */
		blob_put_be(&b, 0x010f0002, 4);
		blob_put_be(&b, sizeof SECRET, 4);
		blob_put_be(&b, 64, 4);
	}
	blob_put_be(&b, 0x01120003, 4);
	blob_put_be(&b, 1, 4);
	blob_put_be(&b, (uint64_t)orientation << 16, 4);
	if (has_secrets) { /* 0x8825: the GPS directory */
		blob_put_be(&b, 0x88250004, 4);
		blob_put_be(&b, 1, 4);
		blob_put_be(&b, 100, 4);
	}
	blob_put_be(&b, 0, 4);
	if (has_secrets) {
		while (b.len < 6 + 64)
			blob_put_be(&b, 0, 1);
		blob_put(&b, SECRET, sizeof SECRET);
		while (b.len < 6 + 100)
			blob_put_be(&b, 0, 1);
		blob_put_be(&b, 0, 6);
	}
	return b;
}

static void
put_marker(struct jpeg_compress_struct *c, int marker, struct blob b)
{
	jpeg_write_marker(c, marker, b.at, (unsigned)b.len);
}

static void
put_secrets(struct jpeg_compress_struct *c)
{
	struct blob xmp = {0};
	blob_put(&xmp, "http://ns.adobe.com/xap/1.0/", 29);
	blob_put_text(&xmp, "<x:xmpmeta exif:GPSLatitude=\"" SECRET "\"/>");
	put_marker(c, JPEG_APP0 + 1, xmp);
	struct blob iptc = {0};
	blob_put(&iptc, "Photoshop 3.0", 14);
	blob_put_text(&iptc, "8BIM" SECRET);
	put_marker(c, JPEG_APP0 + 13, iptc);
	struct blob comment = {0};
	blob_put_text(&comment, "taken at " SECRET);
	put_marker(c, JPEG_COM, comment);
}

static void
set_kind(struct jpeg_compress_struct *c, enum jpeg_kind kind)
{
	bool is_ink = kind == JPEG_CMYK || kind == JPEG_YCCK;
	c->input_components = is_ink ? 4 : 3;
	c->in_color_space = is_ink ? JCS_CMYK : JCS_RGB;
	jpeg_set_defaults(c);
	if (kind == JPEG_GREY)
		jpeg_set_colorspace(c, JCS_GRAYSCALE);
	if (kind == JPEG_RGB)
		jpeg_set_colorspace(c, JCS_RGB);
	if (kind == JPEG_YCCK)
		jpeg_set_colorspace(c, JCS_YCCK);
	if (kind == JPEG_444)
		c->comp_info[0].h_samp_factor = c->comp_info[0].v_samp_factor =
		    1;
	if (kind == JPEG_PROGRESSIVE)
		jpeg_simple_progression(c);
}

/* Ink as Adobe stores it, 255 being none: the light that is left. */
static void
put_ink_row(struct jpeg_compress_struct *c, const unsigned char *rgb)
{
	unsigned char *row = malloc(c->image_width * 4);
	for (size_t i = 0; i < c->image_width; i++) {
		memcpy(row + i * 4, rgb + i * 3, 3);
		row[i * 4 + 3] = 255;
	}
	JSAMPROW rows[1] = {row};
	(void)jpeg_write_scanlines(c, rows, 1);
	free(row);
}

struct blob
make_jpeg(struct raster r, enum jpeg_kind kind, struct jpeg_extra extra)
{
	struct jpeg_compress_struct c;
	struct jpeg_error_mgr errors;
	unsigned char *out = NULL;
	unsigned long size = 0;
	c.err = jpeg_std_error(&errors);
	jpeg_create_compress(&c);
	jpeg_mem_dest(&c, &out, &size);
	c.image_width = (JDIMENSION)r.width;
	c.image_height = (JDIMENSION)r.height;
	set_kind(&c, kind);
	jpeg_set_quality(&c, extra.quality == 0 ? 95 : extra.quality, TRUE);
	jpeg_start_compress(&c, TRUE);
	if (extra.orientation != 0)
		put_marker(&c, JPEG_APP0 + 1,
		    exif(extra.orientation, extra.has_secrets));
	if (extra.has_secrets)
		put_secrets(&c);
	if (extra.icc.len > 0)
		jpeg_write_icc_profile(
		    &c, extra.icc.at, (unsigned)extra.icc.len);
	while (c.next_scanline < c.image_height) {
		unsigned char *row = r.rgb + c.next_scanline * r.width * 3;
		if (c.input_components == 4)
			put_ink_row(&c, row);
		else
			(void)jpeg_write_scanlines(&c, &row, 1);
	}
	jpeg_finish_compress(&c);
	jpeg_destroy_compress(&c);
	struct blob b = {0};
	blob_put(&b, out, size);
	free(out);
	if (extra.has_secrets)
		blob_put_text(&b, "a preview of " SECRET);
	return b;
}

static struct blob
icc(const cmsCIExyYTRIPLE *primaries, double gamma)
{
	const cmsCIExyY d65 = {0.3127, 0.3290, 1};
	cmsToneCurve *curve = cmsBuildGamma(NULL, gamma);
	cmsToneCurve *curves[3] = {curve, curve, curve};
	cmsHPROFILE p = primaries == NULL
	                    ? cmsCreate_sRGBProfile()
	                    : cmsCreateRGBProfile(&d65, primaries, curves);
	cmsUInt32Number size = 0;
	cr_assert(cmsSaveProfileToMem(p, NULL, &size));
	struct blob b = {.at = keep_alloc(size), .len = size};
	cr_assert(cmsSaveProfileToMem(p, b.at, &size));
	cmsCloseProfile(p);
	cmsFreeToneCurve(curve);
	return b;
}

struct blob
icc_display_p3(void)
{
	static const cmsCIExyYTRIPLE p3 = {
	    {0.680, 0.320, 1}, {0.265, 0.690, 1}, {0.150, 0.060, 1}};
	return icc(&p3, 2.2);
}

struct blob
icc_srgb(void)
{
	return icc(NULL, 2.2);
}
