"""Goldens for agglomerative clustering: scikit-learn's labels, and SciPy's heights of the merges."""

import numpy as np
import torch
from scipy.cluster.hierarchy import linkage as scipy_linkage
from sklearn.cluster import AgglomerativeClustering

from fixture import Fixture, normal

fixture = Fixture("agglomerative", ["numpy", "scipy", "scikit-learn"])
LINKAGES = ["ward", "average", "complete"]


def by_first_point(labels):
    """Clusters are numbered by their first point, so that a partition has one spelling."""
    order = {}
    return torch.tensor([order.setdefault(label, len(order)) for label in labels])


def case(name, points, clusters, linkages=LINKAGES, tied=False):
    for linkage in linkages:
        key = f"{name}-{linkage}"
        fixture.add(f"{key}/points", points)
        heights = np.sort(scipy_linkage(points.numpy(), linkage)[:, 2])
        # Distances in single precision must not decide between merges.
        gap = np.diff(heights[heights > 0]).min() / heights.max()
        assert tied or gap > 1e-6, f"{key}: merges at heights that differ by {gap}"
        fixture.add(f"{key}/heights", torch.tensor(heights))
        for count in clusters:
            model = AgglomerativeClustering(n_clusters=count, linkage=linkage).fit(points.numpy())
            fixture.add(f"{key}/clusters{count}", by_first_point(model.labels_))
        fixture.describe(key, linkage=linkage, clusters=clusters)


def unit(points):
    return points / points.norm(dim=1, keepdim=True)


def main():
    case("random", normal("agglomerative/random", 90, 8), [1, 2, 7, 30, 89, 90])
    case("proxies", unit(normal("agglomerative/proxies", 100, 32)), [3, 20, 50])
    case("plane", normal("agglomerative/plane", 60, 2), [2, 5, 12])
    points = normal("agglomerative/duplicates", 20, 4)
    case("duplicates", points[torch.arange(60) % 20], [2, 6, 20], tied=True)
    # Whole numbers: greatest distances are exact, so that ties are too.
    grid = torch.tensor([[x, y] for x in range(6) for y in range(7)]).double()
    grid = grid[torch.randperm(42, generator=torch.Generator().manual_seed(1))]
    case("grid", grid, [2, 3, 5, 9, 16], linkages=["complete"], tied=True)
    fixture.save()


if __name__ == "__main__":
    main()
