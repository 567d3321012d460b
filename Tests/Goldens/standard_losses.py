"""Goldens for the losses of torch.nn.functional, and torchvision's focal loss. Classes come last here and in the file."""

import torch
import torch.nn.functional as F
from torchvision.ops import sigmoid_focal_loss

from fixture import Fixture, normal, positive, values

fixture = Fixture("standard_losses", ["torch", "torchvision"])
REDUCTIONS = ("none", "sum", "mean")


def record(subject, function, *inputs, untracked=(), label="plain", reductions=REDUCTIONS, weights=None, **arguments):
    """One case a reduction. `weights` is the last input, where there is one, and has no gradient."""
    inputs = list(inputs) + ([] if weights is None else [weights])
    untracked = set(untracked) | (set() if weights is None else {len(inputs) - 1})
    for reduction in reductions:
        fixture.case(f"{subject}/{label}-{reduction}", function, *inputs, untracked=untracked, reduction=reduction,
                     **arguments)


def classes_second(x):
    return x.movedim(-1, 1) if x.dim() > 1 else x


def cross_entropies():
    def loss(x, y, w=None, reduction="mean", ignored=-100, smoothing=0.0):
        if y.is_floating_point():
            return F.cross_entropy(classes_second(x), classes_second(y), w, reduction=reduction,
                                   label_smoothing=smoothing)
        return F.cross_entropy(classes_second(x), y, w, reduction=reduction, ignore_index=ignored,
                               label_smoothing=smoothing)

    x, y = normal("cross_entropy/0", 5, 4), torch.tensor([0, 3, 1, 1, 2])
    holes, weights = torch.tensor([0, -100, 1, 1, -100]), positive("cross_entropy/weights", 4)
    record("cross_entropy", loss, x, y)
    record("cross_entropy", loss, x, y, weights=weights, label="weights")
    record("cross_entropy", loss, x, y, label="smoothing", smoothing=0.1)
    record("cross_entropy", loss, x, holes, label="ignored")
    record("cross_entropy", loss, x, y, label="ignored-class", ignored=1)
    record("cross_entropy", loss, x, holes, weights=weights, label="all", smoothing=0.2)
    record("cross_entropy", loss, normal("cross_entropy/image", 2, 3, 2, 4), torch.tensor([[[0, 3], [1, 1], [2, 0]],
           [[3, 3], [-100, 1], [0, 2]]]), weights=weights, label="image", smoothing=0.1)
    record("cross_entropy", loss, values([1000, -1000, 0, 3]) + x, y, label="large")
    p = torch.softmax(normal("cross_entropy/probabilities", 5, 4), -1)
    record("cross_entropy_probabilities", loss, x, p)
    record("cross_entropy_probabilities", loss, x, p, weights=weights, label="all", smoothing=0.1)
    q = torch.softmax(normal("cross_entropy/image-probabilities", 2, 3, 4), -1)
    record("cross_entropy_probabilities", loss, normal("cross_entropy/sequence", 2, 3, 4), q, label="sequence")

    def nll(x, y, w=None, reduction="mean"):
        return F.nll_loss(x, y, w, reduction=reduction)

    record("nll_loss", nll, torch.log_softmax(x, -1), y)
    record("nll_loss", nll, torch.log_softmax(x, -1), holes, weights=weights, label="all")


def binary_cross_entropies():
    x, soft = normal("binary/0", 4, 3), torch.sigmoid(normal("binary/1", 4, 3))
    hard, weights = (normal("binary/2", 4, 3) > 0).double(), positive("binary/weights", 3)

    def probabilities(p, y, w=None, reduction="mean"):
        return F.binary_cross_entropy(p, y, None if w is None else w.expand_as(p), reduction=reduction)

    record("binary_cross_entropy", probabilities, torch.sigmoid(x), soft)
    record("binary_cross_entropy", probabilities, torch.sigmoid(x), hard, weights=weights, label="weights")
    record("binary_cross_entropy", probabilities, values([0, 1, 1, 0]), values([0, 1, 0, 1]), untracked=(0, 1),
           label="cut")

    def logits(x, y, w=None, reduction="mean", positive=False):
        if w is None:
            return F.binary_cross_entropy_with_logits(x, y, reduction=reduction)
        return F.binary_cross_entropy_with_logits(x, y, **{"pos_weight" if positive else "weight": w},
                                                  reduction=reduction)

    record("binary_cross_entropy_with_logits", logits, x, soft)
    record("binary_cross_entropy_with_logits", logits, 100 * x, hard, label="large")
    record("binary_cross_entropy_with_logits", logits, x, hard, weights=weights, label="weights")
    record("binary_cross_entropy_with_logits", logits, x, soft, weights=weights, label="positive", positive=True)

    def focal(x, y, reduction, alpha, gamma):
        return sigmoid_focal_loss(x, y, alpha, gamma, reduction)

    record("sigmoid_focal_loss", focal, x, hard, alpha=0.25, gamma=2.0)
    record("sigmoid_focal_loss", focal, x, soft, label="soft", alpha=0.6, gamma=1.5)
    record("sigmoid_focal_loss", focal, x, hard, label="unweighted", alpha=-1.0, gamma=3.0)


def differences():
    x, y = 2 * normal("differences/0", 4, 3), normal("differences/1", 4, 3)
    record("mse_loss", lambda x, y, reduction: F.mse_loss(x, y, reduction=reduction), x, y)
    record("l1_loss", lambda x, y, reduction: F.l1_loss(x, y, reduction=reduction), x, y)
    for label, bound in (("plain", 1.0), ("half", 0.5)):
        record("huber_loss", lambda x, y, reduction, delta: F.huber_loss(x, y, reduction, delta), x, y, label=label,
               delta=bound)
        record("smooth_l1_loss", lambda x, y, reduction, beta: F.smooth_l1_loss(x, y, reduction=reduction, beta=beta),
               x, y, label=label, beta=bound)
    record("smooth_l1_loss", lambda x, y, reduction, beta: F.smooth_l1_loss(x, y, reduction=reduction, beta=beta),
           x, y, label="absolute", beta=0.0)
    log_q, p = torch.log_softmax(normal("kl/0", 4, 3), -1), torch.softmax(normal("kl/1", 4, 3), -1)
    four = ("none", "sum", "mean", "batchmean")

    def kl(q, p, reduction, logarithms):
        return F.kl_div(q, p, reduction=reduction, log_target=logarithms)

    record("kl_div", kl, log_q, p, reductions=four, logarithms=False)
    record("kl_div", kl, log_q, torch.log(p), label="logarithms", reductions=four, logarithms=True)
    record("kl_div", kl, log_q[:2], values([[0, 0.25, 0.75], [1, 0, 0]]), untracked=(1,), label="zeros",
           reductions=four, logarithms=False)


def margins():
    x, signs = normal("margins/0", 6), values([1, -1, -1, 1, -1, 1])
    for label, margin in (("plain", 1.0), ("half", 0.5)):
        record("hinge_embedding_loss", lambda x, y, reduction, margin: F.hinge_embedding_loss(
            x, y, margin, reduction=reduction), x, signs, untracked=(1,), label=label, margin=margin)
        a, b = normal("margins/a", 6, 4), normal("margins/b", 6, 4)
        record("cosine_embedding_loss", lambda a, b, y, reduction, margin: F.cosine_embedding_loss(
            a, b, y, margin - 0.75, reduction=reduction), a, b, signs, untracked=(2,), label=label, margin=margin)

    def multi(x, y, w=None, reduction="mean", power=1, margin=1.0):
        return F.multi_margin_loss(x, y, power, margin, w, reduction=reduction)

    scores, labels = normal("margins/scores", 5, 4), torch.tensor([0, 3, 1, 1, 2])
    record("multi_margin_loss", multi, scores, labels, power=1, margin=1.0)
    record("multi_margin_loss", multi, scores, labels, weights=positive("margins/weights", 4), label="squared",
           power=2, margin=0.5)


def main():
    for family in (cross_entropies, binary_cross_entropies, differences, margins):
        family()
    fixture.save()


if __name__ == "__main__":
    main()
