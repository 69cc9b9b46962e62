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

# Runs a command as the user named in run_as, or as we are when that is
# empty.  It starts in /, since that user may not be able to enter our folder.
run_as=
as_user() {
	if [ -z "$run_as" ]; then
		(cd / && exec "$@")
	else
		(cd / && exec setpriv --reuid="$run_as" \
		    --regid="$(id -g "$run_as")" --init-groups \
		    --inh-caps=-all env HOME=/ USER="$run_as" \
		    LOGNAME="$run_as" "$@")
	fi
}
