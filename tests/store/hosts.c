/* In which order several database servers are asked. */
#include "store/db_hosts.h"

#include "base/str.h"

#include <criterion/criterion.h>

static struct buf hosts, ports;

/* Both, with a blank between them; or "" where nothing is put. */
static const char *
order(const char *conninfo, const char *host, const char *port)
{
	buf_reset(&hosts);
	buf_reset(&ports);
	if (!hosts_after(conninfo, host, port, &hosts, &ports)) {
		cr_assert_eq(hosts.len + ports.len, 0);
		return "";
	}
	buf_put_char(&hosts, ' ');
	buf_put(&hosts, buf_str(&ports));
	buf_put_char(&hosts, '\0');
	cr_assert_eq(buf_check(&hosts), OK);
	return hosts.at;
}

static void
stop(void)
{
	buf_free(&hosts);
	buf_free(&ports);
}

TestSuite(hosts, .fini = stop);

Test(hosts, the_lost_one_is_asked_last)
{
	cr_assert_str_eq(
	    order("host=a,b,c", "a", "5432"), "b,c,a 5432,5432,5432");
	cr_assert_str_eq(
	    order("host=a,b,c", "b", "5432"), "c,a,b 5432,5432,5432");
	cr_assert_str_eq(
	    order("host=a,b,c", "c", "5432"), "a,b,c 5432,5432,5432");
}

Test(hosts, ports_go_with_their_hosts)
{
	cr_assert_str_eq(
	    order("host=a,a,b port=1,2,3", "a", "2"), "b,a,a 3,1,2");
	cr_assert_str_eq(order("host=a,b port=7", "a", "7"), "b,a 7,7");
	cr_assert_str_eq(
	    order("postgresql://a:1,b:2/db?target_session_attrs=read-write",
		"a", "1"),
	    "b,a 2,1");
}

Test(hosts, one_host_and_what_is_not_understood_stay_as_they_are)
{
	cr_assert_str_eq(order("host=a dbname=x", "a", "5432"), "");
	cr_assert_str_eq(order("dbname=x", "", ""), "");
	cr_assert_str_eq(order("host=a,b", "z", "5432"), "");
	cr_assert_str_eq(order("host=a,b", "a", "1"), "");
	cr_assert_str_eq(
	    order("host=a,b hostaddr=10.0.0.1,10.0.0.2", "a", "5432"), "");
	cr_assert_str_eq(order("no connection string", "a", "5432"), "");
}
