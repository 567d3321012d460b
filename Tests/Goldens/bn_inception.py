"""BN-Inception with the modules and the names of its common PyTorch port, written from its table of channels."""

import torch
from torch import nn

# name: 1x1, 3x3 (reduce, out), double 3x3 (reduce, out), projection, pooling
BLOCKS = {
    "3a": (64, (64, 64), (64, 96), 32, "average"),
    "3b": (64, (64, 96), (64, 96), 64, "average"),
    "3c": (None, (128, 160), (64, 96), None, "halving"),
    "4a": (224, (64, 96), (96, 128), 128, "average"),
    "4b": (192, (96, 128), (96, 128), 128, "average"),
    "4c": (160, (128, 160), (128, 160), 128, "average"),
    "4d": (96, (128, 192), (160, 192), 128, "average"),
    "4e": (None, (128, 192), (192, 256), None, "halving"),
    "5a": (352, (192, 320), (160, 224), 128, "average"),
    "5b": (352, (192, 320), (192, 224), 128, "maximum"),
}

POOLINGS = {
    "average": lambda: nn.AvgPool2d(3, stride=1, padding=1, ceil_mode=True, count_include_pad=True),
    "maximum": lambda: nn.MaxPool2d(3, stride=1, padding=1, ceil_mode=True),
    "halving": lambda: nn.MaxPool2d(3, stride=2, ceil_mode=True),
}


class BNInception(nn.Module):
    def __init__(self, classes=1000, width=64):
        super().__init__()
        self.scale = lambda channels: channels * width // 64
        self.unit("conv1_7x7_s2", 3, width, 7, stride=2)
        self.unit("conv2_3x3_reduce", width, width, 1)
        self.unit("conv2_3x3", width, 3 * width, 3)
        channels = 3 * width
        for label, (one, three, double, projection, pooling) in BLOCKS.items():
            name = f"inception_{label}"
            stride = 2 if pooling == "halving" else 1
            scaled = self.scale
            if one:
                self.unit(f"{name}_1x1", channels, scaled(one), 1)
            self.unit(f"{name}_3x3_reduce", channels, scaled(three[0]), 1)
            self.unit(f"{name}_3x3", scaled(three[0]), scaled(three[1]), 3, stride)
            self.unit(f"{name}_double_3x3_reduce", channels, scaled(double[0]), 1)
            self.unit(f"{name}_double_3x3_1", scaled(double[0]), scaled(double[1]), 3)
            self.unit(f"{name}_double_3x3_2", scaled(double[1]), scaled(double[1]), 3, stride)
            if projection:
                self.unit(f"{name}_pool_proj", channels, scaled(projection), 1)
            channels = (scaled(one or 0) + scaled(three[1]) + scaled(double[1])
                        + (scaled(projection) if projection else channels))
        self.last_linear = nn.Linear(channels, classes)

    def unit(self, name, inputs, outputs, kernel, stride=1):
        setattr(self, name, nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2))
        setattr(self, f"{name}_bn", nn.BatchNorm2d(outputs))

    def run(self, name, x):
        return torch.relu(getattr(self, f"{name}_bn")(getattr(self, name)(x)))

    def features(self, x):
        halve = POOLINGS["halving"]()
        x = halve(self.run("conv1_7x7_s2", x))
        x = halve(self.run("conv2_3x3", self.run("conv2_3x3_reduce", x)))
        for label, (one, _, _, projection, pooling) in BLOCKS.items():
            name = f"inception_{label}"
            parts = [self.run(f"{name}_1x1", x)] if one else []
            parts.append(self.run(f"{name}_3x3", self.run(f"{name}_3x3_reduce", x)))
            double = self.run(f"{name}_double_3x3_reduce", x)
            parts.append(self.run(f"{name}_double_3x3_2", self.run(f"{name}_double_3x3_1", double)))
            pooled = POOLINGS[pooling]()(x)
            parts.append(self.run(f"{name}_pool_proj", pooled) if projection else pooled)
            x = torch.cat(parts, 1)
        return x

    def forward(self, x):
        return self.last_linear(self.features(x).mean((2, 3)))
