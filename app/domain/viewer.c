/* The viewer of a write. */
#include "domain/viewer.h"

void
viewer_ask(const struct site *site, int64_t account)
{
	sql_viewer_set_ask(
	    site->db, &(struct sql_viewer_set_in){account}, NULL);
}
