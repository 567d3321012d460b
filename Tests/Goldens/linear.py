"""Goldens for linear algebra: products, triangles, distances, decompositions."""

import torch

from fixture import Fixture, normal, values

fixture = Fixture("linear", ["torch"])
case = fixture.case


def regular(name, *shape):
    """Square matrices far from singular."""
    return normal(name, *shape) / 4 + 2 * torch.eye(shape[-1], dtype=torch.float64)


def definite(name, *shape):
    """Symmetric positive definite matrices."""
    x = normal(name, *shape) / 4
    return (x + x.mT) / 2 + 3 * torch.eye(shape[-1], dtype=torch.float64)


def products():
    case("dot/plain", torch.dot, normal("dot/0", 5), normal("dot/1", 5))
    case("dot/empty", torch.dot, normal("dot/2", 0), normal("dot/3", 0))
    case("outer/plain", torch.outer, normal("outer/0", 3), normal("outer/1", 4))
    equations = {
        "matrices": ("ij,jk->ik", [2, 3], [3, 4]),
        "implicit": ("kj,ji", [2, 3], [3, 4]),
        "capitals": ("aB,Bc", [2, 3], [3, 4]),
        "batches": ("bij,bjk->bik", [2, 3, 2], [2, 2, 4]),
        "shared-batch": ("bij,jk->kbi", [2, 3, 2], [2, 4]),
        "rows": ("ij,ij->i", [2, 3], [2, 3]),
        "everything": ("ij,ij->", [2, 3], [2, 3]),
        "outer": ("i,jk->kij", [2], [3, 2]),
        "two-sums": ("aijb,jci->cab", [2, 3, 2, 2], [2, 3, 3]),
        "one-sided-sum": ("ij,jk->k", [2, 3], [3, 4]),
        "trace": ("ii", [3, 3]),
        "diagonals": ("biij->jbi", [2, 3, 3, 2]),
        "permuted": ("ijk->kij", [2, 3, 4]),
        "bilinear": ("bi,oij,bj->bo", [2, 3], [2, 3, 4], [2, 4]),
        "chain": ("ab,bc,cd,de->ae", [2, 3], [3, 2], [2, 3], [3, 2]),
        "empty": ("ij,jk->ik", [2, 0], [0, 3]),
    }
    for label, (equation, *shapes) in equations.items():
        tensors = [normal(f"einsum/{label}/{i}", *shape) for i, shape in enumerate(shapes)]
        case(f"einsum/{label}", lambda *x, equation: torch.einsum(equation, *x), *tensors, equation=equation)


def triangles():
    for label, shape in {"wide": [2, 3, 4], "tall": [4, 3], "empty": [0, 3]}.items():
        x = normal(f"triangle/{label}", *shape)
        for offset in (-5, -1, 0, 2):
            case(f"triu/{label}{offset}", lambda x, offset: x.triu(offset), x, offset=offset)
            case(f"tril/{label}{offset}", lambda x, offset: x.tril(offset), x, offset=offset)
            case(f"diagonal/{label}{offset}", lambda x, offset: x.diagonal(offset, -2, -1), x, offset=offset)
    for offset in (-1, 0, 2):
        case(f"diag_embed/{offset}", lambda x, offset: torch.diag_embed(x, offset), normal("embed", 2, 3),
             offset=offset)
    case("trace/plain", torch.trace, normal("trace", 3, 4))


def distances():
    x, y = normal("distances/0", 3, 4), normal("distances/1", 5, 4)
    batch = normal("distances/2", 2, 3, 2), normal("distances/3", 2, 4, 2)
    same = values([[1, 2], [3, 4]]), values([[1, 2], [0, 1]])
    for label, pair in {"plain": (x, y), "batch": batch}.items():
        case(f"squared_distances/{label}", lambda x, y: ((x[..., :, None, :] - y[..., None, :, :]) ** 2).sum(-1), *pair)
        case(f"distances/{label}", torch.cdist, *pair)
        case(f"cosine/{label}", cosine, *pair)
    case("distances/zero", torch.cdist, *same)


def cosine(x, y):
    return torch.cosine_similarity(x[..., :, None, :], y[..., None, :, :], dim=-1)


def decompositions():
    case("cholesky/plain", torch.linalg.cholesky, definite("cholesky/0", 4, 4))
    case("cholesky/batch", torch.linalg.cholesky, definite("cholesky/1", 2, 3, 3))
    case("cholesky/single", torch.linalg.cholesky, values([[4]]))
    for upper in (False, True):
        for unit in (False, True):
            case(f"solve_triangular/{'upper' if upper else 'lower'}{'-unit' if unit else ''}", solve_triangular,
                 regular("triangular/0", 3, 3), normal("triangular/1", 3, 2), upper=upper, unit=unit)
    case("solve_triangular/broadcast", solve_triangular, regular("triangular/2", 2, 3, 3), normal("triangular/3", 3, 2),
         upper=False, unit=False)
    case("solve/plain", torch.linalg.solve, regular("solve/0", 4, 4), normal("solve/1", 4, 3))
    case("solve/vector", torch.linalg.solve, regular("solve/2", 3, 3), normal("solve/3", 3))
    case("solve/broadcast", torch.linalg.solve, regular("solve/4", 2, 1, 3, 3), normal("solve/5", 2, 3, 2))
    case("inverse/batch", torch.linalg.inv, regular("inverse", 2, 3, 3))
    case("determinant/batch", torch.linalg.det, normal("determinant", 4, 3, 3))
    case("log_determinant/batch", lambda x: torch.linalg.slogdet(x)[1], normal("determinant", 4, 3, 3))
    case("determinant_sign/batch", lambda x: torch.linalg.slogdet(x)[0] + 0 * x.sum(), normal("determinant", 4, 3, 3))
    for label, shape in {"tall": [4, 3], "square": [3, 3], "wide": [2, 4], "batch": [2, 3, 2]}.items():
        x = normal(f"qr/{label}", *shape)
        if label in ("tall", "batch"):
            case(f"qr_q/{label}", lambda x: torch.linalg.qr(x)[0], x)
        case(f"qr_r/{label}", lambda x: torch.linalg.qr(x)[1], x)
    for label, shape in {"tall": [4, 3], "square": [3, 3], "wide": [2, 4], "batch": [2, 3, 2]}.items():
        x = normal(f"svd/{label}", *shape)
        case(f"svd_values/{label}", torch.linalg.svdvals, x)
        case(f"svd_vectors/{label}", svd_vectors, x)
    case("svd_values/equal", torch.linalg.svdvals, values([[2, 0, 0], [0, 2, 0], [0, 0, 1]]))
    for label, shape in {"plain": [4, 4], "batch": [2, 3, 3]}.items():
        x = normal(f"eigen/{label}", *shape)
        case(f"eigenvalues/{label}", lambda x: torch.linalg.eigvalsh(x + x.mT), x)
        case(f"eigenvectors/{label}", lambda x: torch.linalg.eigh(x + x.mT)[1] ** 2, x)


def solve_triangular(a, b, upper, unit):
    return torch.linalg.solve_triangular(a, b, upper=upper, unitriangular=unit)


def svd_vectors(x):
    """Something of the singular vectors that does not depend on their signs."""
    u, _, vh = torch.linalg.svd(x, full_matrices=False)
    return torch.cat([u**2, vh.mT**2, u.sum(-2, keepdim=True) * vh.mT], -2)


def main():
    for family in (products, triangles, distances, decompositions):
        family()
    fixture.save()


if __name__ == "__main__":
    main()
