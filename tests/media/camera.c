/* Camera data out of EXIF: these fields alone, whatever the bytes are. */
#include "media/camera.h"

#include "fixture.h"

#include <criterion/criterion.h>
#include <string.h>

struct field {
	unsigned tag;
	unsigned type; /* TIFF 6.0: 2 text, 3 short, 4 long, 5 rational */
	const char *text;
	uint32_t above; /* or the number */
	uint32_t below;
};

static void
put(struct blob *b, bool is_little, uint64_t value, int bytes)
{
	if (is_little)
		blob_put_le(b, value, bytes);
	else
		blob_put_be(b, value, bytes);
}

/* A directory at `at`, its long values behind it. */
static void
put_directory(struct blob *b, bool is_little, size_t at,
    const struct field *fields, size_t count)
{
	struct blob values = {0};
	size_t after = at + 2 + count * 12 + 4;
	put(b, is_little, count, 2);
	for (size_t i = 0; i < count; i++) {
		const struct field *f = &fields[i];
		size_t length = f->type == 2 ? strlen(f->text) + 1 : 1;
		put(b, is_little, f->tag, 2);
		put(b, is_little, f->type, 2);
		put(b, is_little, length, 4);
		if (f->type == 3) {
			put(b, is_little, f->above, 2);
			put(b, is_little, 0, 2);
		} else if (f->type == 4) {
			put(b, is_little, f->above, 4);
		} else if (f->type == 2 && length <= 4) {
			char room[4] = {0};
			memcpy(room, f->text, length);
			blob_put(b, room, 4);
		} else {
			put(b, is_little, after + values.len, 4);
			if (f->type == 2) {
				blob_put(&values, f->text, length);
			} else {
				put(&values, is_little, f->above, 4);
				put(&values, is_little, f->below, 4);
			}
		}
	}
	put(b, is_little, 0, 4);
	blob_put(b, values.at, values.len);
}

static struct blob
make_tiff(bool is_little, const char *make, const char *model,
    const struct field *shot, size_t count)
{
	struct blob b = {0};
	struct field first[] = {{0x010f, 2, make, 0, 0},
	    {0x0110, 2, model, 0, 0}, {0x8769, 4, NULL, 400, 0},
	    {0x8825, 4, NULL, 0, 0}};
	blob_put_text(&b, is_little ? "II" : "MM");
	put(&b, is_little, 42, 2);
	put(&b, is_little, 8, 4);
	put_directory(&b, is_little, 8, first, 4);
	while (b.len < 400)
		blob_put(&b, "", 1);
	put_directory(&b, is_little, 400, shot, count);
	return b;
}

static void
check(struct blob tiff, const char *want)
{
	char got[CAMERA_MAX];
	camera_read((struct str){(const char *)tiff.at, tiff.len}, got);
	cr_assert_str_eq(got, want);
}

static const struct field shot[] = {{0x829a, 5, NULL, 1, 250},
    {0x829d, 5, NULL, 28, 10}, {0x8827, 3, NULL, 400, 0},
    {0x920a, 5, NULL, 50, 1}, {0xa430, 2, "Ada Example", 0, 0},
    {0xa431, 2, "SN-4711", 0, 0}, {0xa434, 2, "RF 50mm F1.8", 0, 0}};

Test(camera, says_make_lens_and_exposure_and_nothing_else)
{
	for (int is_little = 0; is_little < 2; is_little++)
		check(make_tiff(is_little, "Lumen", "One", shot, 7),
		    "Lumen One, RF 50mm F1.8, 50 mm, f/2.8, 1/250 s, ISO 400");
}

Test(camera, names_the_maker_once)
{
	check(
	    make_tiff(true, "Canon", "Canon EOS R6", shot, 0), "Canon EOS R6");
	check(make_tiff(true, "NIKON CORPORATION", "D5", shot, 0),
	    "NIKON CORPORATION D5");
	check(make_tiff(true, "", "D5 ", shot, 0), "D5");
	check(make_tiff(true, " Leica", "", shot, 0), "Leica");
}

Test(camera, rounds_what_people_read)
{
	const struct field slow[] = {{0x829a, 5, NULL, 25, 10},
	    {0x829d, 5, NULL, 8, 1}, {0x920a, 5, NULL, 425, 100}};
	const struct field half[] = {{0x829a, 5, NULL, 1, 2}};
	const struct field fast[] = {{0x829a, 5, NULL, 3333, 10000000}};
	check(make_tiff(true, "A", "B", slow, 3), "A B, 4.3 mm, f/8, 2.5 s");
	check(make_tiff(true, "A", "B", half, 1), "A B, 0.5 s");
	check(make_tiff(true, "A", "B", fast, 1), "A B, 1/3000 s");
}

Test(camera, leaves_out_what_makes_no_sense)
{
	const struct field odd[] = {{0x829a, 5, NULL, 1, 0},
	    {0x829d, 5, NULL, 0, 1}, {0x8827, 3, NULL, 0, 0},
	    {0x920a, 3, NULL, 50, 0}, {0xa434, 2, "caf\xe9", 0, 0}};
	check(make_tiff(true, "A", "B", odd, 5), "A B");
	check(make_tiff(true, "line\nbreak", "<b>", odd, 0), "<b>");
	check(make_tiff(true,
		  "a name that is far longer than any camera's maker has "
		  "ever had",
		  "B", odd, 0),
	    "B");
}

Test(camera, reads_nothing_past_the_end)
{
	struct blob all = make_tiff(true, "Lumen", "One", shot, 7);
	for (size_t len = 0; len < all.len; len++) {
		char got[CAMERA_MAX];
		struct blob part = {.at = keep_alloc(len + 1), .len = len};
		memcpy(part.at, all.at, len);
		camera_read((struct str){(const char *)part.at, len}, got);
		cr_assert_lt(strlen(got), (size_t)CAMERA_MAX);
	}
}

Test(camera, of_a_file_without_exif_is_empty)
{
	struct raster r = raster_plain(20, 20, (struct rgb){9, 9, 9});
	struct derived d =
	    derive(make_jpeg(r, JPEG_YCC, (struct jpeg_extra){0}));
	cr_assert_str_eq(d.result.camera, "");
}

Test(camera, is_read_in_the_decoder)
{
	struct raster r = raster_plain(20, 20, (struct rgb){9, 9, 9});
	struct blob plain = make_png(r, (struct png_extra){0});
	struct blob upload = {0};
	blob_put(&upload, plain.at, 33);
	png_chunk(&upload, "eXIf", make_tiff(false, "Lumen", "One", shot, 7));
	blob_put(&upload, plain.at + 33, plain.len - 33);
	struct derived d = derive(upload);
	cr_assert_eq(d.err, OK);
	cr_assert_str_eq(d.result.camera,
	    "Lumen One, RF 50mm F1.8, 50 mm, f/2.8, 1/250 s, ISO 400");
}
