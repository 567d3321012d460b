"""Writes the published networks at full size with random weights, and what PyTorch makes of them, into a folder:

    python3 Tests/Goldens/backbones_full.py FOLDER
    HPL_BACKBONE_PROOF=FOLDER swift test --filter BackboneProofTests

It takes about a gigabyte. Logits and gradients are computed in double precision from weights in single precision: once in
evaluation, as with frozen batch-norm, once in training.
"""

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
    "bn-inception": lambda: BNInception(),
    "vit-s16": lambda: timm.create_model("vit_small_patch16_224"),
}


def write(folder, name, batch=4, size=224):
    torch.manual_seed(1)
    model = MODELS[name]()
    images = torch.randn(batch, 3, size, size)
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

    model = model.double()
    cotangent = torch.randn(batch, 1000, dtype=torch.float64)
    results = {"images": images.permute(0, 2, 3, 1).contiguous(), "cotangent": cotangent.float()}
    for mode in ("evaluation", "training"):
        model.train(mode == "training")
        model.zero_grad()
        logits = model(images.double())
        (logits * cotangent.float().double()).sum().backward()
        results[f"{mode}.logits"] = logits.detach().float()
        for key, parameter in model.named_parameters():
            results[f"{mode}.gradient.{key}"] = parameter.grad.float().contiguous()
    save_file(results, folder / f"{name}-reference.safetensors")
    print(name, {mode: float(results[f"{mode}.logits"].std()) for mode in ("evaluation", "training")})


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name in MODELS:
        write(folder, name)
