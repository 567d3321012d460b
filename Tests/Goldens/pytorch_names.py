"""The functions that PyTorch documents in torch and torch.nn.functional, a name a line; written to files/pytorch-names.txt."""

import re
import types
from pathlib import Path

import torch
import torch.nn.functional as F


def documented(module, prefix):
    for name in dir(module):
        value = getattr(module, name)
        if name.startswith("_") or name.endswith("_") or not callable(value) or isinstance(value, (type, types.ModuleType)):
            continue
        text = value.__doc__ or ""
        is_python = isinstance(value, types.FunctionType) and (value.__module__ or "").startswith(
            ("torch.functional", "torch.nn.functional"))
        if re.match(rf'\s*(r"+)?\s*{name}\(', text) or (is_python and text):
            yield prefix + name


def main():
    names = sorted({*documented(torch, "torch."), *documented(F, "F.")})
    path = Path(__file__).parent / "files" / "pytorch-names.txt"
    path.write_text(f"PyTorch {torch.__version__.split('+')[0]}\n" + "\n".join(names) + "\n")
    print(f"{path.name}: {len(names)} names")


if __name__ == "__main__":
    main()
