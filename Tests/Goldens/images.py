"""Goldens for grouped and transposed convolution, adaptive and 1-D pooling, upsampling, normalisation, embedding.

Everything is channels-last here and in the file.
"""

import torch
import torch.nn.functional as F

from fixture import Fixture, distinct, normal, values

fixture = Fixture("images", ["torch"])


def case(name, function, *inputs, **arguments):
    """Records a case whose function sees its first input with the channels in second place."""

    def channels_last(x, *rest, **arguments):
        return function(x.movedim(-1, 1), *rest, **arguments).movedim(1, -1)

    fixture.case(name, channels_last, *inputs, **arguments)


def convolutions():
    # label: image, weight, arguments
    cases = {
        "groups": ([2, 4, 5, 4], [6, 2, 3, 2], dict(stride=1, padding=1, dilation=1, groups=2)),
        "depthwise": ([2, 5, 4, 3], [3, 1, 3, 3], dict(stride=1, padding=1, dilation=1, groups=3)),
        "depthwise-multiplied": ([1, 6, 6, 2], [4, 1, 3, 3], dict(stride=2, padding=1, dilation=1, groups=2)),
        "groups-1x1": ([2, 3, 2, 4], [4, 2, 1, 1], dict(stride=1, padding=0, dilation=1, groups=2)),
        "groups-dilation": ([1, 7, 7, 2], [2, 1, 3, 3], dict(stride=1, padding=2, dilation=2, groups=2)),
    }
    for label, (image, weight, arguments) in cases.items():
        name = f"conv2d_groups/{label}"
        case(name, F.conv2d, normal(f"{name}/0", *image), normal(f"{name}/1", *weight), **arguments)
    for label, arguments in {
        "plain": dict(stride=1, padding=0, dilation=1, groups=1),
        "stride": dict(stride=2, padding=1, dilation=1, groups=1),
        "dilation": dict(stride=1, padding=1, dilation=2, groups=1),
        "groups": dict(stride=3, padding=1, dilation=1, groups=2),
    }.items():
        name = f"conv1d/{label}"
        weight = [4, 4 // arguments["groups"], 3]
        case(name, F.conv1d, normal(f"{name}/0", 2, 7, 4), normal(f"{name}/1", *weight), **arguments)
    for label, arguments in {
        "plain": dict(stride=1, padding=0, dilation=1, groups=1),
        "groups": dict(stride=2, padding=1, dilation=1, groups=2),
    }.items():
        name = f"conv3d/{label}"
        case(name, F.conv3d, normal(f"{name}/0", 1, 3, 4, 3, 2), normal(f"{name}/1", 2, 2 // arguments["groups"], 2, 3, 2),
             **arguments)


def transposed_convolutions():
    name = "conv_transpose3d/stride"
    case(name, F.conv_transpose3d, normal(f"{name}/0", 1, 2, 3, 2, 2), normal(f"{name}/1", 2, 3, 2, 3, 2),
         stride=2, padding=1, output_padding=1, dilation=1, groups=1)
    for label, arguments in {
        "plain": dict(stride=1, padding=0, output_padding=0, dilation=1, groups=1),
        "stride": dict(stride=2, padding=1, output_padding=1, dilation=1, groups=1),
        "stride3": dict(stride=3, padding=0, output_padding=2, dilation=1, groups=1),
        "dilation": dict(stride=2, padding=1, output_padding=0, dilation=2, groups=1),
        "groups": dict(stride=2, padding=0, output_padding=1, dilation=1, groups=2),
        "depthwise": dict(stride=1, padding=1, output_padding=0, dilation=1, groups=4),
    }.items():
        for dimensions, size, kernel in (("1d", [5], [3]), ("2d", [3, 2], [3, 2])):
            name = f"conv_transpose{dimensions}/{label}"
            function = F.conv_transpose1d if dimensions == "1d" else F.conv_transpose2d
            case(name, function, normal(f"{name}/0", 2, *size, 4), normal(f"{name}/1", 4, 3, *kernel), **arguments)


def poolings():
    for label, (window, stride, padding) in {"2": (2, 2, 0), "3-stride2-pad1": (3, 2, 1)}.items():
        arguments = dict(window=window, stride=stride, padding=padding)
        case(f"max_pool1d/{label}", lambda x, window, stride, padding: F.max_pool1d(x, window, stride, padding),
             distinct(f"max_pool1d/{label}", 2, 7, 2), **arguments)
        case(f"avg_pool1d/{label}", lambda x, window, stride, padding: F.avg_pool1d(x, window, stride, padding),
             normal(f"avg_pool1d/{label}", 2, 7, 2), **arguments)
    for label, (image, size) in {
        "divides": ([2, 4, 6, 2], [2, 3]),
        "overlaps": ([1, 7, 5, 2], [3, 4]),
        "larger": ([1, 2, 3, 1], [3, 5]),
        "one": ([2, 3, 4, 2], [1, 1]),
    }.items():
        case(f"adaptive_max_pool2d/{label}", lambda x, size: F.adaptive_max_pool2d(x, size),
             distinct(f"adaptive_max/{label}", *image), size=size)
        case(f"adaptive_avg_pool2d/{label}", lambda x, size: F.adaptive_avg_pool2d(x, size),
             normal(f"adaptive_avg/{label}", *image), size=size)


def upsamplings():
    for mode in ("nearest", "bilinear"):
        for label, (image, size) in {
            "twice": ([2, 2, 3, 2], [4, 6]),
            "uneven": ([1, 3, 4, 2], [7, 5]),
            "smaller": ([1, 7, 5, 1], [3, 2]),
            "one-pixel": ([1, 1, 1, 2], [2, 3]),
        }.items():
            name = f"upsample_{mode}/{label}"
            case(name, lambda x, size: F.interpolate(x, size=size, mode=mode), normal(name, *image), size=size)


def normalizations():
    for label, shape, dimensions in (("last", [2, 3, 4], 1), ("two-axes", [3, 2, 4], 2), ("constant", [2, 3], 1)):
        x = normal(f"layer_norm/{label}", *shape) if label != "constant" else values([[1, 1, 1], [1, 2, 4]])
        inner = shape[-dimensions:]
        fixture.case(f"layer_norm/{label}", lambda x, w, b, epsilon: F.layer_norm(x, inner, w, b, epsilon),
                     x, normal(f"layer_norm/{label}/1", *inner), normal(f"layer_norm/{label}/2", *inner), epsilon=1e-5)
    for label, shape, groups in (("image", [2, 3, 2, 4], 2), ("vector", [3, 6], 2), ("one-group", [2, 5, 4], 1)):
        name = f"group_norm/{label}"
        case(name, lambda x, w, b, groups, epsilon: F.group_norm(x, groups, w, b, epsilon), normal(name, *shape),
             normal(f"{name}/1", shape[-1]), normal(f"{name}/2", shape[-1]), groups=groups, epsilon=1e-5)
    case("instance_norm/image", lambda x, w, b, epsilon: F.instance_norm(x, weight=w, bias=b, eps=epsilon),
         normal("instance_norm", 2, 3, 4, 3), normal("instance_norm/1", 3), normal("instance_norm/2", 3), epsilon=1e-5)


def embeddings():
    fixture.case("embedding/plain", lambda weight, index: F.embedding(index, weight), normal("embedding", 5, 3),
                 torch.tensor([[4, 0, 4], [1, 1, 4]]))


def main():
    for family in (convolutions, transposed_convolutions, poolings, upsamplings, normalizations, embeddings):
        family()
    fixture.save()


if __name__ == "__main__":
    main()
