"""Goldens for the published networks, thin and with few blocks: logits, and the gradients of all parameters; position embeddings
of other sizes; the names and shapes of the whole networks."""

import zlib
from functools import partial

import timm
import torch
import torchvision
from timm.layers import resample_abs_pos_embed
from timm.models.vision_transformer import VisionTransformer
from torch import nn
from torchvision.models import convnext, mobilenetv3, resnet

from bn_inception import BNInception
from fixture import Fixture, normal

fixture = Fixture("backbones", ["torch", "torchvision", "timm"])

WIDTH = 2
CLASSES = 3


class ThinResNet(resnet.ResNet):
    """torchvision's network with its blocks, stages and forward pass, but with fewer channels."""

    def __init__(self, block, depths):
        nn.Module.__init__(self)
        self._norm_layer = nn.BatchNorm2d
        self.inplanes, self.dilation, self.groups, self.base_width = WIDTH, 1, 1, 64
        self.conv1 = nn.Conv2d(3, WIDTH, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(WIDTH)
        self.relu = nn.ReLU()
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        for stage, depth in enumerate(depths):
            layer = self._make_layer(block, WIDTH << stage, depth, stride=2 if stage else 1)
            setattr(self, f"layer{stage + 1}", layer)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear((WIDTH << 3) * block.expansion, CLASSES)


class RegisterTransformer(VisionTransformer):
    """DINOv2's order of tokens with timm's blocks: registers between class token and patches, without a position."""

    def __init__(self, registers, **arguments):
        super().__init__(**arguments)
        self.register_tokens = nn.Parameter(torch.zeros(1, registers, self.embed_dim))

    def _pos_embed(self, x):
        x = torch.cat([self.cls_token.expand(len(x), -1, -1), x], 1) + self.pos_embed
        return torch.cat([x[:, :1], self.register_tokens.expand(len(x), -1, -1), x[:, 1:]], 1)


class ExactHardSigmoid(nn.Module):
    """PyTorch's own gradient has 1/6 in single precision."""

    def forward(self, x):
        return (x + 3).clamp(0, 6) / 6


def mobile_net():
    squeeze = partial(mobilenetv3.SElayer, scale_activation=ExactHardSigmoid)
    config = partial(mobilenetv3.InvertedResidualConfig, width_mult=1, dilation=1)
    names = ("input_channels", "kernel", "expanded_channels", "out_channels", "use_se", "activation", "stride")
    blocks = [
        (8, 3, 8, 8, False, "RE", 1), (8, 3, 16, 8, True, "RE", 2), (8, 5, 16, 8, True, "HS", 1), (8, 3, 40, 16, False, "HS", 2)]
    return mobilenetv3.MobileNetV3(
        [config(**dict(zip(names, values))) for values in blocks], 8, CLASSES,
        block=partial(mobilenetv3.InvertedResidual, se_layer=squeeze), dropout=0.0)


def conv_next():
    setting = [
        convnext.CNBlockConfig(4, 8, 1), convnext.CNBlockConfig(8, 12, 2), convnext.CNBlockConfig(12, 16, 1),
        convnext.CNBlockConfig(16, None, 1)]
    return convnext.ConvNeXt(setting, stochastic_depth_prob=0.0, num_classes=CLASSES)


def uniform(number, count):
    """Numbers in -1/2 ..< 1/2 that another language makes alike: a hash of `number` and of each position."""
    mask = 0xFFFFFFFF
    x = (torch.arange(count) * 2654435761 + number * 40503 + 12345) & mask
    for shift, factor in ((16, 0x45D9F3B), (15, 0x2C1B3C6D)):
        x = ((x ^ (x >> shift)) * factor) & mask
    return (x ^ (x >> 16)).double() / 2**32 - 0.5


def fill(model):
    """Gives parameter number k, in the order of the sorted names, values that follow from k."""
    state = {name: value for name, value in model.state_dict().items() if "num_batches" not in name}
    for number, name in enumerate(sorted(state)):
        value = state[name]
        numbers = uniform(number, value.numel()).reshape(value.shape)
        if value.dim() > 1:
            numbers = numbers * 4 / value[0].numel() ** 0.5
        elif name.endswith((".weight", "running_var")):
            numbers = numbers + 1
        with torch.no_grad():
            value.copy_(numbers)


def case(name, model, size, trained=True):
    model = model.double()
    fill(model)
    count = 2 * size * size * 3
    images = (uniform(1000, count) * 4).reshape(2, size, size, 3).permute(0, 3, 1, 2)
    model.eval()
    fixture.add(f"{name}/evaluated", model(images))
    fixture.describe(name, size=size)
    if not trained:
        return
    model.train()
    output = model(images)
    cotangent = normal(f"{name}/cotangent", *output.shape)
    output.backward(cotangent)
    fixture.add(f"{name}/output", output)
    fixture.add(f"{name}/cotangent", cotangent)
    for key, parameter in model.named_parameters():
        fixture.add(f"{name}/gradient.{key}", parameter.grad)


def positions(name, side, target, antialias, shift):
    """Position embeddings of `side` x `side` patches, and what DINO, DINOv2 or timm make of them for `target` x `target`."""
    embeddings = uniform(2000 + side, (1 + side * side) * 4).reshape(1, 1 + side * side, 4)
    grid = embeddings[:, 1:].reshape(1, side, side, 4).permute(0, 3, 1, 2)
    if side == target:
        pass  # all leave them as they are
    elif shift:
        scale = (target + shift) / side
        grid = nn.functional.interpolate(grid, scale_factor=(scale, scale), mode="bicubic")
    else:
        grid = nn.functional.interpolate(grid, size=(target, target), mode="bicubic", antialias=antialias)
    resampled = torch.cat([embeddings[:, :1], grid.permute(0, 2, 3, 1).reshape(1, -1, 4)], 1)
    if antialias and side != target:
        timms = resample_abs_pos_embed(embeddings, [target, target], [side, side])  # by way of single precision
        assert torch.allclose(resampled, timms, atol=1e-6)
    fixture.add(f"positions-{name}-{side}-{target}/resampled", resampled)
    fixture.describe(f"positions-{name}-{side}-{target}", side=side, target=target)


def published(name, model):
    """How many tensors and numbers a whole network has, and a checksum of their names and shapes."""
    state = {key: list(value.shape) for key, value in model.state_dict().items() if "num_batches" not in key}
    lines = sorted(f"{key} {'x'.join(map(str, shape))}" for key, shape in state.items())
    fixture.describe(f"published-{name}", tensors=len(state), checksum=f"{zlib.crc32(chr(10).join(lines).encode()):08x}",
                     parameters=sum(parameter.numel() for parameter in model.parameters()))


def dino(model, registers=0):
    """timm's transformer with the names and shapes of DINO's or DINOv2's own file, mask token aside."""
    if registers:
        del model.reg_token
        model.register_tokens = nn.Parameter(torch.zeros(1, registers, model.embed_dim))
        model.pos_embed = nn.Parameter(torch.zeros(1, 1 + model.pos_embed.shape[1], model.embed_dim))
    return model


def main():
    case("resnet-basic", ThinResNet(resnet.BasicBlock, [2, 1, 1, 1]), 64)
    case("resnet-bottleneck", ThinResNet(resnet.Bottleneck, [2, 1, 1, 1]), 64)
    case("bn-inception", BNInception(CLASSES, WIDTH), 64)
    case("bn-inception-67", BNInception(CLASSES, WIDTH), 67, trained=False)
    case("vit", VisionTransformer(
        img_size=16, patch_size=8, embed_dim=8, depth=2, num_heads=2, num_classes=CLASSES), 16)
    transformer = dict(img_size=16, patch_size=8, embed_dim=8, depth=2, num_heads=2, num_classes=CLASSES, init_values=1e-5)
    case("vit-registers", RegisterTransformer(2, **transformer), 16)
    case("vit-timm-registers", VisionTransformer(reg_tokens=2, no_embed_class=True, **transformer), 16, trained=False)
    case("mobilenet-v3", mobile_net(), 32)
    case("convnext", conv_next(), 64)
    for side, target in ((6, 4), (6, 9), (5, 5), (7, 2)):
        positions("shifted", side, target, False, 0.1)
        positions("antialiased", side, target, True, 0)

    for name in ("resnet18", "resnet34", "resnet50", "resnet101"):
        published(name, getattr(torchvision.models, name)())
    published("bn-inception", BNInception())
    published("vit-s16", timm.create_model("vit_small_patch16_224"))
    published("vit-b16", timm.create_model("vit_base_patch16_224"))
    published("dino-vit-s16", timm.create_model("vit_small_patch16_224.dino"))
    published("dino-vit-b16", timm.create_model("vit_base_patch16_224.dino"))
    for letter, size in (("s", "small"), ("b", "base")):
        published(f"dinov2-vit-{letter}14", dino(timm.create_model(f"vit_{size}_patch14_dinov2")))
        published(f"dinov2-vit-{letter}14-reg", dino(timm.create_model(f"vit_{size}_patch14_reg4_dinov2"), 4))
    published("mobilenet-v3-large", torchvision.models.mobilenet_v3_large())
    published("mobilenet-v3-small", torchvision.models.mobilenet_v3_small())
    published("convnext-tiny", torchvision.models.convnext_tiny())
    fixture.save()


if __name__ == "__main__":
    main()
