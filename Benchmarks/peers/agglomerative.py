"""Ward clustering of unit vectors, as in Sources/bench/Benchmarks/Agglomerative.swift; scikit-learn calls SciPy's."""

from measure import Work, main

SIZES = ["998/50", "11318/200"]
DIMENSIONS = 512


def scikit_learn(size):
    import numpy
    from sklearn.cluster import AgglomerativeClustering

    count, clusters = map(int, size.split("/"))
    points = numpy.random.default_rng(1).standard_normal((count, DIMENSIONS), dtype="float32")
    points /= numpy.linalg.norm(points, axis=1, keepdims=True)
    return Work(lambda: AgglomerativeClustering(clusters, linkage="ward").fit(points))


main(SIZES, {"scikit-learn": scikit_learn})
