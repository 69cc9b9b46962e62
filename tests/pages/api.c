/* What the gate holds to for every row of the API's table: a call that is
 * added is tested here without a line more. */
#include "pages/api.h"
#include "kit.h"
#include "routes.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

TestSuite(api, .init = kit_start, .fini = kit_stop);

static bool
is_described(const struct route *route)
{
	for (size_t i = 0; i < api_operations_count; i++)
		if (strcmp(api_operations[i].route, route->name) == 0)
			return true;
	return false;
}

static const char *
method_of(const struct route *route)
{
	static const char *const names[] = {
	    [METHOD_GET] = "GET",
	    [METHOD_POST] = "POST",
	    [METHOD_PUT] = "PUT",
	    [METHOD_PATCH] = "PATCH",
	    [METHOD_DELETE] = "DELETE",
	};

	return names[route->method];
}

Test(api, every_call_but_the_description_is_described)
{
	size_t described = 0;

	for (size_t i = 0; i < api_routes.count; i++) {
		const struct route *route = &api_routes.rows[i];

		if (strcmp(route->name, "api_openapi") == 0)
			continue;
		cr_expect(is_described(route), "%s", route->name);
		described++;
	}
	cr_expect_eq(described, api_operations_count);
}

Test(api, every_call_but_the_description_needs_a_scope)
{
	for (size_t i = 0; i < api_routes.count; i++) {
		const struct route *route = &api_routes.rows[i];

		cr_expect_not(page_needs_login(route->need), "%s", route->name);
		cr_expect_eq(route->need == NEED_NOTHING,
		    strcmp(route->name, "api_openapi") == 0, "%s", route->name);
	}
}

/* Nor may a page of another site use the session of who looks at it. */
Test(api, a_session_does_nothing_here)
{
	int64_t before = kit_rows();

	for (size_t i = 0; i < api_routes.count; i++) {
		const struct route *route = &api_routes.rows[i];
		int status;

		if (route->need == NEED_NOTHING)
			continue;
		status =
		    kit_send(&(struct kit_request){.method = method_of(route),
			.address = kit_address(route),
			.cookie = kit_cookie(ANN),
			.content_type = "application/json",
			.body = "{\"text\":\"x\",\"display\":\"x\"}"});
		cr_expect_eq(status, 401, "%s: %d", route->name, status);
		cr_expect(str_equal(kit.response.content_type,
		    STR("application/problem+json")));
	}
	cr_expect_eq(kit_rows(), before);
}
