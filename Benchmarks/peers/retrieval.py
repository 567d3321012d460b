"""Retrieval metrics of 512-dimensional embeddings, as in Sources/bench/Benchmarks/Retrieval.swift.

pytorch-metric-learning computes precision at 1, R-Precision and MAP@R (it has no Recall@K) from the R + 1 nearest that
faiss finds. faiss alone finds the 1000 nearest, which Recall@1000 takes, and computes no metric.
"""

from measure import Work, main

SIZES = ["12000", "60502"]
DIMENSIONS = 512


def samples(size):
    import numpy

    count, classes = int(size), int(size) // 5
    random = numpy.random.default_rng(1)
    labels = numpy.arange(count) % classes
    embeddings = random.standard_normal((classes, DIMENSIONS), dtype="float32")[labels]
    embeddings += 1.9 * random.standard_normal((count, DIMENSIONS), dtype="float32")
    return embeddings, labels


def flops(size):
    return 2.0 * int(size) ** 2 * DIMENSIONS


def pytorch_metric_learning(size):
    import torch
    from pytorch_metric_learning.utils.accuracy_calculator import AccuracyCalculator

    embeddings, labels = samples(size)
    embeddings = torch.nn.functional.normalize(torch.tensor(embeddings))
    labels = torch.tensor(labels)
    metrics = ("precision_at_1", "r_precision", "mean_average_precision_at_r")
    calculator = AccuracyCalculator(include=metrics, k="max_bin_count", device=torch.device("cpu"))
    return Work(lambda: calculator.get_accuracy(embeddings, labels), flops=flops(size))


def faiss(size):
    import faiss

    embeddings, _ = samples(size)
    faiss.normalize_L2(embeddings)
    index = faiss.IndexFlatIP(DIMENSIONS)
    index.add(embeddings)
    return Work(lambda: index.search(embeddings, 1001), flops=flops(size))


main(SIZES, {"pytorch-metric-learning": pytorch_metric_learning, "faiss": faiss})
