# shellcheck shell=bash
# The Debian packages of the list beside this file.  To be sourced; needs
# lib_common.sh.

# missing_packages GROUP...: prints those of the groups that are not installed
# and whose command, where they have one, is not there otherwise.
missing_packages() {
	local group package command
	while read -r group package command; do
		case " $* " in
		*" $group "*) ;;
		*) continue ;;
		esac
		if [ -n "$command" ] && command -v "$command" >/dev/null; then
			continue
		fi
		dpkg-query --show --showformat='${db:Status-Status}\n' \
		    "$package" 2>/dev/null | grep -qx installed ||
		    echo "$package"
	done <"${BASH_SOURCE[0]%/*}/packages" | sort -u
}

# need_packages GROUP...: installs what is missing, or says how.
need_packages() {
	local missing
	if ! command -v dpkg-query >/dev/null; then
		say "this is no Debian: what is missing will show"
		return
	fi
	mapfile -t missing < <(missing_packages "$@")
	[ ${#missing[@]} -gt 0 ] || return 0
	say "these Debian packages are missing: ${missing[*]}"
	if [ "$(id -u)" != 0 ]; then
		die "only root can install them; please do, and start again:" \
		    "sudo apt-get update" \
		    "sudo apt-get install --no-install-recommends ${missing[*]}"
	fi
	install_packages "${missing[@]}"
}

# apt-get that asks nothing and waits for no one for ever.
apt_get() {
	DEBIAN_FRONTEND=noninteractive apt-get --yes \
	    -o DPkg::Lock::Timeout=300 -o Acquire::Retries=2 \
	    -o Acquire::http::Timeout=30 -o Dpkg::Use-Pty=0 \
	    "$@" </dev/null
}

# Installs packages without starting their servers: nginx would take port 80
# of a machine that may have other plans with it.
install_packages() {
	local policy=/usr/sbin/policy-rc.d ours='' package known=yes status
	for package; do
		apt-cache show "$package" >/dev/null 2>&1 || known=no
	done
	if [ "$known" = no ]; then
		say "fetching the lists of packages"
		apt_get update --quiet=2 >&2 ||
		    die "apt-get update failed: is there a network?"
	fi
	if [ ! -e "$policy" ]; then
		ours=$policy
		# shellcheck disable=SC2064 # now, not then
		trap "rm -f '$policy'" EXIT
		printf '#!/bin/sh\nexit 101\n' >"$policy" &&
		    chmod 755 "$policy"
	fi
	say "installing them"
	apt_get install --no-install-recommends --quiet=2 "$@" >&2
	status=$?
	if [ -n "$ours" ]; then
		rm -f "$ours"
		trap - EXIT
	fi
	[ "$status" = 0 ] ||
	    die "apt-get could not install them; its words are above" \
	        "mend that, or install them by hand, and start again"
}
