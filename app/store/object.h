/* Where the bytes of images are kept.
 *
 * An object is a key and bytes that never change: a key is used once, so what
 * it holds may be cached for ever.  Objects live in one of two spaces.  What
 * is in OBJECT_PUBLIC is served by nginx to whoever knows the key; what is in
 * OBJECT_HIDDEN is kept, and served where a worker has looked who asks.
 *
 * object_put returns OK when the object is durable, so that a row that names
 * it may commit: a crash leaves an object without a row, never a row without
 * its object.
 *
 * A key is 3 to 100 bytes of a-z, 0-9, '-' and '.'; its first two are letters
 * or digits (they name the folder), and no two dots stand together.  Another
 * key is ERR_INPUT.  All other failures of the store are ERR_STORE, with the
 * cause in the log.
 */
#ifndef PIXLPIX_STORE_OBJECT_H
#define PIXLPIX_STORE_OBJECT_H

#include "base/arena.h"

enum object_space {
	OBJECT_PUBLIC,
	OBJECT_HIDDEN
};

struct object_store;

/* What is known without reading the bytes. */
struct object_entry {
	struct str key;
	int64_t size_bytes;
	struct when changed; /* put, or moved */
};

/* A back end.  It is called with keys that have been checked; the contract
 * of each function is that of object_NAME below. */
struct object_backend {
	const char *name;
	enum err (*put)(struct object_store *store, enum object_space space,
	    struct str key, int fd, int64_t size_bytes, struct str sha256);
	enum err (*get)(struct object_store *store, enum object_space space,
	    struct str key, int *fd, int64_t *size_bytes);
	enum err (*head)(struct object_store *store, enum object_space space,
	    struct str key, struct object_entry *out);
	enum err (*copy)(struct object_store *store, struct str key,
	    enum object_space from, enum object_space to);
	enum err (*move)(struct object_store *store, struct str key,
	    enum object_space from, enum object_space to);
	enum err (*erase)(struct object_store *store, enum object_space space,
	    struct str key);
	enum err (*list)(struct object_store *store, enum object_space space,
	    struct str prefix, struct str after, size_t limit,
	    struct arena *arena, struct list *entries);
	/* NULL where nothing stands between the store and nginx's readers. */
	enum err (*forget)(struct object_store *store, struct str key);
	enum err (*prepare)(struct object_store *store);
	/* NULL where to list is to ask. */
	enum err (*ready)(struct object_store *store, struct arena *arena);
	/* Whether somebody without a key of the store's may read it; NULL
	 * where there is nobody to ask. */
	enum err (*stranger)(struct object_store *store,
	    enum object_space space, struct str key, bool *may_read);
	enum err (*inner_address)(struct object_store *store,
	    enum object_space space, struct str key, struct arena *arena,
	    struct str *out);
	void (*close)(struct object_store *store);
};

/* The head of every back end's own struct. */
struct object_store {
	const struct object_backend *backend;
};

/* A store in the folder, which must exist: public/ab/KEY, hidden/ab/KEY, where
 * ab are the key's first two bytes, and tmp/ for what is being written.  The
 * three folders must be on one file system; those that are missing are made,
 * and files that a crash left in tmp/ a day ago or earlier are removed.  Only
 * the owner can enter hidden/ and tmp/, and whom the sysadmin lets into
 * hidden/: nginx, to serve originals; public/ is open for nginx to read. */
enum err object_dir_open(const char *folder, struct object_store **out);

/* A store on an S3 server: one bucket for each space, and the key as it is for
 * a name in it.  nginx reads the public bucket without signing; the hidden one
 * is for us alone. */
struct object_s3_settings {
	struct str endpoint; /* http[s]://host[:port] */
	struct str region;
	struct str public_bucket; /* 3 to 63 bytes of a-z, 0-9 and '-' */
	struct str hidden_bucket;
	struct str access_key;
	struct str secret_file; /* holds the secret alone; not for everybody */
	struct str ca_file;     /* who vouches for https; empty: the system's */
	bool is_host_style; /* http://BUCKET.HOST/KEY, not HOST/BUCKET/KEY */
	int64_t connect_ms;
	int64_t stall_s;      /* without a byte */
	int64_t total_s;      /* of one operation with all its tries */
	struct str spool_dir; /* for objects that are being read */
	struct str cache_dir; /* nginx's cache of public objects; or empty */
	struct str gone_dir;  /* names that nginx must not serve; or empty */
};

/* Sends nothing yet, so that a site starts while its store is away.  All
 * strings are copied.  ERR_INPUT where the settings cannot be or the secret is
 * not to be had, with the cause in the log; ERR_MEMORY, ERR_INTERNAL.
 *
 * Between this store and visitors is nginx's cache.  Whatever leaves public
 * space is taken out of it; and since nginx may be fetching it at that very
 * moment, or the server may be away, object_move first makes a file of the
 * key's name in gone_dir, for which nginx looks before anything else.  It
 * stays there until object_forget. */
enum err object_s3_open(
    const struct object_s3_settings *settings, struct object_store **out);

/* A store that writes to two: OK means that both have done it, and an object
 * is put into both or neither.  It is read from the first, and from the second
 * where the first has lost it or is away; what the first lists is listed.  What
 * one of them does not have is no failure while the other does as it should: a
 * transfer may be on its way (store/transfer.h).  On success the two belong to
 * the mirror, which closes them.  ERR_MEMORY. */
enum err object_mirror_open(struct object_store *first,
    struct object_store *second, struct object_store **out);

/* Makes what the store needs to begin with; may be repeated.  A folder has it
 * all when it is open; on an S3 server the two buckets are made where they are
 * missing, and everybody may read (not list) the public one.  ERR_STORE. */
enum err object_prepare(struct object_store *store);

/* Puts, reads, hides and erases an object, and looks whether strangers may
 * read what they should and no more.  ERR_STORE, with the reason in the log;
 * ERR_MEMORY, ERR_IO. */
enum err object_check(struct object_store *store, struct arena *arena);

/* Whether it would take and give objects now, without putting one: a folder is
 * still the one that was opened, may be written and has room; a server lists
 * what is in both buckets.  Of a mirror both have to be ready, as a put counts
 * when both have it.  ERR_STORE, with the reason in the log; ERR_MEMORY. */
enum err object_ready(struct object_store *store, struct arena *arena);

/* NULL is allowed. */
void object_close(struct object_store *store);

/* True where the key is well-formed. */
bool object_is_key(struct str key);

/* Stores the first `size_bytes` bytes of the file `fd` (its offset is of no
 * account and not changed) and returns when they are durable.  Nobody ever
 * sees a part of them.  `sha256` is what their SHA-256 must be, in lower-case
 * hexadecimal, or absent where the caller does not know it.  ERR_CONFLICT
 * where the space holds the key already; ERR_INPUT where the file is shorter,
 * or has another checksum: then nothing is stored. */
enum err object_put(struct object_store *store, enum object_space space,
    struct str key, int fd, int64_t size_bytes, struct str sha256);

/* A file descriptor at the beginning of the object, for reading and the
 * caller's to close.  ERR_ABSENT where there is none. */
enum err object_get(struct object_store *store, enum object_space space,
    struct str key, int *fd, int64_t *size_bytes);

/* Size and time; `key` becomes a view of the argument.  ERR_ABSENT where
 * there is none. */
enum err object_head(struct object_store *store, enum object_space space,
    struct str key, struct object_entry *out);

/* From one space into the other as well, durably; nothing happens where it is
 * there already.  ERR_ABSENT where it is not in `from`. */
enum err object_copy(struct object_store *store, struct str key,
    enum object_space from, enum object_space to);

/* From one space to the other, durably; at every moment it is in at least one
 * of them, and after OK in `to` alone.  Where it is there already nothing
 * happens, so that a move may be repeated.  ERR_ABSENT where it is in
 * neither. */
enum err object_move(struct object_store *store, struct str key,
    enum object_space from, enum object_space to);

/* True where object_forget is to be called, some seconds after an object has
 * left public space. */
bool object_is_cached(const struct object_store *store);

/* Takes what nginx may have fetched of it meanwhile out of the cache, and ends
 * what object_move has begun for its sake.  May be repeated. */
enum err object_forget(struct object_store *store, struct str key);

/* Removes it durably; OK also where there is none. */
enum err object_erase(
    struct object_store *store, enum object_space space, struct str key);

/* At most `limit` entries (struct object_entry) whose keys begin with
 * `prefix` and come after `after` in byte order, in that order.  To go on,
 * give the last key as `after`; fewer than `limit` means that there are no
 * more.  {0} stands for any prefix and for the beginning. */
enum err object_list(struct object_store *store, enum object_space space,
    struct str prefix, struct str after, size_t limit, struct arena *arena,
    struct list *entries);

/* The path by which nginx serves a public object, whatever the store:
 * "/i/ab/KEY". */
enum err object_address(struct str key, struct arena *arena, struct str *out);

/* The address by which nginx serves an object where a worker that has looked
 * who asks tells it to (X-Accel-Redirect), and never otherwise:
 * "/hidden/ab/KEY" or "/shown/ab/KEY", by its space, or one that an S3 server
 * takes for a minute.  Whether the object is there is not looked at. */
enum err object_inner_address(struct object_store *store,
    enum object_space space, struct str key, struct arena *arena,
    struct str *out);

#endif
