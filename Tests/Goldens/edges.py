"""Writes edges.safetensors: kinks, poles and infinities, and a few operations that operations.py lacks."""

import torch
import torch.nn.functional as F

from fixture import Fixture, normal, values

fixture = Fixture("edges", ["torch"])
case = fixture.case
INFINITY = float("inf")


def main():
    edges()
    others()
    fixture.save()


def edges():
    zeros = values([0, 0])
    case("relu/at-0", F.relu, values([-1, 0, 2]))
    case("abs/at-0", torch.abs, values([-1, 0, 2]))
    case("sqrt/at-0", torch.sqrt, values([0, 4]))
    case("rsqrt/at-0", torch.rsqrt, values([0, 4]))
    case("log/at-0", torch.log, values([0, 1]))
    case("reciprocal/at-0", torch.reciprocal, values([0, 4]))
    case("atan2/at-0", torch.atan2, zeros, zeros)
    case("pow/at-0", torch.pow, values([0, 0, 0, 0, 0, 0]), values([0, 0.5, 1, 1.5, 2, -1]))
    for power in (0, 0.5, 1, 1.5, 2, 3, -1):
        case(f"raised/at-0-to-{power}", lambda x, value: x.pow(value), values([0, 2]), value=float(power))
    case("norm/at-0", norm, zeros, axes=[0], keepsAxes=False, order="2")
    case("normalized/at-0", normalized, values([[0, 0], [3, 4]]), axis=1)
    case("maximum/ties", torch.maximum, values([1, 2]), values([1, 3]))
    case("minimum/ties", torch.minimum, values([1, 2]), values([1, 3]))
    masked = values([[-INFINITY, 1, 2], [0, -INFINITY, -INFINITY]])
    case("softmax/masked-rows", lambda x, axis: torch.softmax(x, axis), masked, axis=1)
    case("logsumexp/masked-rows", lambda x, axis: torch.logsumexp(x, axis), masked, axis=1)
    case("logaddexp/minus-infinity", torch.logaddexp, values([-INFINITY, 1]), values([0, -INFINITY]))


def others():
    case("variance/two", variance, normal("variance", 2, 3, 4), axes=[0, 2], keepsAxes=False, correction=1.0)
    case("variance/middle", variance, normal("variance", 2, 3, 4), axes=[1], keepsAxes=True, correction=0.0)
    case("variance/everything", variance, normal("variance", 2, 3), axes=[0, 1], keepsAxes=False, correction=1.0)
    case("normalized/last", normalized, normal("normalized", 3, 4), axis=-1)
    case("normalized/first", normalized, normal("normalized", 3, 4), axis=0)
    case("masked/plain", masked_columns, normal("masked", 3, 4), torch.tensor([2, 0, 2]), value=-1.5)
    case("scatter_rows/repeated", scatter_rows, normal("rows", 3, 2), torch.tensor([3, 0, 3]), shape=[4, 2])


def norm(x, axes, keepsAxes, order):
    return torch.linalg.vector_norm(x, float(order), axes, keepsAxes)


def normalized(x, axis):
    return F.normalize(x, dim=axis)


def variance(x, axes, keepsAxes, correction):
    return x.var(axes, correction=correction, keepdim=keepsAxes)


def masked_columns(x, index, value):
    return x.scatter(1, index[:, None], value)


def scatter_rows(x, rows, shape):
    return torch.zeros(shape, dtype=x.dtype).index_add(0, rows, x)


if __name__ == "__main__":
    main()
