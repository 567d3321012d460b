"""Goldens for losses on the pairs and rankings of a batch, by plain loops over the definitions.

pytorch-metric-learning must agree where it has the loss; where it does not, that is asserted too.
"""

import math

import torch
import torch.nn.functional as F
from pytorch_metric_learning import losses as peer

from fixture import Fixture, leaf, normal

fixture = Fixture("metric_losses", ["torch", "pytorch-metric-learning"])

X = normal("metric/embeddings", 8, 4)
BATCHES = {
    "uneven": [[0, 0, 0, 1, 1, 2, 2, 3]],
    "even": [[0, 0, 1, 1, 2, 2, 3, 3], [0, 0, 0, 0, 1, 1, 2, 2], [0, 0, 0, 0, 0, 0, 1, 1]],
    "threes": [[0, 1, 0, 1, 0, 1, 2, 2], [0, 0, 0, 0, 0, 0, 1, 1]],
    "alone": [[0, 1, 2, 3, 4, 5, 6, 7]],
    "large": [[0, 0, 0, 0, 0, 1, 1, 1]],
    "views": [[0, 1, 2, 3, 0, 1, 2, 3], [0, 0, 1, 2, 0, 0, 1, 2], [0, 0, 0, 1, 0, 0, 0, 1]],
}


def cosines(x, y=None):
    return F.normalize(x) @ F.normalize(x if y is None else y).T


def euclidean(x):
    x = F.normalize(x)
    return (x[:, None] - x[None]).pow(2).sum(-1).clamp_min(1e-30).sqrt()


def pairs(labels):
    n = range(len(labels))
    positives = {i: [j for j in n if j != i and labels[j] == labels[i]] for i in n}
    return positives, {i: [j for j in n if labels[j] != labels[i]] for i in n}


def mean(terms):
    return sum(terms) / len(terms) if terms else torch.zeros((), dtype=torch.float64)


def circle(x, levels, margin, scale):
    s, (positives, negatives) = cosines(x), pairs(levels[0])
    terms = []
    for i in range(len(x)):
        if positives[i] and negatives[i]:
            pull = [-scale * F.relu(1 + margin - s[i, p].detach()) * (s[i, p] - 1 + margin) for p in positives[i]]
            push = [scale * F.relu(s[i, n].detach() + margin) * (s[i, n] - margin) for n in negatives[i]]
            terms.append(F.softplus(torch.logsumexp(torch.stack(pull), 0) + torch.logsumexp(torch.stack(push), 0)))
    return mean([t for t in terms if t > 0])


def sup_con(x, levels, temperature):
    s, (positives, _) = cosines(x) / temperature, pairs(levels[0])
    terms = []
    for i in range(len(x)):
        if positives[i]:
            total = torch.logsumexp(torch.stack([s[i, a] for a in range(len(x)) if a != i]), 0)
            terms.append(mean([total - s[i, p] for p in positives[i]]))
    return mean(terms)


def nt_xent(x, levels, temperature):
    s, (positives, negatives) = cosines(x) / temperature, pairs(levels[0])
    return mean([
        torch.logsumexp(torch.stack([s[i, p]] + [s[i, n] for n in negatives[i]]), 0) - s[i, p]
        for i in range(len(x)) for p in positives[i]])


def margin_loss(x, levels, margin, beta, nu=0.0):
    """`beta` is a tensor: one number, or one for each class."""
    d, (positives, negatives) = euclidean(x), pairs(levels[0])
    terms = []
    for i in range(len(x)):
        b = beta if beta.ndim == 0 else beta[levels[0][i]]
        for p in positives[i]:
            for n in negatives[i]:
                terms += [F.relu(d[i, p] - b + margin), F.relu(b - d[i, n] + margin)]
    return mean([t for t in terms if t > 0]) + nu * beta.mean()


def ranked_list(x, levels, margin, boundary, balance, tp, tn):
    d, (positives, negatives) = euclidean(x), pairs(levels[0])
    terms = []
    for i in range(len(x)):
        near = [d[i, p] - boundary + margin for p in positives[i] if d[i, p] > boundary - margin]
        far = [boundary - d[i, n] for n in negatives[i] if d[i, n] < boundary]
        total = torch.zeros((), dtype=torch.float64)
        for excess, temperature, share in ((near, tp, 1 - balance), (far, tn, balance)):
            if excess:
                weights = [torch.exp(temperature * e) for e in excess]
                total = total + share * sum(w * e for w, e in zip(weights, excess)) / sum(weights)
        terms.append(total)
    return mean(terms)


def smooth_ap(x, levels, temperature):
    s, (positives, _) = cosines(x), pairs(levels[0])
    terms = []
    for q in range(len(x)):
        if positives[q]:
            own = positives[q] + [q]

            def rank(i, among):
                return 1 + sum(torch.sigmoid((s[q, j] - s[q, i]) / temperature) for j in among if j != i)

            terms.append(1 - mean([rank(i, own) / rank(i, range(len(x))) for i in own]))
    return mean(terms)


def recall_at_k(x, levels, ks, temperature, rank_temperature):
    s, (positives, _) = cosines(x), pairs(levels[0])
    terms = []
    for q in range(len(x)):
        if positives[q]:
            ranks = [
                1 + sum(torch.sigmoid((s[q, j] - s[q, i]) / temperature) for j in range(len(x)) if j != i)
                for i in positives[q]]
            recalls = []
            for k in ks:
                found = sum(torch.sigmoid((k - r) / rank_temperature) for r in ranks)
                recalls.append(found.clamp_max(k) / min(k, len(ranks)))
            terms.append(1 - mean(recalls))
    return mean(terms)


def hap(x, levels, exponent, temperature, slope, threshold, start, offset):
    s, n = cosines(x), range(len(x))
    if offset is None:
        offset = start + 1 / (1 + math.exp(-threshold / temperature))
    terms = []
    for q in n:
        agree = [sum(level[q] == level[i] for level in levels) for i in n]
        relevance = [0 if t == 0 else t**exponent / agree.count(t) for t in agree]
        total = 0
        for i in n:
            if agree[i] == 0:
                continue
            rank, gain = 1, relevance[i]
            for j in n:
                if j == i:
                    continue
                d = s[q, j] - s[q, i]
                step = float(d.item() >= 0)
                gain += step * min(relevance[i], relevance[j])
                if agree[j] >= agree[i]:
                    rank = rank + step
                elif d <= 0:
                    rank = rank + torch.sigmoid(d / temperature)
                elif d <= threshold:
                    rank = rank + start + torch.sigmoid(d / temperature)
                else:
                    rank = rank + slope * (d - threshold) + offset
            total = total + gain / rank
        terms.append(1 - total / sum(relevance))
    return mean(terms)


def hmlc(x, levels, temperature, penalty, ordered, views):
    samples = len(x) // views
    present, greatest, total = list(range(samples)), None, 0
    for place in range(len(levels)):
        paths = {i: tuple(level[i] for level in levels[place:]) for i in present}
        numbers = sorted(set(paths.values()))
        rows = [v * samples + i for v in range(views) for i in present]
        groups = [numbers.index(paths[i]) for v in range(views) for i in present]
        value = sup_con(x[rows], [groups], temperature) * temperature / 0.07
        if ordered and greatest is not None:
            value = torch.maximum(greatest, value)
        greatest = value
        weight = {"powerOfTwo": 2.0, "exponential": math.e, "equal": 1.0}[penalty] ** (1 / (place + 1))
        total = total + weight * value
        first = {}
        for i in present:
            first.setdefault(paths[i], i)
        present = sorted(first.values())
    return total / (len(levels) + 1)


def to_ball(x, c, r):
    x = x * torch.clamp_max(r / (x.norm(dim=1, keepdim=True) + 1e-5), 1)
    lengths = math.sqrt(c) * x.norm(dim=1, keepdim=True).clamp_min(1e-5)
    return torch.tanh(lengths) * x / lengths


def ball_distances(x, y, c, epsilon=0.0):
    """By Möbius addition; with `epsilon` in the denominator, as HypLoss's authors have it."""
    rows = []
    for a in x:
        a = -a
        product, aa, bb = y @ a, a @ a, (y * y).sum(1)
        numerator = (1 + 2 * c * product + c * bb)[:, None] * a + (1 - c * aa) * y
        moved = numerator / (1 + 2 * c * product + c * c * aa * bb + epsilon)[:, None]
        lengths = moved.pow(2).sum(1).clamp_min(1e-30).sqrt()
        rows.append(2 / math.sqrt(c) * torch.atanh((math.sqrt(c) * lengths).clamp_max(1 - 1e-5)))
    return torch.stack(rows)


def hyp(x, levels, temperature, curvature, radius, epsilon=0.0):
    points = to_ball(x, curvature, radius)
    s = -ball_distances(points, points, curvature, epsilon) / temperature
    classes = {}
    for i, label in enumerate(levels[0]):
        classes.setdefault(label, []).append(i)
    views, total = max(map(len, classes.values())), 0
    for a in range(views):
        for b in range(views):
            both = [m for m in classes.values() if len(m) > max(a, b)]
            if a == b or not both:
                continue
            terms = []
            for m in both:
                row = [s[m[a], o[b]] for o in both] + [s[m[a], o[a]] for o in both if o is not m]
                terms.append(torch.logsumexp(torch.stack(row), 0) - s[m[a], m[b]])
            total = total + mean(terms)
    return total


def record(name, function, batch, other=None, tolerance=1e-7, parameters=None, **arguments):
    levels, x = BATCHES[batch], leaf(X)
    parameters = {key: leaf(value) for key, value in (parameters or {}).items()}
    loss = function(x, levels, **parameters, **arguments)
    if other is not None:
        y = leaf(X)
        theirs = other(y, torch.tensor(levels[0]))
        torch.testing.assert_close(theirs.detach(), loss.detach(), rtol=tolerance, atol=tolerance)
        if loss.requires_grad:
            theirs.backward()
    if loss.requires_grad:
        loss.backward()
        if other is not None:
            torch.testing.assert_close(y.grad, x.grad, rtol=10 * tolerance, atol=10 * tolerance)
    fixture.add(f"{name}/loss", loss)
    fixture.add(f"{name}/gradient.embeddings", torch.zeros_like(x) if x.grad is None else x.grad)
    for key, value in parameters.items():
        fixture.add(f"{name}/{key}", value)
        fixture.add(f"{name}/gradient.{key}", value.grad)
    fixture.describe(name, batch=batch, **{k: v for k, v in arguments.items() if v is not None})


def differs(function, batch, other, **arguments):
    """Where the peer is known to be wrong: the test of the difference must not become void unseen."""
    labels = BATCHES[batch][0]
    ours, theirs = function(X, [labels], **arguments), other(X, torch.tensor(labels))
    assert abs(ours - theirs) > 1e-3, (batch, ours, theirs)


def csl():
    """A proxy a class, on three levels; also the outliers of sub-centre ArcFace."""
    s, targets = leaf(normal("metric/similarities", 5, 6) / 4), [0, 1, 3, 5, 5]
    levels = [list(range(6)), [0, 0, 1, 1, 2, 2], [0, 0, 0, 0, 1, 1]]
    margins, scale, total = [0.25, 0.35, 0.45], 32.0, 0
    for level, m in zip(levels, margins):
        terms = []
        for i, y in enumerate(targets):
            others = torch.stack([scale * s[i, p] for p in range(6) if level[p] != level[y]])
            terms.append(F.softplus(torch.logsumexp(others, 0) - scale * s[i, y] + scale * m))
        total = total + mean(terms)
    total.backward()
    fixture.add("csl/levels/similarities", s)
    fixture.add("csl/levels/targets", torch.tensor(targets))
    fixture.add("csl/levels/groups", torch.tensor(levels[1:]))
    fixture.add("csl/levels/loss", total)
    fixture.add("csl/levels/gradient.similarities", s.grad)
    fixture.describe("csl/levels")


def sub_center():
    x, w = leaf(normal("metric/sub-center/x", 6, 4)), leaf(normal("metric/sub-center/w", 6, 4))
    labels, centers = torch.tensor([0, 1, 2, 0, 2, 2]), 2
    s = cosines(x, w).reshape(6, 3, centers).amax(2)
    own = s[torch.arange(6), labels]
    m = math.radians(28.6)
    turned = torch.cos(torch.acos(own) + m)
    logits = torch.where(F.one_hot(labels, 3).bool(), turned[:, None], s) * 64
    loss = F.cross_entropy(logits, labels)
    loss.backward()
    theirs = peer.SubCenterArcFaceLoss(num_classes=3, embedding_size=4, sub_centers=centers)
    theirs.W.data = w.detach().T.clone()
    torch.testing.assert_close(theirs(x.detach(), labels).detach(), loss.detach(), rtol=1e-6, atol=1e-6)
    outliers, _ = theirs.get_outliers(x.detach(), labels)
    for role, tensor in {
        "embeddings": x, "proxies": w, "labels": labels, "loss": loss, "gradient.embeddings": x.grad,
        "gradient.proxies": w.grad, "outliers": torch.tensor(sorted(outliers.tolist())),
    }.items():
        fixture.add(f"sub_center_arcface/two/{role}", tensor)
    fixture.describe("sub_center_arcface/two", centers=centers)


def main():
    fixture.describe("batches")
    fixture.add("batches/embeddings", X)
    for name, levels in BATCHES.items():
        fixture.add(f"batches/{name}", torch.tensor(levels))
    for batch in ("uneven", "alone"):
        record(f"circle/{batch}", circle, batch, peer.CircleLoss(), margin=0.4, scale=80.0)
        record(f"sup_con/{batch}", sup_con, batch, peer.SupConLoss(), tolerance=1e-6, temperature=0.1)
        record(f"nt_xent/{batch}", nt_xent, batch, peer.NTXentLoss(), temperature=0.07)
        record(f"smooth_ap/{batch}", smooth_ap, batch, temperature=0.01)
        record(f"recall_at_k/{batch}", recall_at_k, batch, ks=[1, 2, 4], temperature=0.01, rank_temperature=1.0)
        record(
            f"ranked_list/{batch}", ranked_list, batch, peer.RankedListLoss(margin=0.4, Tn=10), tolerance=1e-3,
            margin=0.4, boundary=1.2, balance=0.5, tp=0.0, tn=10.0)
    record(
        "ranked_list/weighted", ranked_list, "uneven", margin=0.6, boundary=1.3, balance=0.3, tp=2.0, tn=4.0)
    record(
        "margin/one", margin_loss, "uneven", peer.MarginLoss(), margin=0.2,
        parameters={"beta": torch.tensor(1.2, dtype=torch.float64)})
    record(
        "margin/classes", margin_loss, "uneven", margin=0.2, nu=0.1,
        parameters={"beta": torch.tensor([1.0, 1.2, 1.1, 0.9], dtype=torch.float64)})
    record("recall_at_k/large", recall_at_k, "large", ks=[1, 2], temperature=0.01, rank_temperature=4.0)
    record("smooth_ap/threes", smooth_ap, "threes", temperature=0.05)
    # pytorch-metric-learning's view of a batch mixes classes and samples up where their numbers differ.
    square = torch.tensor([0, 0, 1, 1])
    torch.testing.assert_close(
        peer.SmoothAPLoss()(X[:4], square), smooth_ap(X[:4], [square.tolist()], 0.01), rtol=1e-5, atol=1e-5,
        check_dtype=False)
    differs(smooth_ap, "even", peer.SmoothAPLoss(), temperature=0.01)
    defaults = {"exponent": 1.0, "temperature": 0.01, "slope": 100.0, "threshold": 0.05, "start": 0.5, "offset": 1.44}
    for batch in ("even", "threes", "uneven"):
        record(f"hap/{batch}", hap, batch, **defaults)
    record("hap/reached", hap, "even", **{**defaults, "temperature": 0.05, "exponent": 2.0, "offset": None})
    record("hmlc/one-view", hmlc, "even", temperature=0.1, penalty="exponential", ordered=True, views=1)
    record("hmlc/two-views", hmlc, "views", temperature=0.1, penalty="powerOfTwo", ordered=True, views=2)
    record("hmlc/equal", hmlc, "views", temperature=0.5, penalty="equal", ordered=False, views=2)
    for batch in ("even", "uneven"):
        record(f"hyp/{batch}", hyp, batch, temperature=0.2, curvature=0.1, radius=2.3)
    ours, theirs = (hyp(X, BATCHES["even"], 0.2, 0.1, 2.3, e) for e in (0.0, 1e-5))
    torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-4)
    csl()
    sub_center()
    fixture.save()


if __name__ == "__main__":
    main()
