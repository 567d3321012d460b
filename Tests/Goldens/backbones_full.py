"""Writes the published networks at full size with random weights, and what PyTorch makes of them, into a folder:

    python3 Tests/Goldens/backbones_full.py FOLDER [NAME ...]
    HPL_BACKBONE_PROOF=FOLDER swift test --filter BackboneProofTests

All of them take five gigabytes. Logits and gradients are computed in double precision from weights in single precision, once in
evaluation, as with frozen batch-norm, and once in training; beside them stands how far PyTorch's own single precision is from
them.
"""

import copy
import sys
from pathlib import Path

import timm
import torch
import torchvision
from safetensors.torch import save_file

from bn_inception import BNInception

MODELS = {
    "resnet18": lambda: torchvision.models.resnet18(),
    "resnet34": lambda: torchvision.models.resnet34(),
    "resnet50": lambda: torchvision.models.resnet50(),
    "resnet101": lambda: torchvision.models.resnet101(),
    "bn-inception": lambda: BNInception(),
    "vit-s16": lambda: timm.create_model("vit_small_patch16_224"),
    "vit-b16": lambda: timm.create_model("vit_base_patch16_224"),
    "dinov2-vit-s14": lambda: timm.create_model("vit_small_patch14_dinov2", img_size=224, num_classes=1000),
    "mobilenet-v3-large": lambda: torchvision.models.mobilenet_v3_large(dropout=0.0),
    "mobilenet-v3-small": lambda: torchvision.models.mobilenet_v3_small(dropout=0.0),
    "convnext-tiny": lambda: torchvision.models.convnext_tiny(stochastic_depth_prob=0.0),
}


def run(model, images, cotangent):
    """Logits and gradients by name, in the model's precision."""
    model.zero_grad()
    logits = model(images)
    (logits * cotangent).sum().backward()
    return logits.detach(), {name: parameter.grad.double().clone() for name, parameter in model.named_parameters()}


def distance(gradients, expected):
    squares = sum((gradients[name] - value).square().sum() for name, value in expected.items())
    return (squares / sum(value.square().sum() for value in expected.values())).sqrt()


def write(folder, name, batch=2, size=224):
    torch.manual_seed(1)
    model = MODELS[name]()
    images = torch.randn(batch, 3, size, size)
    for key, parameter in model.named_parameters():
        if key.endswith(("gamma", "layer_scale")):  # at 1e-5 nothing of a block would be seen
            torch.nn.init.uniform_(parameter, 0.1, 1)
    norms = [module for module in model.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    for norm in norms:
        torch.nn.init.uniform_(norm.weight, 0.5, 1.5)
        torch.nn.init.uniform_(norm.bias, -0.2, 0.2)
        norm.momentum = 1.0
    model.train()
    with torch.no_grad():
        model(images)  # running statistics that fit
    for norm in norms:
        norm.momentum = 0.1
    torch.save(model.state_dict(), folder / f"{name}.pth")
    torch.save(model.state_dict(), folder / f"{name}-legacy.pth", _use_new_zipfile_serialization=False)
    save_file(model.state_dict(), folder / f"{name}.safetensors")

    cotangent = torch.randn(batch, 1000)
    results = {"images": images.permute(0, 2, 3, 1).contiguous(), "cotangent": cotangent}
    modes = ("evaluation", "training")
    single = {mode: run(copy.deepcopy(model).train(mode == "training"), images, cotangent) for mode in modes}
    model = model.double()
    for mode in modes:
        logits, gradients = run(copy.deepcopy(model).train(mode == "training"), images.double(), cotangent.double())
        results[f"{mode}.logits"] = logits.float()
        results[f"{mode}.single_logits"] = single[mode][0]
        results[f"{mode}.single_gradients"] = distance(single[mode][1], gradients).float()
        for key, gradient in gradients.items():
            results[f"{mode}.gradient.{key}"] = gradient.float().contiguous()
    save_file(results, folder / f"{name}-reference.safetensors")
    print(name)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[2:] or MODELS:
        write(folder, name)
