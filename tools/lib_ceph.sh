# shellcheck shell=bash
# A Ceph of one node with an S3 gateway, for tests and for tools/run --store
# s3.  To be sourced; needs lib_common.sh.  Who runs it is the caller's to say,
# with act_as.
#
# Its keys are open to whoever reaches the ports of 127.0.0.1 that it listens
# on: this is no way to keep what matters.

# ceph_packages_are_here: can ceph_start work?
ceph_packages_are_here() {
	local program
	for program in ceph ceph-mon ceph-osd monmaptool radosgw radosgw-admin; do
		command -v "$program" >/dev/null || return 1
	done
}

# ceph_configure FOLDER MON-PORT S3-PORT STORE: writes FOLDER/ceph.conf, where
# STORE is memstore (gone with the process) or bluestore (kept in FOLDER).
ceph_configure() {
	local folder=$1 mon=$2 s3=$3 store=$4 fsid
	fsid=$(cat "$folder/fsid" 2>/dev/null) ||
	    fsid=$(cat /proc/sys/kernel/random/uuid)
	echo "$fsid" >"$folder/fsid"
	cat >"$folder/ceph.conf" <<-CONF
		[global]
		fsid = $fsid
		mon host = [v2:127.0.0.1:$mon]
		mon initial members = a
		public addr = 127.0.0.1
		cluster addr = 127.0.0.1
		auth cluster required = none
		auth service required = none
		auth client required = none
		ms mon client mode = crc
		ms bind ipv6 = false
		paxos propose interval = 0.05
		paxos min wait = 0.01
		osd pool default size = 1
		osd pool default min size = 1
		osd crush chooseleaf type = 0
		osd pool default pg autoscale mode = off
		mon max pg per osd = 1000
		mon allow pool size one = true
		mon data avail crit = 2
		osd objectstore = $store
		memstore device bytes = 2147483648
		bluestore block size = 21474836480
		osd memory target = 939524096
		run dir = $folder/run
		admin socket = $folder/run/\$name.asok
		pid file = $folder/run/\$name.pid
		log file = $folder/log/\$name.log
		[mon.a]
		mon data = $folder/mon
		[osd.0]
		osd data = $folder/osd
		[client.rgw]
		rgw frontends = beast endpoint=127.0.0.1:$s3 tcp_nodelay=1
		rgw data = $folder/rgw
		rgw dns name = localhost
	CONF
}

# ceph_do FOLDER COMMAND...: a command of Ceph's with its configuration.
ceph_do() {
	local folder=$1 command=$2
	shift 2
	as_user timeout 60 "$command" -c "$folder/ceph.conf" "$@" \
	    >>"$folder/log/tools.log" 2>&1
}

# ceph_wait FOLDER SECONDS COMMAND...: tries it until it succeeds.
ceph_wait() {
	local until=$((SECONDS + $2))
	shift 2
	until "$@"; do
		[ $SECONDS -lt $until ] || return 1
		sleep 0.05
	done
}

ceph_osd_is_up() {
	as_user timeout 10 ceph -c "$1/ceph.conf" osd stat 2>/dev/null |
	    grep -q ' 1 up'
}

ceph_answers() {
	curl --silent --max-time 5 --noproxy '*' --output /dev/null \
	    "http://127.0.0.1:$1/"
}

# ceph_make FOLDER: what the first start needs; a monitor and a disk.
ceph_make() {
	local folder=$1 port
	port=$(sed -n 's/^mon host = \[v2:127.0.0.1:\(.*\)\]$/\1/p' \
	    "$folder/ceph.conf")
	as_user monmaptool --create --clobber --fsid "$(cat "$folder/fsid")" \
	    --addv a "[v2:127.0.0.1:$port]" "$folder/monmap" \
	    >>"$folder/log/tools.log" 2>&1 &&
	    ceph_do "$folder" ceph-mon --mkfs -i a --monmap "$folder/monmap"
}

# ceph_make_rest FOLDER: with the monitor running, the disk and the pools.
# Pools made ahead save the gateway ten seconds.
ceph_make_rest() {
	local folder=$1 pool uuid
	uuid=$(cat /proc/sys/kernel/random/uuid)
	ceph_do "$folder" ceph osd new "$uuid" &&
	    ceph_do "$folder" ceph-osd -i 0 --mkfs --osd-uuid "$uuid" &&
	    ceph_do "$folder" ceph-osd -i 0 &&
	    ceph_wait "$folder" 60 ceph_osd_is_up "$folder" || return 1
	for pool in .rgw.root default.rgw.{log,control,meta} \
	    default.rgw.buckets.{index,data,non-ec}; do
		ceph_do "$folder" ceph osd pool create "$pool" 4 4 || return 1
	done
}

# ceph_start FOLDER MON-PORT S3-PORT STORE ACCESS-KEY SECRET-FILE: starts it,
# and returns when the gateway answers.  Where there is none yet it is made,
# and the secret of the access key written to the file.
ceph_start() {
	local folder=$1 mon=$2 s3=$3 store=$4 key=$5 secret=$6
	as_user mkdir -p "$folder"/{mon,osd,rgw,run,log} || return 1
	ceph_configure "$folder" "$mon" "$s3" "$store" || return 1
	if [ ! -e "$folder/made" ]; then
		ceph_make "$folder" && ceph_do "$folder" ceph-mon -i a &&
		    ceph_make_rest "$folder" || return 1
	else
		ceph_do "$folder" ceph-mon -i a &&
		    ceph_do "$folder" ceph-osd -i 0 &&
		    ceph_wait "$folder" 60 ceph_osd_is_up "$folder" || return 1
	fi
	ceph_start_gateway "$folder" || return 1
	if [ ! -e "$folder/made" ]; then
		ceph_make_user "$folder" "$key" "$secret" || return 1
		touch "$folder/made"
	fi
}

# ceph_start_gateway FOLDER: where the rest is running.
ceph_start_gateway() {
	local port
	port=$(sed -n 's/^rgw frontends = .*:\([0-9]*\) .*/\1/p' \
	    "$1/ceph.conf")
	ceph_do "$1" radosgw -n client.rgw &&
	    ceph_wait "$1" 60 ceph_answers "$port"
}

# ceph_make_user FOLDER ACCESS-KEY SECRET-FILE: the gateway invents the secret
# and says it, so that it stands in no list of processes.
ceph_make_user() {
	local said
	said=$(as_user timeout 60 radosgw-admin -c "$1/ceph.conf" \
	    -n client.rgw user create --uid=pixlpix --display-name=pixlpix \
	    --access-key="$2" --gen-secret 2>>"$1/log/tools.log") &&
	    (umask 077 && python3 -c 'import json, sys
print(json.load(sys.stdin)["keys"][0]["secret_key"])' <<<"$said" >"$3")
}

# ceph_stop FOLDER [NAME...]: the gateway first; what does not end in time is
# killed.
ceph_stop() {
	local folder=$1 name pid tenths
	shift
	[ $# -gt 0 ] || set -- client.rgw osd.0 mon.a
	for name; do
		pid=$(cat "$folder/run/$name.pid" 2>/dev/null) || continue
		tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" |
		    grep -qF "$folder/ceph.conf" || continue
		kill "$pid" 2>/dev/null
		for ((tenths = 0; tenths < 100; tenths++)); do
			kill -0 "$pid" 2>/dev/null || continue 2
			sleep 0.1
		done
		kill -9 "$pid" 2>/dev/null
	done
}
