/* One description of a C struct, for all who read or fill one.
 *
 * Database rows decode into a shape, forms parse into it, templates render
 * from it.  A struct is described once:
 *
 *	struct person {
 *		struct str name;
 *		int64_t posts;
 *		struct list photos;
 *	};
 *	#define T struct person
 *	SHAPE(shape_person, T,
 *	    SHAPE_FIELD(T, name),
 *	    SHAPE_FIELD(T, posts),
 *	    SHAPE_LIST_OF(T, photos, &shape_photo));
 *	#undef T
 *
 * The kind of a member is inferred from its C type; a type that is not among
 * the kinds does not compile.
 */
#ifndef PIXLPIX_BASE_SHAPE_H
#define PIXLPIX_BASE_SHAPE_H

#include "base/str.h"

enum shape_kind {
	SHAPE_BOOL = 1, /* bool */
	SHAPE_INT,      /* int64_t */
	SHAPE_STR,      /* struct str: untrusted text */
	SHAPE_HTML,     /* struct html: trusted markup */
	SHAPE_URL,      /* struct url */
	SHAPE_WHEN,     /* struct when */
	SHAPE_STRUCT,   /* a struct inside, described by `of` */
	SHAPE_LIST      /* struct list of `of`; NULL: a list of struct str */
};

struct shape_member {
	const char *name;
	size_t offset;
	enum shape_kind kind;
	const struct shape *of;
};

struct shape {
	const char *name;
	size_t size;
	size_t count;
	const struct shape_member *members;
};

/* clang-format off */
/* Whoever adds a kind adds it here and in those who read shapes. */
#define SHAPE_KIND_OF(value)                                                   \
	_Generic((value),                                                      \
	    bool: SHAPE_BOOL,                                                  \
	    int64_t: SHAPE_INT,                                                \
	    struct str: SHAPE_STR,                                             \
	    struct html: SHAPE_HTML,                                           \
	    struct url: SHAPE_URL,                                             \
	    struct when: SHAPE_WHEN)

/* A plain member. */
#define SHAPE_FIELD(T, member)                                                 \
	{#member, offsetof(T, member), SHAPE_KIND_OF(((T *)0)->member), NULL}

/* A struct inside the struct. */
#define SHAPE_INNER(T, member, shape)                                          \
	{#member, offsetof(T, member), SHAPE_STRUCT, shape}

/* A struct list whose items have the shape; NULL for struct str items. */
#define SHAPE_LIST_OF(T, member, shape)                                        \
	{#member,                                                              \
	    offsetof(T, member) +                                              \
		0 * sizeof(_Generic(((T *)0)->member, struct list: 0)),        \
	    SHAPE_LIST, shape}

#define SHAPE_MEMBERS(name, ...)                                               \
	static const struct shape_member name##_members[] = {__VA_ARGS__}
#define SHAPE_VALUE(name, T)                                                   \
	{#name, sizeof(T), sizeof(name##_members) / sizeof(name##_members[0]), \
	    name##_members}

/* Defines `const struct shape name` for struct type T. */
#define SHAPE(name, T, ...)                                                    \
	SHAPE_MEMBERS(name, __VA_ARGS__);                                      \
	const struct shape name = SHAPE_VALUE(name, T)

/* The same for one file alone. */
#define SHAPE_LOCAL(name, T, ...)                                              \
	SHAPE_MEMBERS(name, __VA_ARGS__);                                      \
	static const struct shape name = SHAPE_VALUE(name, T)
/* clang-format on */

/* The member of that name, or NULL. */
const struct shape_member *shape_find(
    const struct shape *shape, struct str name);

#endif
