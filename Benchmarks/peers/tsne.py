"""t-SNE of 512-dimensional embeddings with default settings, as in Sources/bench/Benchmarks/TSNE.swift.

openTSNE runs with exact neighbours and its Fourier transforms, and with its own choice: Annoy's neighbours and, below
10,000 points, Barnes-Hut. All descend 250 exaggerated and 500 other steps.
"""

from measure import Work, main

SIZES = ["2000", "8000"]
DIMENSIONS = 512


def embeddings(size):
    import numpy

    count, random = int(size), numpy.random.default_rng(1)
    groups = random.standard_normal((20, DIMENSIONS), dtype="float32")
    classes = groups[numpy.arange(100) % 20] + random.standard_normal((100, DIMENSIONS), dtype="float32")
    points = classes[numpy.arange(count) % 100] + 1.5 * random.standard_normal((count, DIMENSIONS), dtype="float32")
    return points / numpy.linalg.norm(points, axis=1, keepdims=True)


def opentsne(size, **options):
    import os

    from openTSNE import TSNE

    points = embeddings(size)
    tsne = TSNE(n_jobs=len(os.sched_getaffinity(0)), random_state=1, **options)
    return Work(lambda: tsne.fit(points))


main(
    SIZES,
    {
        "opentsne-fft": lambda size: opentsne(size, neighbors="exact", negative_gradient_method="fft"),
        "opentsne-default": opentsne,
    },
)
