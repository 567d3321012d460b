"""Goldens for k-means: the least sum of squared distances (inertia), from scikit-learn's best of 50 restarts."""

import torch
from sklearn.cluster import KMeans

from fixture import Fixture, normal, values

fixture = Fixture("kmeans", ["numpy", "scikit-learn"])


def case(name, points, clusters):
    """Clusters are numbered by their first point, so that a partition has one spelling."""
    runs = [KMeans(clusters, n_init=50, tol=0, max_iter=1000, random_state=seed).fit(points) for seed in (0, 1)]
    assert abs(runs[0].inertia_ - runs[1].inertia_) < 1e-9, f"{name}: the optimum is not found reliably"
    order = {}
    for label in runs[0].labels_:
        order.setdefault(label, len(order))
    assignments = torch.tensor([order[label] for label in runs[0].labels_])
    means = [points[assignments == c].mean(0) for c in range(clusters)]
    inertia = sum(((points[assignments == c] - means[c]) ** 2).sum() for c in range(clusters))
    assert abs(inertia - runs[0].inertia_) < 1e-9
    fixture.add(f"{name}/points", points)
    fixture.add(f"{name}/assignments", assignments)
    fixture.add(f"{name}/centroids", torch.stack(means))
    fixture.add(f"{name}/inertia", inertia)
    fixture.describe(name, clusters=clusters)


def blobs(name, centers, count, spread):
    centers = values(centers)
    labels = torch.arange(count) % len(centers)
    return centers[labels] + spread * normal(name, count, centers.shape[1])


def main():
    square = [[0, 0], [4, 0], [0, 4], [4, 4]]
    case("separated", blobs("separated", square, 32, spread=0.25), clusters=4)
    case("overlapping", blobs("overlapping", square, 40, spread=1.5), clusters=4)
    case("five-dimensions", blobs("five", torch.eye(5).tolist(), 30, spread=0.25), clusters=5)
    case("one-cluster", blobs("one", square, 12, spread=0.5), clusters=1)
    fixture.save()


if __name__ == "__main__":
    main()
