"""Goldens for what ranks anew: re-ranking, query expansion, whitening; the original definitions as plain code of our own.

Zhong et al. (CVPR 2017) by dense matrices as in zhunzhong07/person-re-ranking, αQE as in JDAI-CV/fast-reid, whitening as in
filipradenovic/cnnimageretrieval-pytorch; in double precision, which only the last of these has.
"""

import numpy as np
import torch

from fixture import Fixture, normal
from retrieval import clustered

fixture = Fixture("reranking", ["numpy", "torch"])


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def reciprocal_distances(queries, gallery, k1, k2, weight):
    """The distances `[queries, gallery]` after re-ranking; without queries those of the gallery's items among each other."""
    points = gallery if queries is None else np.concatenate([queries, gallery])
    n = len(points)
    distance = ((points[:, None] - points[None]) ** 2).sum(2)
    distance = distance / distance.max(axis=1, keepdims=True)
    rank = np.argsort(distance, axis=1, kind="stable")

    def reciprocal(i, k):
        forward = rank[i, : k + 1]
        return [j for j in forward if i in rank[j, : k + 1]]

    v = np.zeros((n, n))
    for i in range(n):
        own = reciprocal(i, k1)
        expanded = set(own)
        for j in own:
            others = reciprocal(j, int(np.around(k1 / 2)))
            if len(np.intersect1d(others, own)) > 2 / 3 * len(others):
                expanded |= set(others)
        chosen = sorted(expanded)
        powers = np.exp(-distance[i, chosen])
        v[i, chosen] = powers / powers.sum()
    if k2 != 1:
        v = np.stack([v[rank[i, :k2]].mean(axis=0) for i in range(n)])
    shared = np.minimum(v[:, None], v[None]).sum(2)
    final = (1 - weight) * (1 - shared / (2 - shared)) + weight * distance
    return final if queries is None else final[: len(queries), len(queries):]


def reranking(name, queries, gallery, **arguments):
    own = None if queries is None else unit(queries.numpy())
    distances = reciprocal_distances(own, unit(gallery.numpy()), **arguments)
    if queries is not None:
        fixture.add(f"reranked/{name}/queries", queries)
    fixture.add(f"reranked/{name}/gallery", gallery)
    fixture.add(f"reranked/{name}/distances", torch.tensor(distances))
    fixture.describe(f"reranked/{name}", selfIncluded=queries is None, **arguments)


def expansion(name, embeddings, neighbors, power):
    """Each sample becomes the weighted sum of its nearest ones, itself counted, as one number more."""
    x = unit(embeddings.numpy())
    similarity = x @ x.T
    order = np.argsort(-similarity, axis=1)[:, : neighbors + 1]
    weights = np.maximum(np.take_along_axis(similarity, order, axis=1), 0) ** power
    fixture.add(f"expanded/{name}/embeddings", embeddings)
    fixture.add(f"expanded/{name}/output", torch.tensor(unit((x[order] * weights[..., None]).mean(axis=1))))
    fixture.describe(f"expanded/{name}", neighbors=neighbors, power=power)


def whitened(x, mean, projection, components):
    rows = (x - mean) @ projection[:components].T
    return rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-6)


def whitening(name, embeddings, components, pairs=None):
    """Cosines between whitened embeddings, which do not depend on the directions' signs."""
    x = embeddings.numpy()
    if pairs is None:
        mean = x.mean(axis=0)
        values, vectors = np.linalg.eigh(np.cov(x.T, bias=True))
        projection = (vectors / np.sqrt(values)).T[::-1]
    else:
        mean = x[pairs[:, 0]].mean(axis=0)
        differences = x[pairs[:, 0]] - x[pairs[:, 1]]
        inverse = np.linalg.inv(np.linalg.cholesky(differences.T @ differences / len(pairs)))
        white = inverse @ (x - mean).T
        values, vectors = np.linalg.eigh(white @ white.T)
        projection = vectors.T[::-1] @ inverse
        fixture.add(f"whitened/{name}/pairs", torch.tensor(pairs))
    rows = whitened(x, mean, projection, components)
    fixture.add(f"whitened/{name}/embeddings", embeddings)
    fixture.add(f"whitened/{name}/cosines", torch.tensor(rows[:6] @ rows.T))
    fixture.describe(f"whitened/{name}", components=components)


def main():
    x, labels = clustered("reranking", 32, 6, 5, spread=1)
    reranking("samples", None, x[:16], k1=5, k2=3, weight=0.3)
    reranking("queries", x[:6], x[6:22], k1=4, k2=1, weight=0.0)
    reranking("published", x[:5], x[5:], k1=20, k2=6, weight=0.3)
    expansion("cubed", x[:14], 4, 3.0)
    expansion("mean", x[:8], 3, 0.0)
    skewed = x[:24] @ normal("reranking/skew", 6, 6)
    whitening("principal", skewed, 6)
    pairs = np.array([(i, j) for i in range(24) for j in range(24) if i < j and labels[i] == labels[j]])[:40]
    whitening("learned", skewed, 6, pairs)
    whitening("learned-short", skewed, 4, pairs)
    fixture.save()


if __name__ == "__main__":
    main()
