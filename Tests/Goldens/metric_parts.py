"""Goldens for the parts of losses on pairs, by definition; pytorch-metric-learning must agree: distances, reducers, regularisers, miners."""

import math

import torch
import torch.nn.functional as F
from pytorch_metric_learning import distances, miners, reducers, regularizers

from fixture import Fixture, normal
from metric_losses import ball_distances, to_ball

fixture = Fixture("metric_parts", ["torch", "pytorch-metric-learning"])


def lp(x, y, p=2.0, power=1.0, normalizes=True):
    if normalizes:
        x, y = x / x.norm(p=p, dim=1, keepdim=True), y / y.norm(p=p, dim=1, keepdim=True)
    return (x[:, None] - y[None]).norm(p=p, dim=2) ** power


def snr(x, y, normalizes=True):
    if normalizes:
        x, y = F.normalize(x), F.normalize(y)
    return torch.var(x[:, None] - y[None], dim=2) / torch.var(x, dim=1)[:, None]


def dot(x, y):
    return x @ y.T


def hyperbolic(x, y, curvature, radius):
    return ball_distances(to_ball(x, curvature, radius), to_ball(y, curvature, radius), curvature)


def lp_regularizer(x, p, power):
    return (x.norm(p=p, dim=1) ** power).mean()


def zero_mean(x):
    return x.sum(1).abs().mean()


def center_invariant(x):
    squares = (x * x).sum(1)
    return (squares - squares.mean()).pow(2).mean() / 4


def regular_face(x):
    s = F.normalize(x) @ F.normalize(x).T
    return torch.stack([max(s[i, j] for j in range(len(x)) if j != i) for i in range(len(x))]).mean()


def agrees(theirs, ours):
    torch.testing.assert_close(theirs, ours, rtol=1e-7, atol=1e-7)


def reducer(name, ours, theirs, losses, anchors, labels, **arguments):
    """`losses` are of pairs whose anchors are known; the peer takes a dictionary of sub-losses."""
    indices = (anchors, torch.tensor([1, 2, 0, 0, 1, 2, 5]))
    loss = {"loss": {"losses": losses, "indices": indices, "reduction_type": "pos_pair"}}
    embeddings = torch.zeros(len(labels), 2, dtype=torch.float64)
    agrees(theirs(loss, embeddings, labels), ours)
    fixture.add(f"reducer/{name}/output", ours)
    fixture.describe(f"reducer/{name}", **arguments)


def main():
    x, y = normal("metric/x", 3, 4), normal("metric/y", 2, 4)
    for name, ours, theirs, arguments in [
        ("lp/euclidean", lp, distances.LpDistance(), {}),
        ("lp/squared", lp, distances.LpDistance(power=2), {"power": 2.0}),
        ("lp/one", lp, distances.LpDistance(p=1), {"p": 1.0}),
        ("lp/three", lp, distances.LpDistance(p=3, power=2, normalize_embeddings=False),
         {"p": 3.0, "power": 2.0, "normalizes": False}),
        ("snr/unit", snr, distances.SNRDistance(), {}),
        ("snr/plain", snr, distances.SNRDistance(normalize_embeddings=False), {"normalizes": False}),
        ("dot/plain", dot, distances.DotProductSimilarity(normalize_embeddings=False), {}),
    ]:
        agrees(theirs(x, y), ours(x, y, **arguments))
        fixture.case(name, ours, x, y, **arguments)
    # There it is the cosine, unless one knows.
    assert not torch.allclose(distances.DotProductSimilarity()(x, y), dot(x, y))
    fixture.case("hyperbolic/clipped", hyperbolic, x * 3, y, curvature=0.1, radius=2.3)
    fixture.case("hyperbolic/curved", hyperbolic, x, y, curvature=1.0, radius=0.8)
    for name, ours, theirs, arguments in [
        ("lp_regularizer/one", lp_regularizer, regularizers.LpRegularizer(p=1, power=2), {"p": 1.0, "power": 2.0}),
        ("zero_mean/plain", zero_mean, regularizers.ZeroMeanRegularizer(), {}),
        ("center_invariant/plain", center_invariant, regularizers.CenterInvariantRegularizer(), {}),
        ("regular_face/plain", regular_face, regularizers.RegularFaceRegularizer(), {}),
    ]:
        agrees(theirs(x), ours(x, **arguments))
        fixture.case(name, ours, x, **arguments)
    losses = normal("metric/losses", 7).relu()
    anchors, labels = torch.tensor([0, 0, 1, 3, 3, 3, 4]), torch.tensor([0, 0, 1, 2, 2, 1])
    weights = torch.tensor([0.5, 2.0, 1.5], dtype=torch.float64)
    fixture.describe("reducers")
    fixture.add("reducers/losses", losses)
    fixture.add("reducers/anchors", anchors)
    fixture.add("reducers/labels", labels)
    fixture.add("reducers/weights", weights)
    common = (losses, anchors, labels)
    positive = losses[losses > 0]
    between = losses[(losses > 0.1) & (losses < 1.0)]
    per_anchor = sum(losses[anchors == a].mean() for a in set(anchors.tolist())) / len(labels)
    reducer("mean", losses.mean(), reducers.MeanReducer(), *common)
    reducer("non_zero", positive.mean(), reducers.AvgNonZeroReducer(), *common)
    reducer("threshold", between.mean(), reducers.ThresholdReducer(low=0.1, high=1.0), *common, low=0.1, high=1.0)
    reducer("class_weighted", (losses * weights[labels[anchors]]).mean(), reducers.ClassWeightedReducer(weights), *common)
    reducer("per_anchor", per_anchor, reducers.PerAnchorReducer(), *common)
    x, labels = normal("metric/embeddings", 8, 4), torch.tensor([0, 0, 0, 1, 1, 2, 2, 3])
    fixture.describe("miners")
    fixture.add("miners/embeddings", x)
    fixture.add("miners/labels", labels)

    def mined(name, miner, embeddings=x, **arguments):
        indices = miner(embeddings, labels)
        if len(indices) == 3 or (len(indices) == 4 and torch.equal(indices[0], indices[2]) and "easy" in name):
            a, p, n = indices if len(indices) == 3 else (indices[0], indices[1], indices[3])
            rows = sorted(zip(a.tolist(), p.tolist(), n.tolist()))
        else:
            a1, p, a2, n = (i.tolist() for i in indices)
            rows = sorted([(a, b, 1) for a, b in zip(a1, p)] + [(a, b, 0) for a, b in zip(a2, n)])
        fixture.add(f"{name}/rows", torch.tensor(rows, dtype=torch.int64).reshape(-1, 3))
        fixture.describe(name, **arguments)

    for positive in ("easy", "hard", "semihard", "all"):
        for negative in ("easy", "hard", "semihard", "all"):
            if {positive, negative} in ({"semihard"}, {"semihard", "all"}, {"all"}):
                continue
            mined(
                f"batch_easy_hard/{positive}-{negative}", miners.BatchEasyHardMiner(positive, negative),
                positive=positive, negative=negative)
    mined(
        "batch_easy_hard/range", miners.BatchEasyHardMiner("hard", "hard", [0.3, 1.2], [0.5, 1.5]),
        positive="hard", negative="hard", range=[0.3, 1.2, 0.5, 1.5])
    # It asks for a distance of normalised embeddings, and takes them as they are.
    mined("angular/35", miners.AngularMiner(angle=35), F.normalize(x), angle=math.radians(35))
    mined("pair_margin/plain", miners.PairMarginMiner(0.7, 1.1), positive=0.7, negative=1.1)
    fixture.save()


if __name__ == "__main__":
    main()
