"""Goldens for layers: outputs, gradients and batch-norm statistics. Every image is channels-last."""

import torch
import torch.nn.functional as F
from torch import nn

from fixture import Fixture, distinct, leaf, normal, positive

fixture = Fixture("layers", ["torch"])


def channels_first(images):
    return images.permute(0, 3, 1, 2)


def channels_last(images):
    return images.permute(0, 2, 3, 1)


def case(name, function, input, parameters={}, images=True, **arguments):
    """Records `function(input, parameters)`, which sees channels-first images where `images` says so."""
    input = leaf(input)
    parameters = {key: leaf(value) for key, value in parameters.items()}
    output = function(channels_first(input) if images else input, parameters)
    if output.dim() == 4:
        output = channels_last(output)
    cotangent = normal(f"{name}/cotangent", *output.shape)
    output.backward(cotangent)
    fixture.add(f"{name}/input", input)
    fixture.add(f"{name}/gradient.input", input.grad)
    for key, parameter in parameters.items():
        fixture.add(f"{name}/parameter.{key}", parameter)
        fixture.add(f"{name}/gradient.{key}", parameter.grad)
    fixture.add(f"{name}/output", output)
    fixture.add(f"{name}/cotangent", cotangent)
    fixture.describe(name, **arguments)


def convolutions():
    # label: image [height, width], kernel [height, width], stride, padding, dilation
    cases = {
        "pad1": ([5, 4], [3, 3], 1, 1, 1),
        "stride2": ([6, 5], [3, 3], 2, 1, 1),
        "1x1": ([3, 4], [1, 1], 1, 0, 1),
        "1x1-stride2": ([5, 6], [1, 1], 2, 0, 1),
        "7x7-stride2": ([9, 8], [7, 7], 2, 3, 1),
        "5x3-unpadded": ([6, 5], [5, 3], 1, 0, 1),
        "dilation2": ([7, 6], [3, 3], 1, 2, 2),
        "whole-image": ([3, 3], [3, 3], 1, 0, 1),
    }
    for label, (size, kernel, stride, padding, dilation) in cases.items():
        name = f"conv2d/{label}"
        parameters = {"weight": normal(f"{name}/weight", 3, 2, *kernel), "bias": normal(f"{name}/bias", 3)}

        def convolve(x, p):
            return F.conv2d(x, p["weight"], p["bias"], stride, padding, dilation)

        case(name, convolve, normal(f"{name}/input", 2, *size, 2), parameters,
             stride=stride, padding=padding, dilation=dilation)


def linears():
    parameters = {"weight": normal("linear/weight", 4, 3), "bias": normal("linear/bias", 4)}
    case("linear/plain", lambda x, p: F.linear(x, p["weight"], p["bias"]),
         normal("linear/input", 5, 3), parameters, images=False)


def batch_norms():
    for label, shape in {"image": [3, 4, 3, 2], "one-pixel": [4, 1, 1, 3], "far-mean": [3, 2, 2, 2]}.items():
        for training in (True, False):
            name = f"batch_norm/{label}-{'training' if training else 'evaluation'}"
            channels = shape[-1]
            mean, variance = normal(f"{name}/mean", channels), positive(f"{name}/variance", channels)
            parameters = {"weight": normal(f"{name}/weight", channels), "bias": normal(f"{name}/bias", channels)}
            fixture.add(f"{name}/before.running_mean", mean)
            fixture.add(f"{name}/before.running_var", variance)

            def normalize(x, p):
                return F.batch_norm(x, mean, variance, p["weight"], p["bias"], training, momentum=0.1, eps=1e-5)

            offset = 1000 if label == "far-mean" else 0
            case(name, normalize, normal(f"{name}/input", *shape) + offset, parameters,
                 training=training, momentum=0.1, epsilon=1e-5)
            fixture.add(f"{name}/after.running_mean", mean)
            fixture.add(f"{name}/after.running_var", variance)


def poolings():
    # label: window, stride, padding
    cases = {"3x3-stride2-pad1": (3, 2, 1), "2x2-stride2": (2, 2, 0), "3x3-stride1": (3, 1, 0)}
    for label, (window, stride, padding) in cases.items():
        shape = [2, 6, 5, 2]
        case(f"max_pool2d/{label}", lambda x, p: F.max_pool2d(x, window, stride, padding),
             distinct(f"max_pool2d/{label}", *shape), window=window, stride=stride, padding=padding)
        case(f"avg_pool2d/{label}", lambda x, p: F.avg_pool2d(x, window, stride, padding, count_include_pad=True),
             normal(f"avg_pool2d/{label}", *shape), window=window, stride=stride, padding=padding)
    case("max_pool2d/all-negative", lambda x, p: F.max_pool2d(x, 3, 2, 1),
         distinct("max_pool2d/all-negative", 1, 4, 4, 1) - 10, window=3, stride=2, padding=1)
    case("global_average/plain", lambda x, p: x.mean((2, 3)), normal("global_average", 2, 3, 4, 2))
    case("global_maximum/plain", lambda x, p: x.amax((2, 3)), distinct("global_maximum", 2, 3, 4, 2))


class ResidualBlock(nn.Module):
    """conv3x3, bn, relu, conv3x3, bn, plus the input (through conv1x1, bn where shapes differ), relu."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        hidden = torch.relu(self.bn1(self.conv1(x)))
        return torch.relu(self.bn2(self.conv2(hidden)) + self.shortcut(x))


def residual_blocks():
    for label, (inputs, outputs, stride) in {"projection": (2, 3, 2), "identity": (2, 2, 1)}.items():
        name = f"residual_block/{label}"
        block = ResidualBlock(inputs, outputs, stride).double()
        parameters = {key: normal(f"{name}/{key}", *p.shape) for key, p in block.named_parameters()}
        case(name, lambda x, p: torch.func.functional_call(block, p, (x,)),
             normal(f"{name}/input", 2, 6, 4, inputs), parameters, inputs=inputs, outputs=outputs, stride=stride)
        for key, buffer in block.named_buffers():
            if "running" in key:
                fixture.add(f"{name}/after.{key}", buffer)


def main():
    for family in (convolutions, linears, batch_norms, poolings, residual_blocks):
        family()
    fixture.save()


if __name__ == "__main__":
    main()
