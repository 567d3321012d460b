"""Goldens for retrieval metrics: a slow, obvious loop, checked against pytorch-metric-learning where nothing ties."""

import numpy as np
import torch
from pytorch_metric_learning.distances import CosineSimilarity
from pytorch_metric_learning.utils.accuracy_calculator import AccuracyCalculator
from pytorch_metric_learning.utils.inference import CustomKNN

from fixture import Fixture, normal

fixture = Fixture("retrieval", ["numpy", "torch", "pytorch-metric-learning"])
CUTOFFS = [1, 2, 4, 8]


def metrics(queries, query_labels, gallery, gallery_labels, self_included):
    """Cosine similarity, most similar first, equal similarity by lower index; self is removed by index.

    A query with no other sample of its class has no defined R: it leaves every mean and is counted as dropped.
    """
    queries = queries / np.linalg.norm(queries, axis=1, keepdims=True)
    gallery = gallery / np.linalg.norm(gallery, axis=1, keepdims=True)
    recalls, precisions, r_precisions, average_precisions, dropped = [], [], [], [], 0
    for q in range(len(queries)):
        candidates = [g for g in range(len(gallery)) if not (self_included and g == q)]
        similarity = {g: float(np.sum(queries[q] * gallery[g])) for g in candidates}
        candidates.sort(key=lambda g: (-similarity[g], g))
        hits = [bool(gallery_labels[g] == query_labels[q]) for g in candidates]
        relevant = sum(hits)
        if relevant == 0:
            dropped += 1
            continue
        recalls.append([any(hits[:k]) for k in CUTOFFS])
        precisions.append(hits[0])
        r_precisions.append(sum(hits[:relevant]) / relevant)
        found, precision_sum = 0, 0.0
        for i in range(relevant):
            if hits[i]:
                found += 1
                precision_sum += found / (i + 1)
        average_precisions.append(precision_sum / relevant)
    return {
        "recall": np.mean(recalls, axis=0),
        "precision_at_1": np.mean(precisions),
        "r_precision": np.mean(r_precisions),
        "map_at_r": np.mean(average_precisions),
        "dropped": np.int64(dropped),
    }


def case(name, embeddings, labels, gallery=None, gallery_labels=None, tied=False):
    self_included = gallery is None
    x, y = embeddings.numpy(), labels.numpy()
    reference, reference_labels = (x, y) if self_included else (gallery.numpy(), gallery_labels.numpy())
    expected = metrics(x, y, reference, reference_labels, self_included)
    if not tied:
        gap = smallest_gap(x, y, reference, reference_labels)
        assert gap > 2e-6, f"{name}: too close to a tie for single precision"
        agrees_with_peer(embeddings, labels, None if self_included else (gallery, gallery_labels), expected)
    fixture.add(f"{name}/embeddings", embeddings)
    fixture.add(f"{name}/labels", labels)
    if not self_included:
        fixture.add(f"{name}/gallery", gallery)
        fixture.add(f"{name}/gallery_labels", gallery_labels)
    for key, value in expected.items():
        fixture.add(f"{name}/{key}", torch.tensor(value))
    fixture.describe(name, recallAt=CUTOFFS, selfIncluded=self_included)


def smallest_gap(queries, query_labels, gallery, gallery_labels):
    """The least difference of similarity between neighbours in rank of which exactly one is of the query's class."""
    unit = [x / np.linalg.norm(x, axis=1, keepdims=True) for x in (queries, gallery)]
    similarity = unit[0] @ unit[1].T
    gaps = []
    for row, label in zip(similarity, query_labels):
        order = np.argsort(-row)
        hits = gallery_labels[order] == label
        gaps.append(-np.diff(row[order])[hits[1:] != hits[:-1]].max(initial=-1))
    return min(gaps)


def agrees_with_peer(embeddings, labels, reference, expected):
    names = {"precision_at_1": "precision_at_1", "r_precision": "r_precision",
             "mean_average_precision_at_r": "map_at_r"}
    calculator = AccuracyCalculator(
        include=tuple(names), k="max_bin_count", knn_func=CustomKNN(CosineSimilarity()), kmeans_func=lambda *_: None)
    result = calculator.get_accuracy(embeddings, labels, *(reference or ()))
    for theirs, ours in names.items():
        assert abs(result[theirs] - expected[ours]) < 1e-12, (theirs, result[theirs], expected[ours])


def clustered(name, count, dimensions, classes, spread):
    """Samples around class means, labels in no order."""
    labels = torch.tensor([(7 * i + i // classes) % classes for i in range(count)])
    means = normal(f"{name}/means", classes, dimensions)
    return means[labels] + spread * normal(f"{name}/samples", count, dimensions), labels


def lattice(name, count):
    """Vectors of 16 entries of plus or minus 1/4: norms are exactly 1 and similarities exact multiples of 1/8.

    So equal similarities are equal in any precision and in any order of summation.
    """
    return torch.where(normal(name, count, 16) < 0, -0.25, 0.25).double()


def main():
    x, labels = clustered("random", 60, 16, 10, spread=1.25)
    case("random", x, labels)
    case("one-dimension-per-class", *clustered("easy", 24, 4, 4, spread=0.25))
    x, labels = clustered("lone", 40, 16, 8, spread=1.25)
    case("lone-queries", x, torch.cat([labels[:37], torch.tensor([20, 21, 22])]))
    case("negative-and-large-labels", x, labels * 100_000 - 300_000)
    queries, query_labels = clustered("gallery", 50, 16, 8, spread=1.25)
    case("query-gallery", queries[:20], query_labels[:20], queries[20:], query_labels[20:])

    x = lattice("ties", 48)
    labels = torch.tensor([(5 * i + i // 8) % 8 for i in range(48)])
    case("ties", x, labels, tied=True)
    copies = x[[i % 12 for i in range(36)]]
    case("duplicates", copies, torch.tensor([(i % 12) // 3 for i in range(36)]), tied=True)
    case("duplicates-of-other-classes", copies, torch.tensor([(i // 6) % 6 for i in range(36)]), tied=True)
    case("all-identical", x[:1].repeat(9, 1), torch.tensor([0, 1, 2, 0, 1, 2, 0, 1, 3]), tied=True)
    case("ties-lone-queries", x, torch.cat([labels[:44], torch.arange(50, 54)]), tied=True)
    case("pair", x[:2], torch.tensor([4, 4]), tied=True)
    fixture.save()


if __name__ == "__main__":
    main()
