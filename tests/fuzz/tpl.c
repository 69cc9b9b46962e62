/* Templates: whatever is accepted renders to HTML in which no value has
 * changed the structure.
 *
 * The input is a byte of switches, then the page and two partials with NUL
 * bytes between.  A template that is accepted is rendered with harmless and
 * with hostile values; both results are read by the tokenizer again and must
 * have the same tags and attributes. */
#include "view/tpl_html.h"
#include "view/tpl_parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

struct item {
	struct str s;
	struct url u;
	int64_t n;
	bool b;
	struct list l; /* struct item */
	struct list t; /* struct str */
};

struct page {
	struct str s;
	struct url u;
	struct html h;
	int64_t n;
	struct when w;
	bool b;
	struct item i;
	struct list l; /* struct item */
	struct list t; /* struct str */
};

extern const struct shape shape_item;

#define T struct item
SHAPE(shape_item, T, SHAPE_FIELD(T, s), SHAPE_FIELD(T, u), SHAPE_FIELD(T, n),
    SHAPE_FIELD(T, b), SHAPE_LIST_OF(T, l, &shape_item),
    SHAPE_LIST_OF(T, t, NULL));
#undef T

extern const struct shape shape_page;

#define T struct page
SHAPE(shape_page, T, SHAPE_FIELD(T, s), SHAPE_FIELD(T, u), SHAPE_FIELD(T, h),
    SHAPE_FIELD(T, n), SHAPE_FIELD(T, w), SHAPE_FIELD(T, b),
    SHAPE_INNER(T, i, &shape_item), SHAPE_LIST_OF(T, l, &shape_item),
    SHAPE_LIST_OF(T, t, NULL));
#undef T

static const struct tpl_source source = {"page", &shape_page};

static struct str texts[3];

static enum err
read_text(void *who, const char *name, struct buf *path, struct buf *text)
{
	static const char *const names[] = {"page", "part/a", "part/b"};

	(void)who;
	for (size_t i = 0; i < 3; i++)
		if (strcmp(name, names[i]) == 0) {
			buf_put(path, str_from(name));
			buf_put(text, texts[i]);
			return OK;
		}
	return ERR_ABSENT;
}

static void
demand(bool fact, const char *what)
{
	if (fact)
		return;
	fprintf(stderr, "%s\n", what);
	abort();
}

/* A page whose texts are `value`; the switches say what is true. */
static void
render(
    const struct tpl *tpl, unsigned switches, struct str value, struct buf *out)
{
	const struct when now = {INT64_C(1800000000000000)};
	struct str words[2] = {value, value};
	struct item item = {.s = value,
	    .u = {STR("/u")},
	    .n = switches & 1,
	    .b = switches & 2,
	    .t = {words, switches >> 2 & 1}};
	struct item items[2] = {item, item};
	struct page page = {.s = value,
	    .u = {STR("/p")},
	    .h = {STR("<b>h</b>")},
	    .n = switches >> 3 & 1,
	    .w = {switches & 16 ? now.us - 5 : 0},
	    .b = switches & 32,
	    .i = item,
	    .l = {items, switches >> 6 & 3},
	    .t = {words, switches & 1 ? 2 : 0}};
	enum err e;

	page.l.count = page.l.count > 2 ? 2 : page.l.count;
	items[1].l = (struct list){&item, 1};
	out->max_bytes = 4 * 1024 * 1024;
	e = tpl_render(tpl, &page, now, out);
	demand(e == OK || e == ERR_TOO_BIG, "rendering failed");
}

/* Everything about the page's structure, as text. */
static void
put_structure(struct buf *out, struct str html)
{
	struct tpl_html h = {0};
	enum tpl_html_state before = h.state;
	size_t at = 0;

	for (size_t i = 0; i < html.len; i++) {
		const char *fault =
		    tpl_html_text(&h, str_slice(html, i, 1), &at);

		demand(fault == NULL, "the page has a fault");
		if (h.state == before)
			continue;
		before = h.state;
		buf_printf(out, "%d %.*s %.*s\n", (int)h.state,
		    (int)(h.tag.len < 32 ? h.tag.len : 32), h.tag.at,
		    (int)(h.attr.len < 32 ? h.attr.len : 32), h.attr.at);
	}
	demand(tpl_html_end(&h) == NULL, "the page ends inside something");
}

static void
check(const struct tpl *tpl, unsigned switches)
{
	static const struct str hostile[] = {
	    {"\"'><script>alert(1)</script><!--", 33},
	    {"javascript:alert(1)//", 21}, {" onclick=alert(1) ", 18},
	    {"</textarea></title>-->&#x22;,/\\", 31}};
	struct buf harmless_page = {0}, harmless = {0};

	render(tpl, switches, STR("x"), &harmless_page);
	put_structure(&harmless, buf_str(&harmless_page));
	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		struct buf page = {0}, structure = {0};

		render(tpl, switches, hostile[i], &page);
		if (buf_check(&page) == OK) {
			put_structure(&structure, buf_str(&page));
			demand(
			    str_equal(buf_str(&structure), buf_str(&harmless)),
			    "a value changed the structure");
		}
		buf_free(&page);
		buf_free(&structure);
	}
	buf_free(&harmless_page);
	buf_free(&harmless);
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	const struct tpl_reader reader = {read_text, NULL};
	struct str rest = {(const char *)data, size};
	struct buf complaints = {0};
	struct tpl_set *set = NULL;
	unsigned switches;
	enum err e;

	if (size < 1 || size > 4096)
		return 0;
	switches = data[0];
	rest = str_slice(rest, 1, rest.len);
	for (size_t i = 0; i < 3; i++)
		texts[i] = str_cut(&rest, '\0');
	e = tpl_set_parse(&reader, &source, 1, &complaints, &set);
	if (e == OK)
		check(tpl_find(set, "page"), switches);
	else
		demand(complaints.len > 0, "refused without a word");
	demand((set != NULL) == (e == OK), "a set where there is none");
	demand(e != OK || complaints.len == 0, "complained for nothing");
	tpl_set_free(set);
	buf_free(&complaints);
	return 0;
}
