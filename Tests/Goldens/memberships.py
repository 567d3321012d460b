"""Goldens for losses on samples of several classes, by the loops of metric_losses.py over pairs that share a class.

pytorch-metric-learning 2.9 takes such pairs as indices, and must agree where it has the loss.
"""

import torch
import torch.nn.functional as F
from pytorch_metric_learning import losses as peer

import metric_losses as loops
from fixture import Fixture, leaf, normal

fixture = Fixture("memberships", ["torch", "pytorch-metric-learning"])

X = normal("memberships/embeddings", 8, 4)
PROXIES = normal("memberships/proxies", 5, 4)
SETS = [[0, 2], [2], [0, 1, 3], [1], [], [3, 0], [1, 2, 3], []]


class Tags(frozenset):
    """Equal to others that share an element, so that loops over labels see the pairs."""

    def __eq__(self, other):
        return bool(self & other)

    def __ne__(self, other):
        return not self & other

    __hash__ = frozenset.__hash__


BATCH = [[Tags(s) for s in SETS]]


def indices():
    positives, negatives = loops.pairs(BATCH[0])
    # A sample without a class differs from itself, but is no pair.
    flat = [(i, j) for i in positives for j in positives[i]], [(i, j) for i in negatives for j in negatives[i] if i != j]
    return tuple(torch.tensor([pair[k] for pair in some]) for some in flat for k in (0, 1))


def multi_sup_con(x, temperature, threshold):
    s = loops.cosines(x) / temperature
    terms = []
    for i in range(len(x)):
        others = [j for j in range(len(x)) if j != i]

        def overlap(j):
            union = len(set(SETS[i]) | set(SETS[j]))
            return len(set(SETS[i]) & set(SETS[j])) / union if union else 1.0

        total = torch.logsumexp(torch.stack([s[i, a] for a in others]), 0)
        costs = [overlap(p) * (total - s[i, p]) for p in others if overlap(p) >= threshold]
        if costs:
            terms.append(loops.mean(costs))
    return loops.mean(terms)


def proxy_anchor(x, sets=SETS, margin=0.1, scale=32):
    s = loops.cosines(x, PROXIES)
    pull, push = [], []
    for p in range(len(PROXIES)):
        own = [scale * (margin - s[i, p]) for i in range(len(x)) if p in sets[i]]
        others = [scale * (margin + s[i, p]) for i in range(len(x)) if p not in sets[i]]
        if own:
            pull.append(F.softplus(torch.logsumexp(torch.stack(own), 0)))
        push.append(F.softplus(torch.logsumexp(torch.stack(others), 0)) if others else torch.zeros((), dtype=torch.float64))
    return loops.mean(pull) + loops.mean(push)


def record(name, function, **arguments):
    x = leaf(X)
    value = function(x)
    value.backward()
    fixture.describe(name, **arguments)
    fixture.add(f"{name}/loss", value)
    fixture.add(f"{name}/gradient.embeddings", x.grad)


def main():
    fixture.add("batch/embeddings", X)
    fixture.add("batch/proxies", PROXIES)
    fixture.describe("batch", sets=SETS)
    for name, loop, arguments in [
        ("sup_con", loops.sup_con, {"temperature": 0.1}),
        ("nt_xent", loops.nt_xent, {"temperature": 0.07}),
        ("smooth_ap", loops.smooth_ap, {"temperature": 0.1}),
        ("recall_at_k", loops.recall_at_k, {"ks": [1, 2, 4], "temperature": 0.1, "rank_temperature": 1.0}),
    ]:
        record(name, lambda x: loop(x, BATCH, **arguments), **arguments)
    for name, loss in [
        ("contrastive", peer.ContrastiveLoss()),
        ("multi_similarity", peer.MultiSimilarityLoss(alpha=2, beta=50, base=0.5)),
        ("circle", peer.CircleLoss(m=0.4, gamma=80)),
    ]:
        record(name, lambda x: loss(x, indices_tuple=indices()))
    for threshold in (0.0, 0.5):
        record(f"multi_sup_con/{threshold}", lambda x: multi_sup_con(x, 0.1, threshold), threshold=threshold)
    record("proxy_anchor", proxy_anchor)
    single = [0, 1, 2, 3, 4, 0, 1, 1]
    theirs = peer.ProxyAnchorLoss(5, 4, margin=0.1, alpha=32)
    theirs.proxies.data = PROXIES
    torch.testing.assert_close(proxy_anchor(X, [[c] for c in single]), theirs(X, torch.tensor(single)))
    torch.testing.assert_close(
        loops.nt_xent(X, BATCH, 0.07), peer.NTXentLoss(0.07)(X, indices_tuple=indices()), rtol=1e-6, atol=1e-6)
    fixture.save()


if __name__ == "__main__":
    main()
