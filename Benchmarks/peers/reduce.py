from measure import Work, main

COUNT = 10_000_000
SIZES = [
    "sum",
    "sum rows",
    "sum columns",
    "max",
    "max rows",
    "argmax rows",
    "variance columns",
    "softmax",
    "log-softmax",
    "logsumexp",
]


def pytorch(size):
    import torch

    torch.manual_seed(1)
    a = torch.randn(COUNT // 1000, 1000)
    trips, run = {
        "sum": (1, lambda: a.sum()),
        "sum rows": (1, lambda: a.sum(1)),
        "sum columns": (1, lambda: a.sum(0)),
        "max": (1, lambda: a.amax()),
        "max rows": (1, lambda: a.amax(1)),
        "argmax rows": (1, lambda: a.argmax(1)),
        "variance columns": (1, lambda: a.var(0)),
        "softmax": (2, lambda: a.softmax(1)),
        "log-softmax": (2, lambda: a.log_softmax(1)),
        "logsumexp": (1, lambda: a.logsumexp(1)),
    }[size]
    return Work(run, bytes=trips * COUNT * 4)


def mlx(size):
    import mlx.core as mx

    a = mx.random.normal((COUNT // 1000, 1000))
    mx.eval(a)
    trips, operation = {
        "sum": (1, lambda: a.sum()),
        "sum rows": (1, lambda: a.sum(1)),
        "sum columns": (1, lambda: a.sum(0)),
        "max": (1, lambda: a.max()),
        "max rows": (1, lambda: a.max(1)),
        "argmax rows": (1, lambda: a.argmax(1)),
        "variance columns": (1, lambda: a.var(0, ddof=1)),
        "softmax": (2, lambda: mx.softmax(a, 1)),
        "log-softmax": (2, lambda: a - mx.logsumexp(a, 1, keepdims=True)),
        "logsumexp": (1, lambda: a.logsumexp(1)),
    }[size]
    return Work(lambda: mx.eval(operation()), bytes=trips * COUNT * 4)


main(SIZES, {"pytorch": pytorch, "pytorch retaining": pytorch, "mlx": mlx})
