# shellcheck shell=bash
# Completion of pixlpixctl: what the program itself says of its commands.

_pixlpixctl() {
	local word=${COMP_WORDS[COMP_CWORD]} first=1 line rest choices
	local -a given

	COMPREPLY=()
	if [ "${COMP_WORDS[1]-}" = --config ]; then
		if [ "$COMP_CWORD" -eq 2 ]; then
			mapfile -t COMPREPLY < <(compgen -f -- "$word")
			return
		fi
		first=3
	fi
	given=("${COMP_WORDS[@]:first:COMP_CWORD-first}")
	if [ "${COMP_WORDS[COMP_CWORD-1]}" = --identity ]; then
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		return
	fi
	choices=$([ "${#given[@]}" -gt 0 ] || echo --help --version --config
		"${COMP_WORDS[0]}" help words 2>/dev/null | while read -r line; do
			rest=${line#*:} line=${line%%:*}
			case "${given[*]}" in
			'') echo "${line%% *}" ;;
			"$line" | "$line "*) echo "$rest" ;;
			"${line%% *}") echo "${line##* }" ;;
			esac
		done)
	mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$word" | sort -u)
	# A folder, or a file.
	case "${given[*]}" in
	backup | restore)
		mapfile -t COMPREPLY < <(compgen -d -- "$word") ;;
	esac
}

complete -o filenames -F _pixlpixctl pixlpixctl
