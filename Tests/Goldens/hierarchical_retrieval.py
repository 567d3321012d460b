"""Goldens for hierarchical retrieval metrics: the definitions as plain loops.

Checked where they agree with other people's code: MAP@R of a level with pytorch-metric-learning's on the level's labels, NDCG
with scikit-learn's, H-AP of classes alone with scikit-learn's average precision.
"""

import math

import numpy as np
import torch
from pytorch_metric_learning.distances import CosineSimilarity
from pytorch_metric_learning.utils.accuracy_calculator import AccuracyCalculator
from pytorch_metric_learning.utils.inference import CustomKNN
from sklearn.metrics import average_precision_score, ndcg_score

from fixture import Fixture
from retrieval import clustered, lattice

fixture = Fixture("hierarchical_retrieval", ["numpy", "torch", "scikit-learn", "pytorch-metric-learning"])


def grade(query, item):
    """On how many levels two label tuples (class first) agree, from the coarsest."""
    count = 0
    while count < len(query) and query[-1 - count] == item[-1 - count]:
        count += 1
    return count


def one_query(similarity, grades, levels):
    """The metrics of one ranking; `grades` of the items in their order by index."""
    order = sorted(range(len(grades)), key=lambda i: (-similarity[i], i))
    ranked = [grades[i] for i in order]
    ideal = sorted(ranked, reverse=True)
    result = {"maps": []}
    for level in range(levels):
        hits = [g >= levels - level for g in ranked]
        r = sum(hits)
        precisions = [sum(hits[: i + 1]) / (i + 1) for i in range(r) if hits[i]]
        result["maps"].append(sum(precisions) / r if r else None)
    errors = [g for g in ranked if g < levels]
    result["first_error"] = (errors[0] == levels - 1) if errors and levels > 1 else None
    positives = sum(g > 0 for g in ranked)
    if positives == 0:
        return result
    relevance = {g: g / levels / ranked.count(g) for g in set(ranked) if g > 0} | {0: 0.0}
    rel = [relevance[g] for g in ranked]
    result["hap"] = sum(
        sum(min(rel[j], rel[k]) for j in range(k + 1)) / (k + 1) for k in range(len(rel)) if rel[k] > 0) / sum(rel)
    dcg = [sum((2**g - 1) / math.log2(k + 2) for k, g in enumerate(row)) for row in (ranked, ideal)]
    result["ndcg"] = dcg[0] / dcg[1]
    shared = [
        sum(min(ranked[:k].count(g), ideal[:k].count(g)) for g in range(1, levels + 1)) / k
        for k in range(1, positives + 1)]
    result["asi"] = sum(shared) / positives
    return result


def metrics(queries, query_labels, gallery, gallery_labels, self_included):
    queries, gallery = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (queries, gallery))
    levels = len(query_labels[0])
    results = []
    for q in range(len(queries)):
        candidates = [g for g in range(len(gallery)) if not (self_included and g == q)]
        similarity = [float(np.sum(queries[q] * gallery[g])) for g in candidates]
        grades = [grade(query_labels[q], gallery_labels[g]) for g in candidates]
        results.append(one_query(similarity, grades, levels))
    per_level = [[r["maps"][level] for r in results if r["maps"][level] is not None] for level in range(levels)]
    errors = [r["first_error"] for r in results if r["first_error"] is not None]
    whole = [r for r in results if "hap" in r]
    return {
        "map_at_r": np.array([np.mean(values) for values in per_level]),
        "dropped": np.array([len(results) - len(values) for values in per_level]),
        "hierarchical_ap": np.mean([r["hap"] for r in whole]),
        "ndcg": np.mean([r["ndcg"] for r in whole]),
        "average_set_intersection": np.mean([r["asi"] for r in whole]),
        "first_errors_within_parent": np.float64(np.mean(errors) if errors else -1),
    }


def case(name, embeddings, labels, groups, gallery=None, gallery_labels=None, tied=False):
    """`groups[l][c]` is the group of class c on level l + 1; a share of -1 stands for none."""
    self_included = gallery is None
    tuples = [[int(c), *(g[int(c)] for g in groups)] for c in labels]
    x = embeddings.numpy()
    others = x if self_included else gallery.numpy()
    other_tuples = tuples if self_included else [[int(c), *(g[int(c)] for g in groups)] for c in gallery_labels]
    expected = metrics(x, tuples, others, other_tuples, self_included)
    if not tied:
        unit = [y / np.linalg.norm(y, axis=1, keepdims=True) for y in (x, others)]
        ranked = np.sort(unit[0] @ unit[1].T, axis=1)
        assert np.diff(ranked).min() > 1e-8, f"{name}: too close to a tie"
        agrees_with_peers(name, x, tuples, others, other_tuples, self_included, expected)
    fixture.add(f"{name}/embeddings", embeddings)
    fixture.add(f"{name}/labels", labels)
    for level, g in enumerate(groups):
        fixture.add(f"{name}/groups{level + 1}", torch.tensor(g))
    if not self_included:
        fixture.add(f"{name}/gallery", gallery)
        fixture.add(f"{name}/gallery_labels", gallery_labels)
    for key, value in expected.items():
        fixture.add(f"{name}/{key}", torch.tensor(value))
    fixture.describe(name, levels=len(groups) + 1, selfIncluded=self_included)


def agrees_with_peers(name, x, tuples, others, other_tuples, self_included, expected):
    levels = len(tuples[0])
    calculator = AccuracyCalculator(
        include=("mean_average_precision_at_r",), k="max_bin_count", knn_func=CustomKNN(CosineSimilarity()),
        kmeans_func=lambda *_: None)
    for level in range(levels):
        # A group on a level is a class there; numbers of groups are unique on their level.
        labels = [torch.tensor([t[level] for t in rows]) for rows in (tuples, other_tuples)]
        reference = () if self_included else (torch.tensor(others), labels[1])
        theirs = calculator.get_accuracy(torch.tensor(x), labels[0], *reference)["mean_average_precision_at_r"]
        assert abs(theirs - expected["map_at_r"][level]) < 1e-12, (name, level, theirs)
    unit = [y / np.linalg.norm(y, axis=1, keepdims=True) for y in (x, others)]
    ndcgs, aps = [], []
    for q, row in enumerate(unit[0] @ unit[1].T):
        keep = np.arange(len(row)) != (q if self_included else -1)
        grades = np.array([grade(tuples[q], t) for t in other_tuples])[keep]
        if grades.any():
            ndcgs.append(ndcg_score([2.0**grades - 1], [row[keep]]))
            aps.append(average_precision_score(grades > 0, row[keep]))
    assert abs(np.mean(ndcgs) - expected["ndcg"]) < 1e-12, name
    if levels == 1:
        assert abs(np.mean(aps) - expected["hierarchical_ap"]) < 1e-12, name


def main():
    two, three = [0, 0, 0, 1, 1, 2, 2, 2, 3, 3], [0, 0, 1, 1]
    deeper = [three[g] for g in two]
    x, labels = clustered("hierarchical", 50, 12, 10, spread=1.25)
    case("classes-alone", x, labels, [])
    case("two-levels", x, labels, [two])
    case("three-levels", x, labels, [two, deeper])
    case("four-levels-with-root", x, labels, [two, deeper, [0] * 10])
    queries, query_labels = clustered("hierarchical-gallery", 48, 12, 10, spread=1.25)
    case("query-gallery", queries[:18], query_labels[:18], [two, deeper], queries[18:], query_labels[18:])
    # Classes 8 and 9 of group 3 have one sample each, so that they only find each other.
    lone = torch.tensor([i % 8 for i in range(38)] + [8, 9])
    case("lone-queries", x[:40], lone, [two, deeper])
    # And now alone in their group, with strangers above.
    case("lone-groups", x[:40], lone, [[0, 0, 0, 1, 1, 2, 2, 2, 3, 4], [0, 0, 0, 0, 0, 1, 1, 1, 2, 3]])

    x = lattice("hierarchical-ties", 48)
    labels = torch.tensor([(5 * i + i // 8) % 10 for i in range(48)])
    case("ties", x, labels, [two, deeper], tied=True)
    copies = x[[i % 12 for i in range(40)]]
    case("duplicates", copies, torch.tensor([i % 10 for i in range(40)]), [two, deeper], tied=True)
    case("all-identical", x[:1].repeat(11, 1), torch.tensor([0, 1, 2, 0, 1, 2, 3, 3, 5, 5, 8]), [two, deeper], tied=True)
    fixture.save()


if __name__ == "__main__":
    main()
