/* The three sizes by libvips in one process: what its own cascade can do.
 *
 *	vips IN.jpg LARGE.jpg MIDDLE.jpg SQUARE.jpg
 *
 * libvips chooses the scale that libjpeg decodes at; each size comes from
 * the one before.
 */
#include <stdio.h>
#include <vips/vips.h>

static VipsImage *
must(int failed, VipsImage **image)
{
	if (failed != 0)
		vips_error_exit(NULL);
	return *image;
}

/* In memory, so that the next size does not compute it again. */
static VipsImage *
held(VipsImage *image)
{
	VipsImage *copy = vips_image_copy_memory(image);
	g_object_unref(image);
	return must(copy == NULL, &copy);
}

static void
save(VipsImage *image, const char *path, int quality)
{
	if (vips_jpegsave(image, path, "Q", quality, "strip", TRUE, NULL) != 0)
		vips_error_exit(NULL);
}

int
main(int argc, char **argv)
{
	VipsImage *out = NULL;
	if (argc != 5 || VIPS_INIT(argv[0]) != 0)
		return 2;
	vips_concurrency_set(1);
	VipsImage *large = held(must(
	    vips_thumbnail(argv[1], &out, 1600, "height", 1600, NULL), &out));
	save(large, argv[2], 82);
	VipsImage *middle = must(
	    vips_thumbnail_image(large, &out, 640, "height", 640, NULL), &out);
	save(middle, argv[3], 82);
	VipsImage *square =
	    must(vips_thumbnail_image(large, &out, 320, "height", 320, "crop",
		     VIPS_INTERESTING_CENTRE, NULL),
		&out);
	save(square, argv[4], 80);
	g_object_unref(square);
	g_object_unref(middle);
	g_object_unref(large);
	vips_shutdown();
	return 0;
}
