# Units, and who and what folders they need.  What stands in a unit as @name@
# is filled in where it is installed, by the folders of that moment.
systemd_units = \
	systemd/pixlpix.target \
	systemd/pixlpix-backup.timer \
	systemd/pixlpix-cleanup.timer \
	systemd/pixlpix-web-pages.socket \
	systemd/pixlpix-web-slow.socket
systemd_services = \
	systemd/pixlpix-backup.service \
	systemd/pixlpix-cleanup.service \
	systemd/pixlpix-jobs.service \
	systemd/pixlpix-web.service

sysusersdir = $(prefix)/lib/sysusers.d
tmpfilesdir = $(prefix)/lib/tmpfiles.d

fill_unit = $(SED) -e 's|@bindir[@]|$(bindir)|g' \
	-e 's|@pkglibexecdir[@]|$(pkglibexecdir)|g' \
	-e 's|@sysconfdir[@]|$(sysconfdir)|g' \
	-e 's|@docdir[@]|$(docdir)|g'

install-systemd:
	$(MKDIR_P) "$(DESTDIR)$(systemdsystemunitdir)" \
	    "$(DESTDIR)$(sysusersdir)" "$(DESTDIR)$(tmpfilesdir)"
	for unit in $(systemd_units); do \
	    $(fill_unit) "$(srcdir)/$$unit" \
		>"$(DESTDIR)$(systemdsystemunitdir)/$${unit##*/}" || exit 1; \
	done
	for unit in $(systemd_services); do \
	    $(fill_unit) "$(srcdir)/$$unit.in" \
		>"$(DESTDIR)$(systemdsystemunitdir)/$${unit##*/}" || exit 1; \
	done
	$(INSTALL_DATA) "$(srcdir)/systemd/pixlpix.sysusers" \
	    "$(DESTDIR)$(sysusersdir)/pixlpix.conf"
	$(INSTALL_DATA) "$(srcdir)/systemd/pixlpix.tmpfiles" \
	    "$(DESTDIR)$(tmpfilesdir)/pixlpix.conf"

# The configuration with every key explained, unless there is one already; the
# site for nginx, which nothing includes before `pixlpixctl setup`.
install-config: pixlpixctl$(EXEEXT)
	$(MKDIR_P) "$(DESTDIR)$(sysconfdir)/pixlpix" \
	    "$(DESTDIR)$(sysconfdir)/nginx/sites-available"
	$(MKDIR_P) -m 750 "$(DESTDIR)$(sysconfdir)/pixlpix/secrets"
	test -e "$(DESTDIR)$(sysconfdir)/pixlpix/pixlpix.conf" || \
	    ./pixlpixctl$(EXEEXT) config defaults \
		>"$(DESTDIR)$(sysconfdir)/pixlpix/pixlpix.conf"
	$(fill_unit) "$(srcdir)/nginx/site.conf.in" \
	    >"$(DESTDIR)$(sysconfdir)/nginx/sites-available/pixlpix"

# The manual pages.  Two of them hold a list that pixlpixctl makes of the tables
# that it goes by itself.
manual_pages = pixlpixctl.8 pixlpix.conf.5 pixlpix-web.8 pixlpix-jobs.8

manual: pixlpixctl$(EXEEXT)
	@$(MKDIR_P) manual
	./pixlpixctl$(EXEEXT) help man commands >manual/pixlpixctl.8.list
	./pixlpixctl$(EXEEXT) help man keys >manual/pixlpix.conf.5.list
	for page in $(manual_pages); do \
	    $(fill_unit) -e "/^@LIST[@]$$/r manual/$$page.list" \
		-e '/^@LIST[@]$$/d' "$(srcdir)/systemd/man/$$page.in" \
		>"manual/$$page" || exit 1; \
	done

install-manual: manual
	$(MKDIR_P) "$(DESTDIR)$(mandir)/man5" "$(DESTDIR)$(mandir)/man8" \
	    "$(DESTDIR)$(datadir)/bash-completion/completions"
	for page in $(manual_pages); do \
	    $(INSTALL_DATA) "manual/$$page" \
		"$(DESTDIR)$(mandir)/man$${page##*.}/$$page" || exit 1; \
	done
	$(INSTALL_DATA) "$(srcdir)/systemd/pixlpixctl.bash" \
	    "$(DESTDIR)$(datadir)/bash-completion/completions/pixlpixctl"

uninstall-manual:
	for page in $(manual_pages); do \
	    rm -f "$(DESTDIR)$(mandir)/man$${page##*.}/$$page"; done
	rm -f "$(DESTDIR)$(datadir)/bash-completion/completions/pixlpixctl"

uninstall-systemd:
	for unit in $(systemd_units) $(systemd_services); do \
	    rm -f "$(DESTDIR)$(systemdsystemunitdir)/$${unit##*/}"; done
	rm -f "$(DESTDIR)$(sysusersdir)/pixlpix.conf" \
	    "$(DESTDIR)$(tmpfilesdir)/pixlpix.conf"

.PHONY: install-config install-manual install-systemd manual \
	uninstall-manual uninstall-systemd

# For Prometheus and Grafana: what a sysadmin copies from or points at.
prometheusdir = $(pkgdatadir)/prometheus
prometheus_DATA = \
	systemd/prometheus/pixlpix.rules.yml \
	systemd/prometheus/prometheus.yml
grafanadir = $(pkgdatadir)/grafana
grafana_DATA = \
	systemd/grafana/pixlpix-business.json \
	systemd/grafana/pixlpix-infrastructure.json

# For a machine that gathers the logs.
rsyslogdir = $(pkgdatadir)/rsyslog
rsyslog_DATA = \
	systemd/rsyslog/60-pixlpix.conf \
	systemd/rsyslog/aggregator.conf
