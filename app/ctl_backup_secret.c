/* The folder's secrets: libpq's password, and age. */
#include "ctl_backup.h"
#include "ctl_system.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	ARENA_BYTES = 4 * 1024 * 1024
};

const char *const backup_spaces[] = {
    [OBJECT_PUBLIC] = "public", [OBJECT_HIDDEN] = "hidden"};

enum err
backup_open(struct backup *b, const struct ctl *ctl)
{
	*b = (struct backup){
	    .kept = ctl->arena, .conf = ctl->conf, .folder = -1};
	b->arena = arena_make(ARENA_BYTES);
	if (b->arena == NULL)
		return ERR_MEMORY;
	return site_open(ctl->arena, ctl->conf, &b->site);
}

void
backup_close(struct backup *b)
{
	if (b->old_manifest != NULL)
		(void)fclose(b->old_manifest);
	if (b->folder >= 0)
		(void)close(b->folder);
	site_close(&b->site);
	arena_free(b->arena);
}

/* libpq's pgpass: what ends a field is escaped. */
static enum err
write_passfile(struct backup *b, const char *path)
{
	struct str file, password;
	const char *file_z;
	FILE *out;
	bool is_whole;

	TRY(conf_secret_path(b->kept, b->conf->password_file, &file));
	TRY(arena_z(b->kept, file, &file_z));
	TRY(system_read(b->kept, file_z, &password));
	password = str_trim(password);
	/* One of ours that was killed may have had that number. */
	if (unlink(path) != 0 && errno != ENOENT)
		return ERR_IO;
	out = fopen(path, "wxe");
	if (out == NULL)
		return ERR_IO;
	is_whole =
	    fchmod(fileno(out), 0600) == 0 && fputs("*:*:*:*:", out) >= 0;
	for (size_t i = 0; i < password.len; i++) {
		if (password.at[i] == ':' || password.at[i] == '\\')
			is_whole = fputc('\\', out) != EOF && is_whole;
		is_whole = fputc(password.at[i], out) != EOF && is_whole;
	}
	return fclose(out) == 0 && is_whole ? OK : ERR_IO;
}

enum err
backup_password_begin(struct backup *b)
{
	struct str path;

	if (b->conf->password_file.len == 0)
		return OK;
	TRY(arena_printf(b->kept, &path, "%.*s/pgpass.%d",
	    STR_ARG(b->conf->run_dir), (int)getpid()));
	b->passfile = path.at;
	TRY(write_passfile(b, path.at));
	return setenv("PGPASSFILE", path.at, 1) == 0 ? OK : ERR_MEMORY;
}

void
backup_password_end(struct backup *b)
{
	if (b->passfile != NULL)
		(void)unlink(b->passfile);
	b->passfile = NULL;
}

pid_t
backup_encrypt(const struct backup *b, int in, int out)
{
	const char *const words[] = {
	    "age", "--encrypt", "--recipients-file", b->recipients, NULL};

	return system_start(words, in, out);
}

pid_t
backup_decrypt(const struct backup *b, int in, int out)
{
	const char *const words[] = {
	    "age", "--decrypt", "--identity", b->identity, NULL};

	return system_start(words, in, out);
}
