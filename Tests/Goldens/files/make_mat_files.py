"""Makes the MATLAB files beside this script.

    python3 Tests/Goldens/files/make_mat_files.py      (the committed ones: Python 3.11, SciPy 1.17.1)

SciPy writes `values.mat`. `cars.mat` is written by hand, because MATLAB, which wrote the annotations of Cars-196, stores numbers
in the smallest type that holds them and text in 16 bits, as SciPy does not; SciPy reads it back here. Each file is there
twice, with its variables plain and compressed.
"""
import io
import pathlib
import struct
import zlib

import numpy as np
import scipy.io

folder = pathlib.Path(__file__).parent
header = "MATLAB 5.0 MAT-file, made by make_mat_files.py".ljust(116).encode() + bytes(8) + b"\x00\x01IM"


def cell(values, shape):
    array = np.empty(shape, dtype=object)
    array.ravel()[:] = values
    return array


numbers = np.arange(6).reshape(2, 3) - 2
values = {
    name: (numbers + (2 if name.startswith("u") else 0)).astype(name)
    for name in "int8 uint8 int16 uint16 int32 uint32 int64 uint64".split()
}
values |= {
    "single": (numbers * 1.5).astype("f4"), "double": numbers * 1.5, "logical": numbers > 0, "cube": np.arange(24.0).reshape(2, 3, 4),
    "number": 2.5, "empty": np.zeros((0, 3)), "text": "größer als a", "nothing": "", "rows": np.array(["ab", "cd", "ef"]),
    "cells": cell([1.0, "two", np.array([[3, 4]], dtype="u1"), cell(["deep"], (1, 1))], (2, 2)),
    "structure": {"name": "gull", "size": 5.0, "inner": {"x": 1.0}},
    "large": np.array([2.0**53, -(2.0**53)]),
}
for suffix, compressed in [("", False), ("-deflated", True)]:
    content = io.BytesIO()
    scipy.io.savemat(content, values, do_compression=compressed, oned_as="row")
    (folder / f"values{suffix}.mat").write_bytes(header + content.getvalue()[128:])  # without the time of day
content = io.BytesIO()
scipy.io.savemat(content, {"good": 1.0, "complex": 1j, "sparse": scipy.sparse.eye(2).tocsc()})
(folder / "strange.mat").write_bytes(header + content.getvalue()[128:])


def element(code, data):
    if 0 < len(data) <= 4:
        return struct.pack("<HH", code, len(data)) + data.ljust(4, b"\0")
    return struct.pack("<II", code, len(data)) + data + bytes(-len(data) % 8)


def matrix(code, shape, content, name=""):
    flags = element(6, struct.pack("<II", code, 0))
    inner = flags + element(5, struct.pack(f"<{len(shape)}i", *shape)) + element(1, name.encode()) + content
    return struct.pack("<II", 14, len(inner)) + inner


def number(value):
    """A double, which MATLAB stores as an integer where it is one."""
    code, form = next((c, f) for c, f, most in [(2, "<B", 255), (4, "<H", 65535)] if value <= most)
    return matrix(6, (1, 1), element(code, struct.pack(form, value)))


def text(value):
    return matrix(4, (1, len(value)), element(4, value.encode("utf-16-le")))


fields = ["relative_im_path", "bbox_x1", "bbox_y1", "bbox_x2", "bbox_y2", "class", "test"]
names = ["AM General Hummer SUV 2000", "Acura RL Sedan 2012", "Acura TL Sedan 2012", "Ram C/V Cargo Van Minivan 2012"]
cars = [(f"car_ims/{i + 1:06}.jpg", 1 + i, 2, 8, 300 if i == 3 else 8, 1 + i // 2, i % 2) for i in range(8)]
structures = element(5, struct.pack("<i", 32)) + element(1, b"".join(f.encode().ljust(32, b"\0") for f in fields))
structures += b"".join(text(car[0]) + b"".join(number(v) for v in car[1:-1]) + matrix(
    9, (1, 1), element(2, bytes([car[-1]]))) for car in cars)
variables = [
    matrix(2, (1, len(cars)), structures, "annotations"), matrix(1, (1, 4), b"".join(map(text, names)), "class_names"),
]
(folder / "cars.mat").write_bytes(header + b"".join(variables))
streams = [zlib.compress(v) for v in variables]
(folder / "cars-deflated.mat").write_bytes(header + b"".join(struct.pack("<II", 15, len(s)) + s for s in streams))

for name in ["cars", "cars-deflated"]:
    back = scipy.io.loadmat(folder / f"{name}.mat", squeeze_me=True)
    assert list(back["class_names"]) == names
    assert [tuple(row) for row in back["annotations"]] == cars
