# shellcheck shell=bash
# The state folder of tools/run: who owns it, what is in it, and making sure
# that one run at a time uses it.  To be sourced; needs lib_common.sh,
# lib_postgres.sh, lib_ceph.sh, $top and $state.
#
#	pixlpix-state	says that the folder is ours
#	lock		held by the run that uses it
#	pixlpix.conf	the configuration; edits are kept
#	postgres/	the database cluster
#	store/		the images, where they are in a folder
#	ceph/		a Ceph of one node, where they are on that
#	cache/		what nginx keeps of the images of an S3 server
#	programs/	what `make install` installed
#	nginx/		nginx's configuration and temporary files
#	run/		sockets and process ids
#	log/		what each of them says

# Where a state folder goes that root's services could not reach otherwise.
# shellcheck disable=SC2034 # for tools/run
far_state=/var/lib/pixlpix-run

# Prints whom the services run as: nobody in particular (an empty line) for a
# person; for root the owner of the folder, whoever called sudo, or a system
# user of ours.
service_user() {
	local owner
	[ "$(id -u)" = 0 ] || return 0
	if [ -e "$state/pixlpix-state" ]; then
		owner=$(stat -c %U "$state")
	else
		owner=${SUDO_USER:-pixlpix}
		[ "$owner" != root ] || owner=pixlpix
	fi
	[ "$owner" != root ] && [ "$owner" != UNKNOWN ] || owner=pixlpix
	if ! id "$owner" >/dev/null 2>&1; then
		useradd --system --user-group --no-create-home \
		    --home-dir /nonexistent --shell /usr/sbin/nologin "$owner" ||
		    die "cannot make the system user $owner"
	fi
	echo "$owner"
}

# Refuses what nginx's, PostgreSQL's and our own configuration cannot name.
check_state_name() {
	case $state in
	*[!a-zA-Z0-9/._+@-]*)
		die "the name of $state has more than A-Z a-z 0-9 / . _ + @ -" \
		    "choose another folder: tools/run --state FOLDER"
		;;
	esac
	# sun_path is 108 bytes; ".s.PGSQL.5432.lock" comes behind.
	[ ${#state} -le 80 ] ||
	    die "the name of $state is too long for a socket in it" \
	    "choose one of at most 80 bytes: tools/run --state FOLDER"
}

# take_state USER: makes the folder or finds one of ours, takes the lock.
take_state() {
	local user=$1 avail
	if [ -e "$state" ] && [ ! -d "$state" ]; then
		die "$state is not a folder" \
		    "choose another: tools/run --state FOLDER"
	fi
	if [ -d "$state" ] && [ ! -e "$state/pixlpix-state" ] &&
	    [ -n "$(ls -A "$state" 2>/dev/null)" ]; then
		die "$state is not empty, and no run of ours made it" \
		    "choose another: tools/run --state FOLDER"
	fi
	mkdir -p "$state" 2>/dev/null && [ -w "$state" ] ||
	    die "cannot write to the state folder $state" \
	        "choose another: tools/run --state FOLDER" \
	        "$(state_owner_hint)"
	avail=$(df --output=avail -B1M "$state" | tail -n 1 | tr -d " ")
	[ "$avail" -ge 500 ] ||
	    die "the disk of $state has $avail MB left; a site needs 500" \
	        "make room, or choose another disk: tools/run --state FOLDER"
	echo "a site of tools/run lives here" >"$state/pixlpix-state" || exit 1
	lock_state
	mkdir -p "$state"/{store,cache,programs,run,log,nginx} || exit 1
	chmod 755 "$state"
	chmod 700 "$state"/{store,cache,run,log}
	[ -z "$user" ] || chown "$user:" "$state" "$state/pixlpix-state" \
	    "$state"/{store,cache,run,log,nginx}
	# The kernel's opinion: may that user come in?
	as_user test -w "$state/run" || die \
	    "$user, whom the site runs as, cannot enter $state" \
	    "choose another folder: tools/run --state FOLDER" \
	    "or let others pass: chmod o+x $(dirname "$state") (and above)"
}

state_owner_hint() {
	local at=$state
	while [ ! -e "$at" ]; do
		at=$(dirname "$at")
	done
	echo "or mend it: $at belongs to $(stat -c '%U, mode %a' "$at")"
}

# The lock goes with the process, so that a dead run leaves none.  Children
# must not inherit it: see spawn.
lock_state() {
	local other
	# A lock file of root's is readable at least, and that will do.
	exec {state_lock}>>"$state/lock" || exit 1
	if ! flock -n "$state_lock"; then
		other=$(cat "$state/run/tools-run.pid" 2>/dev/null)
		die "another run uses $state${other:+: process $other}" \
		    "stop that one${other:+: kill $other}" \
		    "or start a second site: tools/run --state FOLDER --port PORT"
	fi
}

# stop_leftovers: ends what an earlier run left behind when it was killed.
stop_leftovers() {
	local name pid
	for name in nginx web jobs postgres; do
		pid=$(cat "$state/run/$name.pid" 2>/dev/null) || continue
		if is_ours "$pid"; then
			say "an earlier run has left $name (process $pid)" \
			    "running; stopping it"
			stop_process "$name" "$pid" || exit 1
		fi
		rm -f "$state/run/$name.pid"
	done
	ceph_stop "$state/ceph"
	rm -f "$state"/run/*.sock
}

# is_ours PID: does such a process run, and with our folder in its arguments?
# Numbers are given again, so a pid file alone proves nothing.
is_ours() {
	tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline" | grep -qF "$state/"
}

# make_cluster: the database cluster is made beside its place and put there
# whole, so that one whose making was interrupted is never mistaken for one.
make_cluster() {
	local version
	if [ -e "$state/postgres.making" ]; then
		say "an earlier run was interrupted while it made the database;" \
		    "making it anew"
		rm -rf "$state/postgres.making"
	fi
	if [ ! -e "$state/postgres" ]; then
		say "making a PostgreSQL cluster"
		mkdir -m 700 "$state/postgres.making" &&
		    chown --reference="$state" "$state/postgres.making" &&
		    pg_make "$state/postgres.making" >"$state/log/initdb.log" 2>&1 ||
		    die_with_log "PostgreSQL could not make a cluster" initdb
		mv "$state/postgres.making" "$state/postgres" || exit 1
	fi
	version=$(cat "$state/postgres/PG_VERSION" 2>/dev/null)
	[ -n "$version" ] ||
	    die "$state/postgres is no database cluster" \
	        "if it holds nothing of worth: rm -rf '$state/postgres'" \
	        "or start elsewhere: tools/run --state FOLDER"
	[ -x "/usr/lib/postgresql/$version/bin/postgres" ] ||
	    die "the database in $state was made by PostgreSQL $version" \
	        "install that again: apt-get install postgresql-$version" \
	        "or start elsewhere: tools/run --state FOLDER"
	# shellcheck disable=SC2034 # for tools/run
	pg_version=$version
}

die_with_log() {
	say "$1; the end of $state/log/$2.log:"
	tail -n 15 "$state/log/$2.log" >&2
	exit 1
}

# conf_get FILE SECTION KEY
conf_get() {
	awk -v section="[$2]" -v key="$3" '
		/^\[/ { inside = $0 == section }
		inside && $1 == key && $0 ~ "^" key "[ \t]*=" {
			sub("^[^=]*=[ \t]*", "")
			print
		}' "$1"
}

# conf_set FILE SECTION KEY VALUE: sets one key of an INI file and leaves the
# rest as the person has edited it.
conf_set() {
	local new
	new=$(awk -v section="[$2]" -v key="$3" -v value="$4" '
		function finish() {
			if (inside && !done) {
				print key " = " value
				done = 1
			}
		}
		/^\[/ { finish(); inside = $0 == section }
		inside && $1 == key && $0 ~ "^" key "[ \t]*=" {
			finish()
			next
		}
		{ print }
		END {
			finish()
			if (!done)
				print section "\n" key " = " value
		}' "$1") && echo "$new" >"$1"
}
