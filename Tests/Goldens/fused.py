"""Goldens for the fused operations that losses on proxies are made of."""

import torch
import torch.nn.functional as F

from fixture import Fixture, normal, values

fixture = Fixture("fused", ["torch"])


def excluding(x, index, axis, scale):
    """log sum exp(scale * x) without one element of each row."""
    left_out = F.one_hot(index, x.shape[1]).bool()
    return (scale * x).masked_fill(left_out, -torch.inf).logsumexp(axis)


def segments(x, index, count):
    return torch.stack([x[index == segment].logsumexp(0) for segment in range(count)])


def cosines(x, y):
    return F.normalize(x) @ F.normalize(y).T


def attention_hiding(query, key, value, hidden):
    """Where `attn_mask` is false, a query doesn't look."""
    return F.scaled_dot_product_attention(query, key, value, attn_mask=hidden == 0)


def main():
    index = torch.tensor([2, 0, 2, 1, 4])
    for axis in (0, 1):
        fixture.case(f"logsumexp_excluding/axis-{axis}", excluding, normal("excluding", 5, 6), index, axis=axis, scale=1.0)
        fixture.case(
            f"logsumexp_excluding/scale-{axis}", excluding, normal("excluding", 5, 6), index, axis=axis, scale=-2.5)
        # Columns in several blocks, rows longer than the lanes of a kernel.
        fixture.case(
            f"logsumexp_excluding/wide-{axis}", excluding, normal("wide", 3, 150), torch.tensor([0, 149, 64]),
            axis=axis, scale=4.0)
        fixture.case(
            f"logsumexp_excluding/large-{axis}", excluding, values([[800, 801, -800], [-800, 900, 900], [0, 1, 2]]),
            torch.tensor([0, 1, 0]), axis=axis, scale=1.0)
    fixture.case("segmented_logsumexp/plain", segments, normal("segments", 5), torch.tensor([1, 0, 1, 2, 1]), count=3)
    fixture.case("segmented_logsumexp/large", segments, values([900, -900, 901]), torch.tensor([0, 1, 0]), count=2)
    fixture.case("cosine_matrix/plain", cosines, normal("cosines/0", 3, 4), normal("cosines/1", 5, 4))
    fixture.case("cosine_matrix/tall", cosines, normal("cosines/2", 7, 3), normal("cosines/3", 2, 3))
    fixture.case("cosine_matrix/zero-row", cosines, values([[0, 0], [3, 4]]), values([[1, 2], [0, 1]]))
    attention = F.scaled_dot_product_attention
    fixture.case(
        "attention/heads", attention, normal("query", 2, 3, 5, 4), normal("key", 2, 3, 7, 4), normal("value", 2, 3, 7, 6))
    fixture.case(
        "attention_scaled/plain", attention, normal("query/1", 2, 3), normal("key/1", 4, 3), normal("value/1", 4, 2), scale=0.5)
    hidden = torch.ones(5, 7, dtype=torch.bool).triu(1)
    hidden[:, 2] = True
    hidden[0, 0] = hidden[1, 0] = False
    fixture.case(
        "attention_hiding/all-heads", attention_hiding, normal("query/2", 3, 5, 2), normal("key/2", 3, 7, 2),
        normal("value/2", 3, 7, 1), hidden.long())
    fixture.case(
        "attention_hiding/padding", attention_hiding, normal("query/3", 2, 2, 3, 2), normal("key/3", 2, 2, 7, 2),
        normal("value/3", 2, 2, 7, 1), (torch.arange(7) > torch.tensor([3, 5])[:, None])[:, None, None].long())
    fixture.save()


if __name__ == "__main__":
    main()
