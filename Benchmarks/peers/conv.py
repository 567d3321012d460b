import re

from measure import Work, main

SIZES = [
    "1x1 /1 64-256 56",
    "1x1 /1 256-64 56",
    "1x1 /2 256-512 56",
    "1x1 /1 1024-256 14",
    "1x1 /1 2048-512 7",
    "3x3 /1 64-64 56",
    "3x3 /1 128-128 28",
    "3x3 /1 256-256 14",
    "3x3 /1 512-512 7",
    "3x3 /2 128-128 56",
    "7x7 /2 3-64 224",
    "3x3 /1 144-144 56 in 144",
    "3x3 /2 192-192 28 in 192",
    "3x3 /1 384-384 14 in 384",
    "3x3 /1 128-128 56 in 32",
    "3x3 /1 256-256 28 in 32",
    "3x3 /1 512-512 14 in 32",
    "3x3 /1 1024-1024 7 in 32",
]


def pytorch(size, memory_format):
    import torch

    kernel, _, stride, channels, out_channels, side, *groups = map(int, re.findall(r"\d+", size))
    groups = groups[0] if groups else 1
    x, weight = torch.randn(8, channels, side, side), torch.randn(out_channels, channels // groups, kernel, kernel)
    x, weight = (t.to(memory_format=memory_format(torch)).requires_grad_() for t in (x, weight))

    def convolve():
        return torch.nn.functional.conv2d(x, weight, stride=stride, padding=kernel // 2, groups=groups)

    y = convolve()
    gradient = torch.randn_like(y)
    return Work(
        lambda: torch.autograd.grad(convolve(), [x, weight], gradient),
        flops=6.0 * y.numel() * (channels // groups) * kernel * kernel,
    )


main(
    SIZES,
    {
        "pytorch channels-last": lambda size: pytorch(size, lambda torch: torch.channels_last),
        "pytorch contiguous": lambda size: pytorch(size, lambda torch: torch.contiguous_format),
    },
)
