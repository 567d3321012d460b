"""Goldens for t-SNE: divergences and trustworthiness that scikit-learn and openTSNE reach on Gaussian clusters."""

import openTSNE
import torch
from sklearn.manifold import TSNE, trustworthiness

from fixture import Fixture, normal, round_exactly

fixture = Fixture("tsne", ["numpy", "openTSNE", "scikit-learn"])
NEIGHBORS = [1, 5, 12]


def case(name, points, perplexity):
    data = points.numpy()
    projections, divergences = {}, {}
    for method in ["exact", "barnes_hut"]:
        tsne = TSNE(perplexity=perplexity, method=method, random_state=1)
        projections[f"sklearn_{method}"] = tsne.fit_transform(data)
        divergences[f"sklearn_{method}"] = tsne.kl_divergence_
    for method in ["bh", "fft"]:
        tsne = openTSNE.TSNE(
            perplexity=perplexity, neighbors="exact", negative_gradient_method=method, random_state=1, n_jobs=1
        ).fit(data)
        projections[f"opentsne_{method}"] = tsne
        divergences[f"opentsne_{method}"] = tsne.kl_divergence
    fixture.add(f"{name}/points", points)
    fixture.describe(
        name,
        perplexity=perplexity,
        divergence={who: float(f"{value:.6g}") for who, value in divergences.items()},
        trustworthiness={
            who: float(f"{trustworthiness(data, value, n_neighbors=5):.6g}") for who, value in projections.items()
        },
    )
    print(name, fixture.metadata[name])


def clusters(name, groups, classes, count, dimensions, spread):
    centers = 2 * normal(f"{name}/groups", groups, dimensions)[torch.arange(classes) % groups]
    centers = centers + normal(f"{name}/classes", classes, dimensions)
    noise = normal(f"{name}/noise", count, dimensions)
    return round_exactly(centers[torch.arange(count) % classes] + spread * noise)


def ranks(name, points, projection):
    """Trustworthiness of a given projection, which has equal points in it."""
    fixture.add(f"{name}/points", points)
    fixture.add(f"{name}/projection", projection)
    values = {str(k): trustworthiness(points.numpy(), projection.numpy(), n_neighbors=k) for k in NEIGHBORS}
    fixture.describe(name, trustworthiness=values)
    print(name, values)


def main():
    case("clusters", clusters("clusters", groups=5, classes=20, count=500, dimensions=16, spread=0.8), perplexity=30)
    case("cloud", normal("cloud", 300, 4), perplexity=15)
    points = normal("ranks/points", 80, 6)
    ranks("ranks", points, points[:, :2] + 0.5 * normal("ranks/noise", 80, 2))
    fixture.save()


if __name__ == "__main__":
    main()
