/* Looking a member up by its name. */
#include "base/shape.h"

const struct shape_member *
shape_find(const struct shape *shape, struct str name)
{
	for (size_t i = 0; i < shape->count; i++)
		if (str_equal(str_from(shape->members[i].name), name))
			return &shape->members[i];
	return NULL;
}
