/* A set of templates: reading the files, parsing all or none of them, and
 * finding one by its name. */
#include "view/tpl_parse.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	SET_BYTES = 256 * 1024 * 1024, /* caps that a real site never meets */
	FILES_BYTES = 64 * 1024 * 1024
};

struct tpl_set {
	struct arena *arena;
	struct tpl *templates;
	size_t count;
};

/* Files. */

static enum err
read_file(const struct tpl_files *files, struct tpl_file *file)
{
	struct buf text = {.max_bytes = TPL_MAX_FILE_BYTES};
	struct buf path = {0};
	enum err e;

	e = files->reader->read(files->reader->who, file->name, &path, &text);
	if (e == OK)
		e = buf_check(&text);
	if (e == OK && !str_is_text(buf_str(&text)))
		e = ERR_INPUT;
	if (e == OK)
		e = arena_z(files->arena, buf_str(&path), &file->path);
	if (e == OK)
		e = arena_copy(files->arena, buf_str(&text), &file->text);
	buf_free(&text);
	buf_free(&path);
	return e;
}

enum err
tpl_file_load(
    struct tpl_files *files, const char *name, const struct tpl_file **out)
{
	struct tpl_file *file;

	for (file = files->first; file != NULL; file = file->next)
		if (strcmp(file->name, name) == 0) {
			*out = file;
			return OK;
		}
	file = ARENA_NEW(files->arena, struct tpl_file);
	if (file == NULL)
		return ERR_MEMORY;
	TRY(arena_z(files->arena, str_from(name), &file->name));
	TRY(read_file(files, file));
	file->next = files->first;
	files->first = file;
	*out = file;
	return OK;
}

struct folders {
	const char *dir;
	const char *overlay_dir;
};

static enum err
read_fd(int fd, struct buf *text)
{
	char part[16384];
	ssize_t n;

	do {
		n = read(fd, part, sizeof(part));
		if (n > 0)
			buf_put(text, (struct str){part, (size_t)n});
	} while ((n > 0 && buf_check(text) == OK) || (n < 0 && errno == EINTR));
	return n < 0 ? ERR_IO : buf_check(text);
}

static enum err
read_path(const char *path, struct buf *text)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	enum err e;

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? ERR_ABSENT
		                                           : ERR_IO;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		e = ERR_IO;
	else
		e = read_fd(fd, text);
	close(fd);
	return e;
}

static enum err
read_from(const char *dir, const char *name, struct buf *path, struct buf *text)
{
	enum err e;

	buf_reset(path);
	buf_printf(path, "%s/%s.mustache", dir, name);
	buf_put_char(path, '\0');
	TRY(buf_check(path));
	e = read_path(path->at, text);
	path->len--;
	return e;
}

static enum err
read_folders(void *who, const char *name, struct buf *path, struct buf *text)
{
	const struct folders *folders = who;

	if (folders->overlay_dir != NULL) {
		enum err e = read_from(folders->overlay_dir, name, path, text);

		if (e != ERR_ABSENT)
			return e;
	}
	return read_from(folders->dir, name, path, text);
}

/* Sets. */

static struct tpl_set *
set_make(size_t count)
{
	struct tpl_set *set = calloc(1, sizeof(*set));

	if (set == NULL)
		return NULL;
	set->arena = arena_make(SET_BYTES);
	if (set->arena != NULL)
		set->templates =
		    arena_array(set->arena, count, sizeof(set->templates[0]));
	if (set->templates == NULL) {
		tpl_set_free(set);
		return NULL;
	}
	return set;
}

void
tpl_set_free(struct tpl_set *set)
{
	if (set == NULL)
		return;
	arena_free(set->arena);
	free(set);
}

/* Parses all, so that the complaints of all are seen at once. */
static enum err
parse_all(struct tpl_set *set, struct tpl_files *files,
    const struct tpl_source *sources, size_t count, struct buf *complaints)
{
	enum err worst = OK;

	for (size_t i = 0; i < count; i++) {
		enum err e = tpl_parse(set->arena, files, &sources[i],
		    complaints, &set->templates[i]);

		if (e == ERR_MEMORY)
			return e;
		if (e != OK && worst != ERR_IO)
			worst = e;
	}
	set->count = count;
	return worst;
}

enum err
tpl_set_parse(const struct tpl_reader *reader, const struct tpl_source *sources,
    size_t count, struct buf *complaints, struct tpl_set **out)
{
	struct tpl_files files = {
	    .reader = reader, .arena = arena_make(FILES_BYTES)};
	struct tpl_set *set = set_make(count);
	enum err e = ERR_MEMORY;

	if (files.arena != NULL && set != NULL)
		e = parse_all(set, &files, sources, count, complaints);
	arena_free(files.arena);
	if (e != OK)
		tpl_set_free(set);
	else
		*out = set;
	return e;
}

enum err
tpl_set_load(const char *dir, const char *overlay_dir,
    const struct tpl_source *sources, size_t count, struct buf *complaints,
    struct tpl_set **out)
{
	struct folders folders = {dir, overlay_dir};
	struct tpl_reader reader = {read_folders, &folders};

	return tpl_set_parse(&reader, sources, count, complaints, out);
}

const struct tpl *
tpl_find(const struct tpl_set *set, const char *name)
{
	for (size_t i = 0; i < set->count; i++)
		if (strcmp(set->templates[i].name, name) == 0)
			return &set->templates[i];
	return NULL;
}
