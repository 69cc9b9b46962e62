#!/usr/bin/env python3
"""Files that are made to hurt, while somebody else reads."""

import statistics
import threading
import time
import unittest

import cases
import pictures
import stack

FETCHES = 80


def truncated_photo():
    with open(pictures.camera_photo(8), "rb") as file:
        content = file.read()
    return content[:len(content) * 2 // 3]


def many_frames():
    """A GIF of more frames than are allowed, all of them empty."""
    one = (b"\x2c" + b"\0\0\0\0\x10\0\x10\0\0" + b"\x02\x02\x4c\x01\0")
    return pictures.gif()[:19] + one * 2100 + b"\x3b"


# What is sent, and what is said of it.
HOSTILE = [
    ("bomb.png", pictures.png_bomb, "pixels"),
    ("cut.jpg", truncated_photo, "damaged or cut off"),
    ("frames.gif", many_frames, "frames"),
    ("cut.png", lambda: pictures.png(6000, 6000)[:-4000],
     "damaged or cut off"),
    ("drawing.svg", lambda: pictures.SVG, "SVG"),
    ("phone.heic", lambda: pictures.HEIC, "HEIC"),
]


class Neighbours(unittest.TestCase, stack.Check):

    def fetch_times(self, reader, count=None, until=None):
        times = []
        while len(times) < count if until is None else not until.is_set():
            started = time.monotonic()
            page = reader.get("/public")
            times.append(time.monotonic() - started)
            self.assertEqual(page.status, 200)
        return times

    def test_pages_of_others_stay_as_fast(self):
        author, reader = stack.register(), stack.register()
        stack.post(author, [pictures.camera_photo(3)])
        files = [(stack.file_of(make(), name[name.index("."):]), sentence)
                 for name, make, sentence in HOSTILE]
        self.fetch_times(reader, 10)
        before = self.fetch_times(reader, FETCHES)
        is_over, during, slowest = threading.Event(), [], []

        def read():
            during.extend(self.fetch_times(reader, until=is_over))

        def attack(v):
            for path, sentence in files:
                started = time.monotonic()
                page = v.submit(v.get("/new").form("/new"),
                                files=[("image", path)])
                slowest.append((time.monotonic() - started, path))
                faults.append((page.status, sentence in page.text, path))

        faults = []
        reading = threading.Thread(target=read)
        attackers = [threading.Thread(target=attack, args=(stack.register(),))
                     for _ in range(3)]
        reading.start()
        for thread in attackers:
            thread.start()
        for thread in attackers:
            thread.join()
        is_over.set()
        reading.join()
        self.assertEqual(len(faults), 3 * len(files))
        for status, is_said, path in faults:
            self.assertEqual((status, is_said), (400, True), path)
        self.assertGreater(len(during), 10)
        usual = statistics.median(before)
        loaded = statistics.median(during)
        # Room for a machine that does other things as well; a page that
        # waited for a decoder would take several times as long.
        self.assertLess(loaded, 4 * usual + 0.05,
                        "%.4f s before, %.4f s during" % (usual, loaded))
        self.assertLess(max(during), 2, "a page had to wait")
        self.assertLess(max(slowest)[0], 10, max(slowest))
        print("# a page took %.1f ms, and %.1f ms during %d hostile uploads" %
              (usual * 1000, loaded * 1000, len(faults)))


if __name__ == "__main__":
    cases.main()
