# shellcheck shell=bash
# Starting, watching and stopping the processes of a site in $state.  To be
# sourced; needs lib_common.sh.

# The running ones, in the order they were started: NAME=PID.
services=()

# spawn NAME COMMAND...: starts a process of the site.  It has a session of
# its own, so that Ctrl-C at the terminal reaches us alone, and neither our
# lock nor our terminal.  Its log is a new one, and the last run's is kept.
spawn() {
	local name=$1
	shift
	[ ! -e "$state/log/$name.log" ] ||
	    mv -f "$state/log/$name.log" "$state/log/$name.log.1"
	(
		cd / || exit 1
		exec {state_lock}>&- >>"$state/log/$name.log" 2>&1 </dev/null
		exec setsid "${as_whom[@]}" "$@"
	) &
	services+=("$name=$!")
	echo "$!" >"$state/run/$name.pid"
}

# wait_until SECONDS WHAT COMMAND...: tries the command until it succeeds;
# ends everything when a process of the site ends or the time is over.
wait_until() {
	local until=$((SECONDS + $1)) what=$2
	shift 2
	until "$@"; do
		check_services
		[ $SECONDS -lt $until ] ||
		    die "$what took too long; see $state/log/"
		sleep 0.1
	done
}

# check_services: ends everything when one process of the site has ended.
check_services() {
	local service name
	for service in "${services[@]}"; do
		kill -0 "${service#*=}" 2>/dev/null && continue
		name=${service%%=*}
		wait "${service#*=}"
		say "$name has ended by itself (status $?)"
		die_with_log "so the site stops" "$name"
	done
}

# How each is asked to end: nginx finishes its requests, PostgreSQL ends
# sessions ("fast").
stop_signal() {
	case $1 in
	nginx) echo QUIT ;;
	postgres) echo INT ;;
	*) echo TERM ;;
	esac
}

# stop_process NAME PID: asks, waits, and at last kills.
stop_process() {
	local name=$1 pid=$2 tenths
	kill -s "$(stop_signal "$name")" "$pid" 2>/dev/null || return 0
	for ((tenths = 0; tenths < 200; tenths++)); do
		kill -0 "$pid" 2>/dev/null || return 0
		# nginx would wait for idle clients.
		[ "$name $tenths" != "nginx 30" ] ||
		    kill -s TERM "$pid" 2>/dev/null
		sleep 0.1
	done
	say "$name (process $pid) does not end; killing it"
	kill -s KILL "$pid" 2>/dev/null
	sleep 0.5
	! kill -0 "$pid" 2>/dev/null
}

# stop_services: the last started first.
stop_services() {
	local i name
	for ((i = ${#services[@]} - 1; i >= 0; i--)); do
		name=${services[i]%%=*}
		stop_process "$name" "${services[i]#*=}"
		rm -f "$state/run/$name.pid"
	done
	services=()
}
