# shellcheck shell=bash
# Building out of tree.  To be sourced; needs lib_common.sh and $top, the
# folder of the sources.

# build_tree FOLDER TARGET... [-- CONFIGURE-OPTION...]: brings a build folder
# up to date and makes the targets; `make` notes by itself what has changed in
# the build system.  What is printed goes to FOLDER/build.log, and its end to
# the person when it fails.
build_tree() {
	local folder=$1 targets=()
	shift
	while [ $# -gt 0 ]; do
		if [ "$1" = -- ]; then
			shift
			break
		fi
		targets+=("$1")
		shift
	done
	mkdir -p "$top/build" "$folder" 2>/dev/null && [ -w "$folder" ] &&
	    : >>"$folder/build.log" ||
	    die "cannot write to the build folder $folder" \
	        "if an earlier run made it as root: sudo rm -rf '$top/build'"
	if [ -e "$top/config.status" ]; then
		die "the source folder itself has been configured" \
		    "a build elsewhere needs: make -C '$top' distclean"
	fi
	local configure_options=("$@")
	if ! build_steps "$folder" "${targets[@]}" \
	    >"$folder/build.log" 2>&1; then
		tail -n 30 "$folder/build.log" >&2
		die "the build failed; all it said is in $folder/build.log" \
		    "a fresh start: rm -rf '$folder'"
	fi
}

# As build_tree, with configure_options from there.
build_steps() {
	local folder=$1 options
	shift
	options=$(printf '%q ' "${configure_options[@]}")
	# Two tools at once must not bootstrap at once.
	exec {bootstrap_lock}>"$top/build/bootstrap.lock" &&
	    flock -w 300 "$bootstrap_lock" || return 1
	if [ ! -e "$folder/Makefile" ] ||
	    [ "$(cat "$folder/options" 2>/dev/null)" != "$options" ]; then
		if [ ! -e "$top/configure" ] || [ ! -e "$top/Makefile.in" ] ||
		    [ ! -e "$top/build-aux/tap-driver.sh" ]; then
			(cd "$top" && autoreconf -i) || return 1
		fi
		(cd "$folder" && "$top/configure" --quiet \
		    "${configure_options[@]}") || return 1
		echo "$options" >"$folder/options"
	fi
	make -C "$folder" --no-print-directory Makefile || return 1
	exec {bootstrap_lock}>&-
	make -C "$folder" --no-print-directory -j"$(nproc)" "$@"
}
