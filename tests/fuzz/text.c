/* What people write: the HTML is well-formed whatever the bytes, and its
 * links are what the index says. */
#include "view/text.h"

#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void
demand(bool fact, const char *what)
{
	if (fact)
		return;
	fprintf(stderr, "%s\n", what);
	abort();
}

static bool
list_has(struct list list, struct str value)
{
	const struct str *items = list.items;

	for (size_t i = 0; i < list.count; i++)
		if (str_equal(items[i], value))
			return true;
	return false;
}

/* What `hex` digits after a percent sign mean. */
static struct str
decoded(struct arena *a, struct str s)
{
	char *out = arena_alloc(a, s.len + 1);
	size_t len = 0;

	demand(out != NULL, "no memory");
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] == '%') {
			char hex[3] = {s.at[i + 1], s.at[i + 2], 0};

			out[len++] = (char)strtol(hex, NULL, 16);
			i += 2;
		} else {
			out[len++] = s.at[i];
		}
	return (struct str){out, len};
}

struct counts {
	size_t tags;
	size_t mentions;
};

/* An opening <a>; what comes after its end. */
static struct str
check_link(struct arena *a, struct str html, struct list tags,
    struct list mentions, struct counts *counts)
{
	static const char begin[] = "<a href=\"";
	struct str href;

	demand(str_starts(html, str_from(begin)), "a strange element");
	html = str_slice(html, sizeof(begin) - 1, html.len);
	href = str_cut(&html, '"');
	demand(str_find(href, '<') == href.len &&
		   str_find(href, '\'') == href.len &&
		   str_find(href, '\n') == href.len,
	    "a strange href");
	if (str_starts(href, STR("/tag/"))) {
		counts->tags++;
		demand(list_has(tags, decoded(a, str_slice(href, 5, href.len))),
		    "a link to a tag that is not in the index");
	} else if (str_starts(href, STR("/@"))) {
		counts->mentions++;
		demand(list_has(mentions, str_slice(href, 2, href.len)),
		    "a link to a name that is not in the index");
	} else {
		static const char rel[] = " rel=\"nofollow ugc noopener\"";

		demand(
		    str_equal_nocase(str_slice(href, 0, 7), STR("http://")) ||
			str_equal_nocase(
			    str_slice(href, 0, 8), STR("https://")),
		    "a strange scheme");
		demand(str_starts(html, str_from(rel)), "no rel");
		html = str_slice(html, sizeof(rel) - 1, html.len);
	}
	demand(html.len > 0 && html.at[0] == '>', "an open tag");
	return str_slice(html, 1, html.len);
}

static void
check_html(
    struct arena *a, struct str html, struct list tags, struct list mentions)
{
	struct counts counts = {0};
	bool is_inside = false;

	demand(str_is_text(html), "not text");
	while (html.len > 0) {
		char c = html.at[0];

		demand(c != '>' && c != '"' && c != '\'', "not escaped");
		demand((unsigned char)c >= ' ' || c == '\t', "a control");
		if (c != '<') {
			html = str_slice(html, 1, html.len);
		} else if (str_starts(html, STR("<br>"))) {
			demand(!is_inside, "a break in a link");
			html = str_slice(html, 4, html.len);
		} else if (str_starts(html, STR("</a>"))) {
			demand(is_inside, "a link that was not opened");
			is_inside = false;
			html = str_slice(html, 4, html.len);
		} else {
			demand(!is_inside, "a link in a link");
			is_inside = true;
			html = check_link(a, html, tags, mentions, &counts);
		}
	}
	demand(!is_inside, "a link that is not closed");
	demand(counts.tags >= tags.count && counts.mentions >= mentions.count,
	    "something in the index has no link");
}

static void
check_tags(struct arena *a, struct list tags)
{
	const struct str *items = tags.items;
	struct str again;

	demand(tags.count <= TEXT_MAX_TAGS, "too many tags");
	for (size_t i = 0; i < tags.count; i++)
		demand(text_tag_parse(a, items[i], &again) == OK &&
			   str_equal(again, items[i]),
		    "a tag that is none");
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct str text = {(const char *)data, size};
	struct arena *a;
	struct html html;
	struct list tags, mentions;
	struct str excerpt;
	size_t max;

	if (size == 0 || size > 4096)
		return 0;
	a = arena_make(16 * 1024 * 1024);
	demand(a != NULL, "no memory");
	demand(text_to_html(a, text, &html) == OK, "no html");
	demand(text_tags(a, text, &tags) == OK, "no tags");
	demand(text_mentions(a, text, &mentions) == OK, "no mentions");
	check_html(a, html.text, tags, mentions);
	check_tags(a, tags);
	max = data[0] % 64;
	demand(text_excerpt(a, text, max, &excerpt) == OK, "no excerpt");
	demand(str_is_text(excerpt) && str_count_chars(excerpt) <= max,
	    "a wrong excerpt");
	arena_free(a);
	return 0;
}
