/* Rasters, blobs, and running the pipeline on them. */
#include "fixture.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jpeglib.h>

/* What stands before each kept block. */
struct kept {
	_Alignas(max_align_t) struct kept *next;
	struct kept *previous;
};

static struct kept all_kept = {&all_kept, &all_kept};

void *
keep_grow(void *at, size_t size)
{
	struct kept *old = at == NULL ? NULL : (struct kept *)at - 1;
	if (old != NULL) {
		old->previous->next = old->next;
		old->next->previous = old->previous;
	}
	struct kept *k = realloc(old, sizeof *k + size);
	cr_assert_not_null(k);
	k->next = all_kept.next;
	k->previous = &all_kept;
	k->next->previous = k;
	all_kept.next = k;
	return k + 1;
}

void *
keep_alloc(size_t size)
{
	return memset(keep_grow(NULL, size), 0, size);
}

static struct raster
raster_make(size_t width, size_t height)
{
	return (struct raster){width, height, keep_alloc(width * height * 3)};
}

static void
set(struct raster r, size_t x, size_t y, struct rgb c)
{
	unsigned char *p = r.rgb + (y * r.width + x) * 3;
	p[0] = (unsigned char)c.r;
	p[1] = (unsigned char)c.g;
	p[2] = (unsigned char)c.b;
}

struct raster
raster_plain(size_t width, size_t height, struct rgb colour)
{
	struct raster r = raster_make(width, height);
	for (size_t y = 0; y < height; y++)
		for (size_t x = 0; x < width; x++)
			set(r, x, y, colour);
	return r;
}

struct raster
raster_quarters(size_t width, size_t height)
{
	static const struct rgb colours[4] = {
	    {230, 20, 20}, {20, 200, 20}, {20, 20, 220}, {250, 250, 250}};
	struct raster r = raster_make(width, height);
	for (size_t y = 0; y < height; y++)
		for (size_t x = 0; x < width; x++)
			set(r, x, y,
			    colours[(y * 2 >= height) * 2 + (x * 2 >= width)]);
	return r;
}

struct raster
raster_photo(size_t width, size_t height, unsigned seed)
{
	struct raster r = raster_make(width, height);
	uint32_t state = seed * 2654435761U + 1;
	for (size_t y = 0; y < height; y++)
		for (size_t x = 0; x < width; x++) {
			state = state * 1664525U + 1013904223U;
			double wave = 60 * sin((double)x / 37 + seed) +
			              50 * cos((double)y / 23);
			int noise = (int)(state >> 28);
			int l = 120 + (int)wave + noise;
			set(r, x, y, (struct rgb){l, l / 2 + 40, 220 - l / 2});
		}
	return r;
}

/* EXIF 2.32, Orientation: where row 0 and column 0 are on the upright one. */
static void
seen_at(int orientation, size_t width, size_t height, size_t row, size_t column,
    size_t *x, size_t *y)
{
	bool turned = orientation >= 5;
	size_t along_rows = turned ? row : column;
	size_t along_columns = turned ? column : row;
	bool from_right = orientation == 2 || orientation == 3 ||
	                  orientation == 6 || orientation == 7;
	bool from_bottom = orientation == 3 || orientation == 4 ||
	                   orientation == 7 || orientation == 8;
	*x = from_right ? width - 1 - along_rows : along_rows;
	*y = from_bottom ? height - 1 - along_columns : along_columns;
}

struct raster
raster_stored(struct raster upright, int orientation)
{
	bool turned = orientation >= 5;
	struct raster r = turned ? raster_make(upright.height, upright.width)
	                         : raster_make(upright.width, upright.height);
	for (size_t row = 0; row < r.height; row++)
		for (size_t column = 0; column < r.width; column++) {
			size_t x;
			size_t y;
			seen_at(orientation, upright.width, upright.height, row,
			    column, &x, &y);
			memcpy(r.rgb + (row * r.width + column) * 3,
			    upright.rgb + (y * upright.width + x) * 3, 3);
		}
	return r;
}

struct rgb
raster_at(struct raster r, double x, double y)
{
	long left = (long)(x * (double)r.width);
	long top = (long)(y * (double)r.height);
	long sum[3] = {0};
	long n = 0;
	for (long j = top - 1; j <= top + 1; j++)
		for (long i = left - 1; i <= left + 1; i++) {
			if (i < 0 || j < 0 || i >= (long)r.width ||
			    j >= (long)r.height)
				continue;
			const unsigned char *p =
			    r.rgb + (j * (long)r.width + i) * 3;
			for (int c = 0; c < 3; c++)
				sum[c] += p[c];
			n++;
		}
	cr_assert_gt(n, 0);
	return (struct rgb){
	    (int)(sum[0] / n), (int)(sum[1] / n), (int)(sum[2] / n)};
}

void
check_colour(struct rgb got, struct rgb want, int slack)
{
	cr_assert(abs(got.r - want.r) <= slack &&
		      abs(got.g - want.g) <= slack &&
		      abs(got.b - want.b) <= slack,
	    "got (%d %d %d), want (%d %d %d)", got.r, got.g, got.b, want.r,
	    want.g, want.b);
}

void
blob_put(struct blob *b, const void *at, size_t len)
{
	if (b->room < b->len + len + 1) {
		b->room = 2 * (b->len + len + 1);
		b->at = keep_grow(b->at, b->room);
	}
	if (len > 0)
		memcpy(b->at + b->len, at, len);
	b->len += len;
}

void
blob_put_text(struct blob *b, const char *text)
{
	blob_put(b, text, strlen(text));
}

void
blob_put_be(struct blob *b, uint64_t value, int bytes)
{
	for (int i = bytes - 1; i >= 0; i--) {
		unsigned char c = (unsigned char)(value >> (8 * i));
		blob_put(b, &c, 1);
	}
}

void
blob_put_le(struct blob *b, uint64_t value, int bytes)
{
	for (int i = 0; i < bytes; i++) {
		unsigned char c = (unsigned char)(value >> (8 * i));
		blob_put(b, &c, 1);
	}
}

struct blob
blob_cut(struct blob b, size_t len)
{
	return (struct blob){.at = b.at, .len = len < b.len ? len : b.len};
}

int
blob_fd(struct blob b)
{
	int fd = memfd_create("upload", MFD_CLOEXEC);
	cr_assert_geq(fd, 0);
	size_t done = 0;
	while (done < b.len) {
		ssize_t n = write(fd, b.at + done, b.len - done);
		cr_assert_gt(n, 0);
		done += (size_t)n;
	}
	return fd;
}

bool
blob_has(struct blob b, const char *text)
{
	return memmem(b.at, b.len, text, strlen(text)) != NULL;
}

const char *
built(const char *name)
{
	static char path[4096];
	const char *folder = getenv("PIXLPIX_BUILDDIR");
	(void)snprintf(
	    path, sizeof path, "%s/%s", folder == NULL ? "." : folder, name);
	return path;
}

struct derived
derive_with(struct blob upload, struct media_limits limits,
    const struct media_size *sizes, size_t count)
{
	struct derived d = {.limits = limits};
	int in = blob_fd(upload);
	for (size_t i = 0; i < count; i++)
		d.fds[i] = blob_fd((struct blob){0});
	d.err = media_derive(&limits, built("pixlpix-decode"), in, sizes, count,
	    d.fds, &d.result);
	(void)close(in);
	return d;
}

struct derived
derive(struct blob upload)
{
	static const struct media_size sizes[] = {
	    {1600, false, 82}, {640, false, 82}, {320, true, 80}};
	return derive_with(upload, media_limits_default(), sizes, 3);
}

struct blob
derived_blob(const struct derived *d, size_t i)
{
	struct stat st;
	cr_assert_eq(fstat(d->fds[i], &st), 0);
	size_t size = (size_t)st.st_size;
	struct blob b = {.at = keep_alloc(size + 1), .len = size};
	cr_assert_eq(pread(d->fds[i], b.at, size, 0), (ssize_t)size);
	return b;
}

struct raster
derived_raster(const struct derived *d, size_t i)
{
	cr_assert_eq(d->err, OK, "%s %s", err_name(d->err),
	    media_refusal_name(d->result.refusal));
	return read_jpeg(derived_blob(d, i));
}

struct raster
read_jpeg(struct blob b)
{
	struct jpeg_decompress_struct d;
	struct jpeg_error_mgr errors;
	d.err = jpeg_std_error(&errors);
	jpeg_create_decompress(&d);
	jpeg_mem_src(&d, b.at, b.len);
	cr_assert_eq(jpeg_read_header(&d, TRUE), JPEG_HEADER_OK);
	d.out_color_space = JCS_RGB;
	cr_assert(jpeg_start_decompress(&d));
	struct raster r = raster_make(d.output_width, d.output_height);
	while (d.output_scanline < d.output_height) {
		JSAMPROW row = r.rgb + d.output_scanline * r.width * 3;
		(void)jpeg_read_scanlines(&d, &row, 1);
	}
	cr_assert(jpeg_finish_decompress(&d));
	cr_assert_eq(errors.num_warnings, 0);
	jpeg_destroy_decompress(&d);
	return r;
}
