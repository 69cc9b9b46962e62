/* Reading the XML that an S3 server answers with; expat does the parsing.
 *
 * An answer with a document type is refused, so that no entity is ever
 * expanded.
 */
#ifndef PIXLPIX_STORE_S3_XML_H
#define PIXLPIX_STORE_S3_XML_H

#include "base/arena.h"
#include "store/object.h"

/* The text of Error/Code ("NoSuchKey"), or the absent string where the bytes
 * are no such document: a proxy's page, for example. */
enum err s3_xml_error(struct arena *a, struct str xml, struct str *code);

/* Whether the document's outermost element has that name: S3 reports some
 * failures of a copy with status 200. */
bool s3_xml_is(struct str xml, const char *name);

struct s3_xml_page {
	struct list entries; /* struct object_entry, in the answer's order */
	bool is_more;
	struct str token; /* for the next page, where there is more */
};

/* A page of ListObjectsV2.  Keys that are not well-formed (object_is_key) are
 * not ours and left out.  ERR_INPUT where the bytes are no such document;
 * ERR_MEMORY. */
enum err s3_xml_list(struct arena *a, struct str xml, struct s3_xml_page *out);

#endif
