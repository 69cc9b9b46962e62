# shellcheck shell=bash
# Counting what tests say.  To be sourced; needs lib_common.sh.
#
# Only results that a test program gave are counted, and a program that gave
# none counts as a failure.

passed=0
failed=0
skipped=0
failures=()

# result pass|fail|skip NAME
result() {
	case $1 in
	pass) passed=$((passed + 1)) ;;
	skip)
		skipped=$((skipped + 1))
		echo "skipped: $2"
		;;
	*)
		failed=$((failed + 1))
		failures+=("$2")
		echo "FAILED: $2"
		;;
	esac
}

# check_that NAME COMMAND...: a test of its own, which passes when the command
# does; what it says is shown when it does not.
check_that() {
	local name=$1 said
	shift
	if said=$("$@" 2>&1); then
		result pass "$name"
	else
		echo "$said"
		result fail "$name"
	fi
}

# count_tap NAME STATUS FILE: counts the TAP in FILE, of a program that exited
# with STATUS: every test that was planned must have its result.
count_tap() {
	local name=$1 status=$2 file=$3 planned=-1 seen=0 bad=0 line
	while IFS= read -r line; do
		case $line in
		1..*)
			planned=${line#1..}
			planned=${planned%% *}
			continue
			;;
		'ok '*'# SKIP'* | 'ok '*'# skip'*) result skip "$name: ${line#ok }" ;;
		'ok '*) result pass "$name" ;;
		'not ok '*'# TODO'*) result skip "$name: ${line#not ok }" ;;
		'not ok '*)
			result fail "$name: ${line#not ok }"
			bad=1
			;;
		'Bail out!'*)
			result fail "$name: $line"
			bad=1
			continue
			;;
		*) continue ;;
		esac
		seen=$((seen + 1))
	done <"$file"
	if [ "$planned" != "$seen" ] || [ "$seen" = 0 ]; then
		result fail "$name: $seen tests ran, $planned were planned"
	elif [ "$status" != 0 ] && [ $bad = 0 ]; then
		result fail "$name: exited with status $status"
	fi
}

# run_tap NAME COMMAND...: runs a program that prints TAP and counts it.
run_tap() {
	local name=$1 tap status
	shift
	tap=$(mktemp) || exit 1
	timeout --foreground --kill-after=30 "${test_seconds:-900}" "$@" \
	    >"$tap" </dev/null
	status=$?
	# What a failed test says of itself.
	awk '/^not ok/ { show = 1 } /^ok/ { show = 0 }
		show && !/^not ok/' "$tap"
	count_tap "$name" $status "$tap"
	rm -f "$tap"
}

# The last lines: what failed, and how many.
conclude() {
	local failure
	echo
	for failure in "${failures[@]}"; do
		echo "FAILED: $failure"
	done
	if [ $skipped -gt 0 ]; then
		echo "$passed passed, $failed failed, $skipped skipped"
	else
		echo "$passed passed, $failed failed"
	fi
	[ $failed = 0 ] && [ $passed -gt 0 ]
}
