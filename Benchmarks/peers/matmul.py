from measure import Work, main

SIZES = ["256x256x256", "1024x1024x1024", "2048x2048x2048", "12544x64x64", "180x512x11318", "180x512x100"]


def pytorch(size):
    import torch

    m, k, n = map(int, size.split("x"))
    a, b = torch.randn(m, k), torch.randn(k, n)
    return Work(lambda: a @ b, flops=2.0 * m * n * k)


def numpy(size):
    import numpy

    m, k, n = map(int, size.split("x"))
    a, b = (numpy.random.default_rng(1).standard_normal(s, dtype="float32") for s in [(m, k), (k, n)])
    return Work(lambda: a @ b, flops=2.0 * m * n * k)


def jax(size):
    import jax

    m, k, n = map(int, size.split("x"))
    a, b = (jax.random.normal(jax.random.key(1), s) for s in [(m, k), (k, n)])
    product = jax.jit(lambda a, b: a @ b)
    return Work(lambda: product(a, b).block_until_ready(), flops=2.0 * m * n * k)


def mlx(size):
    import mlx.core as mx

    m, k, n = map(int, size.split("x"))
    a, b = mx.random.normal((m, k)), mx.random.normal((k, n))
    mx.eval(a, b)
    return Work(lambda: mx.eval(a @ b), flops=2.0 * m * n * k)


main(SIZES, {"pytorch": pytorch, "numpy": numpy, "jax": jax, "mlx": mlx})
