"""Goldens for subscripts, replacing and adding at places, and products with Jacobians and Hessians."""

import torch
from torch.func import grad, hessian, jacrev, jvp, vjp

from fixture import Fixture, normal, positive

fixture = Fixture("subscripts", ["torch"])
case = fixture.case

INDEX = torch.tensor([2, -1, 0])
COLUMN = torch.tensor([[1], [0]])
MASK = torch.tensor([[True, False, True], [False, False, True]])

# Each name is in the table of the Swift tests, with the same places.
PLACES = {
    "position": (1,),
    "last": (-1,),
    "positions": (1, 2),
    "range_position": (slice(0, 2), 1),
    "ellipsis": (0, ..., slice(1, 3)),
    "ellipsis_first": (..., -2),
    "ellipsis_third": (0, -1, ..., None),
    "ranges": (slice(1, None), slice(None, 2), slice(1, 4)),
    "to_negative": (slice(None, -1), slice(-2, None), slice(1, -1)),
    "steps": (slice(None), slice(None, None, 2), slice(1, None, 2)),
    "new_axes": (None, 0, ..., None),
    "index": (INDEX[1:],),
    "index_second": (slice(None), INDEX),
    "index_matrix": (..., COLUMN),
    "index_pair": (slice(None), INDEX, INDEX),
    "index_broadcast": (COLUMN, INDEX),
    "index_apart": (COLUMN, slice(None), INDEX),
    "index_position": (0, slice(None), INDEX),
    "index_new_axis": (INDEX[1:], None, INDEX[1:]),
    "index_range": (slice(1, 2), INDEX, slice(None, None, 3)),
    "mask": (MASK,),
    "mask_later": (0, MASK[0], slice(1, 3)),
    "mask_index": (MASK, torch.tensor([0, 1, -1])),
}


# Of these PyTorch does not say which value stays.
NAMED_TWICE = ("index_broadcast", "index_new_axis", "index_second", "index_range")


def places():
    for name, place in PLACES.items():
        x = normal(f"subscript/{name}", 2, 3, 4)
        case(f"subscript/{name}", lambda x: x[place], x)
        shape = x[place].shape
        case(f"adding/{name}", lambda x, y: add(x, place, y), x, normal(f"adding/{name}", *shape))
        if name not in NAMED_TWICE:
            case(f"replacing_at/{name}", lambda x, y: put(x, place, y), x, normal(f"replacing_at/{name}", *shape))
    x, row = normal("adding/row", 2, 3, 4), normal("adding/row/row", 4)
    case("replacing_row/index", lambda x, y: put(x, (slice(None), INDEX[1:]), y), x, row)
    case("adding_row/repeated", lambda x, y: add(x, (torch.tensor([1, 1, 0]), -1), y), x, row)


def put(x, place, y):
    x = x.clone()
    x[place] = y
    return x


def add(x, place, y):
    """`x[place] += y`, where what is named several times adds up."""
    positions = torch.arange(x.numel()).reshape(x.shape)[place].reshape(-1)
    y = y.expand(x[place].shape).reshape(-1)
    return x.reshape(-1).index_add(0, positions, y).reshape(x.shape)


def products():
    """The directions have gradients too: products are linear in them."""
    function = lambda x: torch.softmax(x * x.sum(), 0) * torch.exp(x)
    number = lambda x: (torch.sin(x) * x.sum()).sum() + (x**3).prod()
    x, v = normal("products/x", 4), normal("products/v", 4)
    case("jvp/vector", lambda x, v: jvp(function, (x,), (v,))[1], x, v)
    case("vjp/vector", lambda x, v: vjp(function, x)[1](v)[0], x, v)
    case("hvp/vector", lambda x, v: jvp(grad(number), (x,), (v,))[1], x, v)
    case("jacobian/vector", jacrev(function), x)
    case("hessian/vector", hessian(number), x)
    a, b = normal("products/a", 2, 3), positive("products/b", 3)
    u, w = normal("products/u", 2, 3), normal("products/w", 3)
    two = lambda a, b: torch.tanh(a @ b) * b.log().sum()
    case("jvp_of_two/matrix", lambda a, b, u, w: jvp(two, (a, b), (u, w))[1], a, b, u, w)
    total = lambda a, b: two(a, b).square().sum()
    case("hvp_of_two/matrix", lambda a, b, u, w: jvp(grad(total, argnums=(0, 1)), (a, b), (u, w))[1][1], a, b, u, w)


def main():
    places()
    products()
    fixture.save()


if __name__ == "__main__":
    main()
