"""25 rounds of Lloyd's k-means from given centres, as in Sources/bench/Benchmarks/KMeans.swift."""

from measure import Work, main

SIZES = ["11318/200"]
DIMENSIONS, ROUNDS = 512, 25


def inputs(size):
    import numpy

    points, clusters = map(int, size.split("/"))
    random = numpy.random.default_rng(1)
    plane = random.standard_normal((8, DIMENSIONS), dtype="float32")
    noise = numpy.float32(0.3) * random.standard_normal((points, DIMENSIONS), dtype="float32")
    return random.standard_normal((points, 8), dtype="float32") @ plane + noise, clusters


def flops(size):
    points, clusters = map(int, size.split("/"))
    return ROUNDS * 2.0 * DIMENSIONS * points * clusters


def faiss(size):
    import faiss

    points, clusters = inputs(size)

    def fit():
        kmeans = faiss.Kmeans(DIMENSIONS, clusters, niter=ROUNDS, max_points_per_centroid=len(points), seed=1)
        kmeans.train(points, init_centroids=points[:clusters])
        return kmeans.centroids

    return Work(fit, flops=flops(size))


def scikit_learn(size):
    from sklearn.cluster import KMeans

    points, clusters = inputs(size)
    kmeans = KMeans(clusters, init=points[:clusters], n_init=1, max_iter=ROUNDS, tol=0, algorithm="lloyd")
    return Work(lambda: kmeans.fit(points), flops=flops(size))


main(SIZES, {"faiss": faiss, "scikit-learn": scikit_learn})
