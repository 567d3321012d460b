"""Goldens for the softmax losses on proxies: NormSoftmax, CosFace, ArcFace, SoftTriple, ProxyNCA++."""

import math

import torch
import torch.nn.functional as F
from pytorch_metric_learning import distances, losses as peer

from fixture import Fixture, leaf, normal

fixture = Fixture("softmax_losses", ["torch", "pytorch-metric-learning"])


def cosines(embeddings, proxies):
    return F.normalize(embeddings) @ F.normalize(proxies).T


def own_class(labels, classes):
    """1 for the own class; not of integers, which a margin would make single precision of."""
    return F.one_hot(labels, classes).double()


def norm_softmax(embeddings, proxies, labels, temperature=0.05):
    return F.cross_entropy(cosines(embeddings, proxies) / temperature, labels)


def cosface(embeddings, proxies, labels, margin=0.35, scale=64.0):
    s = cosines(embeddings, proxies)
    return F.cross_entropy(scale * (s - margin * own_class(labels, len(proxies))), labels)


def arcface(embeddings, proxies, labels, margin=math.radians(28.6), scale=64.0):
    """The authors' code: past π − margin the own logit goes on as cos θ − margin · sin margin."""
    s = cosines(embeddings, proxies)
    rows = []
    for row, label in zip(s, labels.tolist()):
        own = torch.acos(row[label])
        turned = torch.cos(own + margin) if own.item() <= math.pi - margin else row[label] - margin * math.sin(margin)
        rows.append(torch.stack([turned if c == label else row[c] for c in range(len(row))]))
    return F.cross_entropy(scale * torch.stack(rows), labels)


def soft_triple(embeddings, proxies, labels, centers=3, scale=20.0, temperature=0.1, regularization=0.2, margin=0.01):
    """Equations 6 to 9, pair by pair; a class's centres lie side by side in `proxies`."""
    classes = len(proxies) // centers
    s = cosines(embeddings, proxies).reshape(len(embeddings), classes, centers)
    of_classes = (F.softmax(s / temperature, dim=2) * s).sum(2)
    loss = F.cross_entropy(scale * (of_classes - margin * own_class(labels, classes)), labels)
    w = F.normalize(proxies).reshape(classes, centers, -1)
    if centers > 1:
        pairs = [(c, i, j) for c in range(classes) for i in range(centers) for j in range(i + 1, centers)]
        total = sum(torch.sqrt(2 + 1e-5 - 2 * (w[c, i] @ w[c, j])) for c, i, j in pairs)
        loss = loss + regularization * total / (classes * centers * (centers - 1))
    return loss


def proxy_nca_plus_plus(embeddings, proxies, labels):
    d = ((F.normalize(embeddings)[:, None] - F.normalize(proxies)) ** 2).sum(-1)
    return F.cross_entropy(-9 * d, labels)


def oracle(function, embeddings, proxies, arguments):
    """pytorch-metric-learning's loss with these proxies and its name for them; None where it is not to be trusted."""
    classes, dimensions = proxies.shape
    if function is norm_softmax:
        return peer.NormalizedSoftmaxLoss(classes, dimensions, temperature=arguments["temperature"]), "W", proxies.T
    if function is cosface:
        loss = peer.CosFaceLoss(classes, dimensions, margin=arguments["margin"], scale=arguments["scale"])
        return loss, "W", proxies.T
    if function is arcface:
        loss = peer.ArcFaceLoss(
            classes, dimensions, margin=math.degrees(arguments["margin"]), scale=arguments["scale"])
        return loss, "W", proxies.T
    if function is soft_triple:
        centers = arguments["centers"]
        loss = peer.SoftTripleLoss(
            classes // centers, dimensions, centers_per_class=centers, la=arguments["scale"],
            gamma=arguments["temperature"], margin=arguments["margin"])
        return loss, "fc", proxies.T
    if function is proxy_nca_plus_plus:
        distance = distances.LpDistance(normalize_embeddings=True, p=2, power=2)
        return peer.ProxyNCALoss(classes, dimensions, softmax_scale=9, distance=distance), "proxies", proxies


def record(name, function, embeddings, proxies, labels, checked=True, **arguments):
    embeddings, proxies = leaf(embeddings), leaf(proxies)
    loss = function(embeddings, proxies, labels, **arguments)
    loss.backward()
    if checked:
        other, attribute, weight = oracle(function, embeddings, proxies, arguments)
        setattr(other, attribute, torch.nn.Parameter(weight.detach().clone()))
        value = other(embeddings.detach(), labels)
        # The peer adds SoftTriple's regulariser by another class and with another divisor.
        plain = {"regularization": 0.0} if function is soft_triple else {}
        expected = function(embeddings.detach(), proxies.detach(), labels, **(arguments | plain))
        torch.testing.assert_close(value, expected, rtol=1e-6, atol=1e-6)
    for role, tensor in {
        "embeddings": embeddings, "proxies": proxies, "labels": labels, "loss": loss,
        "gradient.embeddings": embeddings.grad, "gradient.proxies": proxies.grad,
    }.items():
        fixture.add(f"{name}/{role}", tensor)
    fixture.describe(name, **arguments)


def main():
    losses = {
        "norm_softmax": (norm_softmax, [{"temperature": 0.05}, {"temperature": 0.5}]),
        "cosface": (cosface, [{"margin": 0.35, "scale": 64.0}, {"margin": 0.1, "scale": 8.0}]),
        "arcface": (arcface, [{"margin": math.radians(28.6), "scale": 64.0}, {"margin": 0.25, "scale": 8.0}]),
        "proxy_nca_plus_plus": (proxy_nca_plus_plus, [{}]),
    }
    embeddings, proxies = normal("softmax/embeddings", 6, 5), normal("softmax/proxies", 4, 5)
    batches = {
        "normal": (embeddings, [0, 1, 2, 3, 0, 2]),
        "one-class": (embeddings, [2] * 6),
        "batch-of-one": (embeddings[:1], [3]),
        # Far beyond π − margin: where the own proxy lies opposite.
        "opposite": (-8 * proxies[[0, 1, 3]] + embeddings[:3] / 8, [0, 1, 3]),
    }
    for subject, (function, settings) in losses.items():
        for index, arguments in enumerate(settings):
            for case, (x, labels) in batches.items():
                # The peer drops a sample whose probability underflows, and clamps the cosine of ArcFace.
                checked = case != "opposite"
                record(f"{subject}/{case}-{index}", function, x, proxies, torch.tensor(labels), checked, **arguments)
    centres = normal("softmax/centres", 12, 5)
    standard = {"scale": 20.0, "temperature": 0.1, "regularization": 0.2, "margin": 0.01}
    for case, (x, labels) in batches.items():
        if case == "opposite":
            continue
        record(f"soft_triple/{case}", soft_triple, x, centres, torch.tensor(labels), centers=3, **standard)
    record("soft_triple/one-centre", soft_triple, embeddings, proxies, torch.tensor([0, 1, 2, 3, 0, 2]), False,
           centers=1, **standard)
    fixture.save()


if __name__ == "__main__":
    main()
