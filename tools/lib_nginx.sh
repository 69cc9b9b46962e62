# shellcheck shell=bash
# nginx configuration from the templates in nginx/.  To be sourced.

# fill_template FILE NAME=VALUE...: prints FILE with each @NAME@ replaced.
# Values hold no newline and none of | & \.
fill_template() {
	local file=$1 pair script=''
	shift
	for pair; do
		script+="s|@${pair%%=*}@|${pair#*=}|g;"
	done
	sed "$script" "$file"
}
