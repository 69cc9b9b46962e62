/* Addresses in templates: what may follow in an attribute such as href, so that
 * no variable can choose a scheme or a host.  After the URL standard
 * (https://url.spec.whatwg.org/#url-parsing).  Private to the template
 * engine. */
#ifndef PIXLPIX_VIEW_TPL_ADDRESS_H
#define PIXLPIX_VIEW_TPL_ADDRESS_H

#include "base/shape.h"

/* How a variable is printed. */
enum tpl_escape {
	TPL_ESCAPE_NOT,
	TPL_ESCAPE_HTML,
	TPL_ESCAPE_PERCENT
};

/* How far an attribute that holds an address has come, the most dangerous
 * place last. */
enum tpl_url {
	TPL_URL_NONE,      /* not such an attribute */
	TPL_URL_REST,      /* after an address in srcset */
	TPL_URL_QUERY,     /* after "?", "#" or "=" */
	TPL_URL_PATH,      /* where no scheme and no host can begin */
	TPL_URL_SCHEME,    /* after what may be a scheme's letters */
	TPL_URL_SLASH,     /* after one "/" */
	TPL_URL_START,     /* before the first character */
	TPL_URL_HOST,      /* in a host's name */
	TPL_URL_HOST_START /* after "//" */
};

enum {
	TPL_SCHEME_BYTES = 8
};

struct tpl_address {
	enum tpl_url url;
	bool is_list; /* the attribute holds several addresses */
	char scheme[TPL_SCHEME_BYTES];
	size_t scheme_len; /* over TPL_SCHEME_BYTES: not known */
};

/* The start of the attribute `name`, in lower case. */
struct tpl_address tpl_address_begin(struct str name);

/* One character.  NULL, or a sentence on what is wrong with it. */
const char *tpl_address_step(struct tpl_address *a, char c);

/* A variable.  NULL and how to print it, or why it may not stand here. */
const char *tpl_address_variable(
    struct tpl_address *a, enum shape_kind kind, enum tpl_escape *escape);

/* After a section that began at `begin` and may have been left out.  NULL, or
 * a sentence. */
const char *tpl_address_join(
    struct tpl_address *a, const struct tpl_address *begin, bool is_list);

#endif
