"""Goldens for every differentiable tensor operation: forward, and gradients for a fixed cotangent."""

import torch
import torch.nn.functional as F

from fixture import Fixture, distinct, normal, positive, values

fixture = Fixture("operations", ["torch"])
case = fixture.case
INFINITY = float("inf")


def arithmetic():
    shapes = {
        "same": ([2, 3], [2, 3]),
        "row": ([3, 4], [4]),
        "column": ([3, 4], [3, 1]),
        "outer": ([3, 1], [1, 4]),
        "leading-axes": ([3], [2, 2, 3]),
        "middle-axis": ([2, 3, 2], [2, 1, 2]),
        "rank-0": ([2, 3], []),
        "single": ([1], [1]),
        "empty": ([0, 3], [3]),
    }
    functions = {
        "add": lambda a, b: a + b,
        "subtract": lambda a, b: a - b,
        "multiply": lambda a, b: a * b,
        "divide": lambda a, b: a / b,
    }
    for operation, function in functions.items():
        for label, (left, right) in shapes.items():
            name = f"{operation}/{label}"
            case(name, function, normal(f"{name}/0", *left), positive(f"{name}/1", *right))
    x = positive("scalar", 2, 3)
    case("add_scalar/plain", lambda a, value: a + value, x, value=1.5)
    case("subtract_scalar/plain", lambda a, value: a - value, x, value=1.5)
    case("multiply_scalar/plain", lambda a, value: a * value, x, value=-2.5)
    case("divide_scalar/plain", lambda a, value: a / value, x, value=4.0)
    case("scalar_subtract/plain", lambda a, value: value - a, x, value=1.5)
    case("scalar_divide/plain", lambda a, value: value / a, x, value=3.0)
    case("negate/plain", lambda a: -a, normal("negate", 2, 3))


def elementwise():
    zero = values([-2, -0.5, 0, 0.5, 2])
    case("exp/plain", torch.exp, normal("exp", 2, 3))
    case("exp/extreme", torch.exp, values([-800, -80, 0, 80]))
    case("log/plain", torch.log, positive("log", 2, 3))
    case("log/extreme", torch.log, values([2.0**-100, 1, 2.0**100]))
    case("log1p/plain", torch.log1p, positive("log1p", 2, 3))
    case("log1p/small", torch.log1p, values([-(2.0**-40), 0, 2.0**-60, 2.0**-20, -0.5]))
    case("sqrt/plain", torch.sqrt, positive("sqrt", 2, 3))
    case("rsqrt/plain", torch.rsqrt, positive("rsqrt", 2, 3))
    case("expm1/plain", torch.expm1, normal("expm1", 2, 3))
    case("expm1/small", torch.expm1, values([-(2.0**-40), 0, 2.0**-60, 2.0**-20, -0.5]))
    case("erf/plain", torch.erf, normal("erf", 2, 3))
    case("erf/extreme", torch.erf, values([-30, -(2.0**-30), 0, 2.0**-60, 3]))
    case("reciprocal/plain", torch.reciprocal, positive("reciprocal", 2, 3))
    case("abs/zero", torch.abs, zero)
    case("sign/zero", torch.sign, zero)
    case("relu/zero", torch.relu, zero)
    case("relu/plain", torch.relu, normal("relu", 2, 3))
    case("tanh/plain", torch.tanh, normal("tanh", 2, 3))
    case("tanh/extreme", torch.tanh, values([-50, -(2.0**-30), 0, 2.0**-30, 50]))
    case("sigmoid/plain", torch.sigmoid, normal("sigmoid", 2, 3))
    case("sigmoid/extreme", torch.sigmoid, values([-80, -40, 0, 40, 800]))
    case("softplus/plain", exact_softplus, normal("softplus", 2, 3))
    case("softplus/extreme", exact_softplus, values([-800, -80, 0, 40, 800]))
    case("sin/plain", torch.sin, normal("sin", 2, 3))
    case("cos/plain", torch.cos, normal("cos", 2, 3))
    case("pow/plain", torch.pow, positive("pow/0", 2, 3), normal("pow/1", 2, 3))
    case("pow/broadcast", torch.pow, positive("pow/2", 3, 2), normal("pow/3", 2))
    case("pow/negative-base", torch.pow, values([-2, -1, -0.5, 3]), values([2, 3, -2, 0]), untracked=[1])
    case("pow/zero-base", torch.pow, values([0, 0, 0]), values([1, 2, 3]), untracked=[1])
    case("raised/cube", raised, values([-2, -0.5, 0, 1.5]), value=3.0)
    case("raised/square", raised, values([-2, -0.5, 0, 1.5]), value=2.0)
    case("raised/zero", raised, values([-2, 0, 1.5]), value=0.0)
    case("raised/fraction", raised, positive("raised", 2, 3), value=-1.5)
    ties = values([[1, 2, 3], [4, 5, 6]]), values([[1, 3, 2], [4, 0, 6]])
    case("maximum/ties", torch.maximum, *ties)
    case("maximum/broadcast", torch.maximum, distinct("maximum", 3, 4), values([0.03, 0.5, -0.2, 0]))
    case("minimum/ties", torch.minimum, *ties)
    case("minimum/broadcast", torch.minimum, distinct("minimum", 3, 4), values([0.03, 0.5, -0.2, 0]))
    case("clamp/plain", clamp, values([-3, -1.5, 0.25, 1.5, 9]), lower=-1.0, upper=2.0)
    case("clamp/bounds", clamp, values([-1, 0, 2]), lower=-1.0, upper=2.0)
    case("clamp_from/bounds", lambda x, value: x.clamp(min=value), values([-3, -1, 0.5]), value=-1.0)
    case("clamp_through/bounds", lambda x, value: x.clamp(max=value), values([-3, -1, 0.5]), value=-1.0)
    case("atan2/plain", torch.atan2, normal("atan2/0", 2, 3), normal("atan2/1", 2, 3))
    case("atan2/axes", torch.atan2, values([0, 1, 0, -1, 0]), values([1, 0, -1, 0, 0]))
    case("atan2/broadcast", torch.atan2, normal("atan2/2", 2, 1), normal("atan2/3", 3))


def activations():
    x = normal("activations", 2, 3)
    bends = values([-4, -3, -1, 0, 1, 3, 4])
    case("leaky_relu/bends", lambda x, value: F.leaky_relu(x, value), bends, value=0.125)
    case("elu/bends", lambda x, value: F.elu(x, value), bends, value=0.75)
    case("elu/extreme", lambda x, value: F.elu(x, value), values([-800, 800]), value=1.0)
    case("gelu/plain", F.gelu, x)
    case("gelu/bends", F.gelu, bends)
    case("gelu_tanh/plain", gelu_tanh, x)
    case("gelu_tanh/bends", gelu_tanh, bends)
    case("silu/plain", F.silu, x)
    case("silu/extreme", F.silu, values([-700, -40, 0, 40, 800]))
    case("hard_tanh/bends", F.hardtanh, bends)
    case("hard_sigmoid/bends", exact_hard_sigmoid, bends)
    case("hard_swish/bends", F.hardswish, bends)


def gelu_tanh(x):
    return F.gelu(x, approximate="tanh")


def exact_hard_sigmoid(x):
    """The gradient of torch.nn.functional.hardsigmoid is 1/6 in single precision only."""
    return F.relu6(x + 3) / 6


def exact_softplus(x):
    """torch.nn.functional.softplus turns linear above its threshold; this one never does."""
    return torch.logaddexp(x, torch.zeros_like(x))


def raised(x, value):
    return x.pow(value)


def clamp(x, lower, upper):
    return x.clamp(lower, upper)


def reductions():
    functions = {"sum": torch.sum, "mean": torch.mean, "max": torch.amax, "min": torch.amin}
    for operation, function in functions.items():
        def reduce(x, axes, keepsAxes, function=function):
            return function(x, dim=axes, keepdim=keepsAxes)

        x = distinct(operation, 2, 3, 4)
        case(f"{operation}/everything", reduce, x, axes=[0, 1, 2], keepsAxes=False)
        case(f"{operation}/first", reduce, x, axes=[0], keepsAxes=False)
        case(f"{operation}/middle-kept", reduce, x, axes=[1], keepsAxes=True)
        case(f"{operation}/last", reduce, x, axes=[2], keepsAxes=False)
        case(f"{operation}/outer-two", reduce, x, axes=[0, 2], keepsAxes=False)
        case(f"{operation}/outer-two-kept", reduce, x, axes=[0, 2], keepsAxes=True)
        case(f"{operation}/negative-axis", reduce, x, axes=[-1], keepsAxes=True)
        case(f"{operation}/size-one", reduce, distinct(operation, 1, 3), axes=[0], keepsAxes=False)
        if operation in ("max", "min"):
            tied = values([[1, 3, 3], [-2, -2, -2], [0, 5, 0]])
            case(f"{operation}/ties-in-rows", reduce, tied, axes=[1], keepsAxes=False)
            case(f"{operation}/ties-everywhere", reduce, torch.ones(2, 3).double(), axes=[0, 1], keepsAxes=False)
    case("sum/empty", lambda x, axes, keepsAxes: x.sum(axes), values([[], []]).T, axes=[0], keepsAxes=False)
    functions = {"logsumexp": torch.logsumexp, "softmax": torch.softmax, "log_softmax": torch.log_softmax}
    for operation, function in functions.items():
        def reduce(x, axis, function=function):
            return function(x, dim=axis)

        case(f"{operation}/last", reduce, normal(operation, 3, 4), axis=1)
        case(f"{operation}/first", reduce, normal(operation, 3, 4), axis=0)
        case(f"{operation}/middle", reduce, normal(operation, 2, 3, 2), axis=1)
        case(f"{operation}/negative-axis", reduce, normal(operation, 2, 3), axis=-1)
        if operation == "logsumexp":
            case(f"{operation}/large", reduce, values([[1000, 900, -1000], [-5100, -5000, -6000]]), axis=1)
        else:
            case(f"{operation}/large", reduce, values([[1000, 999, 998], [-5000, -5001, -5000]]), axis=1)
    def deviation(x, axes, keepsAxes, correction):
        return x.std(axes, correction=correction, keepdim=keepsAxes)

    x = normal("standard_deviation", 2, 3, 4)
    case("standard_deviation/everything", deviation, x, axes=[0, 1, 2], keepsAxes=False, correction=1.0)
    case("standard_deviation/middle", deviation, x, axes=[1], keepsAxes=True, correction=0.0)
    case("standard_deviation/two", deviation, x, axes=[0, 2], keepsAxes=False, correction=1.0)
    case("standard_deviation/equal", deviation, torch.ones(2, 4).double(), axes=[1], keepsAxes=False, correction=1.0)
    for order in (0.5, 1, 1.5, 2, 3, -1, INFINITY, -INFINITY):
        def norm(x, axes, keepsAxes, order):
            return torch.linalg.vector_norm(x, float(order), axes, keepsAxes)

        label = str(order).replace("-", "minus-")
        case(f"norm/{label}", norm, normal("norm", 2, 3, 2), axes=[0, 2], keepsAxes=False, order=str(order))
        if order != -1:
            zeros = values([[0, 0], [3, -4], [2, 2]])
            case(f"norm/{label}-zeros", norm, zeros, axes=[1], keepsAxes=True, order=str(order))
    case("product/everything", product, normal("product", 2, 3), axes=[0, 1], keepsAxes=False)
    case("product/last", product, normal("product", 2, 5), axes=[1], keepsAxes=True)
    case("product/outer-two", product, normal("product", 2, 3, 2), axes=[0, 2], keepsAxes=False)
    case("product/zeros", product, values([[2, 3, 4], [2, 0, 4], [0, 0, 4]]), axes=[1], keepsAxes=False)
    functions = {"cumulative_sum": torch.cumsum, "cumulative_product": torch.cumprod,
                 "cumulative_logsumexp": torch.logcumsumexp}
    for operation, function in functions.items():
        def cumulate(x, axis, function=function):
            return function(x, dim=axis)

        case(f"{operation}/last", cumulate, normal(operation, 2, 7), axis=-1)
        case(f"{operation}/middle", cumulate, normal(operation, 2, 4, 2), axis=1)
        case(f"{operation}/single", cumulate, normal(operation, 1, 2), axis=0)
        case(f"{operation}/empty", cumulate, normal(operation, 0, 2), axis=0)
    zeros = values([[2, 0, 3, 4, 0, 5], [0, 1, 2, 3, 4, 5]])
    case("cumulative_product/zeros", lambda x, axis: x.cumprod(axis), zeros, axis=1)
    case("logaddexp/broadcast", torch.logaddexp, normal("logaddexp/0", 2, 3), normal("logaddexp/1", 3))
    for operation, function in {"argmax": torch.argmax, "argmin": torch.argmin}.items():
        def locate(x, axis, keepsAxes, function=function):
            return function(x, dim=axis, keepdim=keepsAxes).double()

        case(f"{operation}/middle", locate, distinct(operation, 2, 3, 2), axis=1, keepsAxes=False)
        case(f"{operation}/last-kept", locate, distinct(operation, 2, 5), axis=-1, keepsAxes=True)
    for operation, function in {"any": torch.any, "all": torch.all}.items():
        def judge(mask, axes, keepsAxes, function=function):
            return function(mask == 1, dim=axes, keepdim=keepsAxes).double()

        mask = torch.tensor([[[1, 0], [1, 1]], [[0, 0], [1, 1]]])
        case(f"{operation}/first", judge, mask, axes=[0], keepsAxes=False)
        case(f"{operation}/two-kept", judge, mask, axes=[1, 2], keepsAxes=True)
    case("logsumexp/minus-infinity", lambda x, axis: torch.logsumexp(x, axis),
         values([[-INFINITY, 1, 2], [0, -INFINITY, -INFINITY]]), axis=1)


def product(x, axes, keepsAxes):
    for axis in axes:
        x = x.prod(axis, keepdim=True)
    return x if keepsAxes else x.squeeze(axes)


def linear():
    shapes = {
        "plain": ([2, 3], [3, 4]),
        "row-column": ([1, 5], [5, 1]),
        "outer": ([3, 1], [1, 2]),
        "batched": ([2, 2, 3], [2, 3, 2]),
        "shared-right": ([2, 2, 3], [3, 2]),
        "shared-left": ([2, 3], [2, 3, 2]),
        "broadcast-batch": ([2, 1, 2, 3], [1, 2, 3, 2]),
        "empty-inner": ([2, 0], [0, 3]),
        "empty-rows": ([0, 3], [3, 2]),
    }
    for label, (left, right) in shapes.items():
        name = f"matmul/{label}"
        case(name, torch.matmul, normal(f"{name}/0", *left), normal(f"{name}/1", *right))


def shapes():
    x = normal("shapes", 2, 3, 4)
    case("reshape/plain", lambda x, shape: x.reshape(shape), x, shape=[4, 6])
    case("reshape/inferred", lambda x, shape: x.reshape(shape), x, shape=[3, -1])
    case("permute/plain", lambda x, axes: x.permute(axes), x, axes=[2, 0, 1])
    case("transpose/plain", lambda x: x.transpose(-1, -2), x)
    case("expand/plain", lambda x, shape: x.expand(shape), normal("expand", 3, 1), shape=[2, 3, 4])
    case("squeeze/plain", lambda x, axis: x.squeeze(axis), normal("squeeze", 2, 1, 3), axis=1)
    case("unsqueeze/plain", lambda x, axis: x.unsqueeze(axis), normal("unsqueeze", 2, 3), axis=1)
    case("flip/plain", lambda x, axis: x.flip(axis), x, axis=1)
    case("concatenate/first", lambda *x, axis: torch.cat(x, axis),
         normal("cat/0", 2, 3), normal("cat/1", 1, 3), normal("cat/2", 3, 3), axis=0)
    case("concatenate/last", lambda *x, axis: torch.cat(x, axis), normal("cat/3", 2, 3), normal("cat/4", 2, 2), axis=1)
    case("concatenate/with-empty", lambda *x, axis: torch.cat(x, axis),
         normal("cat/5", 2, 3), normal("cat/6", 0, 3), axis=0)
    case("stack/first", lambda *x, axis: torch.stack(x, axis), normal("stack/0", 2, 3), normal("stack/1", 2, 3), axis=0)
    case("stack/last", lambda *x, axis: torch.stack(x, axis), normal("stack/2", 2, 3), normal("stack/3", 2, 3), axis=2)
    case("transpose_axes/plain", lambda x, axes: x.transpose(*axes), x, axes=[0, -1])
    case("move_axis/up", lambda x, axes: x.movedim(*axes), x, axes=[0, 2])
    case("move_axis/down", lambda x, axes: x.movedim(*axes), x, axes=[-1, 0])
    case("flatten/all", lambda x, axes: x.flatten(*axes), x, axes=[0, -1])
    case("flatten/last-two", lambda x, axes: x.flatten(*axes), x, axes=[1, 2])
    for shift in (1, -2, 7, 0):
        case(f"roll/by-{shift}", lambda x, axis, shift: x.roll(shift, axis), normal("roll", 2, 3), axis=1, shift=shift)
    case("tile/plain", lambda x, shape: x.tile(shape), normal("tile", 2, 3), shape=[2, 3])
    case("tile/nothing", lambda x, shape: x.tile(shape), normal("tile", 2, 3), shape=[0, 2])
    case("repeat/plain", lambda x, axis, times: x.repeat_interleave(times, axis),
         normal("repeat", 2, 3), axis=1, times=2)
    case("split/sections", lambda x, axis, index: x.tensor_split(3, axis)[index],
         normal("split", 2, 6), axis=1, index=1)
    case("split/sizes", lambda x, axis, index, sizes: x.split(sizes, axis)[index], normal("split", 2, 6),
         axis=1, index=2, sizes=[1, 2, 3])
    case("pad/zeros", pad, normal("pad", 2, 3), axis=1, before=1, after=2, value=0.0)
    case("pad/value", pad, normal("pad", 2, 3, 2), axis=0, before=2, after=0, value=-1.5)


def pad(x, axis, before, after, value):
    widths = [0, 0] * (x.dim() - 1 - axis) + [before, after]
    return F.pad(x, widths, value=value)


def indexing():
    x = normal("indexing", 5, 3, 2)
    case("select/first", lambda x, axis, index: x.select(axis, index), x, axis=0, index=3)
    case("select/middle", lambda x, axis, index: x.select(axis, index), x, axis=1, index=0)
    case("slice/plain", sliced, x, axis=0, start=1, end=4, step=1)
    case("slice/step", sliced, x, axis=0, start=0, end=5, step=2)
    case("slice/step-offset", sliced, x, axis=0, start=1, end=5, step=3)
    case("slice/last-axis", sliced, x, axis=2, start=1, end=2, step=1)
    case("slice/empty", sliced, x, axis=0, start=2, end=2, step=1)
    case("pick/one-per-row", lambda x, index: x.gather(1, index[:, None])[:, 0],
         normal("gather", 4, 3), torch.tensor([2, 0, 2, 1]))
    case("take/duplicates", torch_take, normal("take", 4, 3), torch.tensor([1, 3, 1, 1, 0]))
    case("take/rank-3", torch_take, x, torch.tensor([4, 4]))
    case("take/none", torch_take, normal("take", 4, 3), torch.tensor([], dtype=torch.int64))
    def take_along(x, index, axis):
        return x.index_select(axis, index)

    case("take_along/middle", take_along, x, torch.tensor([2, 0, 2, 2]), axis=1)
    case("take_along/last", take_along, x, torch.tensor([1]), axis=-1)

    def take_elements(x, index, axis):
        return torch.take_along_dim(x, index, axis)

    case("take_elements/last", take_elements,
         normal("elements", 2, 3), torch.tensor([[2, 2, 0, 1], [1, 0, 0, 0]]), axis=1)
    case("take_elements/middle", take_elements, x, torch.tensor([[[2, 1]]] * 5), axis=1)
    case("take_elements/broadcast", take_elements, x, torch.tensor([[[2, 1]]]), axis=1)

    def scatter_elements(x, index, axis, shape):
        return torch.zeros(shape, dtype=x.dtype).scatter_add(axis, index, x)

    case("scatter_elements/last", scatter_elements, normal("elements", 2, 3), torch.tensor([[1, 1, 4], [0, 2, 0]]),
         axis=1, shape=[2, 5])
    case("scatter_elements/first", scatter_elements, normal("elements", 2, 3), torch.tensor([[1, 1, 0], [1, 0, 0]]),
         axis=0, shape=[2, 3])
    mask = torch.tensor([[1, 0, 1], [0, 0, 1]])
    case("elements/plain", lambda x, mask: x.masked_select(mask == 1), normal("fill", 2, 3), mask)
    case("elements/broadcast", lambda x, mask: x.masked_select(mask == 1), normal("fill", 3), mask)
    case("elements/none", lambda x, mask: x.masked_select(mask == 2), normal("fill", 2, 3), torch.zeros_like(mask))
    case("replacing/plain", lambda x, mask, value: x.masked_fill(mask == 1, value),
         normal("fill", 2, 3), mask, value=-7.5)
    case("where/plain", lambda mask, a, b: torch.where(mask == 1, a, b),
         mask, normal("where/0", 2, 3), normal("where/1", 2, 3))
    case("where/broadcast", lambda mask, a, b: torch.where(mask == 1, a, b),
         mask, normal("where/2", 3), normal("where/3", 2, 1))


def sorting():
    ties = values([[2, 1, 2, 3], [1, 3, 3, 1]])
    for descending in (False, True):
        label = "descending" if descending else "ascending"

        def arguments(x, axis, descending):
            return torch.argsort(x, dim=axis, descending=descending, stable=True).double()

        def ordered(x, axis, descending):
            return torch.sort(x, dim=axis, descending=descending, stable=True).values

        case(f"argsort/{label}", arguments, ties, axis=1, descending=descending)
        case(f"sort/{label}", ordered, ties, axis=1, descending=descending)
        case(f"sort/{label}-first", ordered, normal("sort", 20, 2), axis=0, descending=descending)

        def top(x, axis, count, smallest):
            return x.topk(count, axis, largest=not smallest).values

        case(f"topk/{label}", top, distinct("topk", 2, 5), axis=1, count=2, smallest=not descending)
        case(f"topk/{label}-first", top, distinct("topk", 5, 2), axis=0, count=3, smallest=not descending)
    labels = torch.tensor([[7, 2, 7], [-1, 2, 7]])
    for position, label in enumerate(("values", "inverse", "counts")):
        def unique(x, part):
            return torch.unique(x, return_inverse=True, return_counts=True)[part].double()

        case(f"unique/{label}", unique, labels, part=position)

    def one_hot(x, classes):
        return torch.nn.functional.one_hot(x, classes).double()

    case("one_hot/matrix", one_hot, torch.tensor([[3, 0], [1, 1]]), classes=4)


def sliced(x, axis, start, end, step):
    return x[(slice(None),) * axis + (slice(start, end, step),)]


def torch_take(x, rows):
    return x.index_select(0, rows)


def main():
    for family in (arithmetic, elementwise, activations, reductions, linear, shapes, indexing, sorting):
        family()
    fixture.save()


if __name__ == "__main__":
    main()
