# shellcheck shell=bash
# Private PostgreSQL clusters that listen on a UNIX socket alone.  To be
# sourced; needs lib_common.sh.  Who runs the server is the caller's to say,
# with act_as: PostgreSQL refuses to run as root.

# The database superuser in every cluster of ours; nobody but who can enter
# the socket's folder (mode 700) reaches the server, so no password is asked.
pg_role=pixlpix

# Prints the folder of PostgreSQL's server programs, 15 or newer.
pg_bin() {
	local found
	found=$(find /usr/lib/postgresql/*/bin/postgres 2>/dev/null |
	    sort -t/ -k5 -n | tail -n 1)
	if [ -n "$found" ]; then
		echo "${found%/postgres}"
	else
		say "PostgreSQL's server is not installed (postgresql-15)"
		return 1
	fi
}

# pg_make FOLDER [OPTION...]: makes a cluster in FOLDER.
pg_make() {
	local data=$1 bin
	shift
	bin=$(pg_bin) || return 1
	as_user "$bin/initdb" --pgdata="$data" --username="$pg_role" \
	    --auth=trust --encoding=UTF8 --locale=C.UTF-8 --data-checksums \
	    --no-instructions "$@"
}

# pg_serve DATA SOCKETS LOG [OPTION...]: starts the server and returns when
# it accepts connections on a socket in the folder SOCKETS.
pg_serve() {
	local data=$1 sockets=$2 log=$3 bin
	shift 3
	bin=$(pg_bin) || return 1
	as_user "$bin/pg_ctl" start --pgdata="$data" --log="$log" --silent \
	    --wait --timeout=120 --options="-c listen_addresses='' \
	    -c unix_socket_directories='$sockets' \
	    -c unix_socket_permissions=0700 $*"
}

# pg_stop DATA [MODE]: stops the server and returns when it has ended.
pg_stop() {
	local bin
	bin=$(pg_bin) || return 1
	as_user "$bin/pg_ctl" stop --pgdata="$1" --silent --wait --timeout=60 \
	    --mode="${2:-fast}"
}

# pg_is_running DATA
pg_is_running() {
	local bin
	bin=$(pg_bin) || return 1
	as_user "$bin/pg_ctl" status --pgdata="$1" >/dev/null 2>&1
}
