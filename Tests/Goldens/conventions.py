"""Writes conventions.safetensors: values and gradients at NaN, infinities, zeros of either sign and kinks."""

import torch
import torch.nn.functional as F

from fixture import Fixture, leaf, values

fixture = Fixture("conventions", ["torch"], allows_nan=True)
NAN, INFINITY = float("nan"), float("inf")
POINTS = [NAN, INFINITY, -INFINITY, 0.0, -0.0, 0.5, -0.5, 1, -1, 3, -3, 1e4, -1e4]

FUNCTIONS = {
    "exp": torch.exp, "log": torch.log, "log1p": torch.log1p, "expm1": torch.expm1, "sqrt": torch.sqrt,
    "rsqrt": torch.rsqrt, "reciprocal": torch.reciprocal, "abs": torch.abs, "tanh": torch.tanh,
    "sigmoid": torch.sigmoid, "sin": torch.sin, "cos": torch.cos, "erf": torch.erf, "relu": F.relu,
    "softplus": lambda x: torch.logaddexp(x, torch.zeros_like(x)), "gelu": F.gelu, "silu": F.silu,
    "hard_tanh": F.hardtanh, "hard_sigmoid": F.hardsigmoid, "hard_swish": F.hardswish,
    "tan": torch.tan, "asin": torch.asin, "acos": torch.acos, "atan": torch.atan, "sinh": torch.sinh,
    "cosh": torch.cosh, "asinh": torch.asinh, "acosh": torch.acosh, "atanh": torch.atanh, "log2": torch.log2,
    "log10": torch.log10, "exp2": torch.exp2, "square": torch.square, "erfc": torch.erfc, "lgamma": torch.lgamma,
    "softsign": F.softsign, "mish": F.mish,
    "floor": torch.floor, "ceil": torch.ceil, "trunc": torch.trunc, "rounded": torch.round,
}


def main():
    for name, function in FUNCTIONS.items():
        case(f"{name}/points", function, values(POINTS))
    case("sign/points", torch.sign, values(POINTS))
    case("leaky_relu/points", lambda x, value: F.leaky_relu(x, value), values(POINTS), value=0.25)
    case("elu/points", lambda x, value: F.elu(x, value), values(POINTS), value=0.5)
    for power in (0, 0.5, 1, 1.5, 2, 3, -0.5, -1, -2):
        case(f"raised/to-{power}", lambda x, value: x.pow(value), values(POINTS), value=float(power))
    case("clamp/points", lambda x, lower, upper: x.clamp(lower, upper), values(POINTS), lower=-1.0, upper=1.0)
    case("clamp_from/points", lambda x, value: x.clamp(min=value), values(POINTS), value=0.0)
    case("clamp_through/points", lambda x, value: x.clamp(max=value), values(POINTS), value=0.0)
    pairs = [(a, b) for a in (NAN, INFINITY, -INFINITY, 1) for b in (NAN, INFINITY, -INFINITY, 1)]
    left, right = (values([float(p[i]) for p in pairs]) for i in (0, 1))
    case("maximum/points", torch.maximum, left, right)
    case("minimum/points", torch.minimum, left, right)
    fixture.save()


def case(name, function, *inputs, **arguments):
    """The function and the gradients of its sum."""
    leaves = [leaf(x) for x in inputs]
    output = function(*leaves, **arguments)
    output.sum().backward()
    fixture.add(f"{name}/output", output)
    for i, x in enumerate(leaves):
        fixture.add(f"{name}/input{i}", x)
        fixture.add(f"{name}/gradient{i}", x.grad)
    fixture.describe(name, **arguments)


if __name__ == "__main__":
    main()
