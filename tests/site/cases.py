"""Runs the unittest cases of a program as tests of tools/tap.py.

    if __name__ == "__main__":
        cases.main()

What a case shares is made when its first test runs.
"""

import atexit
import functools
import sys
import unittest

import stack  # noqa: F401, it knows where tools/ is
import tap


class Fault(Exception):
    """A test failed; the text is unittest's own."""


@functools.cache
def set_up(case):
    """The fault that kept the case from being set up, or None.  What the case
    has to clear away it does at the end of the program."""
    atexit.register(case.doClassCleanups)
    try:
        case.setUpClass()
    except Exception as fault:
        return fault
    return None


def as_function(test):
    def function():
        fault = set_up(type(test))
        if isinstance(fault, tap.Skip):
            raise fault
        if fault is not None:
            raise Fault("nothing to test with") from fault
        result = unittest.TestResult()
        test.run(result)
        for _, said in result.failures + result.errors:
            raise Fault(said)
        for _, why in result.skipped:
            raise tap.Skip(why)

    function.__name__ = test.id().split(".")[-1].removeprefix("test_")
    return function


def main():
    loader = unittest.defaultTestLoader
    for suite in loader.loadTestsFromModule(sys.modules["__main__"]):
        for test in suite:
            tap.test(as_function(test))
    tap.run()
