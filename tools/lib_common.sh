# shellcheck shell=bash
# What every tool in this folder needs.  To be sourced by bash scripts.

# A message to whoever started the tool; results go to standard output.
say() {
	echo "${0##*/}: $*" >&2
}

# Ends the tool with a message and, line by line, ways out.
die() {
	say "$1"
	shift
	[ $# -eq 0 ] || printf '  %s\n' "$@" >&2
	exit 1
}

# free_ports COUNT: prints so many ports of 127.0.0.1 that are free just now.
free_ports() {
	python3 -c 'import socket, sys
held = [socket.socket() for _ in range(int(sys.argv[1]))]
for one in held:
    one.bind(("127.0.0.1", 0))
print(*[one.getsockname()[1] for one in held])' "$1"
}

# The command that makes what follows it run as another user; empty for us.
as_whom=()

# Makes as_user and as_whom stand for the user of that name.
act_as() {
	as_whom=(setpriv --reuid="$1" --regid="$(id -g "$1")" --init-groups
	    --inh-caps=-all env HOME=/ "USER=$1" "LOGNAME=$1")
}

# Runs a command as that user, in /, since they may not be able to enter the
# folder that we are in.
as_user() {
	(cd / && exec "${as_whom[@]}" "$@")
}
