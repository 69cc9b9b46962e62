/* Matching addresses, segment by segment. */
#include "pages/routes.h"

/* One segment of a pattern against one of the path. */
static bool
segment_matches(struct str pattern, struct str segment, struct route_match *out)
{
	if (str_equal(pattern, STR("{id}")))
		return str_parse_int(segment, 1, INT64_MAX, &out->id) == OK &&
		       segment.at[0] != '0';
	if (str_equal(pattern, STR("{tag}")) ||
	    str_equal(pattern, STR("{place}")) ||
	    str_equal(pattern, STR("{name}"))) {
		out->text = segment;
		return segment.len > 0;
	}
	if (str_equal(pattern, STR("@{name}"))) {
		out->text = str_slice(segment, 1, segment.len);
		return segment.len > 1 && segment.at[0] == '@';
	}
	return str_equal(pattern, segment);
}

static bool
path_matches(struct str pattern, struct str path, struct route_match *out)
{
	while (pattern.len > 0 && path.len > 0) {
		struct str want = str_cut(&pattern, '/');
		struct str have = str_cut(&path, '/');

		if (!segment_matches(want, have, out))
			return false;
	}
	return pattern.len == 0 && path.len == 0;
}

enum err
route_find(const struct route_table *table, enum method method, struct str path,
    struct route_match *out)
{
	enum method wanted = method == METHOD_HEAD ? METHOD_GET : method;
	bool is_known = false;

	/* One page, one address: by it nginx chooses the pool, too. */
	if (path.len > 1 && str_ends(path, STR("/")))
		return ERR_ABSENT;
	for (size_t i = 0; i < table->count; i++) {
		const struct route *route = &table->rows[i];
		struct route_match match = {.route = route};

		if (!path_matches(str_from(route->pattern), path, &match))
			continue;
		is_known = true;
		if (route->method == wanted) {
			*out = match;
			return OK;
		}
	}
	return is_known ? ERR_METHOD : ERR_ABSENT;
}

enum err
route_allowed(struct arena *a, const struct route_table *table, struct str path,
    struct str *out)
{
	static const struct {
		enum method method;
		const char *names;
	} known[] = {
	    {METHOD_GET, "GET, HEAD"},
	    {METHOD_POST, "POST"},
	    {METHOD_PUT, "PUT"},
	    {METHOD_PATCH, "PATCH"},
	    {METHOD_DELETE, "DELETE"},
	};
	struct str all = STR("");
	struct route_match match;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (route_find(table, known[i].method, path, &match) == OK)
			TRY(arena_printf(a, &all, "%.*s%s%s", STR_ARG(all),
			    all.len > 0 ? ", " : "", known[i].names));
	*out = all;
	return OK;
}
