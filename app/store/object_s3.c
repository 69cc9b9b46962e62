/* The object store on an S3 server.
 *
 * A put carries a random word of its own in the object's metadata: where an
 * answer was lost and the second try finds the name taken, the word tells
 * whether by us.  It also carries the SHA-256, by which a get is checked.
 */
#include "store/object.h"

#include "base/log.h"
#include "base/random.h"
#include "store/checksum.h"
#include "store/s3.h"
#include "store/s3_xml.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	PAGE_KEYS_MAX = 1000, /* that a server lists at a time */
	WORD_BYTES = 16,
	INNER_S = 60 /* for which an inner address is good */
};

#define META_WORD "x-amz-meta-put"
#define META_SHA256 "x-amz-meta-sha256"

struct s3_store {
	struct object_store base;
	struct s3 *s3;
	int spool; /* folder */
	int cache; /* folder; -1: there is none */
	int gone;  /* folder; -1: there is none */
};

static struct s3_store *
s3_of(struct object_store *store)
{
	/* The base is the first member. */
	return (struct s3_store *)store;
}

static enum err
file_failed(const char *step, struct str key)
{
	log_event(LOG_ERROR, "object store failed", LOG_ERRNO(),
	    LOG_Z("step", step), LOG_STR("key", key));
	return ERR_STORE;
}

static bool
is_absent(const struct s3_answer *answer)
{
	/* The answer to a HEAD has no body that could say more. */
	return answer->status == 404 &&
	       (answer->code.len == 0 ||
		   str_equal(answer->code, STR("NoSuchKey")));
}

/* ---- head ---- */

static enum err
send_head(struct s3_store *store, enum object_space space, struct str key,
    struct s3_answer *answer)
{
	const struct s3_call call = {
	    .step = "head", .method = "HEAD", .space = space, .key = key};

	TRY(s3_send(store->s3, &call, answer));
	if (is_absent(answer))
		return ERR_ABSENT;
	return answer->status == 200 ? OK
	                             : s3_refused(store->s3, &call, answer);
}

static enum err
s3_head(struct object_store *store, enum object_space space, struct str key,
    struct object_entry *out)
{
	struct s3_answer answer = {0};

	TRY(send_head(s3_of(store), space, key, &answer));
	*out = (struct object_entry){.key = key,
	    .size_bytes = answer.size_bytes,
	    .changed = {answer.changed_s > 0 ? answer.changed_s * 1000000 : 0}};
	return OK;
}

static enum err
s3_stranger(struct object_store *store, enum object_space space, struct str key,
    bool *may_read)
{
	const struct s3_call call = {.step = "look",
	    .method = "HEAD",
	    .space = space,
	    .key = key,
	    .is_unsigned = true};
	struct s3_answer answer = {0};

	TRY(s3_send(s3_of(store)->s3, &call, &answer));
	*may_read = answer.status == 200;
	return OK;
}

/* ---- put ---- */

static struct str
type_of(struct str key)
{
	if (str_ends(key, STR(".jpg")))
		return STR("image/jpeg");
	if (str_ends(key, STR(".webp")))
		return STR("image/webp");
	return STR("application/octet-stream");
}

/* The name is taken: by a try of ours whose answer was lost, or by another. */
static enum err
settle_taken(struct s3_store *store, enum object_space space, struct str key,
    struct str word)
{
	struct s3_answer answer = {0};
	enum err e = send_head(store, space, key, &answer);

	if (e == ERR_ABSENT)
		log_event(LOG_ERROR, "object store failed",
		    LOG_Z("step", "put"), LOG_STR("key", key),
		    LOG_Z("why", "somebody else puts or erases it just now"));
	if (e != OK)
		return e == ERR_ABSENT ? ERR_STORE : e;
	if (str_equal(s3_header(store->s3, META_WORD), word))
		return OK;
	log_event(LOG_ERROR, "object exists already", LOG_STR("key", key));
	return ERR_CONFLICT;
}

static bool
is_taken(const struct s3_answer *answer)
{
	return answer->status == 412 ||
	       str_equal(answer->code, STR("ConditionalRequestConflict"));
}

static enum err
checksum(int fd, int64_t size_bytes, struct str key, struct str expected,
    char out[CHECKSUM_CHARS])
{
	enum err e = checksum_file(fd, size_bytes, out);

	if (e == ERR_IO)
		return file_failed("read", key);
	if (e == ERR_INPUT)
		log_event(LOG_ERROR, "object is shorter than said",
		    LOG_STR("key", key), LOG_INT("said", size_bytes));
	TRY(e);
	if (expected.len == 0 ||
	    str_equal(expected, (struct str){out, CHECKSUM_CHARS}))
		return OK;
	log_event(LOG_ERROR, "object has another checksum than said",
	    LOG_STR("key", key));
	return ERR_INPUT;
}

static enum err
send_put(struct s3_store *store, enum object_space space, struct str key,
    int fd, int64_t size_bytes, struct str sha256)
{
	struct arena *a = arena_make(4096);
	char sum[CHECKSUM_CHARS];
	struct str word = {0};
	struct s3_answer answer = {0};
	enum err e =
	    a == NULL ? ERR_MEMORY : random_token(a, WORD_BYTES, &word);
	const struct sigv4_pair headers[] = {
	    {STR("Content-Type"), type_of(key)},
	    {STR("If-None-Match"), STR("*")},
	    {STR(META_WORD), word},
	    {STR(META_SHA256), {sum, sizeof(sum)}},
	};
	const struct s3_call call = {.step = "put",
	    .method = "PUT",
	    .space = space,
	    .key = key,
	    .headers = headers,
	    .header_count = sizeof(headers) / sizeof(headers[0]),
	    .is_file = true,
	    .file = fd,
	    .file_bytes = size_bytes,
	    .file_sha256 = {sum, sizeof(sum)}};

	if (e == OK)
		e = checksum(fd, size_bytes, key, sha256, sum);
	if (e == OK)
		e = s3_send(store->s3, &call, &answer);
	if (e == OK && is_taken(&answer))
		e = settle_taken(store, space, key, word);
	else if (e == OK && answer.status != 200)
		e = s3_refused(store->s3, &call, &answer);
	arena_free(a);
	return e;
}

static enum err
s3_put(struct object_store *store, enum object_space space, struct str key,
    int fd, int64_t size_bytes, struct str sha256)
{
	return send_put(s3_of(store), space, key, fd, size_bytes, sha256);
}

/* ---- get ---- */

struct fetch {
	int fd;
	struct checksum *sum;
	struct str key;
};

/* Whatever an earlier try has written is forgotten. */
static enum err
begin_fetch(void *user)
{
	struct fetch *f = user;

	checksum_close(f->sum);
	f->sum = NULL;
	if (ftruncate(f->fd, 0) != 0 || lseek(f->fd, 0, SEEK_SET) != 0)
		return file_failed("truncate", f->key);
	return checksum_open(&f->sum);
}

static enum err
take_bytes(void *user, struct str bytes)
{
	struct fetch *f = user;

	TRY(checksum_add(f->sum, bytes));
	while (bytes.len > 0) {
		ssize_t n = write(f->fd, bytes.at, bytes.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return file_failed("write", f->key);
		bytes = str_slice(bytes, (size_t)n, bytes.len);
	}
	return OK;
}

/* An object that others have put there may come without a checksum. */
static enum err
check_fetched(struct s3_store *store, enum object_space space, struct fetch *f)
{
	struct str said = s3_header(store->s3, META_SHA256);
	char sum[CHECKSUM_CHARS];

	TRY(checksum_end(f->sum, sum));
	if (said.len == 0 || str_equal(said, (struct str){sum, sizeof(sum)}))
		return OK;
	log_event(LOG_ERROR, "object store failed", LOG_Z("step", "get"),
	    LOG_STR("bucket", s3_bucket(store->s3, space)),
	    LOG_STR("key", f->key),
	    LOG_Z("why", "the bytes are not those that were put"));
	return ERR_STORE;
}

static enum err
send_get(struct s3_store *store, enum object_space space, struct fetch *f,
    int64_t *size_bytes)
{
	const struct s3_call call = {.step = "get",
	    .method = "GET",
	    .space = space,
	    .key = f->key,
	    .begin = begin_fetch,
	    .sink = take_bytes,
	    .user = f};
	struct s3_answer answer = {0};

	TRY(s3_send(store->s3, &call, &answer));
	if (is_absent(&answer))
		return ERR_ABSENT;
	if (answer.status != 200)
		return s3_refused(store->s3, &call, &answer);
	TRY(check_fetched(store, space, f));
	*size_bytes = lseek(f->fd, 0, SEEK_CUR);
	if (*size_bytes < 0 || lseek(f->fd, 0, SEEK_SET) != 0)
		return file_failed("seek", f->key);
	return OK;
}

static enum err
s3_get(struct object_store *store, enum object_space space, struct str key,
    int *fd, int64_t *size_bytes)
{
	struct fetch f = {.key = key};
	int64_t size = 0;
	enum err e;

	f.fd = openat(
	    s3_of(store)->spool, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (f.fd < 0)
		return file_failed("create", key);
	e = send_get(s3_of(store), space, &f, &size);
	checksum_close(f.sum);
	if (e != OK) {
		(void)close(f.fd);
		return e;
	}
	*fd = f.fd;
	*size_bytes = size;
	return OK;
}

/* ---- erase, copy, move ---- */

/* What has left public space must not be served from nginx's cache: its file
 * there is named by the MD5 of the address. */
static enum err
forget_cached(struct s3_store *store, struct str key)
{
	char name[CHECKSUM_MD5_CHARS + 1] = {0};
	struct str address = {0};
	struct arena *a;
	enum err e;

	if (store->cache < 0)
		return OK;
	a = arena_make(4096);
	e = a == NULL ? ERR_MEMORY : object_address(key, a, &address);
	if (e == OK)
		e = checksum_md5(address, name);
	arena_free(a);
	TRY(e);
	if (unlinkat(store->cache, name, 0) != 0 && errno != ENOENT)
		return file_failed("forget cached", key);
	return OK;
}

/* Nginx serves no such name from now on.  Without that file the rest still has
 * to be tried. */
static void
deny(struct s3_store *store, struct str key)
{
	const char *name;
	struct arena *a;
	int fd = -1;

	if (store->gone < 0)
		return;
	a = arena_make(4096);
	if (a != NULL && arena_z(a, key, &name) == OK)
		fd = openat(store->gone, name,
		    O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd >= 0)
		(void)close(fd);
	else
		log_event(LOG_WARN, "object not denied to nginx",
		    LOG_STR("key", key), LOG_ERRNO());
	arena_free(a);
}

static enum err
allow(struct s3_store *store, struct str key)
{
	struct arena *a;
	const char *name;
	enum err e;

	if (store->gone < 0)
		return OK;
	a = arena_make(4096);
	e = a == NULL ? ERR_MEMORY : arena_z(a, key, &name);
	if (e == OK && unlinkat(store->gone, name, 0) != 0 && errno != ENOENT)
		e = file_failed("allow", key);
	arena_free(a);
	return e;
}

static enum err
s3_forget(struct object_store *store, struct str key)
{
	TRY(forget_cached(s3_of(store), key));
	return allow(s3_of(store), key);
}

static enum err
send_delete(struct s3_store *store, enum object_space space, struct str key)
{
	const struct s3_call call = {
	    .step = "erase", .method = "DELETE", .space = space, .key = key};
	struct s3_answer answer = {0};

	TRY(s3_send(store->s3, &call, &answer));
	if (answer.status >= 300 && !is_absent(&answer))
		return s3_refused(store->s3, &call, &answer);
	if (space == OBJECT_PUBLIC)
		return forget_cached(store, key);
	return OK;
}

static enum err
s3_erase(struct object_store *store, enum object_space space, struct str key)
{
	if (space == OBJECT_PUBLIC)
		TRY(forget_cached(s3_of(store), key));
	return send_delete(s3_of(store), space, key);
}

/* ERR_ABSENT where there is nothing to copy. */
static enum err
send_copy(struct s3_store *store, struct str key, enum object_space from,
    enum object_space to)
{
	struct arena *a = arena_make(4096);
	struct str source = {0};
	enum err e =
	    a == NULL ? ERR_MEMORY
		      : arena_printf(a, &source, "/%.*s/%.*s",
			    STR_ARG(s3_bucket(store->s3, from)), STR_ARG(key));
	const struct sigv4_pair header = {STR("x-amz-copy-source"), source};
	const struct s3_call call = {.step = "copy",
	    .method = "PUT",
	    .space = to,
	    .key = key,
	    .headers = &header,
	    .header_count = 1};
	struct s3_answer answer = {0};

	if (e == OK)
		e = s3_send(store->s3, &call, &answer);
	if (e == OK && is_absent(&answer))
		e = ERR_ABSENT;
	/* A copy that fails on its way does so with status 200. */
	else if (e == OK && (answer.status != 200 ||
				!s3_xml_is(answer.body, "CopyObjectResult")))
		e = s3_refused(store->s3, &call, &answer);
	arena_free(a);
	return e;
}

static enum err
s3_copy(struct object_store *store, struct str key, enum object_space from,
    enum object_space to)
{
	return send_copy(s3_of(store), key, from, to);
}

static enum err
s3_move(struct object_store *store, struct str key, enum object_space from,
    enum object_space to)
{
	struct s3_answer answer = {0};
	enum err e;

	/* Whatever the server says, nobody is to see it from now on. */
	if (from == OBJECT_PUBLIC) {
		deny(s3_of(store), key);
		TRY(forget_cached(s3_of(store), key));
	}
	e = send_copy(s3_of(store), key, from, to);
	/* Moved already, and perhaps broken off before its end. */
	if (e == ERR_ABSENT)
		e = send_head(s3_of(store), to, key, &answer);
	if (e == ERR_ABSENT || (e == OK && to == OBJECT_PUBLIC))
		TRY(allow(s3_of(store), key));
	TRY(e);
	return send_delete(s3_of(store), from, key);
}

/* ---- list ---- */

struct listing {
	struct object_entry *entries;
	size_t count;
	size_t room;
};

static enum err
list_add(struct listing *l, struct arena *arena, struct list page)
{
	if (page.count > l->room - l->count) {
		size_t room = l->count + page.count;
		struct object_entry *more;

		room += room / 2;
		more = arena_array(arena, room, sizeof(*more));
		if (more == NULL)
			return ERR_MEMORY;
		if (l->count > 0)
			memcpy(more, l->entries, l->count * sizeof(*more));
		l->entries = more;
		l->room = room;
	}
	if (page.count > 0)
		memcpy(l->entries + l->count, page.items,
		    page.count * sizeof(*l->entries));
	l->count += page.count;
	return OK;
}

static enum err
send_list(struct s3_store *store, enum object_space space, struct str prefix,
    struct str after, struct str token, size_t limit, struct arena *arena,
    struct s3_xml_page *page)
{
	struct sigv4_pair query[4] = {{STR("list-type"), STR("2")}};
	struct s3_call call = {.step = "list",
	    .method = "GET",
	    .space = space,
	    .query = query,
	    .query_count = 1};
	struct s3_answer answer = {0};
	struct str count;

	TRY(arena_printf(arena, &count, "%zu",
	    limit < PAGE_KEYS_MAX ? limit : (size_t)PAGE_KEYS_MAX));
	query[call.query_count++] = (struct sigv4_pair){STR("max-keys"), count};
	if (prefix.len > 0)
		query[call.query_count++] =
		    (struct sigv4_pair){STR("prefix"), prefix};
	if (token.len > 0)
		query[call.query_count++] =
		    (struct sigv4_pair){STR("continuation-token"), token};
	else if (after.len > 0)
		query[call.query_count++] =
		    (struct sigv4_pair){STR("start-after"), after};
	TRY(s3_send(store->s3, &call, &answer));
	if (answer.status == 200) {
		enum err e = s3_xml_list(arena, answer.body, page);

		if (e != ERR_INPUT)
			return e;
	}
	return s3_refused(store->s3, &call, &answer);
}

static enum err
s3_list(struct object_store *store, enum object_space space, struct str prefix,
    struct str after, size_t limit, struct arena *arena, struct list *entries)
{
	struct s3_xml_page page = {.is_more = true};
	struct listing found = {0};

	while (page.is_more && found.count < limit) {
		TRY(send_list(s3_of(store), space, prefix, after, page.token,
		    limit - found.count, arena, &page));
		TRY(list_add(&found, arena, page.entries));
	}
	if (found.count > limit)
		found.count = limit;
	*entries = (struct list){found.entries, found.count};
	return OK;
}

/* ---- making the buckets ---- */

static enum err
make_bucket(struct s3_store *store, enum object_space space)
{
	const struct s3_call call = {
	    .step = "make bucket", .method = "PUT", .space = space};
	struct s3_answer answer = {0};

	TRY(s3_send(store->s3, &call, &answer));
	if (answer.status == 200 ||
	    str_equal(answer.code, STR("BucketAlreadyOwnedByYou")))
		return OK;
	return s3_refused(store->s3, &call, &answer);
}

/* Whoever knows a key may read it; nobody may list. */
static enum err
open_bucket(struct s3_store *store)
{
	const struct sigv4_pair query = {STR("policy"), STR("")};
	struct s3_call call = {.step = "open bucket",
	    .method = "PUT",
	    .space = OBJECT_PUBLIC,
	    .query = &query,
	    .query_count = 1};
	struct s3_answer answer = {0};
	struct buf b = {0};
	enum err e;

	buf_printf(&b,
	    "{\"Version\":\"2012-10-17\",\"Statement\":[{"
	    "\"Effect\":\"Allow\",\"Principal\":\"*\","
	    "\"Action\":\"s3:GetObject\","
	    "\"Resource\":\"arn:aws:s3:::%.*s/*\"}]}",
	    STR_ARG(s3_bucket(store->s3, OBJECT_PUBLIC)));
	call.body = buf_str(&b);
	e = buf_check(&b);
	if (e == OK)
		e = s3_send(store->s3, &call, &answer);
	buf_free(&b);
	if (e == OK && answer.status >= 300)
		e = s3_refused(store->s3, &call, &answer);
	return e;
}

static enum err
s3_prepare(struct object_store *store)
{
	TRY(make_bucket(s3_of(store), OBJECT_PUBLIC));
	TRY(make_bucket(s3_of(store), OBJECT_HIDDEN));
	return open_bucket(s3_of(store));
}

/* ---- the rest ---- */

static void
s3_store_close(struct object_store *base)
{
	struct s3_store *store = s3_of(base);

	s3_close(store->s3);
	if (store->spool >= 0)
		(void)close(store->spool);
	if (store->cache >= 0)
		(void)close(store->cache);
	if (store->gone >= 0)
		(void)close(store->gone);
	free(store);
}

static enum err
s3_inner_address(struct object_store *store, enum object_space space,
    struct str key, struct arena *arena, struct str *out)
{
	const struct s3_call call = {
	    .step = "sign", .method = "GET", .space = space, .key = key};
	struct str target;

	TRY(s3_presign(s3_of(store)->s3, &call, INNER_S, arena, &target));
	return arena_printf(arena, out, "/%s%.*s",
	    space == OBJECT_HIDDEN ? "hidden" : "shown", STR_ARG(target));
}

static const struct object_backend backend = {
    .name = "s3",
    .inner_address = s3_inner_address,
    .put = s3_put,
    .get = s3_get,
    .head = s3_head,
    .copy = s3_copy,
    .move = s3_move,
    .erase = s3_erase,
    .list = s3_list,
    .forget = s3_forget,
    .prepare = s3_prepare,
    .stranger = s3_stranger,
    .close = s3_store_close,
};

static enum err
open_folder(struct str path, int *out)
{
	struct arena *a = arena_make(8192);
	const char *name;
	enum err e = a == NULL ? ERR_MEMORY : arena_z(a, path, &name);

	if (e == OK) {
		*out = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (*out < 0) {
			log_event(LOG_ERROR, "object store cannot be opened",
			    LOG_STR("folder", path), LOG_ERRNO());
			e = ERR_INPUT;
		}
	}
	arena_free(a);
	return e;
}

enum err
object_s3_open(
    const struct object_s3_settings *settings, struct object_store **out)
{
	struct s3_store *store = calloc(1, sizeof(*store));
	enum err e;

	if (store == NULL)
		return ERR_MEMORY;
	*store = (struct s3_store){
	    .base = {&backend}, .spool = -1, .cache = -1, .gone = -1};
	e = open_folder(settings->spool_dir, &store->spool);
	if (e == OK && settings->cache_dir.len > 0)
		e = open_folder(settings->cache_dir, &store->cache);
	if (e == OK && settings->gone_dir.len > 0)
		e = open_folder(settings->gone_dir, &store->gone);
	if (e == OK)
		e = s3_open(settings, &store->s3);
	if (e != OK) {
		s3_store_close(&store->base);
		return e;
	}
	*out = &store->base;
	return OK;
}
