"""Goldens for the published networks, thin and with few blocks: logits, and the gradients of all parameters."""

import torch
from timm.models.vision_transformer import VisionTransformer
from torch import nn
from torchvision.models import resnet

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


def main():
    case("resnet-basic", ThinResNet(resnet.BasicBlock, [2, 1, 1, 1]), 64)
    case("resnet-bottleneck", ThinResNet(resnet.Bottleneck, [2, 1, 1, 1]), 64)
    case("bn-inception", BNInception(CLASSES, WIDTH), 64)
    case("bn-inception-67", BNInception(CLASSES, WIDTH), 67, trained=False)
    case("vit", VisionTransformer(
        img_size=16, patch_size=8, embed_dim=8, depth=2, num_heads=2, num_classes=CLASSES), 16)
    fixture.save()


if __name__ == "__main__":
    main()
