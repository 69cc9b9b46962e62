"""Pictures for the tests, made from nothing: right ones, and wrong ones."""

import base64
import os
import struct
import subprocess
import zlib


def _chunk(kind, content):
    return (struct.pack(">I", len(content)) + kind + content +
            struct.pack(">I", zlib.crc32(kind + content)))


def png(width, height, colour=(200, 80, 40), extra=b""):
    """A PNG of one colour; `extra` stands between its head and its pixels."""
    row = b"\0" + bytes(colour) * width
    return (b"\x89PNG\r\n\x1a\n" +
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0,
                                        0)) + extra +
            _chunk(b"IDAT", zlib.compress(row * height, 1)) +
            _chunk(b"IEND", b""))


def png_with_words(width, height, words):
    """A PNG that says the words in a tEXt, an eXIf and an XMP chunk."""
    said = words.encode()
    tiff = (b"II*\0\x08\0\0\0\x01\0" + struct.pack(
        "<HHII", 0x010e, 2, len(said) + 1, 26) + b"\0\0\0\0" + said + b"\0")
    xmp = (b"XML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta xmlns:x='adobe:ns:meta/'>" +
           said + b"</x:xmpmeta>")
    return png(width, height, extra=_chunk(b"tEXt", b"Comment\0" + said) +
               _chunk(b"eXIf", tiff) + _chunk(b"iTXt", xmp))


def png_bomb():
    """A few kilobytes that say they are 30000 x 30000 pixels."""
    return (b"\x89PNG\r\n\x1a\n" +
            _chunk(b"IHDR", struct.pack(">IIBBBBB", 30000, 30000, 8, 2, 0, 0,
                                        0)) +
            _chunk(b"IDAT", zlib.compress(b"\0" * 1000000)) +
            _chunk(b"IEND", b""))


def png_of_bytes(size):
    """A right PNG of at least that many bytes: the rest is a comment."""
    return png(64, 64, extra=_chunk(b"tEXt", b"Comment\0" + b"x" * size))


def gif(frames=1):
    """A GIF of 16 x 16 pixels, as an animation where frames is more than 1:
    the first frame is red, the others are blue."""
    out = b"GIF89a" + struct.pack("<HHBBB", 16, 16, 0x80, 0, 0)
    out += bytes((220, 30, 30, 30, 30, 220))
    if frames > 1:
        out += b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"
    for frame in range(frames):
        out += b"\x21\xf9\x04\0\x0a\0\0\0"
        out += b"\x2c" + struct.pack("<HHHHB", 0, 0, 16, 16, 0)
        out += b"\x02" + _lzw(256, 1 if frame else 0) + b"\0"
    return out + b"\x3b"


def _lzw(count, value):
    """So many equal pixels as LZW codes of 3 bits, never long enough a run to
    need longer ones: a clear code before every second pixel."""
    bits, length = 0, 0
    codes = []
    for i in range(count):
        if i % 2 == 0:
            codes.append(4)
        codes.append(value)
    codes.append(5)
    for code in codes:
        bits |= code << length
        length += 3
    packed = bits.to_bytes((length + 7) // 8, "little")
    blocks = [packed[i:i + 255] for i in range(0, len(packed), 255)]
    return b"".join(bytes((len(block),)) + block for block in blocks)


# 1 x 1, lossless.
WEBP = base64.b64decode(
    "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")

# By its name a HEIC, without a picture in it.
HEIC = struct.pack(">I", 24) + b"ftypheic\0\0\0\0mif1heic"

SVG = (b"<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" "
       b"onload=\"alert(1)\" width=\"9\" height=\"9\"><rect width=\"9\" "
       b"height=\"9\"/></svg>\n")


def clear_png(width, height):
    """A disc of ink, and one of chalk, on nothing."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            dy = y - height / 2
            near = [(x - width * part) ** 2 + dy * dy < (height / 4) ** 2
                    for part in (0.3, 0.7)]
            rows += (b"\x10\x10\x18\xff" if near[0] else
                     b"\xf8\xf8\xf0\xff" if near[1] else b"\0\0\0\0")

    def chunk(kind, content):
        return (struct.pack(">I", len(content)) + kind + content +
                struct.pack(">I", zlib.crc32(kind + content)))
    return (b"\x89PNG\r\n\x1a\n" +
            chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6,
                                       0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(bytes(rows))) + chunk(b"IEND", b""))


def data(name):
    """A file of tests/data: what tests/media/make_heif.c makes of four
    quarters, a HEIC lying on its side with a place in its EXIF."""
    with open(os.path.join(os.path.dirname(__file__), "../data", name),
              "rb") as file:
        return file.read()


def camera_photos():
    """The folder of the three photos that tools/demo_photos makes as a phone
    would; made once for a build."""
    build = os.environ["PIXLPIX_BUILDDIR"]
    folder = os.path.join(build, "camera-photos")
    if not os.path.exists(os.path.join(folder, "done")):
        os.makedirs(folder, exist_ok=True)
        subprocess.run(["make", "-s", "-C", build, "--no-print-directory",
                        "tools/demo_photos/demo_photos"], check=True,
                       stdout=subprocess.DEVNULL)
        subprocess.run([os.path.join(build, "tools/demo_photos/demo_photos"),
                        "--camera", folder], check=True,
                       stdout=subprocess.DEVNULL)
        with open(os.path.join(folder, "done"), "w", encoding="ascii"):
            pass
    return folder


def camera_photo(orientation):
    return os.path.join(camera_photos(), "camera-%d.jpg" % orientation)


def jpeg_segments(content):
    """The (marker, payload) of a JPEG before its first scan."""
    assert content[:2] == b"\xff\xd8", "not a JPEG"
    at, found = 2, []
    while content[at] == 0xff and content[at + 1] != 0xda:
        size = struct.unpack(">H", content[at + 2:at + 4])[0]
        found.append((content[at + 1], content[at + 4:at + 2 + size]))
        at += 2 + size
    assert content[at:at + 2] == b"\xff\xda", "no scan in the JPEG"
    return found


def jpeg_size(content):
    """(width, height) as the JPEG's frame header has them."""
    for marker, payload in jpeg_segments(content):
        if 0xc0 <= marker <= 0xcf and marker not in (0xc4, 0xc8, 0xcc):
            height, width = struct.unpack(">HH", payload[1:5])
            return width, height
    raise AssertionError("no frame in the JPEG")
