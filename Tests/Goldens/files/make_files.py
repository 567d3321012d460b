"""Makes the NumPy files beside this script, and `printed.json`, the texts that NumPy prints for some arrays.

    python3 Tests/Goldens/files/make_files.py      (the committed ones: Python 3.11, NumPy 2.4.6)

The numbers do not depend on NumPy's random generators, so that another version makes the same files.
"""
import io
import json
import math
import pathlib
import random
import zipfile

import numpy as np

folder = pathlib.Path(__file__).parent

# `.npy`: 0 ... 5 less 2, times 1.5 where the type has fractions.
for code in ["<f2", ">f2", "<f4", ">f4", "<f8", ">f8", "<i4", ">i4", "<i8", ">i8", "|u1", "|b1"]:
    numbers = np.arange(6).reshape(2, 3)
    kind = np.dtype(code).kind
    values = numbers if kind == "u" else numbers % 2 if kind == "b" else (numbers - 2) * (1.5 if kind == "f" else 1)
    name = code.replace("<", "little-").replace(">", "big-").replace("|", "")
    np.save(folder / f"{name}.npy", values.astype(code))
np.save(folder / "fortran.npy", np.asfortranarray(np.arange(24, dtype="<f4").reshape(2, 3, 4)))
np.save(folder / "fortran-big.npy", np.asfortranarray(np.arange(6, dtype=">i4").reshape(2, 3)))
np.save(folder / "number.npy", np.array(2.5, dtype="<f8"))
np.save(folder / "vector.npy", np.arange(5, dtype="<i8"))
np.save(folder / "empty.npy", np.zeros((0, 3), dtype="<f4"))
for version in [(2, 0), (3, 0)]:
    with open(folder / f"version-{version[0]}.npy", "wb") as file:
        np.lib.format.write_array(file, np.arange(3, dtype="<f4"), version=version)
np.save(folder / "complex.npy", np.zeros(2, dtype="<c8"))
np.save(folder / "record.npy", np.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")]))

# `.npz`: written by hand, because NumPy stores the time of day.
arrays = {
    "weights": np.linspace(-1, 1, 12, dtype="<f4").reshape(3, 4),
    "labels": np.arange(300, dtype="<i8") % 7,
    "größe": np.array([1.5], dtype="<f8"),
}
for name, method in [("stored", zipfile.ZIP_STORED), ("deflated", zipfile.ZIP_DEFLATED)]:
    with zipfile.ZipFile(folder / f"{name}.npz", "w", method) as archive:
        for key, array in arrays.items():
            member = zipfile.ZipInfo(f"{key}.npy")
            member.compress_type = method
            content = io.BytesIO()
            np.save(content, array)
            with archive.open(member, "w", force_zip64=True) as target:
                target.write(content.getvalue())

# Printed texts.
cases = []


def add(array):
    array = np.asarray(array)
    values = [v.hex() if isinstance(v, float) and math.isfinite(v) else str(v).lower() for v in array.ravel().tolist()]
    cases.append({"type": array.dtype.name, "shape": array.shape, "values": values, "text": str(array)})


def add_range(dtype, shape, scale):
    array = (np.arange(math.prod(shape)) * scale).astype(dtype).reshape(shape)
    cases.append({"type": array.dtype.name, "shape": shape, "scale": scale, "text": str(array)})


for dtype in ["float32", "float64"]:
    for values in [
        [1, 2, 3], [1.5, -2, 3.25], [0.1, 0.2, 0.3], [0, 0], [-0.0, 1], [1e10, 1], [1e-5, 1], [999999, 1000],
        [1000000, 1000], [99999999, 99999], [123456789, 123456], [1, 1000], [1, 1001], [1e-4, 0.05], [9.9e-5, 0.05],
        [math.nan, 1], [math.inf, 1.25], [-math.inf, 1.25], [math.nan, math.inf], [-math.inf], [math.nan],
        [1 / 3, 2 / 3], [-1 / 3, 100 / 3], [1e38, -1e-38], [1e20, math.nan], [0.30000000001, 1], [0.5, -0.123456785],
        [0.999999999999, 1], [1e-10, 1e-11], [3e-5, -math.inf], [16777216, 16777217], [1e7 + 0.1, 1e7],
    ]:
        add(np.array(values, dtype=dtype))
    add(np.array([[1, 2.5, -3], [100.125, 0, 7]], dtype=dtype))
    add(np.array([[[1, 2], [3, 4]], [[5, 6], [7, 8.5]]], dtype=dtype))
    add(np.arange(16, dtype=dtype).reshape(2, 2, 2, 2))
    add(np.arange(40, dtype=dtype) / 7)
    add(np.array([[1e-300 if dtype == "float64" else 1e-30, 1]], dtype=dtype))
    add_range(dtype, [1001], 0.5)
    add_range(dtype, [1000], 0.5)
    add_range(dtype, [100, 20], 0.125)
    add_range(dtype, [10, 10, 11], 0.25)
    add_range(dtype, [2, 3, 300], -0.25)
    add_range(dtype, [7, 1, 200, 1], 0.75)
    add_range(dtype, [3, 2000], 1e-3)
draw = random.Random(1)
for index in range(50):
    shape = [[3], [4, 3], [2, 2, 2], [1, 9], [25]][index % 5]
    spread = draw.choice([0, 1, 2, 4, 8, 20])
    values = [draw.uniform(-1, 1) * 10 ** draw.uniform(-spread, spread) for _ in range(math.prod(shape))]
    values = [round(v, draw.choice([0, 1, 3])) if index % 3 == 0 else v for v in values]
    for dtype in ["float32", "float64"]:
        add(np.array(values, dtype=dtype).reshape(shape))
for values in [[1, 2, 3], [-10, 200, 3], [[0, 1], [-1, 100000]], list(range(30)), [2**62, -1]]:
    add(np.array(values, dtype="int64"))
add(np.array([[0, 255], [12, 7]], dtype="uint8"))
add(np.array([[True, False], [True, True]]))
add(np.array([False, False]))
add_range("int64", [2000], -3)
add_range("int64", [40, 40], 1)
(folder / "printed.json").write_text(
    "[\n" + ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases) + "\n]\n")
