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


main(SIZES, {"pytorch": pytorch})
