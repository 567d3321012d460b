"""Prints what the machine can do: a product of 2048² matrices in OpenBLAS (NumPy's), and copying 256 MiB."""

import os
from concurrent.futures import ThreadPoolExecutor

from measure import Work, main


def sgemm():
    import numpy

    a, b = (numpy.random.default_rng(1).standard_normal((2048, 2048), dtype="float32") for _ in range(2))
    out = numpy.empty_like(a)
    return Work(lambda: numpy.matmul(a, b, out=out), flops=2.0 * 2048**3)


def copy():
    import numpy

    threads = len(os.sched_getaffinity(0))
    source, target = numpy.ones(1 << 26, "float32"), numpy.zeros(1 << 26, "float32")
    pairs = list(zip(numpy.array_split(target, threads), numpy.array_split(source, threads)))
    pool = ThreadPoolExecutor(threads)
    return Work(lambda: list(pool.map(lambda pair: numpy.copyto(*pair), pairs)), bytes=2.0 * source.nbytes)


main(["sgemm", "copy"], {"numpy": lambda size: {"sgemm": sgemm, "copy": copy}[size]()})
