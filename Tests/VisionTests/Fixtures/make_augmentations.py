"""Writes augmentations.json: what torchvision makes of a picture of floating-point numbers.

Made with Python 3.11, NumPy, PyTorch and torchvision in the versions that augmentations.json names:
    pip install numpy torch torchvision
    python make_augmentations.py
"""

import json
import pathlib
import platform

import numpy
import torch
import torchvision
from torchvision.transforms import v2
from torchvision.transforms.v2 import functional


def picture(height, width):
    """The same picture that the tests make: whole numbers, so that both sides agree to the bit."""
    y, x, c = numpy.meshgrid(range(height), range(width), range(3), indexing="ij")
    pixels = ((3 * y * y + 7 * x * (c + 1) + x * y) % 256).astype(numpy.float32) * numpy.float32(1 / 255)
    return torch.tensor(pixels).permute(2, 0, 1)


def values(image):
    return [round(float(v), 4) for v in image.permute(1, 2, 0).ravel()]


small, large = picture(9, 11), picture(18, 21)
adjustments = {
    "brightness 0.6": functional.adjust_brightness(small, 0.6),
    "brightness 1.7": functional.adjust_brightness(small, 1.7),
    "contrast 0.6": functional.adjust_contrast(small, 0.6),
    "contrast 1.7": functional.adjust_contrast(small, 1.7),
    "saturation 0.6": functional.adjust_saturation(small, 0.6),
    "saturation 1.7": functional.adjust_saturation(small, 1.7),
    "hue 0.3": functional.adjust_hue(small, 0.3),
    "hue -0.45": functional.adjust_hue(small, -0.45),
    "sharpness 0.2": functional.adjust_sharpness(small, 0.2),
    "sharpness 1.9": functional.adjust_sharpness(small, 1.9),
    "posterize 2": functional.posterize(small, 2),
    "posterize 5": functional.posterize(small, 5),
    "solarize 0.4": functional.solarize(small, 0.4),
    "rotation 33": functional.rotate(small, 33.0),
    "rotation -75, 0.5": functional.rotate(small, -75.0, fill=0.5),
    "equalize": functional.equalize(large),
}

augment = v2.RandAugment()
operations = {}
for name, (magnitudes, signed) in augment._AUGMENTATION_SPACE.items():
    size = (18, 21) if name == "Equalize" else (9, 11)
    image = picture(*size)
    strengths = magnitudes(augment.num_magnitude_bins, *size)
    strength = 0.0 if strengths is None else float(strengths[augment.magnitude])
    for sign in [1, -1] if signed else [1]:
        result = augment._apply_image_or_video_transform(
            image, name, sign * strength, interpolation=augment.interpolation, fill=augment._fill)
        operations[name + (" -" if sign < 0 else "")] = values(result)

# A picture whose colours do not reach from 0 to 1, with a channel that is the same everywhere.
narrow = small * 0.5 + 0.2
narrow[1] = 0.3
adjustments["autocontrast"] = functional.autocontrast(narrow)

versions = {"python": platform.python_version(), "numpy": numpy.__version__, "torch": torch.__version__,
            "torchvision": torchvision.__version__}
goldens = {"versions": versions, "adjustments": {k: values(v) for k, v in adjustments.items()}, "operations": operations}
file = pathlib.Path(__file__).parent / "augmentations.json"
file.write_text(json.dumps(goldens, separators=(",", ":")) + "\n")
