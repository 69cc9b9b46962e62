/* The folder in which backups stand beside each other: their names, and which
 * of them go. */
#include "base/clock.h"
#include "ctl_backup.h"
#include "ctl_system.h"
#include "domain/backup_keep.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int
is_backup(const struct dirent *entry)
{
	return backup_is_name(str_from(entry->d_name));
}

static int
is_unfinished(const struct dirent *entry)
{
	return str_ends(str_from(entry->d_name), STR("Z.making"));
}

static enum err
list_folders(struct backup *b, const char *dir,
    int (*choose)(const struct dirent *), struct list *out)
{
	struct dirent **found;
	int count = scandir(dir, &found, choose, alphasort);
	struct str *names;
	enum err e = OK;

	if (count < 0)
		return ERR_IO;
	names = arena_array(b->kept, (size_t)count + 1, sizeof(*names));
	for (int i = 0; i < count; i++) {
		if (names != NULL && e == OK)
			e = arena_printf(
			    b->kept, &names[i], "%s/%s", dir, found[i]->d_name);
		free(found[i]);
	}
	free(found);
	if (names == NULL)
		return ERR_MEMORY;
	*out = (struct list){.items = names, .count = (size_t)count};
	return e;
}

enum err
backup_list(struct backup *b, const char *dir, struct list *out)
{
	return list_folders(b, dir, is_backup, out);
}

/* ---- names ---- */

static enum err
name_of(struct backup *b, const char *dir, struct when now, struct str *out)
{
	struct buf stamp = {0};
	struct str s;
	enum err e;

	clock_put_rfc3339(&stamp, now);
	s = buf_str(&stamp);
	e = buf_check(&stamp);
	if (e == OK)
		e = arena_printf(b->kept, out, "%s/%.4s%.2s%.2s%s%.2s%.2s%.2sZ",
		    dir, s.at, s.at + 5, s.at + 8, "T", s.at + 11, s.at + 14,
		    s.at + 17);
	buf_free(&stamp);
	return e;
}

enum err
backup_make_name(struct backup *b, const char *dir, struct str *out)
{
	struct when now = clock_now();

	do {
		TRY(name_of(b, dir, now, out));
		now.us += 1000000;
	} while (access(out->at, F_OK) == 0);
	return OK;
}

/* ---- removing ---- */

static int
remove_entry(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

enum err
backup_remove(const char *path)
{
	return nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS) == 0 ||
	               errno == ENOENT
	           ? OK
	           : ERR_IO;
}

enum err
backup_clear_unfinished(struct backup *b, const char *dir)
{
	struct list left;
	const struct str *names;

	TRY(list_folders(b, dir, is_unfinished, &left));
	names = left.items;
	for (size_t i = 0; i < left.count; i++)
		TRY(backup_remove(names[i].at));
	return OK;
}

static enum err
choose_by_policy(
    const struct backup *b, const struct list *backups, bool *is_kept)
{
	const struct str *paths = backups->items;
	struct backup_policy policy = {b->conf->backup_days,
	    b->conf->backup_weeks, b->conf->backup_months};
	struct str *names =
	    arena_array(b->kept, backups->count, sizeof(*names));

	if (names == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < backups->count; i++)
		names[i] = str_slice(paths[i],
		    paths[i].len - strlen("20261121T090507Z"), paths[i].len);
	backup_keep(names, backups->count, &policy, is_kept);
	return OK;
}

enum err
backup_thin(struct backup *b, const char *dir, int64_t keep)
{
	struct list backups;
	const struct str *paths;
	bool *is_kept;

	if (keep == BACKUP_KEEP_ALL)
		return OK;
	TRY(list_folders(b, dir, is_backup, &backups));
	is_kept = arena_array(b->kept, backups.count + 1, sizeof(*is_kept));
	if (is_kept == NULL)
		return ERR_MEMORY;
	if (keep == BACKUP_KEEP_BY_POLICY)
		TRY(choose_by_policy(b, &backups, is_kept));
	for (size_t i = 0; keep > 0 && i < backups.count; i++)
		is_kept[i] = i + (size_t)keep >= backups.count;
	paths = backups.items;
	for (size_t i = 0; i < backups.count; i++)
		/* By a clock that was ahead the one just made is old. */
		if (!is_kept[i] && strcmp(paths[i].at, b->made) != 0)
			TRY(backup_remove(paths[i].at));
	return OK;
}
