"""Networks in PyTorch, as Sources/bench/Benchmarks/Networks.swift has them: training steps with their optimiser, and evaluation.

In bfloat16 the network runs under autocast, the loss and the optimiser do not. Optimisers are fused, which is the fastest of their forms.
"""

import contextlib
import os
import shutil
from dataclasses import dataclass
from typing import Callable

from measure import Skip, Work


@dataclass
class Network:
    make: Callable[[], object]
    flops: float  # of one picture, forward
    optimizer: Callable[[object], object]  # from parameters


def make_resnet50():
    from torchvision.models import resnet50

    return resnet50(weights=None)


def make_vit():
    """ViT-S/16; its attention is scaled_dot_product_attention."""
    from torchvision.models import VisionTransformer

    return VisionTransformer(image_size=224, patch_size=16, num_layers=12, num_heads=6, hidden_dim=384, mlp_dim=1536)


def sgd(parameters):
    import torch

    return torch.optim.SGD(parameters, lr=1e-3, momentum=0.9, fused=True)


def adamw(parameters):
    import torch

    return torch.optim.AdamW(parameters, lr=1e-4, fused=True)


RESNET50 = Network(make_resnet50, 8.18e9, sgd)
VIT = Network(make_vit, 9.2e9, adamw)


def training(network, bfloat16=False, compiled=False, contiguous=False):
    """From a batch's size to the work of a training step."""

    def work(size):
        import torch

        model, images = model_and_images(network, int(size), bfloat16, compiled, contiguous)
        optimizer = network.optimizer(model.parameters())
        labels = torch.arange(int(size)) * 31 % 1000

        def run():
            optimizer.zero_grad()
            with precision(bfloat16):
                logits = model(images)
            torch.nn.functional.cross_entropy(logits.float(), labels).backward()
            optimizer.step()

        return Work(run, flops=3 * network.flops * int(size))

    return work


def inference(network, bfloat16=False, compiled=False, frozen=False, contiguous=False):
    """From a batch's size to the work of evaluating it; frozen is traced, weights and statistics being constants then."""

    def work(size):
        import torch

        model, images = model_and_images(network, int(size), bfloat16, compiled, contiguous, training=False)
        if frozen:
            with torch.inference_mode(), precision(bfloat16, cache_enabled=False):
                model = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(model, images)))

        def run():
            # What is frozen has its conversions in the graph.
            with torch.inference_mode(), precision(bfloat16 and not frozen):
                return model(images)

        return Work(run, flops=network.flops * int(size))

    return work


def model_and_images(network, batch, bfloat16, compiled, contiguous, training=True):
    import torch

    if bfloat16:
        require_bfloat16()
    layout = torch.contiguous_format if contiguous else torch.channels_last
    model = network.make().to(memory_format=layout).train(training)
    if compiled:
        require_compiler()
        model = torch.compile(model)
    return model, torch.randn(batch, 3, 224, 224).to(memory_format=layout)


def precision(bfloat16, **options):
    import torch

    return torch.autocast("cpu", torch.bfloat16, **options) if bfloat16 else contextlib.nullcontext()


def require_compiler():
    """What torch.compile makes is C++."""
    compiler = os.environ.get("CXX", "g++")
    if not shutil.which(compiler):
        raise Skip(f"there is no C++ compiler, {compiler}")


def require_bfloat16():
    """Without oneDNN's kernels a network takes 10 to 40 times as long as in `Float`: nobody would choose that, and no ratio to it counts."""
    import torch

    if not torch.ops.mkldnn._is_mkldnn_bf16_supported():
        raise Skip("PyTorch has no bfloat16 kernels for this processor")
