/* The resampler against arithmetic in double. */
#include "media/resample.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct plane
plane(size_t width, size_t height)
{
	struct plane p;
	cr_assert_eq(plane_make(&p, width, height), OK);
	return p;
}

static struct plane
noise(size_t width, size_t height)
{
	struct plane p = plane(width, height);
	uint32_t state = 7;
	for (size_t y = 0; y < height; y++)
		for (size_t x = 0; x < width; x++) {
			state = state * 1664525U + 1013904223U;
			p.at[y * p.stride + x] = (uint8_t)(state >> 24);
		}
	return p;
}

static struct axis
whole(size_t source, size_t target)
{
	return (struct axis){
	    source, target, 0, (double)source / (double)target};
}

static double
lanczos3(double x)
{
	return x == 0         ? 1
	       : fabs(x) >= 3 ? 0
	                      : sin(M_PI * x) / (M_PI * x) * sin(M_PI * x / 3) /
	                            (M_PI * x / 3);
}

/* One target sample, as the definition has it. */
static double
reference(const struct plane *in, const struct axis *x, const struct axis *y,
    size_t i, size_t j)
{
	double cx = x->origin + ((double)i + 0.5) * x->step;
	double cy = y->origin + ((double)j + 0.5) * y->step;
	double sx = fmax(1, fabs(x->step));
	double sy = fmax(1, fabs(y->step));
	double sum = 0;
	double weights = 0;
	for (size_t v = 0; v < in->height; v++) {
		double wy = lanczos3(((double)v + 0.5 - cy) / sy);
		for (size_t u = 0; wy != 0 && u < in->width; u++) {
			double w = wy * lanczos3(((double)u + 0.5 - cx) / sx);
			weights += w;
			sum += w * in->at[v * in->stride + u];
		}
	}
	return fmin(fmax(sum / weights, 0), 255);
}

static void
check_against_reference(struct axis x, struct axis y)
{
	struct plane in = noise(x.source, y.source);
	struct plane out = plane(x.target, y.target);
	cr_assert_eq(plane_resample(&in, &x, &y, &out), OK);
	for (size_t j = 0; j < y.target; j++)
		for (size_t i = 0; i < x.target; i++) {
			double want = reference(&in, &x, &y, i, j);
			double got = out.at[j * out.stride + i];
			cr_assert_float_eq(got, want, 1.6,
			    "(%zu, %zu): %g, not %g", i, j, got, want);
		}
	plane_free(&in);
	plane_free(&out);
}

Test(resample, agrees_with_the_definition)
{
	check_against_reference(whole(97, 40), whole(61, 25));
	check_against_reference(whole(64, 51), whole(33, 33));
	check_against_reference(whole(300, 7), whole(200, 5));
	check_against_reference(whole(5, 5), whole(9, 2));
	check_against_reference(whole(1, 1), whole(50, 3));
}

Test(resample, agrees_where_it_mirrors_and_cuts)
{
	check_against_reference((struct axis){90, 30, 90, -3},
	    (struct axis){60, 21, 60, -60 / 21.0});
	check_against_reference(
	    (struct axis){90, 20, 25.25, 2}, (struct axis){60, 20, 10.5, 2});
}

Test(resample, a_plain_plane_stays_plain)
{
	for (int level = 0; level < 256; level += 51) {
		struct plane in = plane(233, 177);
		memset(in.at, level, in.stride * in.height);
		struct plane out = plane(50, 41);
		struct axis x = whole(233, 50);
		struct axis y = whole(177, 41);
		cr_assert_eq(plane_resample(&in, &x, &y, &out), OK);
		for (size_t j = 0; j < 41; j++)
			for (size_t i = 0; i < 50; i++)
				cr_assert_eq(out.at[j * out.stride + i], level);
		plane_free(&in);
		plane_free(&out);
	}
}

Test(resample, the_same_size_is_the_same_picture)
{
	struct plane in = noise(77, 55);
	struct plane out = plane(77, 55);
	struct axis x = whole(77, 77);
	struct axis y = whole(55, 55);
	cr_assert_eq(plane_resample(&in, &x, &y, &out), OK);
	for (size_t j = 0; j < 55; j++)
		cr_assert_arr_eq(
		    in.at + j * in.stride, out.at + j * out.stride, 77);
	plane_free(&in);
	plane_free(&out);
}

Test(resample, rows_that_arrive_in_groups_give_the_same)
{
	const struct axis downs[] = {
	    whole(211, 90), {211, 90, 211, -211 / 90.0}};
	for (size_t d = 0; d < 2; d++)
		for (size_t group = 1; group <= 16; group += 5) {
			struct plane in = noise(130, 211);
			struct plane whole_out = plane(60, 90);
			struct plane out = plane(60, 90);
			struct axis x = whole(130, 60);
			cr_assert_eq(
			    plane_resample(&in, &x, &downs[d], &whole_out), OK);
			struct resampler r;
			cr_assert_eq(
			    resampler_make(&r, &x, &downs[d], group, &out), OK);
			for (size_t j = 0; j < 211; j += group) {
				for (size_t i = 0; i < group && j + i < 211;
				     i++)
					memcpy(resampler_row(&r, i),
					    in.at + (j + i) * in.stride, 130);
				resampler_filled(&r, group);
			}
			cr_assert_eq(r.made, 90);
			resampler_free(&r);
			for (size_t j = 0; j < 90; j++)
				cr_assert_arr_eq(out.at + j * out.stride,
				    whole_out.at + j * whole_out.stride, 60);
			plane_free(&in);
			plane_free(&whole_out);
			plane_free(&out);
		}
}

Test(resample, weights_sum_to_one)
{
	const struct axis axes[] = {whole(1000, 333), whole(3, 2),
	    whole(65500, 20), {500, 100, 500, -5}};
	for (size_t i = 0; i < 4; i++) {
		struct filter f;
		cr_assert_eq(filter_make(&f, &axes[i], 8), OK);
		for (size_t j = 0; j < f.target; j++) {
			int sum = 0;
			for (size_t t = 0; t < f.taps; t++)
				sum += f.weights[j * f.taps + t];
			cr_assert_eq(sum, 1 << 14);
		}
		filter_free(&f);
	}
}

Test(resample, a_plane_turned_twice_is_itself)
{
	struct plane in = noise(37, 70);
	struct plane once;
	struct plane twice;
	cr_assert_eq(plane_transpose(&in, &once), OK);
	cr_assert_eq(once.width, 70);
	cr_assert_eq(plane_transpose(&once, &twice), OK);
	for (size_t j = 0; j < 70; j++)
		cr_assert_arr_eq(
		    in.at + j * in.stride, twice.at + j * twice.stride, 37);
	plane_free(&in);
	plane_free(&once);
	plane_free(&twice);
}
