"""Compares bn_inception.py, which the goldens are made with, with the port itself: python3 bn_inception_port.py

The port is BNInception of the package pretrainedmodels 0.7.4 (pip install --no-deps pretrainedmodels munch), from which the one
in Proxy-Anchor's code descends. Nothing is written.
"""

import importlib.util
from pathlib import Path

import torch

from bn_inception import BNInception

SIZES = [(True, 224), (False, 224), (False, 227)]


def main():
    torch.manual_seed(0)
    port, ours = load_port().BNInception(num_classes=1000).double(), BNInception(1000).double()
    state = {name: fill(name, tensor) for name, tensor in port.state_dict().items()}
    assert list(state) == list(ours.state_dict()), "other names, or in another order"
    for network in (port, ours):
        network.load_state_dict(state)
    print(f"the same {len(state)} names in the same order")
    for is_training, size in SIZES:
        compare(port, ours, is_training, size)


def load_port():
    """The module alone: the package as a whole imports torchvision."""
    package = importlib.util.find_spec("pretrainedmodels")
    path = Path(package.submodule_search_locations[0]) / "models" / "bninception.py"
    spec = importlib.util.spec_from_file_location("bninception", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def fill(name, tensor):
    if not tensor.is_floating_point():
        return tensor
    return torch.rand_like(tensor) + 0.5 if name.endswith("running_var") else torch.randn_like(tensor) * 0.05


def compare(port, ours, is_training, size):
    images = torch.randn(2, 3, size, size, dtype=torch.float64)
    cotangent = torch.randn(2, 1000, dtype=torch.float64)
    logits = []
    for network in (port, ours):
        network.train(is_training)
        network.zero_grad()
        logits.append(network(images))
        (logits[-1] * cotangent).sum().backward()
    # In training a bias before a batch-norm has a gradient of rounding noise.
    gradients = [
        relative(parameter.grad, dict(ours.named_parameters())[name].grad)
        for name, parameter in port.named_parameters()
        if not (is_training and name.endswith(".bias") and not name.endswith("_bn.bias") and "last" not in name)
    ]
    mode = "training" if is_training else "evaluation"
    print(f"{mode}, {size} pixels: logits differ by {relative(*logits):.1e}, gradients by at most {max(gradients):.1e}")


def relative(a, b):
    return ((a - b).norm() / a.norm()).item()


if __name__ == "__main__":
    main()
