/* The three sizes by libgd alone, as most programs use it.
 *
 *	gd IN.jpg LARGE.jpg MIDDLE.jpg SQUARE.jpg
 */
#include <gd.h>
#include <stdio.h>
#include <stdlib.h>

static void
save(gdImagePtr image, const char *path, int quality)
{
	FILE *f = fopen(path, "wb");
	if (f == NULL)
		exit(1);
	gdImageJpeg(image, f, quality);
	(void)fclose(f);
	gdImageDestroy(image);
}

/* The rectangle of the source to a picture of width x height. */
static gdImagePtr
resample(gdImagePtr in, int x, int y, int cover_x, int cover_y, int width,
    int height)
{
	gdImagePtr out = gdImageCreateTrueColor(width, height);
	if (out == NULL)
		exit(1);
	gdImageCopyResampled(
	    out, in, 0, 0, x, y, width, height, cover_x, cover_y);
	return out;
}

static gdImagePtr
fit(gdImagePtr in, int edge)
{
	int width = gdImageSX(in);
	int height = gdImageSY(in);
	int longer = width > height ? width : height;
	return resample(in, 0, 0, width, height,
	    (width * edge + longer / 2) / longer,
	    (height * edge + longer / 2) / longer);
}

int
main(int argc, char **argv)
{
	if (argc != 5)
		return 2;
	FILE *f = fopen(argv[1], "rb");
	gdImagePtr in = f == NULL ? NULL : gdImageCreateFromJpeg(f);
	if (in == NULL)
		return 1;
	(void)fclose(f);
	int width = gdImageSX(in);
	int height = gdImageSY(in);
	int side = width < height ? width : height;
	save(fit(in, 1600), argv[2], 82);
	save(fit(in, 640), argv[3], 82);
	save(resample(in, (width - side) / 2, (height - side) / 2, side, side,
		 320, 320),
	    argv[4], 80);
	gdImageDestroy(in);
	return 0;
}
