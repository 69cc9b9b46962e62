"""Prints what a list of checks finds as TAP (testanything.org, version 13).

    @test
    def stranger_cannot_post(): assert ...

    if __name__ == "__main__":
        run()

Each function is one test, named by its name; an exception fails it, and Skip
skips it.  They run in the order they are written in.
"""

import os
import sys
import time
import traceback

tests = []


class Skip(Exception):
    """This test cannot be made here, for the reason given."""


def test(function):
    tests.append(function)
    return function


def run(*arguments):
    """Runs the tests, each with the arguments, and ends the program.  A word
    on the command line picks the tests with that word in their names."""
    chosen = [t for t in tests
              if all(word in t.__name__ for word in sys.argv[1:])]
    # Whatever a test prints must not be taken for TAP.
    out = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    print("1..%d" % len(chosen), file=out)
    failed = False
    for number, function in enumerate(chosen, 1):
        name = function.__name__.replace("_", " ")
        began = time.monotonic()
        try:
            function(*arguments)
        except Skip as reason:
            print("ok %d - %s # SKIP %s" % (number, name, reason), file=out)
        except Exception:
            failed = True
            print("not ok %d - %s" % (number, name), file=out)
            for line in traceback.format_exc().splitlines():
                print("# " + line, file=out)
        else:
            print("ok %d - %s (%.1f s)" % (
                number, name, time.monotonic() - began), file=out)
    sys.exit(1 if failed else 0)
