"""Goldens for proxy losses and the hierarchical proxy loss: values, and gradients of embeddings and proxies."""

import torch
import torch.nn.functional as F
from pytorch_metric_learning import distances, losses as peer

from fixture import Fixture, leaf, normal, values

fixture = Fixture("losses", ["torch", "pytorch-metric-learning"])


def similarities(embeddings, proxies):
    return F.normalize(embeddings) @ F.normalize(proxies).T


def proxy_anchor(embeddings, proxies, labels, alpha=32.0, margin=0.1):
    """The official formula, term by term; exp cannot overflow in double precision for alpha up to 600."""
    s = similarities(embeddings, proxies)
    positive_sums, negative_sums = [], []
    for c in range(len(proxies)):
        positive, negative = labels == c, labels != c
        if positive.any():
            positive_sums.append(torch.log1p(torch.exp(-alpha * (s[positive, c] - margin)).sum()))
        negative_sums.append(torch.log1p(torch.exp(alpha * (s[negative, c] + margin)).sum()))
    return torch.stack(positive_sums).sum() / len(positive_sums) + torch.stack(negative_sums).sum() / len(proxies)


def proxy_nca(embeddings, proxies, labels, scale=3.0):
    """The original: embeddings and proxies scaled after normalisation, own proxy not in the denominator, mean."""
    x, p = scale * F.normalize(embeddings), scale * F.normalize(proxies)
    terms = []
    for i in range(len(x)):
        d = ((x[i] - p) ** 2).sum(1)
        others = torch.arange(len(p)) != labels[i]
        terms.append(d[labels[i]] + torch.logsumexp(-d[others], 0))
    return torch.stack(terms).mean()


def proxy_nca_softmax(embeddings, proxies, labels, scale=1.0):
    """Own proxy in the denominator too: cross-entropy of -scale * squared distance, mean."""
    d = ((F.normalize(embeddings)[:, None] - F.normalize(proxies)) ** 2).sum(-1)
    return F.cross_entropy(-scale * d, labels)


LOSSES = {
    "proxy_anchor": (proxy_anchor, [{"alpha": 32.0, "margin": 0.1}]),
    "proxy_nca": (proxy_nca, [{"scale": 3.0}, {"scale": 1.0}]),
    "proxy_nca_softmax": (proxy_nca_softmax, [{"scale": 1.0}, {"scale": 9.0}]),
}


def record(name, function, embeddings, proxies, labels, **arguments):
    embeddings, proxies = leaf(embeddings), leaf(proxies)
    loss = function(embeddings, proxies, labels, **arguments)
    loss.backward()
    agrees_with_peer(function, embeddings, proxies, labels, arguments, loss)
    for key, tensor in {
        "embeddings": embeddings,
        "proxies": proxies,
        "labels": labels,
        "loss": loss,
        "gradient.embeddings": embeddings.grad,
        "gradient.proxies": proxies.grad,
    }.items():
        fixture.add(f"{name}/{key}", tensor)
    fixture.describe(name, **arguments)


def agrees_with_peer(function, embeddings, proxies, labels, arguments, loss):
    """pytorch-metric-learning must give the same value and gradients, in double precision, where it has the loss."""
    classes, dimensions = proxies.shape
    if function is proxy_anchor:
        other = peer.ProxyAnchorLoss(classes, dimensions, margin=arguments["margin"], alpha=arguments["alpha"])
    elif function is proxy_nca_softmax:
        # Trusted here because no case underflows: the peer drops a sample whose probability is exactly 0.
        distance = distances.LpDistance(normalize_embeddings=True, p=2, power=2)
        other = peer.ProxyNCALoss(classes, dimensions, softmax_scale=arguments["scale"], distance=distance)
    else:
        return
    other.proxies = torch.nn.Parameter(proxies.detach().clone())
    x = leaf(embeddings)
    result = other(x, labels)
    result.backward()
    close = dict(rtol=1e-9, atol=1e-9)
    torch.testing.assert_close(result, loss, **close)
    torch.testing.assert_close(x.grad, embeddings.grad, **close)
    torch.testing.assert_close(other.proxies.grad, proxies.grad, **close)


def flat_losses():
    embeddings, proxies = normal("losses/embeddings", 6, 5), normal("losses/proxies", 4, 5)
    duplicated = embeddings[[0, 1, 0, 1, 0, 5]]
    cases = {
        "normal": (embeddings, [0, 1, 2, 3, 0, 2]),
        "absent-classes": (embeddings, [1, 1, 3, 3, 1, 3]),
        "one-class-only": (embeddings, [2, 2, 2, 2, 2, 2]),
        "batch-of-one": (embeddings[:1], [3]),
        "duplicated-embeddings": (duplicated, [0, 1, 0, 2, 1, 3]),
        "long-embeddings": (1000 * embeddings, [0, 1, 2, 3, 0, 2]),
        "short-embeddings": (embeddings / 1024, [0, 1, 2, 3, 0, 2]),
    }
    for loss, (function, settings) in LOSSES.items():
        for arguments in settings:
            suffix = "" if len(settings) == 1 else f"-scale{arguments['scale']:g}"
            for label, (x, labels) in cases.items():
                record(f"{loss}/{label}{suffix}", function, x, proxies, torch.tensor(labels), **arguments)
    two = normal("losses/two-classes", 2, 5)
    for loss, (function, settings) in LOSSES.items():
        record(f"{loss}/two-classes", function, embeddings, two, torch.tensor([0, 1, 1, 0, 0, 1]), **settings[0])


def extreme_losses():
    """Embeddings that lie on a proxy or opposite to one: in Float, exp(90 * 1.1) overflows."""
    axes = torch.eye(4).double()
    x = torch.cat([axes[:2], -axes[:2], axes[1:3] + 2.0**-6])
    right, wrong = torch.tensor([0, 1, 2, 3, 1, 2]), torch.tensor([1, 0, 0, 1, 2, 1])
    for label, labels in {"right": right, "wrong": wrong}.items():
        record(f"proxy_anchor/alpha90-{label}", proxy_anchor, x, axes, labels, alpha=90.0, margin=0.1)
        record(f"proxy_nca/extreme-{label}", proxy_nca, x, axes, labels, scale=8.0)
        record(f"proxy_nca_softmax/extreme-{label}", proxy_nca_softmax, x, axes, labels, scale=90.0)


def hierarchical(embeddings, labels, proxies, parents, weights, loss):
    """The slow, obvious loop: each level sees its own proxies and each sample's ancestor there."""
    total, levels = 0, []
    for level, weight in enumerate(weights):
        targets = []
        for label in labels.tolist():
            for step in range(level):
                label = parents[step][label]
            targets.append(label)
        levels.append(loss(embeddings, proxies[level], torch.tensor(targets)))
        total = total + weight * levels[-1]
    return total, torch.stack(levels)


def centroids(children, parents):
    """coarse = normalize(mean over its children of normalize(child))"""
    result = []
    for parent in range(max(parents) + 1):
        members = [child / child.norm() for child, p in zip(children, parents) if p == parent]
        mean = sum(members) / len(members)
        result.append(mean / mean.norm())
    return torch.stack(result)


def hierarchical_losses():
    parents = [[0, 0, 1, 2, 1, 3, 2, 3], [0, 1, 0, 1]]
    uneven = [[0, 0, 1, 0, 1, 3, 2, 0], [0, 0, 0, 1]]
    weights = [1.0, 0.1, 0.05]
    embeddings = normal("hpl/embeddings", 7, 6)
    labels = torch.tensor([0, 3, 7, 7, 2, 5, 0])
    for loss, (function, settings) in LOSSES.items():
        for coarse in ("learned", "centroid"):
            for label, tree in {"balanced": parents, "uneven": uneven}.items():
                name = f"hpl/{loss}-{coarse}-{label}"
                x, own = leaf(embeddings), [leaf(normal("hpl/proxies0", 8, 6))]
                if coarse == "learned":
                    own += [leaf(normal("hpl/proxies1", 4, 6)), leaf(normal("hpl/proxies2", 2, 6))]
                    proxies = own
                else:
                    middle = centroids(own[0], tree[0])
                    proxies = [own[0], middle, centroids(middle, tree[1])]
                total, levels = hierarchical(
                    x, labels, proxies, tree, weights, lambda *a: function(*a, **settings[0]))
                total.backward()
                fixture.add(f"{name}/embeddings", x)
                fixture.add(f"{name}/labels", labels)
                fixture.add(f"{name}/weights", values(weights))
                fixture.add(f"{name}/loss", total)
                fixture.add(f"{name}/level_losses", levels)
                fixture.add(f"{name}/gradient.embeddings", x.grad)
                for i, p in enumerate(proxies):
                    fixture.add(f"{name}/proxies{i}", p)
                for i, p in enumerate(own):
                    fixture.add(f"{name}/gradient.proxies{i}", p.grad)
                for i, p in enumerate(tree):
                    fixture.add(f"{name}/parents{i}", torch.tensor(p))
                fixture.describe(name, loss=loss, coarse=coarse, **settings[0])


def main():
    for family in (flat_losses, extreme_losses, hierarchical_losses):
        family()
    fixture.save()


if __name__ == "__main__":
    main()
