/* The rules for what people enter, in sentences they understand. */
#include "domain/rules.h"

#define FINE ((struct str){"", 0})

/* Names that are, or may become, the site's own. */
static const char *const reserved[] = {"abuse", "about", "account", "admin",
    "administrator", "api", "blog", "comment", "comments", "contact", "data",
    "deleted", "everyone", "explore", "feed", "help", "home", "hostmaster",
    "image", "images", "info", "legal", "login", "logout", "mail", "me",
    "media", "moderator", "new", "news", "nobody", "null", "official",
    "pixlpix", "postmaster", "privacy", "profile", "public", "register", "root",
    "search", "security", "settings", "signup", "sim", "static", "status",
    "staff", "support", "system", "tag", "tags", "team", "terms", "undefined",
    "user", "users", "webmaster", "www"};

/* What attackers try first, of 8 characters or more; each also stands for
 * itself with digits or ! at its end. */
static const char *const common[] = {"password", "passw0rd", "p@ssword",
    "p@ssw0rd", "pa55word", "qwertyui", "qwertyuiop", "qwerty12", "qwerty123",
    "1qaz2wsx", "1q2w3e4r", "1q2w3e4r5t", "q1w2e3r4", "zaq12wsx", "qazwsxedc",
    "asdfghjk", "asdfghjkl", "zxcvbnm1", "abcdefgh", "abcd1234", "abc12345",
    "abcdefg1", "a1b2c3d4", "iloveyou", "ilovegod", "letmein", "letmein1",
    "welcome", "welcome1", "sunshine", "princess", "football", "baseball",
    "basketball", "superman", "spiderman", "starwars", "computer", "internet",
    "trustno1", "whatever", "michelle", "jennifer", "charlotte", "jonathan",
    "elizabeth", "benjamin", "samantha", "victoria", "christian", "alexander",
    "danielle", "stephanie", "nicholas", "cristina", "mercedes", "corvette",
    "butterfly", "chocolate", "strawberry", "liverpool", "manchester",
    "chelsea1", "arsenal1", "barcelona", "realmadrid", "juventus", "pokemon1",
    "minecraft", "dragonball", "midnight", "password1", "changeme", "default1",
    "administrator", "admin123", "administrador", "letmein123", "master12",
    "monkey12", "dragon12", "shadow12", "freedom1", "hello123", "hellohello",
    "goodluck", "maverick", "mustang1", "swordfish", "blink182", "rockyou1",
    "lovelove", "loveyou1", "loveme12", "babygirl", "sweetheart", "beautiful",
    "darkness", "godzilla", "snickers", "qwer1234", "asdf1234", "zxcv1234",
    "asd12345", "qwe12345", "test1234", "testtest", "passpass", "password!",
    "photograph", "pixlpix1", "pixlpixpixlpix", "instagram", "facebook",
    "linkedin", "september", "november", "december", "summer2024", "secret12",
    "access14", "cheese12", "computer1", "samsung1", "qwertyqwerty",
    "motdepasse", "passwort", "hallo123", "schatzi1", "contrasena", "senha123",
    "wachtwoord", "zaqwsxcde", "qwerasdf", "asdfasdf", "qweqweqwe", "asdasdasd",
    "zxczxczxc", "aaaaaaaa", "correcthorsebatterystaple"};

static bool
is_among(struct str s, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_equal_nocase(s, str_from(words[i])))
			return true;
	return false;
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

enum err
rules_fold_name(struct arena *a, struct str typed, struct str *out)
{
	struct str trimmed = str_trim(typed);
	char *at = arena_alloc(a, trimmed.len);

	if (at == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < trimmed.len; i++)
		at[i] = lower(trimmed.at[i]);
	*out = (struct str){at, trimmed.len};
	return OK;
}

struct str
rules_check_name(struct str name)
{
	if (name.len == 0)
		return STR("Choose a username.");
	for (size_t i = 0; i < name.len; i++) {
		char c = name.at[i];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			c == '_'))
			return STR("Use only the letters a to z, digits and "
				   "the underscore.");
	}
	if (name.len < RULES_NAME_MIN)
		return STR("That is too short: use 3 characters or more.");
	if (name.len > RULES_NAME_MAX)
		return STR("That is too long: use at most 30 characters.");
	if (is_among(name, reserved, sizeof(reserved) / sizeof(reserved[0])))
		return STR("This name is kept for the site itself. Please "
			   "choose another.");
	return FINE;
}

static bool
is_plain_host(struct str host)
{
	bool has_dot = false;

	if (host.len == 0 || host.at[0] == '.' || host.at[host.len - 1] == '.')
		return false;
	for (size_t i = 0; i < host.len; i++) {
		if (host.at[i] == '.') {
			if (host.at[i + 1] == '.')
				return false;
			has_dot = true;
		}
	}
	return has_dot;
}

struct str
rules_check_email(struct str email)
{
	size_t at = str_find(email, '@');
	struct str host = str_slice(email, at + 1, email.len);

	if (email.len == 0)
		return STR("Enter your email address.");
	for (size_t i = 0; i < email.len; i++)
		if ((unsigned char)email.at[i] <= ' ' || email.at[i] == 0x7f ||
		    email.at[i] == '<' || email.at[i] == '>' ||
		    email.at[i] == ',')
			return STR("An email address has no spaces, commas "
				   "or angle brackets.");
	if (at == 0 || at == email.len || str_find(host, '@') < host.len ||
	    !is_plain_host(host))
		return STR("Enter a whole email address, such as "
			   "name@example.org.");
	if (email.len > RULES_EMAIL_MAX_BYTES)
		return STR("That is too long for an email address.");
	return FINE;
}

static bool
has_control(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.at[i] < ' ' || s.at[i] == 0x7f)
			return true;
	return false;
}

/* Characters that turn the text after them round: U+202A to U+202E and U+2066
 * to U+2069. */
static bool
has_direction(struct str s)
{
	for (size_t i = 0; i + 2 < s.len; i++) {
		unsigned char second = (unsigned char)s.at[i + 1];
		unsigned char third = (unsigned char)s.at[i + 2];

		if ((unsigned char)s.at[i] != 0xe2)
			continue;
		if ((second == 0x80 && third >= 0xaa && third <= 0xae) ||
		    (second == 0x81 && third >= 0xa6 && third <= 0xa9))
			return true;
	}
	return false;
}

/* Characters that leave no mark, by how they begin in UTF-8 and their length:
 * Unicode's Default_Ignorable_Code_Point, its spaces, and the empty Braille
 * pattern. */
static const struct {
	struct str begin;
	size_t len;
} unseen[] = {{STR(" "), 1}, {STR("\xc2\xa0"), 2}, {STR("\xc2\xad"), 2},
    {STR("\xcd\x8f"), 2}, {STR("\xd8\x9c"), 2}, {STR("\xe1\x85\x9f"), 3},
    {STR("\xe1\x85\xa0"), 3}, {STR("\xe1\x9a\x80"), 3},
    {STR("\xe1\x9e\xb4"), 3}, {STR("\xe1\x9e\xb5"), 3},
    {STR("\xe1\xa0\x8b"), 3}, {STR("\xe1\xa0\x8c"), 3},
    {STR("\xe1\xa0\x8d"), 3}, {STR("\xe1\xa0\x8e"), 3},
    {STR("\xe2\xa0\x80"), 3}, {STR("\xe3\x80\x80"), 3},
    {STR("\xe3\x85\xa4"), 3}, {STR("\xef\xb8"), 3}, {STR("\xef\xbb\xbf"), 3},
    {STR("\xef\xbe\xa0"), 3}, {STR("\xf3\xa0"), 4}};

/* Of General Punctuation U+2000 to U+200F, U+2028 to U+202F and U+205F to
 * U+206F besides. */
static bool
is_unseen_punctuation(struct str s)
{
	unsigned char last;

	if (s.len < 3)
		return false;
	last = (unsigned char)s.at[2];
	if (str_starts(s, STR("\xe2\x80")))
		return last <= 0x8f || (last >= 0xa8 && last <= 0xaf);
	return str_starts(s, STR("\xe2\x81")) && last >= 0x9f && last <= 0xaf;
}

static size_t
unseen_len(struct str s)
{
	for (size_t i = 0; i < sizeof(unseen) / sizeof(unseen[0]); i++)
		if (str_starts(s, unseen[i].begin))
			return unseen[i].len;
	return is_unseen_punctuation(s) ? 3 : 0;
}

static bool
is_visible(struct str s)
{
	size_t len;

	while ((len = unseen_len(s)) > 0)
		s = str_slice(s, len, s.len);
	return s.len > 0;
}

struct str
rules_check_display(struct str display)
{
	if (!is_visible(display))
		return STR("Enter the name that people shall see.");
	if (has_control(display) || has_direction(display))
		return STR("A name is one line without control characters.");
	if (str_count_chars(display) > RULES_DISPLAY_MAX)
		return STR("That is too long: use at most 50 characters.");
	return FINE;
}

enum err
rules_check_text(struct arena *a, struct str text, int64_t max_chars,
    bool may_be_empty, struct str *complaint)
{
	size_t count = str_count_chars(text);

	*complaint = FINE;
	if (!may_be_empty && str_trim(text).len == 0)
		*complaint = STR("Write something first.");
	else if (count > (size_t)max_chars)
		return arena_printf(a, complaint,
		    "That is %zu characters; please shorten it to %lld.", count,
		    (long long)max_chars);
	return OK;
}

/* Without the digits and exclamation marks that people add at the end. */
static struct str
stem_of(struct str password)
{
	while (password.len > 0) {
		char c = password.at[password.len - 1];

		if (c != '!' && !(c >= '0' && c <= '9'))
			break;
		password.len--;
	}
	return password;
}

/* One character again and again, or each one step from that before it. */
static bool
is_sequence(struct str s)
{
	int step = s.len > 1 ? s.at[1] - s.at[0] : 0;

	if (step < -1 || step > 1)
		return false;
	for (size_t i = 1; i < s.len; i++) {
		int here = s.at[i] - s.at[i - 1];

		if (here != step && !(s.at[i] == '0' && s.at[i - 1] == '9'))
			return false;
	}
	return true;
}

static bool
is_common(struct str password)
{
	size_t count = sizeof(common) / sizeof(common[0]);

	return is_sequence(password) || stem_of(password).len == 0 ||
	       is_among(password, common, count) ||
	       is_among(stem_of(password), common, count);
}

struct str
rules_check_password(struct str password, struct str name, struct str email)
{
	if (password.len < RULES_PASSWORD_MIN_BYTES)
		return STR("A password needs at least 8 characters.");
	if (password.len > RULES_PASSWORD_MAX_BYTES)
		return STR("A password may be at most 128 bytes long.");
	if (is_common(password))
		return STR("This is one of the passwords that are guessed "
			   "first. Three or four words that do not belong "
			   "together are good.");
	if (str_equal_nocase(password, name) ||
	    str_equal_nocase(password, email) ||
	    str_equal_nocase(
		password, str_slice(email, 0, str_find(email, '@'))))
		return STR("Your name or address is too easy to guess as "
			   "a password.");
	return FINE;
}
