"""Writes the files in formats/ and formats.json, what Pillow reads in them.

Made with Python 3.11, Pillow and NumPy in the versions that formats.json names:
    pip install pillow numpy
    python make_formats.py
"""

import json
import pathlib
import platform
import struct
import zlib

import numpy
import PIL
from PIL import Image, ImageOps

folder = pathlib.Path(__file__).parent / "formats"
folder.mkdir(exist_ok=True)
height, width = 5, 7
y, x, c = numpy.meshgrid(range(height), range(width), range(4), indexing="ij")
color = (20 + 41 * y + 9 * x + 60 * c * (c < 3)).astype(numpy.uint8)[:, :, :3]
opacity = (255 * (x + y) // 10).astype(numpy.uint8)[:, :, :1]
rgba = numpy.concatenate([color, opacity], axis=2)
grey = color[:, :, :1]


def png(name, samples, bits, kind, chunks=(), interlaced=False):
    """What Pillow cannot write: `samples` is [height, width, channels], `kind` the format's type of colour."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    def rows(part):
        result = b""
        for row in part if part.size else []:
            places = numpy.arange(bits)[::-1]
            unpacked = (row.reshape(-1, 1).astype(numpy.uint32) >> places & 1).astype(numpy.uint8)
            result += b"\0" + numpy.packbits(unpacked.ravel()).tobytes()
        return result

    passes = [(0, 8, 0, 8), (0, 8, 4, 8), (4, 8, 0, 4), (0, 4, 2, 4), (2, 4, 0, 2), (0, 2, 1, 2), (1, 2, 0, 1)]
    parts = [samples[a::b, c::d] for a, b, c, d in passes] if interlaced else [samples]
    header = struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, int(interlaced))
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    for one in chunks:
        data += chunk(*one)
    data += chunk(b"IDAT", zlib.compress(b"".join(map(rows, parts)))) + chunk(b"IEND", b"")
    (folder / name).write_bytes(data)


wide = color.astype(numpy.uint16) * 256 + 100
palette = numpy.arange(48, dtype=numpy.uint8).tobytes()
gamma = (b"gAMA", struct.pack(">I", 100_000))
png("rgb16.png", wide, 16, 2)
png("rgba16.png", numpy.concatenate([wide, opacity.astype(numpy.uint16) * 257], axis=2), 16, 6)
png("grey16.png", wide[:, :, :1], 16, 0)
png("grey1.png", grey >> 7, 1, 0)
png("grey2.png", grey >> 6, 2, 0)
png("grey4.png", grey >> 4, 4, 0)
png("palette4.png", grey >> 4, 4, 3, [(b"PLTE", palette), (b"tRNS", bytes(range(0, 160, 10)))])
png("keyed.png", color, 8, 2, [(b"tRNS", struct.pack(">HHH", *map(int, color[0, 0])))])
png("gamma.png", color, 8, 2, [gamma])
png("gamma-alpha.png", rgba, 8, 6, [gamma])
png("interlaced.png", color, 8, 2, interlaced=True)
Image.fromarray(color).save(folder / "rgb.png")
Image.fromarray(grey[:, :, 0]).save(folder / "grey.png")
Image.fromarray(rgba).save(folder / "rgba.png")
Image.fromarray(rgba).convert("LA").save(folder / "grey-alpha.png")
Image.fromarray(color).quantize(8).save(folder / "palette.png")
Image.fromarray(color).save(folder / "lossy.webp", quality=80)
Image.fromarray(color).save(folder / "lossless.webp", lossless=True)
Image.fromarray(rgba).save(folder / "alpha.webp", lossless=True, exact=True)
Image.fromarray(rgba).save(folder / "lossy-alpha.webp", quality=80)
for ending, options in [("jpg", {"quality": 95, "subsampling": 0}), ("png", {}), ("webp", {"lossless": True})]:
    exif = Image.Exif()
    exif[0x010E] = "a description that comes first"
    exif[0x0112] = 6
    Image.fromarray(color).save(folder / f"turned.{ending}", exif=exif, **options)

cases = []
for file in sorted(set(folder.iterdir()) - {folder / "animated.webp"}):
    image = ImageOps.exif_transpose(Image.open(file))
    pixels = numpy.asarray(image.convert("RGB"))
    if file.name == "grey16.png":
        # Pillow takes everything above 255 for white.
        pixels = numpy.repeat(numpy.asarray(image)[:, :, None] >> 8, 3, axis=2)
    cases.append({"file": file.name, "shape": pixels.shape, "values": pixels.ravel().tolist()})

# Pictures that Pillow turns by each of EXIF's numbers.
orientations = []
for number in range(1, 9):
    image = Image.fromarray(color)
    image.getexif()[0x0112] = number
    pixels = numpy.asarray(ImageOps.exif_transpose(image))
    orientations.append({"shape": pixels.shape, "values": pixels.ravel().tolist()})

Image.fromarray(color).save(
    folder / "animated.webp", save_all=True, append_images=[Image.fromarray(255 - color)], lossless=True)
versions = {"python": platform.python_version(), "pillow": PIL.__version__, "numpy": numpy.__version__}
goldens = {"versions": versions, "pictures": cases, "orientations": orientations}
(folder.parent / "formats.json").write_text(json.dumps(goldens, separators=(",", ":")) + "\n")
