"""Goldens for functions of numbers beyond the everyday ones, remainders, grids and order statistics."""

import torch
import torch.nn.functional as F

from fixture import Fixture, distinct, normal, positive, values

fixture = Fixture("functions", ["torch"])
case = fixture.case


def elementwise():
    halves = values([-2.5, -1.75, -1.5, -0.5, -0.25, 0, 0.5, 1.25, 1.5, 2.5])
    for name, function in {"floor": torch.floor, "ceil": torch.ceil, "trunc": torch.trunc, "rounded": torch.round}.items():
        case(f"{name}/halves", function, halves)
    inside = values([-0.875, -0.25, 0, 0.125, 0.75])
    everywhere = {
        "tan": torch.tan, "atan": torch.atan, "sinh": torch.sinh, "cosh": torch.cosh, "asinh": torch.asinh,
        "exp2": torch.exp2, "square": torch.square, "erfc": torch.erfc, "softsign": F.softsign, "mish": mish,
        "lgamma": torch.lgamma,
    }
    for name, function in everywhere.items():
        case(f"{name}/plain", function, normal(name, 2, 3))
    for name, function in {"asin": torch.asin, "acos": torch.acos, "atanh": torch.atanh}.items():
        case(f"{name}/plain", function, inside)
    case("acosh/plain", torch.acosh, positive("acosh", 2, 3) + 1)
    for name, function in {"log2": torch.log2, "log10": torch.log10}.items():
        case(f"{name}/plain", function, positive(name, 2, 3))
        case(f"{name}/powers", function, values([2.0**-30, 0.5, 1, 8, 1000]))
    case("exp2/integers", torch.exp2, values([-20, -1, 0, 3, 10]))
    case("sinh/small", torch.sinh, values([-(2.0**-30), 0, 2.0**-20]))
    case("asinh/small", torch.asinh, values([-(2.0**-30), 0, 2.0**-20, 1e6]))
    case("erfc/tail", torch.erfc, values([-5, 0, 3, 8]))
    gammas = values([0.125, 0.5, 1.5, 3, 7.25, 20, 1000])
    below = values([-0.25, -1.5, -3.75, -20.5])
    # PyTorch's derivative of digamma has half the digits only; its zeta function has them all.
    for label, x in {"positive": gammas, "negative": below}.items():
        case(f"lgamma/{label}", torch.lgamma, x)
        case(f"digamma/{label}", torch.digamma, x, untracked=[0])
    case("polygamma/1", lambda x, order: torch.special.zeta(torch.tensor(2.0).double(), x), gammas, untracked=[0], order=1)
    for order in (2, 3):
        case(f"polygamma/{order}", lambda x, order: torch.polygamma(order, x), gammas, order=order)
    case("logit/plain", torch.logit, values([0.125, 0.25, 0.5, 0.875]))
    case("logit/bound", lambda x, bound: torch.logit(x, bound), values([0, 0.25, 0.5, 1]), bound=0.125)


def mish(x):
    """torch.nn.functional.mish with an exact softplus, without a threshold."""
    return x * torch.tanh(torch.logaddexp(x, torch.zeros_like(x)))


def binary():
    left = values([5.5, -5.5, 5.5, -5.5, 6, -6, 0, 1e-3])
    right = values([2, 2, -2, -2, 3, 3, -2, -7])
    functions = {
        "fmod": torch.fmod, "remainder": torch.remainder,
        "floor_divide": lambda a, b: torch.div(a, b, rounding_mode="floor"),
    }
    for name, function in functions.items():
        case(f"{name}/signs", function, left, right)
        case(f"{name}/broadcast", function, 4 * normal(f"{name}/0", 2, 3), positive(f"{name}/1", 3))
    a, b = torch.tensor([7, -7, 7, -7, 6, 0]), torch.tensor([2, 2, -2, -2, 3, -5])
    case("integers/truncated", lambda a, b, kind: torch.div(a, b, rounding_mode="trunc").double(), a, b, kind="/")
    case("integers/floored", lambda a, b, kind: torch.div(a, b, rounding_mode="floor").double(), a, b, kind="//")
    case("integers/fmod", lambda a, b, kind: torch.fmod(a, b).double(), a, b, kind="fmod")
    case("integers/remainder", lambda a, b, kind: torch.remainder(a, b).double(), a, b, kind="remainder")
    case("hypot/plain", torch.hypot, normal("hypot/0", 2, 3), normal("hypot/1", 3))
    case("hypot/large", torch.hypot, values([3e30, 0]), values([4e30, 2]))
    case("lerp/plain", torch.lerp, normal("lerp/0", 2, 3), normal("lerp/1", 2, 3), normal("lerp/2", 2, 3))
    case("lerp/broadcast", torch.lerp, normal("lerp/3", 2, 1), normal("lerp/4", 3), normal("lerp/5", 2, 3))
    case("lerp/ends", torch.lerp, values([1, 1, 1]), values([4, 4, 4]), values([0, 0.5, 1]))
    bounds = values([-1, -1, 2, 0, 0.5]), values([1, 1, 1, 3, 0.5])
    case("clamp_between/plain", torch.clamp, values([-2, 0.5, 0, 4, 2]), *bounds)
    case("clamp_between/broadcast", torch.clamp, distinct("clamp_between", 2, 3), values([-0.03]), values([[0.1], [0.2]]))


def grids():
    case("meshgrid/first", lambda *x, index: torch.meshgrid(*x, indexing="ij")[index], normal("mesh/0", 2),
         normal("mesh/1", 3), index=0)
    case("meshgrid/second", lambda *x, index: torch.meshgrid(*x, indexing="ij")[index], normal("mesh/0", 2),
         normal("mesh/1", 3), index=1)
    case("block_diagonal/three", torch.block_diag, normal("block/0", 2, 3), normal("block/1", 1, 1),
         normal("block/2", 3, 2))
    case("kronecker/matrices", torch.kron, normal("kron/0", 2, 3), normal("kron/1", 3, 2))
    case("kronecker/vector", torch.kron, normal("kron/2", 2), normal("kron/3", 2, 1, 3))
    for name, function in {"upper": torch.triu_indices, "lower": torch.tril_indices}.items():
        for diagonal in (-1, 0, 2):
            case(f"triangle_indices/{name}{diagonal}", lambda rows, columns, diagonal, upper, function=function:
                 function(rows, columns, diagonal).double(), rows=3, columns=4, diagonal=diagonal, upper=name == "upper")
    case("logspace/plain", lambda start, end, count, base: torch.logspace(start, end, count, base, dtype=torch.float64),
         start=-1.0, end=2.0, count=7, base=2.0)


def order_statistics():
    tied = values([[2, 3, 3, 1, 5, 5], [4, 4, -1, 4, -1, 0]])
    for name, function in {"cumulative_max": torch.cummax, "cumulative_min": torch.cummin}.items():
        case(f"{name}/last", lambda x, axis, part, f=function: f(x, axis)[part], distinct(name, 2, 7), axis=-1, part=0)
        case(f"{name}/middle", lambda x, axis, part, f=function: f(x, axis)[part], distinct(name, 2, 4, 2), axis=1, part=0)
        case(f"{name}/ties", lambda x, axis, part, f=function: f(x, axis)[part], tied, axis=1, part=0)
        case(f"{name}/tie-places", lambda x, axis, part, f=function: f(x, axis)[part].double(), tied, axis=1, part=1)
    for size in (1, 4, 5):
        case(f"median/{size}", lambda x, axis: x.median(axis).values, distinct("median", 3, size), axis=1)
    case("median/first", lambda x, axis: x.median(axis).values, distinct("median", 4, 3), axis=0)
    case("median/all", lambda x: x.median(), distinct("median", 2, 3))
    for share in (0.0, 0.3, 0.5, 1.0):
        case(f"quantile/{share}", lambda x, axis, share: x.quantile(share, axis), distinct("quantile", 3, 6), axis=1,
             share=share)
    case("quantile/first", lambda x, axis, share: x.quantile(share, axis), distinct("quantile", 4, 3), axis=0, share=0.7)
    case("quantiles/several", lambda x, axis, shares: x.quantile(values(shares), axis), distinct("quantile", 2, 5), axis=1,
         shares=[0.25, 0.5, 0.9])
    case("mode/last", lambda x, axis: x.mode(axis).values, tied, axis=1)
    case("mode/first", lambda x, axis: x.mode(axis).values, values([[1, 2], [3, 2], [1, 4]]), axis=0)
    edges = [-1.0, -0.5, 0.0, 0.5, 1.0]
    numbers = values([-3, -1, -0.75, -0.5, 0, 0.25, 0.5, 0.75, 1, 1.5])
    case("histogram/range", lambda x, bins, low, high: torch.histogram(x, bins, range=(low, high)).hist, numbers,
         untracked=[0], bins=4, low=-1.0, high=1.0)
    case("histogram/edges", lambda x, edges: torch.histogram(x, values(edges)).hist, numbers, untracked=[0], edges=edges)
    case("histogram/own", lambda x, bins: torch.histogram(x, bins).hist, numbers, untracked=[0], bins=4)
    counted = torch.tensor([3, 0, 3, 1])
    case("bincount/plain", lambda x, minimum: torch.bincount(x, minlength=minimum).double(), counted, minimum=0)
    case("bincount/more", lambda x, minimum: torch.bincount(x, minlength=minimum).double(), counted, minimum=6)
    for right in (False, True):
        label = "after" if right else "before"
        case(f"search_sorted/{label}", lambda x, v, right: torch.searchsorted(x, v, right=right).double(),
             values([[1, 2, 2, 5], [0, 0, 3, 3]]), values([[2, 6, 0], [0, 3, 1]]), right=right)
        case(f"search_sorted/{label}-shared", lambda x, v, right: torch.searchsorted(x, v, right=right).double(),
             values([1, 2, 2, 5]), values([[2, 6], [0, 5]]), right=right)


def first(x):
    """Channels first, as PyTorch has them."""
    return x.permute(0, 3, 1, 2)


def last(x):
    return x.permute(0, 2, 3, 1)


def images():
    for stride, padding, dilation in ((1, 0, 1), (2, 1, 1), (2, 2, 2)):
        arguments = {"size": 3, "stride": stride, "padding": padding, "dilation": dilation}
        name = f"{stride}{padding}{dilation}"
        x = normal(f"unfold/{name}", 1, 4, 5, 2)
        case(f"unfolded/{name}", unfold, x, **arguments)
        windows = normal(f"fold/{name}", *unfold(x, **arguments).shape)
        case(f"folded/{name}", fold, windows, height=4, width=5, **arguments)
    case("pixel_shuffled/2", lambda x, factor: last(F.pixel_shuffle(first(x), factor)), normal("shuffle", 2, 2, 3, 8),
         factor=2)
    case("pixel_unshuffled/3", lambda x, factor: last(F.pixel_unshuffle(first(x), factor)), normal("shuffle", 2, 3, 6, 2),
         factor=3)
    x, places = normal("sampled/0", 2, 3, 4, 2), normal("sampled/1", 2, 2, 5, 2) * 0.75
    for border in (False, True):
        for corners in (False, True):
            case(f"sampled/{'border' if border else 'zeros'}{'-corners' if corners else ''}", sample, x, places,
                 border=border, corners=corners)


def transforms():
    pair, complex_ = torch.view_as_real, torch.view_as_complex
    for name in ("fft", "ifft"):
        function = getattr(torch.fft, name)
        for n, axis in ((6, -1), (5, 0), (41, -1)):
            shape = (3, n, 2) if axis == -1 else (n, 3, 2)
            case(f"{name}/{n}", lambda x, axis: pair(function(complex_(x), dim=axis)), normal(f"{name}/{n}", *shape), axis=axis)
        function2 = getattr(torch.fft, name + "2")
        case(f"{name}2/batch", lambda x: pair(function2(complex_(x))), normal(f"{name}2", 2, 3, 4, 2))
    for n in (6, 7):
        case(f"rfft/{n}", lambda x: pair(torch.fft.rfft(x)), normal(f"rfft/{n}", 2, n))
        case(f"rfft2/{n}", lambda x: pair(torch.fft.rfft2(x)), normal(f"rfft2/{n}", 2, 3, n))
        case(f"irfft/{n}", lambda x, count: torch.fft.irfft(complex_(x), count), normal(f"irfft/{n}", 2, 4, 2), count=n)
        case(f"irfft2/{n}", lambda x, count: torch.fft.irfft2(complex_(x), (3, count)), normal(f"irfft2/{n}", 2, 3, 4, 2),
             count=n)


def unfold(x, size, stride, padding, dilation):
    rows, columns = ((n + 2 * padding - dilation * (size - 1) - 1) // stride + 1 for n in x.shape[1:3])
    flat = F.unfold(first(x), size, dilation, padding, stride)
    return flat.reshape(x.shape[0], x.shape[3], size, size, rows, columns).permute(0, 4, 5, 2, 3, 1)


def fold(x, height, width, size, stride, padding, dilation):
    flat = x.permute(0, 5, 3, 4, 1, 2).reshape(x.shape[0], -1, x.shape[1] * x.shape[2])
    return last(F.fold(flat, (height, width), size, dilation, padding, stride))


def sample(x, places, border, corners):
    return last(F.grid_sample(first(x), places, padding_mode="border" if border else "zeros", align_corners=corners))


def matrices():
    tall, wide = normal("least_squares/0", 5, 3), normal("least_squares/1", 2, 4)
    solve = lambda a, b: torch.linalg.lstsq(a, b, driver="gels").solution
    case("least_squares/tall", solve, tall, normal("least_squares/2", 5, 2))
    case("least_squares/wide", solve, wide, normal("least_squares/3", 2, 3))
    case("least_squares/batch", solve, normal("least_squares/4", 2, 4, 2), normal("least_squares/5", 2, 4, 1))
    case("pseudo_inverse/tall", torch.linalg.pinv, tall)
    case("pseudo_inverse/wide", torch.linalg.pinv, wide)
    case("pseudo_inverse/batch", torch.linalg.pinv, normal("pseudo_inverse", 2, 3, 3))
    deficient = values([[1, 2, 3], [2, 4, 6], [0, 1, 1]])
    case("matrix_rank/several", lambda x: torch.linalg.matrix_rank(x).double(),
         torch.stack([deficient, torch.zeros_like(deficient), torch.eye(3).double()]), untracked=[0])
    case("matrix_exponential/small", torch.linalg.matrix_exp, normal("matrix_exponential", 3, 3) / 4)
    case("matrix_exponential/batch", torch.linalg.matrix_exp, normal("matrix_exponential", 2, 3, 3))
    case("matrix_exponential/large", torch.linalg.matrix_exp, values([[-9, 4], [2, -12]]))


def main():
    for family in (elementwise, binary, grids, order_statistics, images, matrices, transforms):
        family()
    fixture.save()


if __name__ == "__main__":
    main()
