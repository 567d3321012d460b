"""Goldens for the agreement of two partitions: scikit-learn's mutual informations, and purity."""

import numpy as np
import torch
from sklearn.metrics import adjusted_mutual_info_score, normalized_mutual_info_score
from sklearn.metrics.cluster import contingency_matrix

from fixture import Fixture

fixture = Fixture("partitions", ["numpy", "scikit-learn"])


def case(name, found, known):
    found, known = torch.as_tensor(found), torch.as_tensor(known)
    table = contingency_matrix(known.numpy(), found.numpy())
    fixture.add(f"{name}/found", found)
    fixture.add(f"{name}/known", known)
    fixture.add(f"{name}/purity", torch.tensor(table.max(axis=0).sum() / table.sum()))
    pair = known.numpy(), found.numpy()
    fixture.add(f"{name}/nmi", torch.tensor(normalized_mutual_info_score(*pair), dtype=torch.float64))
    fixture.add(f"{name}/ami", torch.tensor(adjusted_mutual_info_score(*pair), dtype=torch.float64))
    fixture.describe(name)


def main():
    random = np.random.default_rng(1)
    known = random.integers(0, 6, 80)
    case("random", random.integers(0, 5, 80), known)
    case("near", np.where(random.random(80) < 0.8, known, random.integers(0, 6, 80)), known)
    case("uneven", np.minimum(random.geometric(0.3, 300), 9), random.integers(0, 40, 300))
    case("renamed", (known * 7 + 3) % 11 - 5, known)
    case("finer", known * 2 + random.integers(0, 2, 80), known)
    case("coarser", known // 2, known)
    case("single-samples", np.arange(12), random.permutation(12))
    case("single-samples-against-one", np.arange(12), np.zeros(12, int))
    case("both-one", np.zeros(5, int), np.ones(5, int))
    case("one-against-many", np.zeros(80, int), known)
    case("many-against-one", known, np.zeros(80, int))
    case("independent", np.arange(36) % 6, np.arange(36) // 6)
    case("two-samples", [0, 1], [0, 0])
    case("large", random.integers(0, 50, 1500), random.integers(0, 12, 1500))
    fixture.save()


if __name__ == "__main__":
    main()
