/* demo_photos: makes photographs for demo sites and for tests, out of
 * nothing but a seed.
 *
 *   demo_photos --out FOLDER [--count N] [--seed S]
 *       photo-01.jpg ... photo-NN.jpg (40 unless told), avatar-01.jpg ...
 *       avatar-12.jpg, and captions.tsv: a line each photo with its file,
 *       caption and alt text, separated by tabs.
 *   demo_photos --camera FOLDER
 *       three photographs as a phone writes them: see camera.h.
 *
 * The folder must exist.  The same seed gives the same bytes on the same
 * machine.  Two processes share the work.
 */
#include "camera.h"
#include "catalog.h"
#include "jpeg.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	PHOTO_PIXELS = 1600 * 1600,
	AVATAR_SIDE = 512,
	AVATARS = 12,
	WORKERS = 2
};

struct task {
	const char *folder;
	int count;
	uint32_t seed;
};

static bool
studio_make(struct studio *studio, size_t pixels)
{
	*studio = (struct studio){0};
	bool is_made = frame_make(&studio->picture, pixels);
	for (int i = 0; i < 3; i++)
		is_made = is_made && frame_make(&studio->spare[i], pixels);
	if (!is_made)
		fprintf(stderr, "demo_photos: out of memory\n");
	return is_made;
}

static void
studio_free(struct studio *studio)
{
	frame_free(&studio->picture);
	for (int i = 0; i < 3; i++)
		frame_free(&studio->spare[i]);
}

static bool
path_make(
    char *path, size_t size, const char *folder, const char *kind, int number)
{
	int length =
	    snprintf(path, size, "%s/%s-%02d.jpg", folder, kind, number);
	if (length >= 0 && (size_t)length < size)
		return true;
	fprintf(stderr, "demo_photos: the folder's name is too long\n");
	return false;
}

static bool
work_make(struct studio *studio, const struct work *work, uint32_t seed,
    int width, int height, const char *path)
{
	size_t size = (size_t)width * (size_t)height * 3;
	uint8_t *rgb = malloc(size);
	if (!rgb) {
		fprintf(stderr, "demo_photos: out of memory\n");
		return false;
	}
	struct shot shot = {seed, work->mood};
	studio->look = look_plain();
	frame_shape(&studio->picture, width, height);
	work->scene(studio, &shot);
	frame_develop(&studio->picture, &studio->spare[0], &studio->spare[1],
	    &studio->look, seed, rgb);
	struct jpeg jpeg = {rgb, width, height, 88, false, NULL, 0};
	bool is_done = jpeg_write(&jpeg, path);
	free(rgb);
	return is_done;
}

static bool
photo_make(struct studio *studio, const struct task *task, int i)
{
	const struct work *work = &catalog[(size_t)i % catalog_count];
	char path[4096];
	int width, height;
	cut_size(work->cut, &width, &height);
	return path_make(path, sizeof path, task->folder, "photo", i + 1) &&
	       work_make(studio, work, task->seed * 1000 + (uint32_t)i, width,
		   height, path);
}

static bool
avatar_make(struct studio *studio, const struct task *task, int i)
{
	const struct work *work = &portraits[(size_t)i % portrait_count];
	char path[4096];
	return path_make(path, sizeof path, task->folder, "avatar", i + 1) &&
	       work_make(studio, work, task->seed * 1000 + 500 + (uint32_t)i,
		   AVATAR_SIDE, AVATAR_SIDE, path);
}

/* Makes every WORKERS-th picture, from `first` on. */
static bool
share_make(const struct task *task, int first)
{
	struct studio studio;
	bool is_done = studio_make(&studio, PHOTO_PIXELS);
	for (int i = first; i < task->count && is_done; i += WORKERS)
		is_done = photo_make(&studio, task, i);
	for (int i = first; i < AVATARS && is_done; i += WORKERS)
		is_done = avatar_make(&studio, task, i);
	studio_free(&studio);
	return is_done;
}

static bool
captions_write(const struct task *task)
{
	char path[4096];
	int length =
	    snprintf(path, sizeof path, "%s/captions.tsv", task->folder);
	if (length < 0 || (size_t)length >= sizeof path)
		return false;
	FILE *file = fopen(path, "w");
	if (!file) {
		perror(path);
		return false;
	}
	for (int i = 0; i < task->count; i++) {
		const struct work *work = &catalog[(size_t)i % catalog_count];
		fprintf(file, "photo-%02d.jpg\t%s\t%s\n", i + 1, work->caption,
		    work->alt);
	}
	bool is_written = !ferror(file);
	if (fclose(file) || !is_written) {
		perror(path);
		return false;
	}
	return true;
}

static bool
pictures_make(const struct task *task)
{
	pid_t children[WORKERS - 1];
	for (int i = 0; i < WORKERS - 1; i++) {
		children[i] = fork();
		if (children[i] < 0)
			perror("demo_photos: fork");
		if (children[i] == 0)
			_exit(share_make(task, i + 1) ? 0 : 1);
	}
	bool is_done = captions_write(task) && share_make(task, 0);
	for (int i = 0; i < WORKERS - 1; i++) {
		int status = 1;
		while (children[i] > 0 && waitpid(children[i], &status, 0) < 0)
			if (errno != EINTR)
				break;
		is_done = is_done && status == 0;
	}
	return is_done;
}

static bool
camera_make(const char *folder)
{
	struct studio studio;
	bool is_done = studio_make(&studio, CAMERA_PIXELS) &&
	               camera_write(&studio, folder);
	studio_free(&studio);
	return is_done;
}

/* A whole number from 0 to `most`; -1 when it is none. */
static long
number_parse(const char *text, long most)
{
	char *end;
	errno = 0;
	long value = strtol(text, &end, 10);
	if (errno || end == text || *end || value < 0 || value > most)
		return -1;
	return value;
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {
	    {"out", required_argument, NULL, 'o'},
	    {"camera", required_argument, NULL, 'c'},
	    {"count", required_argument, NULL, 'n'},
	    {"seed", required_argument, NULL, 's'}, {0}};
	struct task task = {NULL, 40, 1};
	const char *camera = NULL;
	long number = 0;
	int option;
	bool is_valid = true;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'o') {
			task.folder = optarg;
		} else if (option == 'c') {
			camera = optarg;
		} else if (option == 'n') {
			number = number_parse(optarg, 999);
			task.count = (int)number;
			is_valid = is_valid && number >= 0;
		} else if (option == 's') {
			number = number_parse(optarg, 1000000);
			task.seed = (uint32_t)number;
			is_valid = is_valid && number >= 0;
		} else {
			is_valid = false;
		}
	}
	if (!is_valid || optind != argc || (!task.folder && !camera)) {
		fprintf(stderr,
		    "usage: demo_photos --out FOLDER [--count N] [--seed S]\n"
		    "       demo_photos --camera FOLDER\n");
		return 2;
	}
	bool is_done = true;
	if (task.folder)
		is_done = pictures_make(&task);
	if (camera)
		is_done = camera_make(camera) && is_done;
	return is_done ? 0 : 1;
}
