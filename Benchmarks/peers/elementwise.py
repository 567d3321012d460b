from measure import Work, main

COUNT = 10_000_000
SIZES = ["add", "multiply-add", "row-add", "relu", "exp", "log", "tanh", "sigmoid", "gelu", "where"]


def pytorch(size):
    import torch

    torch.manual_seed(1)
    a, b, c = (0.1 + 1.9 * torch.rand(COUNT // 1000, 1000) for _ in range(3))
    row = 0.1 + 1.9 * torch.rand(1000)
    mask = a > b
    trips, run = {
        "add": (3, lambda: a + b),
        "multiply-add": (4, lambda: torch.addcmul(c, a, b)),
        "row-add": (2, lambda: a + row),
        "relu": (2, lambda: torch.relu(a)),
        "exp": (2, lambda: torch.exp(a)),
        "log": (2, lambda: torch.log(a)),
        "tanh": (2, lambda: torch.tanh(a)),
        "sigmoid": (2, lambda: torch.sigmoid(a)),
        "gelu": (2, lambda: torch.nn.functional.gelu(a)),
        "where": (3, lambda: torch.where(mask, a, b)),
    }[size]
    return Work(run, bytes=trips * COUNT * 4)


def mlx(size):
    import mlx.core as mx
    import mlx.nn as nn

    a, b, c = (mx.random.uniform(0.1, 2, (COUNT // 1000, 1000)) for _ in range(3))
    row = mx.random.uniform(0.1, 2, (1000,))
    mask = a > b
    mx.eval(a, b, c, row, mask)
    trips, operation = {
        "add": (3, lambda: a + b),
        "multiply-add": (4, mx.compile(lambda: a * b + c)),
        "row-add": (2, lambda: a + row),
        "relu": (2, lambda: nn.relu(a)),
        "exp": (2, lambda: mx.exp(a)),
        "log": (2, lambda: mx.log(a)),
        "tanh": (2, lambda: mx.tanh(a)),
        "sigmoid": (2, lambda: mx.sigmoid(a)),
        "gelu": (2, lambda: nn.gelu(a)),
        "where": (3, lambda: mx.where(mask, a, b)),
    }[size]
    return Work(lambda: mx.eval(operation()), bytes=trips * COUNT * 4)


main(SIZES, {"pytorch": pytorch, "pytorch retaining": pytorch, "mlx": mlx})
