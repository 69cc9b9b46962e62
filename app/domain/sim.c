/* The simulator's people. */
#include "domain/sim.h"
#include "base/log.h"
#include "domain/password.h"
#include "domain/rules.h"
#include "store/sql.h"

static const struct str name_taken = STR("The username is already taken");

/* nginx takes "../" for a step up, whose end may be outside of the interface,
 * however it is written. */
static bool
fits_address(struct str name)
{
	bool has_slash = str_find(name, '/') < name.len;

	if (str_count_chars(name) > SIM_NAME_MAX)
		return false;
	while (has_slash && name.len > 0)
		if (str_equal(str_cut(&name, '/'), STR("..")))
			return false;
	return true;
}

static struct str
check(const struct sim_joining *j)
{
	if (j->name.len == 0)
		return STR("You have to enter a username");
	if (j->email.len > RULES_EMAIL_MAX_BYTES ||
	    str_find(j->email, '@') == j->email.len)
		return STR("You have to enter a valid email address");
	if (j->password.len == 0)
		return STR("You have to enter a password");
	if (j->password.len > RULES_PASSWORD_MAX_BYTES)
		return STR("You have to enter a password of at most 128 bytes");
	if (!fits_address(j->name))
		return STR("You have to enter a username of at most 100 "
			   "characters, without ../");
	return STR("");
}

/* The name itself where it fits and can be seen. */
static struct str
display_of(struct str name)
{
	while (str_count_chars(name) > RULES_DISPLAY_MAX) {
		name.len--;
		while (((unsigned char)name.at[name.len] & 0xc0) == 0x80)
			name.len--;
	}
	return rules_check_display(name).len == 0 ? name : STR("(no name)");
}

enum err
sim_join(const struct site *site, struct arena *a,
    const struct sim_joining *joining, struct str *complaint)
{
	struct sql_sim_account_insert_in in = {.name = joining->name,
	    .email = joining->email,
	    .display = display_of(joining->name)};
	struct sql_sim_account_insert_row row;
	int64_t other;
	enum err e;

	*complaint = check(joining);
	if (complaint->len > 0)
		return ERR_INPUT;
	e = sim_find(site, a, joining->name, &other);
	if (e == OK) {
		*complaint = name_taken;
		return ERR_INPUT;
	}
	if (e != ERR_ABSENT)
		return e;
	TRY(password_hash_quickly(a, joining->password, &in.password_hash));
	e = sql_sim_account_insert(site->db, a, &in, &row);
	if (e == ERR_CONFLICT) {
		*complaint = name_taken;
		return ERR_INPUT;
	}
	TRY(e);
	log_event(LOG_INFO, "account made", LOG_INT("made", row.id));
	return OK;
}

enum err
sim_find(
    const struct site *site, struct arena *a, struct str name, int64_t *account)
{
	struct sql_sim_account_row row;
	bool is_found;

	TRY(sql_sim_account(
	    site->db, a, &(struct sql_sim_account_in){name}, &row, &is_found));
	if (!is_found)
		return ERR_ABSENT;
	*account = row.id;
	return OK;
}

enum err
sim_note_latest(const struct site *site, struct arena *a, int64_t latest)
{
	return sql_sim_latest_note(
	    site->db, a, &(struct sql_sim_latest_note_in){latest}, NULL);
}
