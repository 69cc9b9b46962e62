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

/* One page, one address: an empty segment, which a slash at the end leaves,
 * matches the root alone.  By the address nginx chooses the pool, too. */
static bool
path_matches(struct str pattern, struct list segments, struct route_match *out)
{
	const struct str *segment = segments.items;
	size_t n = 0;

	(void)str_cut(&pattern, '/');
	do {
		if (n == segments.count ||
		    !segment_matches(str_cut(&pattern, '/'), segment[n], out))
			return false;
		n++;
	} while (pattern.len > 0);
	return n == segments.count;
}

enum err
route_find(const struct route_table *table, enum method method,
    struct list segments, struct route_match *out)
{
	enum method wanted = method == METHOD_HEAD ? METHOD_GET : method;
	bool is_known = false;

	for (size_t i = 0; i < table->count; i++) {
		const struct route *route = &table->rows[i];
		struct route_match match = {.route = route};

		if (!path_matches(str_from(route->pattern), segments, &match))
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
route_allowed(struct arena *a, const struct route_table *table,
    struct list segments, struct str *out)
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
		if (route_find(table, known[i].method, segments, &match) == OK)
			TRY(arena_printf(a, &all, "%.*s%s%s", STR_ARG(all),
			    all.len > 0 ? ", " : "", known[i].names));
	*out = all;
	return OK;
}
