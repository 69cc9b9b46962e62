/* See make_heif.h. */
#include "make_heif.h"

#include "media/heif.h"

#include <avif/avif.h>
#include <criterion/criterion.h>
#include <libheif/heif.h>
#include <string.h>

/* x265 keeps some of its memory for good. */
#if defined __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#else
static void
__lsan_disable(void)
{
}

static void
__lsan_enable(void)
{
}
#endif

static struct heif_error
write_blob(
    struct heif_context *context, const void *data, size_t size, void *to)
{
	(void)context;
	blob_put(to, data, size);
	return (struct heif_error){
	    heif_error_Ok, heif_suberror_Unspecified, ""};
}

static void
must(struct heif_error e)
{
	cr_assert_eq(e.code, heif_error_Ok, "%s", e.message);
}

static struct blob
blob_of(struct blob file, struct heif_span span)
{
	struct blob b = {0};
	blob_put(&b, file.at + span.at, (size_t)span.bytes);
	return b;
}

/* What libheif has put into its own file. */
static struct heif_coded
take_apart(struct blob file, enum heif_codec codec)
{
	struct heif h;
	struct heif_item item;
	struct heif_item coded;
	struct probe_source s = {
	    .fd = -1, .memory = file.at, .bytes = (int64_t)file.len};
	cr_assert(heif_open(&s, &h));
	cr_assert(heif_item(&h, h.primary, &item));
	coded = item;
	if (item.type == HEIF_GRID)
		cr_assert(heif_item(&h, heif_tile(&h, h.primary, 0), &coded));
	return (struct heif_coded){.codec = codec,
	    .width = (size_t)coded.width_px,
	    .height = (size_t)coded.height_px,
	    .shown_width = (size_t)item.width_px,
	    .shown_height = (size_t)item.height_px,
	    .config = blob_of(file, coded.config),
	    .data = blob_of(file, coded.data)};
}

static void
set_style(struct heif_encoder *encoder, struct heif_style style)
{
	must(heif_encoder_set_lossy_quality(encoder, 95));
	must(heif_encoder_set_parameter(encoder, "chroma",
	    style.chroma == 444   ? "444"
	    : style.chroma == 422 ? "422"
				  : "420"));
	must(heif_encoder_set_parameter(encoder, "preset", "ultrafast"));
}

static struct heif_coded
encode_hevc(struct heif_image *image, struct heif_style style)
{
	struct heif_context *context = heif_context_alloc();
	struct heif_encoder *encoder;
	struct heif_image_handle *handle;
	struct heif_writer writer = {1, write_blob};
	struct heif_encoding_options *options = heif_encoding_options_alloc();
	struct heif_color_profile_nclx *nclx = heif_nclx_color_profile_alloc();
	struct blob file = {0};
	must(heif_context_get_encoder_for_format(
	    context, heif_compression_HEVC, &encoder));
	set_style(encoder, style);
	if (style.nclx.primaries != 0) {
		nclx->color_primaries =
		    (enum heif_color_primaries)style.nclx.primaries;
		nclx->transfer_characteristics =
		    (enum heif_transfer_characteristics)style.nclx.transfer;
		nclx->matrix_coefficients =
		    (enum heif_matrix_coefficients)style.nclx.matrix;
		nclx->full_range_flag = style.nclx.is_full_range;
		options->output_nclx_profile = nclx;
	}
	__lsan_disable();
	must(heif_context_encode_image(
	    context, image, encoder, options, &handle));
	__lsan_enable();
	must(heif_context_write(context, &writer, &file));
	heif_nclx_color_profile_free(nclx);
	heif_encoding_options_free(options);
	heif_image_handle_release(handle);
	heif_encoder_release(encoder);
	heif_context_free(context);
	return take_apart(file, CODEC_HEVC);
}

static struct heif_coded
hevc_of_rgb(struct raster r, struct heif_style style)
{
	struct heif_image *image;
	bool is_deep = style.depth > 8;
	int stride;
	must(heif_image_create((int)r.width, (int)r.height, heif_colorspace_RGB,
	    is_deep ? heif_chroma_interleaved_RRGGBB_LE
		    : heif_chroma_interleaved_RGB,
	    &image));
	must(heif_image_add_plane(image, heif_channel_interleaved, (int)r.width,
	    (int)r.height, is_deep ? style.depth : 8));
	uint8_t *to =
	    heif_image_get_plane(image, heif_channel_interleaved, &stride);
	for (size_t y = 0; y < r.height; y++)
		for (size_t i = 0; i < r.width * 3; i++) {
			unsigned v = r.rgb[y * r.width * 3 + i];
			uint8_t *row = to + y * (size_t)stride;
			if (!is_deep) {
				row[i] = (uint8_t)v;
				continue;
			}
			v = v << (style.depth - 8) | v >> (16 - style.depth);
			row[2 * i] = (uint8_t)v;
			row[2 * i + 1] = (uint8_t)(v >> 8);
		}
	struct heif_coded coded = encode_hevc(image, style);
	heif_image_release(image);
	return coded;
}

static struct heif_coded
hevc_of_grey(struct raster r)
{
	struct heif_image *image;
	int stride;
	must(heif_image_create((int)r.width, (int)r.height,
	    heif_colorspace_monochrome, heif_chroma_monochrome, &image));
	must(heif_image_add_plane(
	    image, heif_channel_Y, (int)r.width, (int)r.height, 8));
	uint8_t *to = heif_image_get_plane(image, heif_channel_Y, &stride);
	for (size_t y = 0; y < r.height; y++)
		for (size_t x = 0; x < r.width; x++)
			to[y * (size_t)stride + x] =
			    r.rgb[(y * r.width + x) * 3];
	struct heif_coded coded = encode_hevc(image, (struct heif_style){0});
	heif_image_release(image);
	return coded;
}

/* libavif: libheif's own way to AV1 knows few kinds of samples. */
static struct heif_coded
av1_of(struct raster r, struct heif_style style, bool is_grey)
{
	avifImage *image = avifImageCreate((uint32_t)r.width,
	    (uint32_t)r.height, style.depth > 8 ? 10 : 8,
	    is_grey               ? AVIF_PIXEL_FORMAT_YUV400
	    : style.chroma == 444 ? AVIF_PIXEL_FORMAT_YUV444
	    : style.chroma == 422 ? AVIF_PIXEL_FORMAT_YUV422
				  : AVIF_PIXEL_FORMAT_YUV420);
	avifRGBImage rgb;
	avifRWData file = AVIF_DATA_EMPTY;
	avifEncoder *encoder = avifEncoderCreate();
	struct heif_nclx said = style.nclx.primaries != 0
	                            ? style.nclx
	                            : (struct heif_nclx){1, 13, 6, true};
	cr_assert(image != NULL && encoder != NULL);
	image->colorPrimaries = (avifColorPrimaries)said.primaries;
	image->transferCharacteristics =
	    (avifTransferCharacteristics)said.transfer;
	image->matrixCoefficients = (avifMatrixCoefficients)said.matrix;
	image->yuvRange =
	    said.is_full_range ? AVIF_RANGE_FULL : AVIF_RANGE_LIMITED;
	avifRGBImageSetDefaults(&rgb, image);
	rgb.depth = 8;
	rgb.format = AVIF_RGB_FORMAT_RGB;
	rgb.pixels = r.rgb;
	rgb.rowBytes = (uint32_t)r.width * 3;
	cr_assert_eq(avifImageRGBToYUV(image, &rgb), AVIF_RESULT_OK);
	encoder->speed = 9;
	encoder->minQuantizer = encoder->maxQuantizer = 5;
	cr_assert_eq(avifEncoderWrite(encoder, image, &file), AVIF_RESULT_OK);
	struct blob b = {0};
	blob_put(&b, file.data, file.size);
	avifRWDataFree(&file);
	avifEncoderDestroy(encoder);
	avifImageDestroy(image);
	return take_apart(b, CODEC_AV1);
}

struct heif_coded
heif_encode(struct raster r, struct heif_style style)
{
	return style.codec == CODEC_AV1 ? av1_of(r, style, false)
	                                : hevc_of_rgb(r, style);
}

struct heif_coded
heif_encode_grey(struct raster r, enum heif_codec codec)
{
	/* Red alone: libavif would make luma of all three. */
	struct raster grey = raster_plain(r.width, r.height, (struct rgb){0});
	for (size_t i = 0; i < r.width * r.height * 3; i++)
		grey.rgb[i] = r.rgb[i / 3 * 3];
	return codec == CODEC_AV1 ? av1_of(grey, (struct heif_style){0}, true)
	                          : hevc_of_grey(grey);
}

void
blob_box(struct blob *b, const char *type, struct blob content)
{
	blob_put_be(b, content.len + 8, 4);
	blob_put_text(b, type);
	blob_put(b, content.at, content.len);
}

void
piece_add(struct heif_piece *p, const char *type, struct blob content)
{
	cr_assert_lt(p->property_count, PIECE_PROPERTIES_MAX);
	blob_box(&p->properties[p->property_count++], type, content);
}

/* A clean aperture moves the middle, by halves here. */
static struct blob
upper_left(struct heif_coded coded)
{
	uint64_t numbers[8] = {coded.shown_width, 1, coded.shown_height, 1,
	    (uint32_t)(coded.shown_width - coded.width), 2,
	    (uint32_t)(coded.shown_height - coded.height), 2};
	struct blob b = {0};
	for (int i = 0; i < 8; i++)
		blob_put_be(&b, numbers[i], 4);
	return b;
}

struct heif_piece
piece_of(struct heif_coded coded)
{
	bool is_av1 = coded.codec == CODEC_AV1;
	struct heif_piece p = {
	    .type = is_av1 ? "av01" : "hvc1", .data = coded.data};
	piece_add(&p, is_av1 ? "av1C" : "hvcC", coded.config);
	p.is_essential[0] = true;
	piece_add(&p, "ispe", heif_size(coded.width, coded.height));
	if (coded.shown_width != coded.width ||
	    coded.shown_height != coded.height)
		piece_add(&p, "clap", upper_left(coded));
	return p;
}

struct blob
heif_size(size_t width, size_t height)
{
	struct blob b = {0};
	blob_put_be(&b, 0, 4);
	blob_put_be(&b, width, 4);
	blob_put_be(&b, height, 4);
	return b;
}

struct blob
heif_byte(unsigned value)
{
	struct blob b = {0};
	blob_put_be(&b, value, 1);
	return b;
}

struct blob
heif_nclx(struct heif_nclx nclx)
{
	struct blob b = {0};
	blob_put_text(&b, "nclx");
	blob_put_be(&b, (uint64_t)nclx.primaries, 2);
	blob_put_be(&b, (uint64_t)nclx.transfer, 2);
	blob_put_be(&b, (uint64_t)nclx.matrix, 2);
	blob_put_be(&b, nclx.is_full_range ? 128 : 0, 1);
	return b;
}

struct blob
heif_icc(struct blob icc)
{
	struct blob b = {0};
	blob_put_text(&b, "prof");
	blob_put(&b, icc.at, icc.len);
	return b;
}

struct blob
heif_crop(size_t width, size_t height, int x, int y)
{
	uint64_t numbers[8] = {
	    width, 1, height, 1, (uint32_t)x, 1, (uint32_t)y, 1};
	struct blob b = {0};
	for (int i = 0; i < 8; i++)
		blob_put_be(&b, numbers[i], 4);
	return b;
}

struct blob
heif_alpha_name(void)
{
	static const char name[] =
	    "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha";
	struct blob b = {0};
	blob_put_be(&b, 0, 4);
	blob_put(&b, name, sizeof name);
	return b;
}

struct blob
heif_grid_data(unsigned rows, unsigned columns, unsigned width, unsigned height)
{
	struct blob b = {0};
	blob_put_be(&b, 1, 2); /* 32-bit numbers */
	blob_put_be(&b, rows - 1, 1);
	blob_put_be(&b, columns - 1, 1);
	blob_put_be(&b, width, 4);
	blob_put_be(&b, height, 4);
	return b;
}

struct blob
heif_exif_data(int orientation, const char *make)
{
	struct blob b = {0};
	size_t len = strlen(make) + 1;
	blob_put_be(&b, 0, 4); /* what stands before the TIFF structure */
	blob_put(&b, "MM\0*\0\0\0\x08\0\x02", 10);
	blob_put(&b, "\x01\x0f\0\x02", 4); /* Make */
	blob_put_be(&b, len, 4);
	blob_put_be(&b, 38, 4);
	blob_put(&b, "\x01\x12\0\x03\0\0\0\x01", 8);
	blob_put_be(&b, (uint64_t)orientation, 2);
	blob_put_be(&b, 0, 6); /* padding, and no further directory */
	blob_put(&b, make, len);
	return b;
}

static struct blob
item_infos(const struct heif_piece *pieces, int count)
{
	struct blob b = {0};
	blob_put_be(&b, 0, 4);
	blob_put_be(&b, (uint64_t)count, 2);
	for (int i = 0; i < count; i++) {
		struct blob entry = {0};
		blob_put_be(&entry, 2 << 24, 4);
		blob_put_be(&entry, (uint64_t)i + 1, 2);
		blob_put_be(&entry, 0, 2);
		blob_put_text(&entry, pieces[i].type);
		blob_put_be(&entry, 0, 1);
		blob_box(&b, "infe", entry);
	}
	return b;
}

static struct blob
item_references(const struct heif_piece *pieces, int count)
{
	struct blob b = {0};
	blob_put_be(&b, 0, 4);
	for (int i = 0; i < count; i++) {
		struct blob r = {0};
		if (pieces[i].reference == NULL)
			continue;
		blob_put_be(&r, (uint64_t)i + 1, 2);
		blob_put_be(&r, (uint64_t)pieces[i].to_count, 2);
		for (int j = 0; j < pieces[i].to_count; j++)
			blob_put_be(&r, pieces[i].to[j], 2);
		blob_box(&b, pieces[i].reference, r);
	}
	return b;
}

static struct blob
item_properties(const struct heif_piece *pieces, int count)
{
	struct blob all = {0};
	struct blob uses = {0};
	struct blob b = {0};
	unsigned number = 0;
	blob_put_be(&uses, 0, 4);
	blob_put_be(&uses, (uint64_t)count, 4);
	for (int i = 0; i < count; i++) {
		blob_put_be(&uses, (uint64_t)i + 1, 2);
		blob_put_be(&uses, (uint64_t)pieces[i].property_count, 1);
		for (int j = 0; j < pieces[i].property_count; j++) {
			struct blob p = pieces[i].properties[j];
			blob_put(&all, p.at, p.len);
			blob_put_be(&uses,
			    ++number | (pieces[i].is_essential[j] ? 128 : 0),
			    1);
		}
	}
	cr_assert_lt(number, 128);
	blob_box(&b, "ipco", all);
	blob_box(&b, "ipma", uses);
	return b;
}

static struct blob
item_locations(const struct heif_piece *pieces, int count, size_t at)
{
	struct blob b = {0};
	blob_put_be(&b, 0, 4);
	blob_put_be(&b, 0x4400, 2); /* offset and length of 4 bytes each */
	blob_put_be(&b, (uint64_t)count, 2);
	for (int i = 0; i < count; i++) {
		blob_put_be(&b, (uint64_t)i + 1, 2);
		blob_put_be(&b, 0, 2);
		blob_put_be(&b, 1, 2);
		blob_put_be(&b, at, 4);
		blob_put_be(&b, pieces[i].data.len, 4);
		at += pieces[i].data.len;
	}
	return b;
}

static struct blob
meta_of(const struct heif_piece *pieces, int count, size_t data_at)
{
	struct blob handler = {0};
	struct blob primary = {0};
	struct blob b = {0};
	blob_put_be(&handler, 0, 8);
	blob_put_text(&handler, "pict");
	blob_put_be(&handler, 0, 8);
	blob_put_be(&handler, 0, 5);
	blob_put_be(&primary, 0, 4);
	blob_put_be(&primary, 1, 2);
	blob_put_be(&b, 0, 4);
	blob_box(&b, "hdlr", handler);
	blob_box(&b, "pitm", primary);
	blob_box(&b, "iinf", item_infos(pieces, count));
	blob_box(&b, "iref", item_references(pieces, count));
	blob_box(&b, "iprp", item_properties(pieces, count));
	blob_box(&b, "iloc", item_locations(pieces, count, data_at));
	return b;
}

struct blob
heif_file(const char *brand, const struct heif_piece *pieces, int count)
{
	struct blob type = {0};
	struct blob data = {0};
	struct blob b = {0};
	blob_put_text(&type, brand);
	blob_put_be(&type, 0, 4);
	blob_put_text(&type, "mif1miaf");
	blob_put_text(&type, brand);
	for (int i = 0; i < count; i++)
		blob_put(&data, pieces[i].data.at, pieces[i].data.len);
	blob_box(&b, "ftyp", type);
	size_t data_at = b.len + 8 + meta_of(pieces, count, 0).len + 8;
	blob_box(&b, "meta", meta_of(pieces, count, data_at));
	blob_box(&b, "mdat", data);
	return b;
}

struct blob
make_heif(struct raster r, struct heif_style style)
{
	struct heif_piece p = piece_of(heif_encode(r, style));
	if (style.nclx.primaries != 0)
		piece_add(&p, "colr", heif_nclx(style.nclx));
	return heif_file(style.codec == CODEC_AV1 ? "avif" : "heic", &p, 1);
}

void
heif_put_track(struct blob *b, uint32_t samples)
{
	static const char *const around[] = {
	    "stbl", "minf", "mdia", "trak", "moov"};
	struct blob sizes = {0};
	struct blob inner = {0};
	blob_put_be(&sizes, 0, 8);
	blob_put_be(&sizes, samples, 4);
	blob_box(&inner, "stsz", sizes);
	for (size_t i = 0; i < 5; i++) {
		struct blob outer = {0};
		blob_box(&outer, around[i], inner);
		inner = outer;
	}
	blob_put(b, inner.at, inner.len);
}
