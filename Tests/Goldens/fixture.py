"""What the golden scripts share: seeded inputs and a deterministic safetensors writer."""

import json
import math
import struct
import zlib
from importlib.metadata import version
from pathlib import Path

import torch

FOLDER = Path(__file__).parent
DTYPES = {torch.float64: "F64", torch.float32: "F32", torch.int64: "I64"}


def normal(name, *shape):
    """Normal deviates seeded by `name`, rounded to multiples of 1/1024 so that Float holds them exactly."""
    generator = torch.Generator().manual_seed(zlib.crc32(name.encode()))
    return round_exactly(torch.randn(shape, generator=generator, dtype=torch.float64))


def positive(name, *shape):
    """Like `normal`, but at least 1/4."""
    return normal(name, *shape).abs() + 0.25


def distinct(name, *shape):
    """A seeded permutation of equally spaced values around 0: no two are equal, so no maximum is tied."""
    generator = torch.Generator().manual_seed(zlib.crc32(name.encode()))
    count = math.prod(shape)
    order = torch.randperm(count, generator=generator)
    return ((order - count // 2) / 16).double().reshape(shape)


def round_exactly(values):
    return torch.round(values * 1024) / 1024


def values(numbers):
    return torch.tensor(numbers, dtype=torch.float64)


def leaf(tensor):
    return tensor.detach().clone().requires_grad_()


class Fixture:
    """Named tensors with JSON arguments, written as one safetensors file in sorted order.

    The safetensors package writes its metadata in hash order; this writer gives the same bytes every time.
    """

    def __init__(self, family, packages, allows_nan=False):
        self.family = family
        self.allows_nan = allows_nan
        self.tensors = {}
        self.metadata = {"script": f"{family}.py"}
        for package in packages:
            self.metadata[f"version.{package}"] = version(package).split("+")[0]

    def add(self, name, tensor):
        assert name not in self.tensors, f"{name} is written twice"
        self.tensors[name] = torch.as_tensor(tensor).detach().clone().contiguous()

    def describe(self, case, **arguments):
        assert case not in self.metadata, f"{case} is described twice"
        self.metadata[case] = json.dumps(arguments, sort_keys=True, separators=(",", ":"))

    def case(self, name, function, *inputs, untracked=(), **arguments):
        """Adds `function(*inputs, **arguments)` and its gradients for a seeded cotangent.

        Integers, and the inputs whose positions are in `untracked`, have none.
        """
        tracked = [x.is_floating_point() and i not in untracked for i, x in enumerate(inputs)]
        leaves = [leaf(x) if t else x for x, t in zip(inputs, tracked)]
        output = function(*leaves, **arguments)
        cotangent = normal(f"{name}/cotangent", *output.shape)
        if output.requires_grad:
            output.backward(cotangent)
        for i, x in enumerate(leaves):
            self.add(f"{name}/input{i}", x)
            if tracked[i]:
                self.add(f"{name}/gradient{i}", torch.zeros_like(x) if x.grad is None else x.grad)
        self.add(f"{name}/output", output)
        self.add(f"{name}/cotangent", cotangent)
        self.describe(name, **arguments)

    def save(self):
        header = {"__metadata__": dict(sorted(self.metadata.items()))}
        data = b""
        for name in sorted(self.tensors):
            tensor = self.tensors[name]
            assert self.allows_nan or not torch.isnan(tensor).any(), f"{name} holds a NaN"
            piece = tensor.numpy().tobytes()
            header[name] = {
                "dtype": DTYPES[tensor.dtype],
                "shape": list(tensor.shape),
                "data_offsets": [len(data), len(data) + len(piece)],
            }
            data += piece
        text = json.dumps(header, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 8)
        path = FOLDER / f"{self.family}.safetensors"
        path.write_bytes(struct.pack("<Q", len(text)) + text + data)
        self.check(path)
        print(f"{path.name}: {len(self.tensors)} tensors, {path.stat().st_size} bytes")

    def check(self, path):
        """The reference reader must find exactly what was written."""
        from safetensors.torch import load_file

        read = load_file(path)
        assert read.keys() == self.tensors.keys()
        for name, tensor in self.tensors.items():
            assert read[name].dtype == tensor.dtype, name
            assert torch.equal(read[name].nan_to_num(12345), tensor.nan_to_num(12345)), name
