/* The order of libpq's hosts. */
#include "store/db_hosts.h"
#include "base/str.h"
#include "store/db_link.h"

#include <string.h>

#define PORT_DEFAULT "5432"

static const char *
value_of(const PQconninfoOption *options, const char *keyword)
{
	for (; options->keyword != NULL; options++)
		if (strcmp(options->keyword, keyword) == 0)
			return options->val != NULL ? options->val : "";
	return "";
}

static struct str
item(struct str list, size_t i)
{
	struct str one = str_cut(&list, ',');

	while (i-- > 0)
		one = str_cut(&list, ',');
	return one;
}

/* One port may be for all hosts. */
static struct str
port_of(struct str ports, size_t i)
{
	struct str port = str_count(ports, ',') == 0 ? ports : item(ports, i);

	return port.len > 0 ? port : STR(PORT_DEFAULT);
}

static bool
put_after(struct str host_list, struct str port_list, struct str host,
    struct str port, struct buf *hosts, struct buf *ports)
{
	size_t count = str_count(host_list, ',') + 1, lost = 0;

	while (lost < count && !(str_equal(item(host_list, lost), host) &&
				   str_equal(port_of(port_list, lost), port)))
		lost++;
	if (count == 1 || lost == count)
		return false;
	for (size_t k = 1; k <= count; k++) {
		size_t i = (lost + k) % count;

		if (k > 1) {
			buf_put_char(hosts, ',');
			buf_put_char(ports, ',');
		}
		buf_put(hosts, item(host_list, i));
		buf_put(ports, port_of(port_list, i));
	}
	return true;
}

bool
hosts_after(const char *conninfo, const char *host, const char *port,
    struct buf *hosts, struct buf *ports)
{
	PQconninfoOption *options = PQconninfoParse(conninfo, NULL);
	bool is_put = false;

	if (options == NULL)
		return false;
	if (value_of(options, "hostaddr")[0] == '\0')
		is_put = put_after(str_from(value_of(options, "host")),
		    str_from(value_of(options, "port")), str_from(host),
		    str_from(port), hosts, ports);
	PQconninfoFree(options);
	return is_put;
}
