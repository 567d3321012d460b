"""Goldens for losses between samples and for miners, by plain loops; pytorch-metric-learning must agree."""

import torch
import torch.nn.functional as F
from pytorch_metric_learning import losses as peer, miners

from fixture import Fixture, leaf, normal

fixture = Fixture("pair_losses", ["torch", "pytorch-metric-learning"])


def distance_matrix(embeddings):
    x = F.normalize(embeddings)
    return (x[:, None] - x[None]).pow(2).sum(-1).clamp_min(1e-30).sqrt()


def all_pairs(labels):
    n = range(len(labels))
    positives = [(a, b) for a in n for b in n if a != b and labels[a] == labels[b]]
    return positives, [(a, b) for a in n for b in n if labels[a] != labels[b]]


def all_triplets(labels):
    positives, negatives = all_pairs(labels)
    return [(a, p, n) for a, p in positives for b, n in negatives if a == b]


def mean_of_nonzero(terms):
    terms = [t for t in terms if t.item() > 0]
    return sum(terms) / len(terms) if terms else torch.zeros((), dtype=torch.float64)


def contrastive(embeddings, labels, positive_margin, negative_margin):
    d = distance_matrix(embeddings)
    positives, negatives = all_pairs(labels.tolist())
    pull = mean_of_nonzero([F.relu(d[a, p] - positive_margin) for a, p in positives])
    return pull + mean_of_nonzero([F.relu(negative_margin - d[a, n]) for a, n in negatives])


def triplet(embeddings, labels, margin, triplets=None):
    d = distance_matrix(embeddings)
    triplets = all_triplets(labels.tolist()) if triplets is None else triplets
    return mean_of_nonzero([F.relu(d[a, p] - d[a, n] + margin) for a, p, n in triplets])


def multi_similarity(embeddings, labels, alpha, beta, base, pairs=None):
    s = F.normalize(embeddings) @ F.normalize(embeddings).T
    positives, negatives = pairs or all_pairs(labels.tolist())
    total = 0
    for anchor in range(len(labels)):
        pull = [torch.exp(-alpha * (s[a, p] - base)) for a, p in positives if a == anchor]
        push = [torch.exp(beta * (s[a, n] - base)) for a, n in negatives if a == anchor]
        total = total + torch.log1p(sum(pull)) / alpha if pull else total
        total = total + torch.log1p(sum(push)) / beta if push else total
    return total / len(labels)


def record(name, embeddings, labels, function, other, **arguments):
    embeddings = leaf(embeddings)
    loss = function(embeddings, labels, **arguments)
    x = leaf(embeddings)
    theirs = other(x, labels)
    torch.testing.assert_close(theirs.detach(), loss.detach(), rtol=1e-7, atol=1e-7)
    if loss.requires_grad:
        loss.backward()
        theirs.backward()
        torch.testing.assert_close(x.grad, embeddings.grad, rtol=1e-6, atol=1e-7)
    gradient = embeddings.grad if loss.requires_grad else torch.zeros_like(embeddings)
    for role, tensor in {
        "embeddings": embeddings, "labels": labels, "loss": loss, "gradient.embeddings": gradient,
    }.items():
        fixture.add(f"{name}/{role}", tensor)
    fixture.describe(name, **arguments)


def mined(name, embeddings, labels, miner, columns):
    """The choice of a miner as sorted rows: [triplets, 3], or anchor, other, and 1 for a positive pair."""
    indices = miner(embeddings, labels)
    if len(indices) == 3:
        rows = sorted(zip(*(i.tolist() for i in indices)))
    else:
        a1, p, a2, n = (i.tolist() for i in indices)
        rows = sorted([(a, b, 1) for a, b in zip(a1, p)] + [(a, b, 0) for a, b in zip(a2, n)])
    fixture.add(f"{name}/embeddings", embeddings)
    fixture.add(f"{name}/labels", labels)
    fixture.add(f"{name}/rows", torch.tensor(rows, dtype=torch.int64).reshape(-1, 3))
    fixture.describe(name, **columns)


def main():
    x = normal("pairs/embeddings", 8, 4)
    batches = {
        "normal": (x, torch.tensor([0, 0, 0, 1, 1, 2, 2, 3])),
        "no-positives": (x, torch.arange(8)),
        "no-negatives": (x, torch.zeros(8, dtype=torch.int64)),
    }
    for case, (x, labels) in batches.items():
        for index, (m_p, m_n) in enumerate([(0.0, 1.0), (0.3, 0.8)]):
            record(
                f"contrastive/{case}-{index}", x, labels, contrastive, peer.ContrastiveLoss(m_p, m_n),
                positive_margin=m_p, negative_margin=m_n)
        for index, margin in enumerate([0.05, 0.5]):
            record(
                f"triplet/{case}-{index}", x, labels, triplet, peer.TripletMarginLoss(margin=margin), margin=margin)
        for index, (alpha, beta, base) in enumerate([(2.0, 50.0, 0.5), (1.0, 4.0, 0.25)]):
            record(
                f"multi_similarity/{case}-{index}", x, labels, multi_similarity,
                peer.MultiSimilarityLoss(alpha, beta, base), alpha=alpha, beta=beta, base=base)
    labels = batches["normal"][1]
    for kind in ("all", "hard", "semihard"):
        for margin in (0.1, 0.5):
            miner = miners.TripletMarginMiner(margin=margin, type_of_triplets=kind)
            mined(f"miner/{kind}-{margin}", x, labels, miner, {"kind": kind, "margin": margin})
    mined("miner/batch_hard", x, labels, miners.BatchHardMiner(), {"kind": "batch_hard"})
    for epsilon in (0.1, 0.4):
        miner = miners.MultiSimilarityMiner(epsilon=epsilon)
        mined(f"miner/multi_similarity-{epsilon}", x, labels, miner, {"kind": "multi_similarity", "epsilon": epsilon})
    fixture.save()


if __name__ == "__main__":
    main()
