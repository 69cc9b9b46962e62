# The three programs.
libpixlpix_a_SOURCES += \
	app/exporter.c app/exporter.h \
	app/main.c app/main.h \
	app/routes.c app/routes.h \
	app/worker.c app/worker.h

bin_PROGRAMS += pixlpixctl
pixlpixctl_SOURCES = \
	app/ctl.c app/ctl.h \
	app/ctl_backup.c app/ctl_backup.h \
	app/ctl_backup_folder.c \
	app/ctl_backup_secret.c \
	app/ctl_config.c \
	app/ctl_doctor.c \
	app/ctl_restore.c \
	app/ctl_setup.c \
	app/ctl_system.c app/ctl_system.h \
	app/ctl_help.c \
	app/ctl_jobs.c \
	app/ctl_mail.c \
	app/ctl_store.c \
	app/ctl_user.c
pixlpixctl_LDADD = libpixlpix.a

pkglibexec_PROGRAMS += pixlpix-web pixlpix-jobs
pixlpix_web_SOURCES = app/web.c
pixlpix_web_LDADD = libpixlpix.a
pixlpix_jobs_SOURCES = app/jobs.c
pixlpix_jobs_LDADD = libpixlpix.a
