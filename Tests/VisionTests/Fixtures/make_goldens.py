"""Writes goldens.json and the JPEG files beside it, which the tests of Vision compare with.

Made with Python 3.11, Pillow, NumPy and PyTorch in the versions that goldens.json names:
    pip install pillow numpy torch
    python make_goldens.py
"""

import json
import pathlib
import platform

import numpy
import PIL
import torch
from PIL import Image

folder = pathlib.Path(__file__).parent


def picture(height, width):
    """The same picture that the tests make: whole numbers, so that both sides agree to the bit."""
    y, x, c = numpy.meshgrid(range(height), range(width), range(3), indexing="ij")
    return ((3 * y * y + 7 * x * (c + 1) + x * y) % 256).astype(numpy.uint8)


def smooth(height, width):
    """A picture that JPEG keeps well."""
    y, x, c = numpy.meshgrid(range(height), range(width), range(3), indexing="ij")
    return (40 + 6 * y + 4 * x + 25 * c).astype(numpy.uint8)


def resized(pixels, height, width):
    """Pillow in floating point, checked against PyTorch."""
    planes = [Image.fromarray(pixels[:, :, c].astype(numpy.float32), "F") for c in range(3)]
    result = numpy.stack([numpy.asarray(p.resize((width, height), Image.Resampling.BILINEAR)) for p in planes], axis=2)
    other = torch.nn.functional.interpolate(
        torch.tensor(pixels).permute(2, 0, 1)[None].double(), size=(height, width), mode="bilinear", antialias=True)
    assert numpy.abs(other[0].permute(1, 2, 0).numpy() - result).max() < 1e-3
    return result


def numbers(array):
    return [round(float(v), 3) for v in numpy.asarray(array).ravel()]


cases = []
for top, left, h, w, height, width in [
    (0, 0, 37, 53, 16, 16), (5, 7, 20, 30, 12, 40), (3, 2, 10, 12, 20, 20), (0, 0, 37, 53, 37, 53), (0, 0, 1, 1, 4, 3),
    (0, 0, 37, 53, 1, 2),
]:
    part = picture(37, 53)[top : top + h, left : left + w]
    values = [] if part.shape[:2] == (height, width) else numbers(resized(part, height, width))
    cases.append({"region": [top, left, h, w], "size": [height, width], "values": values})

# Shorter side to 18 = 16·256/224, then the centre as torchvision cuts it.
long_side = int(18 * 53 / 37)
whole = resized(picture(37, 53), 18, long_side)
top, left = int(round((18 - 16) / 2.0)), int(round((long_side - 16) / 2.0))
evaluation = numbers(whole[top : top + 16, left : left + 16])

jpegs = []
for name, mode, options in [
    ("color.jpg", "RGB", {"quality": 90, "subsampling": 2}), ("grey.jpg", "L", {"quality": 90}),
    ("progressive.jpg", "RGB", {"quality": 90, "progressive": True}), ("cmyk.jpg", "CMYK", {"quality": 95}),
]:
    Image.fromarray(smooth(19, 23)).convert(mode).save(folder / name, **options)
    jpegs.append({"file": name, "values": numpy.asarray(Image.open(folder / name).convert("RGB")).ravel().tolist()})

versions = {"python": platform.python_version(), "pillow": PIL.__version__, "numpy": numpy.__version__,
            "torch": torch.__version__}
goldens = {"versions": versions, "resize": cases, "evaluation": evaluation, "jpeg": jpegs}
(folder / "goldens.json").write_text(json.dumps(goldens, separators=(",", ":")) + "\n")
