#!/usr/bin/env python3
"""Turns sql/queries/*.sql into a C header and source: structs, shapes,
statements and typed functions.

    gen_sql.py QUERY_DIR OUT_H OUT_C [--table NAME]

A query file holds one statement.  Its head comment is its signature:

    -- Newest posts that everybody may see.
    -- in: before int, limit int
    -- out: id int, author str, caption str?, created when
    -- rows: many
    SELECT ... WHERE id < :before ... LIMIT :limit

First free text: what it is, and for whom.  Then `in:` and `out:` (left out
where there is nothing; a line that ends with a comma goes on in the next), and
`rows:`, one of

    none   no rows come back; the caller may learn how many changed
    one    exactly one row; none is ERR_ABSENT
    maybe  one row or none
    many   a list

Queries whose rows are the same may share one struct: `row: card` makes the
row `struct sql_card_row` in all of them, whose `out:` must agree.

Kinds: int (bigint), bool, str (text), bytes (bytea), when (timestamptz); as
parameter also strs (text[]) and ints (bigint[]).  `?` behind int, str, bytes
or when: may be NULL.

The statement names a parameter as :name.  Strings, quoted names, comments and
::casts are left as they are.  Outputs are rewritten only when they change, so
that make rebuilds nothing for nothing.  The same input gives the same output.
"""

import argparse
import os
import re
import sys

KINDS = {
    # kind: (C type, enum db_kind, may be optional, may be a column)
    "int": ("int64_t", "DB_INT", True, True),
    "bool": ("bool", "DB_BOOL", False, True),
    "str": ("struct str", "DB_STR", True, True),
    "bytes": ("struct str", "DB_BYTES", True, True),
    "when": ("struct when", "DB_WHEN", True, True),
    "strs": ("struct list", "DB_STRS", False, False),
    "ints": ("struct list", "DB_INTS", False, False),
}

ROWS = {"none": "DB_NONE", "one": "DB_ONE", "maybe": "DB_MAYBE",
        "many": "DB_MANY"}

C_WORDS = set("""auto bool break case char const continue default do double
else enum extern false float for goto if inline int long register restrict
return short signed sizeof static struct switch true typedef typeof union
unsigned void volatile while asm""".split())

# As DB_FIELDS_MAX in store/db.h.
FIELDS_MAX = 32
# A prepared statement's name is cut by the server at 63 bytes.
NAME_MAX = 48

NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
KEY_LINE = re.compile(r"([a-z]+):(?:\s+(.*))?\Z")
FIELD = re.compile(r"([A-Za-z0-9_]+)\s+([a-z]+)(\??)\Z")

# What may hold a colon that is not a parameter, in the order of trial.
TOKEN = re.compile(r"""
    (?P<line_comment>--[^\n]*)
  | (?P<block_comment>/\*)
  | (?P<escape_string>\b[eE]'(?:[^'\\]|\\.|'')*')
  | (?P<string>'(?:[^']|'')*')
  | (?P<quoted_name>"(?:[^"]|"")*")
  | (?P<dollar_string>(?<![A-Za-z0-9_$])\$(?P<tag>(?:[A-Za-z_][A-Za-z0-9_]*)?)\$
        .*?\$(?P=tag)\$)
  | (?P<positional>(?<![A-Za-z0-9_$])\$[0-9]+)
  | (?P<cast>::)
  | (?P<parameter>:[A-Za-z_][A-Za-z0-9_]*)
  | (?P<open>['"]|(?<![A-Za-z0-9_$])\$(?:[A-Za-z_][A-Za-z0-9_]*)?\$)
  | (?P<semicolon>;)
  | (?P<word>[A-Za-z_][A-Za-z0-9_$]*)
""", re.VERBOSE | re.DOTALL)


class Refused(Exception):
    """A query file that breaks a rule; says where."""

    def __init__(self, path, line, message):
        super().__init__(f"{path}:{line}: {message}")


class Field:
    """One parameter or column."""

    def __init__(self, name, kind, is_optional):
        self.name = name
        self.kind = kind
        self.is_optional = is_optional
        self.c_type, self.db_kind = KINDS[kind][:2]

    def __eq__(self, other):
        return (self.name, self.kind, self.is_optional) == \
            (other.name, other.kind, other.is_optional)


class Query:
    """One query file, read and checked."""

    def __init__(self, path):
        self.path = path
        self.name = os.path.basename(path)[:-len(".sql")]
        if not NAME.match(self.name) or len(self.name) > NAME_MAX:
            self.refuse(1, "a query's file name is made of a-z, 0-9 and _, "
                        f"starts with a letter, at most {NAME_MAX} long")
        with open(path, "rb") as file:
            raw = file.read()
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            line = raw[:error.start].count(b"\n") + 1
            raise Refused(path, line, "is not UTF-8") from error
        if "\0" in text:
            self.refuse(text[:text.index("\0")].count("\n") + 1, "holds a NUL")
        self.about = []
        self.fields_in = []
        self.fields_out = []
        self.rows = None
        self.line_in = 1
        self.row_name = self.name
        self.line_row = None
        body, first_line = self.read_head(text.replace("\r\n", "\n"))
        self.sql = self.read_body(body, first_line)

    def refuse(self, line, message):
        raise Refused(self.path, line, message)

    def read_head(self, text):
        """Takes the head comment in; returns the rest and its first line."""
        lines = text.split("\n")
        seen = {}
        going_on = None
        number = 0
        for number, line in enumerate(lines, 1):
            if not line.startswith("--"):
                break
            line = line[2:].strip()
            if going_on:
                seen[going_on][1].append((number, line))
                going_on = going_on if line.endswith(",") else None
                continue
            match = KEY_LINE.match(line)
            if match and match.group(1) in ("in", "row", "out", "rows"):
                key, value = match.group(1), (match.group(2) or "").strip()
                if key in seen:
                    self.refuse(number, f"a second `{key}:`")
                seen[key] = (number, [(number, value)])
                if key in ("in", "out") and value.endswith(","):
                    going_on = key
            elif seen and line:
                self.refuse(number, f"expected in:, out: or rows:, row: or rows:, "
                            f"found `{line}` (free text comes first)")
            elif line:
                self.about.append(line)
        if going_on:
            self.refuse(number, f"`{going_on}:` ends with a comma")
        if not self.about:
            self.refuse(1, "the head comment must start with what the query "
                        "is and for whom")
        if "rows" not in seen:
            self.refuse(number, "the head comment has no `rows:`")
        line, ((_, rows),) = seen["rows"]
        if rows not in ROWS:
            self.refuse(line, f"rows: expected none, one, maybe or many, "
                        f"found `{rows}`")
        self.rows = rows
        if "in" in seen:
            self.line_in = seen["in"][0]
            self.fields_in = self.read_fields("in", seen["in"][1])
        if "out" in seen:
            self.fields_out = self.read_fields("out", seen["out"][1])
        if "row" in seen:
            self.line_row, ((_, self.row_name),) = seen["row"]
            if not NAME.match(self.row_name) or rows == "none":
                self.refuse(self.line_row, "row: names a struct, where there "
                            "are rows")
        if rows == "none" and "out" in seen:
            self.refuse(seen["out"][0], "`rows: none` has no `out:`")
        if rows != "none" and "out" not in seen:
            self.refuse(line, f"`rows: {rows}` needs `out:`")
        return "\n".join(lines[number - 1:]), number

    def read_fields(self, key, lines):
        fields = []
        for number, line in lines:
            parts = line.split(",")
            if parts[-1].strip() == "" and len(parts) > 1:
                parts.pop()
            for part in parts:
                fields.append(self.read_field(key, number, part.strip(),
                                              fields))
        if len(fields) > FIELDS_MAX:
            self.refuse(lines[0][0], f"{key}: {len(fields)} fields, at most "
                        f"{FIELDS_MAX} are allowed")
        return fields

    def read_field(self, key, number, text, others):
        match = FIELD.match(text)
        if not match:
            self.refuse(number, f"{key}: expected `name kind`, found "
                        f"`{text}`")
        name, kind, mark = match.groups()
        if not NAME.match(name) or name in C_WORDS:
            self.refuse(number, f"{key}: `{name}` cannot be a member's name "
                        "(a-z, 0-9, _; no word of C)")
        if kind not in KINDS:
            self.refuse(number, f"{key}: `{name}` has unknown kind `{kind}`; "
                        f"known: {' '.join(KINDS)}")
        if key == "out" and not KINDS[kind][3]:
            self.refuse(number, f"out: `{name}`: {kind} is for parameters "
                        "alone")
        if mark and not KINDS[kind][2]:
            self.refuse(number, f"{key}: `{name}`: {kind} cannot be optional")
        if any(other.name == name for other in others):
            self.refuse(number, f"{key}: `{name}` appears twice")
        return Field(name, kind, bool(mark))

    def read_body(self, body, first_line):
        """The statement with $1.. in place of names."""
        numbers = {field.name: i
                   for i, field in enumerate(self.fields_in, 1)}
        used = set()
        out = []
        at = 0
        end = None  # where a final semicolon stood
        while True:
            match = TOKEN.search(body, at)
            stop = match.start() if match else len(body)
            if end is not None and body[at:stop].strip():
                self.refuse(end, "more than one statement")
            out.append(body[at:stop])
            if not match:
                break
            at = match.end()
            line = first_line + body[:match.start()].count("\n")
            kind = match.lastgroup if match.lastgroup != "tag" \
                else "dollar_string"
            if kind == "block_comment":
                at = self.block_comment_end(body, match.start(), line)
                continue
            if kind == "line_comment":
                continue
            if end is not None:
                self.refuse(line, "more than one statement")
            if kind == "open":
                self.refuse(line, f"{match.group()} is never closed")
            if kind == "positional":
                self.refuse(line, f"`{match.group()}`: write parameters by "
                            "name, as :name")
            if kind == "semicolon":
                end = line
                continue
            if kind == "parameter":
                name = match.group()[1:]
                if name not in numbers:
                    self.refuse(line, f"`:{name}` is not among the names of "
                                "in:")
                used.add(name)
                out.append(f"${numbers[name]}")
                continue
            out.append(match.group())
        for field in self.fields_in:
            if field.name not in used:
                self.refuse(self.line_in, f"in: `{field.name}` is not used")
        sql = "\n".join(row.rstrip() for row in "".join(out).split("\n")
                        if row.strip())
        if not sql.strip():
            self.refuse(first_line, "there is no statement")
        return sql.strip()

    def block_comment_end(self, body, start, line):
        """Behind the comment; they nest in PostgreSQL."""
        depth = 0
        for match in re.compile(r"/\*|\*/").finditer(body, start):
            depth += 1 if match.group() == "/*" else -1
            if depth == 0:
                return match.end()
        self.refuse(line, "/* is never closed")
        return len(body)


def c_string(text):
    """A C literal of one line."""
    out = []
    for byte in text.encode("utf-8"):
        char = chr(byte)
        if char in "\"\\?":
            out.append("\\" + char)
        elif 32 <= byte < 127:
            out.append(char)
        elif char == "\t":
            out.append("\\t")
        else:
            out.append(f"\\{byte:03o}")
    return '"' + "".join(out) + '"'


def c_sql(sql):
    """The statement as C literals, a line each."""
    lines = sql.split("\n")
    return "\n".join("\t    " + c_string(line)[:-1]
                     + ('\\n"' if i + 1 < len(lines) else '"')
                     for i, line in enumerate(lines))


def parameters(query, is_sync):
    """The parameter list of a wrapper."""
    parts = ["struct db *db"]
    if is_sync:
        parts.append("struct arena *arena")
    if query.fields_in:
        parts.append(f"const struct sql_{query.name}_in *in")
    if query.rows == "none":
        parts.append("int64_t *changed")
    elif query.rows == "many":
        parts.append("struct list *rows")
    else:
        parts.append(f"struct sql_{query.row_name}_row *row")
        if query.rows == "maybe":
            parts.append("bool *is_found")
    return ", ".join(parts)


def struct_lines(name, fields):
    lines = [f"struct {name} {{"]
    for field in fields:
        note = ""
        if field.kind == "strs":
            note = " /* of struct str */"
        elif field.kind == "ints":
            note = " /* of int64_t */"
        elif field.is_optional:
            note = " /* may be NULL */"
        lines.append(f"\t{field.c_type} {field.name};{note}")
    return lines + ["};"]


def structs_of(query, done):
    """The structs of a query that no earlier one has made."""
    for struct, fields in ((f"sql_{query.name}_in", query.fields_in),
                           (f"sql_{query.row_name}_row", query.fields_out)):
        if fields and struct not in done:
            done.add(struct)
            yield struct, fields


def header(queries, table, command):
    guard = f"PIXLPIX_SQL_{table.upper()}_H"
    lines = [f"/* Made by {command} from the query files; not edited. */",
             f"#ifndef {guard}", f"#define {guard}", "",
             '#include "store/db.h"', "",
             "/* All of them, ended by NULL. */",
             f"extern const struct db_statement *const {table}[];"]
    done = set()
    for query in queries:
        name = query.name
        lines += [""]
        about = [row.replace("*/", "* /").replace("/*", "/ *")
                 for row in query.about]
        lines += ["/* " + "\n * ".join(about) + " */"]
        for struct, fields in structs_of(query, done):
            lines += struct_lines(struct, fields)
            lines += [f"extern const struct shape shape_{struct};"]
        lines += [f"extern const struct db_statement db_{name};",
                  f"void sql_{name}_ask({parameters(query, False)});",
                  f"enum err sql_{name}({parameters(query, True)});"]
    return "\n".join(lines + ["", "#endif", ""])


def shape_lines(struct, fields):
    """The shape; lists of integers have no kind there and are left out."""
    members = []
    for field in fields:
        if field.kind == "strs":
            members.append(f"SHAPE_LIST_OF(struct {struct}, {field.name}, "
                           "NULL)")
        elif field.kind != "ints":
            members.append(f"SHAPE_FIELD(struct {struct}, {field.name})")
    if not members:
        return [f"const struct shape shape_{struct} = "
                f'{{"shape_{struct}", sizeof(struct {struct}), 0, NULL}};']
    return [f"SHAPE(shape_{struct}, struct {struct},",
            ",\n".join("    " + member for member in members) + ");"]


def source_of(query, done):
    name = query.name
    lines = [""]
    for struct, fields in structs_of(query, done):
        lines += shape_lines(struct, fields)
        lines += [f"static const struct db_field {struct}_fields[] = {{"]
        lines += [f'\t{{"{field.name}", offsetof(struct {struct}, '
                  f"{field.name}), {field.db_kind}, "
                  f"{'true' if field.is_optional else 'false'}}},"
                  for field in fields]
        lines += ["};"]
    in_struct, row_struct = f"sql_{name}_in", f"sql_{query.row_name}_row"
    has_in, has_out = bool(query.fields_in), bool(query.fields_out)
    row_size = f"sizeof(struct {row_struct})" if has_out else "0"
    lines += [
        f"const struct db_statement db_{name} = {{",
        f'\t.name = "{name}",',
        "\t.sql =", c_sql(query.sql) + ",",
        f"\t.rows = {ROWS[query.rows]},",
        f"\t.in_count = {len(query.fields_in)},",
        f"\t.in = {in_struct + '_fields' if has_in else 'NULL'},",
        f"\t.out_count = {len(query.fields_out)},",
        f"\t.out = {row_struct + '_fields' if has_out else 'NULL'},",
        f"\t.row_size = {row_size},",
        "};", ""]
    out = {"none": "changed", "many": "rows"}.get(query.rows, "row")
    found = "is_found" if query.rows == "maybe" else "NULL"
    passed = "in" if has_in else "NULL"
    lines += ["void", f"sql_{name}_ask({parameters(query, False)})", "{",
              f"\tdb_ask(db, &db_{name}, {passed}, {out}, {found});", "}", "",
              "enum err", f"sql_{name}({parameters(query, True)})", "{",
              f"\tdb_ask(db, &db_{name}, {passed}, {out}, {found});",
              "\treturn db_sync(db, arena);", "}"]
    return lines


def source(queries, table, include, command):
    lines = [f"/* Made by {command} from the query files; not edited. */",
             f'#include "{include}"']
    done = set()
    for query in queries:
        lines += source_of(query, done)
    lines += ["", f"const struct db_statement *const {table}[] = {{"]
    lines += [f"\t&db_{query.name}," for query in queries]
    return "\n".join(lines + ["\tNULL,", "};", ""])


def read_queries(folder):
    """All queries in the order of their names; every fault is told."""
    queries, faults = [], []
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".sql") or name.startswith("."):
            continue
        try:
            queries.append(Query(os.path.join(folder, name)))
        except Refused as refused:
            faults.append(str(refused))
    return queries, faults + compare_rows(queries)


def compare_rows(queries):
    """Faults of queries that share a row."""
    faults = []
    first = {}
    for query in queries:
        if query.fields_out:
            first.setdefault(query.row_name, query)
    for query in queries:
        other = first.get(query.row_name)
        if other is None or other is query or not query.fields_out:
            continue
        line = query.line_row or 1
        if query.line_row is None or other.line_row is None:
            faults.append(f"{query.path}:{line}: its row has the name of the "
                          f"row of {other.path}")
        elif query.fields_out != other.fields_out:
            faults.append(f"{query.path}:{line}: row: {query.row_name}: out: "
                          f"differs from that of {other.path}")
    return faults


def write_if_changed(path, text):
    try:
        with open(path, encoding="utf-8") as file:
            if file.read() == text:
                return
    except (OSError, UnicodeDecodeError):
        pass
    fresh = f"{path}.{os.getpid()}.tmp"
    with open(fresh, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(fresh, path)


def main(arguments):
    parser = argparse.ArgumentParser(description="SQL files to C")
    parser.add_argument("folder")
    parser.add_argument("out_h")
    parser.add_argument("out_c")
    parser.add_argument("--table", default="db_statements",
                        help="the C name of the table of all statements")
    options = parser.parse_args(arguments)
    try:
        queries, faults = read_queries(options.folder)
    except OSError as error:
        print(f"gen_sql.py: {error}", file=sys.stderr)
        return 1
    if not queries and not faults:
        faults = [f"{options.folder}: there is no .sql file here"]
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        return 1
    command = "tools/gen_sql.py"
    include = os.path.basename(options.out_h)
    write_if_changed(options.out_h, header(queries, options.table, command))
    write_if_changed(options.out_c, source(queries, options.table, include,
                                           command))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
