"""Makes the files of `torch.save` beside this script.

    python3 Tests/Goldens/files/make_torch_files.py      (the committed ones: Python 3.11, PyTorch 2.13.0)
"""
import collections
import os
import pathlib

import numpy as np
import torch

folder = pathlib.Path(__file__).parent


def count(*shape, dtype=torch.float32):
    """0, 1, 2, … in a shape."""
    return torch.arange(int(np.prod(shape))).reshape(shape).to(dtype)


def save(name, value, legacy=False, protocol=2):
    torch.save(
        value, folder / f"{name}.pth", pickle_protocol=protocol, _use_new_zipfile_serialization=not legacy)


# What `state_dict()` gives: an OrderedDict with its `_metadata`.
module = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3))
for index, value in enumerate(module.state_dict().values()):
    value.copy_(count(*value.shape, dtype=value.dtype) + index)
save("state", module.state_dict())
save("state-legacy", module.state_dict(), legacy=True)
save("state-protocol-4", module.state_dict(), protocol=4)

types = {
    str(dtype).removeprefix("torch."): (count(2, 3, dtype=torch.float64) - (0 if dtype == torch.uint8 else 2)).to(dtype)
    for dtype in (torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.int32, torch.int64, torch.uint8)
}
types["bool"] = count(2, 3, dtype=torch.int64) % 2 == 0
save("types", types)
save("types-legacy", types, legacy=True)

# Views of one storage, and shapes at the edges.
whole = count(4, 6)
views = {
    "whole": whole, "transposed": whole.t(), "slice": whole[1:3, 2:5], "column": whole[:, 1], "row": whole[2],
    "every-other": whole[::2, ::3], "number": torch.tensor(2.5), "empty": torch.zeros(0, 3),
    "permuted": count(2, 3, 4).permute(2, 0, 1), "half": count(2, 3, dtype=torch.float16).t(),
    # A stride of an axis of length one says nothing, whatever it is.
    "far": torch.as_strided(whole, (1, 2), (2**62, 2), 1),
}
save("views", views)
save("views-legacy", views, legacy=True)

save("checkpoint", {
    "epoch": 7, "arch": "resnet50", "best": 0.25, "amp": None, "done": True, "milestones": [30, 60],
    "state_dict": collections.OrderedDict(weight=torch.nn.Parameter(count(2, 2))),
    "optimizer": {"state": {0: {"step": 12, "momentum": count(2, 2)}}, "param_groups": [{"betas": (0.9, 0.99)}]},
    "shape": torch.Size([2, 3]), "large": 1 << 40, "negative": -5,
})


class Attack:
    """Would make a file if an ordinary unpickler read it."""

    def __reduce__(self):
        return os.system, ("touch /tmp/swift-hpl-was-here",)


save("bad-attack", {"weight": count(2), "evil": Attack()})
save("bad-attack-legacy", {"weight": count(2), "evil": Attack()}, legacy=True)
save("bad-numpy", {"weight": count(2), "best": np.float64(0.5)})
save("bad-module", torch.nn.Linear(2, 2))
save("bad-int16", {"weight": count(2, dtype=torch.int16)})
save("bad-expanded", {"weight": count(1, 3).expand(1000, 3)})
