"""One step of HPL with Proxy-Anchor on two levels, as Sources/bench/Benchmarks/HPLStep.swift does it.

Normalised embeddings (180 of 512 dimensions) and proxies, the loss, its gradients for the embeddings and all proxies,
plain gradient descent on the proxies. PyTorch and JAX compute log-sum-exp over masked similarities, as is safe in
single precision; pytorch-metric-learning's loss does it in its own way, once for each level.
"""

from measure import Work, main

SIZES = ["100/20", "998/50", "11318/200"]
BATCH, DIMENSIONS, SCALE, MARGIN, RATE, WEIGHT = 180, 512, 32.0, 0.1, 0.01, 0.1


def inputs(size):
    import numpy

    classes, clusters = map(int, size.split("/"))
    random = numpy.random.default_rng(1)
    embeddings = random.standard_normal((BATCH, DIMENSIONS), dtype="float32")
    proxies = [random.standard_normal((n, DIMENSIONS), dtype="float32") * 0.06 for n in (classes, clusters)]
    labels = random.integers(0, classes, BATCH)
    return embeddings, proxies, [labels, labels % clusters]


def flops(size):
    return 6.0 * BATCH * DIMENSIONS * sum(map(int, size.split("/")))


def pytorch(size, compiled=False):
    import torch
    import torch.nn.functional as F

    embeddings, proxies, targets = inputs(size)
    embeddings = torch.tensor(embeddings)
    parameters = [torch.nn.Parameter(torch.tensor(p)) for p in proxies]
    targets = [torch.tensor(t) for t in targets]
    optimizer = torch.optim.SGD(parameters, lr=RATE)

    def proxy_anchor(samples, proxies, targets):
        similarities = samples @ F.normalize(proxies).T
        own = F.one_hot(targets, len(proxies)).bool()
        pull = (-SCALE * (similarities - MARGIN)).masked_fill(~own, -torch.inf).logsumexp(0)
        push = (SCALE * (similarities + MARGIN)).masked_fill(own, -torch.inf).logsumexp(0)
        return F.softplus(pull).sum() / own.any(0).sum() + F.softplus(push).mean()

    def loss(embeddings, fine, coarse):
        samples = F.normalize(embeddings)
        return proxy_anchor(samples, fine, targets[0]) + WEIGHT * proxy_anchor(samples, coarse, targets[1])

    loss = torch.compile(loss) if compiled else loss

    def step():
        leaf = embeddings.detach().requires_grad_()
        optimizer.zero_grad()
        loss(leaf, *parameters).backward()
        optimizer.step()
        return leaf.grad

    return Work(step, flops=flops(size))


def pytorch_metric_learning(size):
    import torch
    from pytorch_metric_learning.losses import ProxyAnchorLoss

    embeddings, proxies, targets = inputs(size)
    embeddings = torch.tensor(embeddings)
    targets = [torch.tensor(t) for t in targets]
    losses = [ProxyAnchorLoss(len(p), DIMENSIONS, margin=MARGIN, alpha=SCALE) for p in proxies]
    optimizer = torch.optim.SGD([p for loss in losses for p in loss.parameters()], lr=RATE)

    def step():
        leaf = embeddings.detach().requires_grad_()
        optimizer.zero_grad()
        (losses[0](leaf, targets[0]) + WEIGHT * losses[1](leaf, targets[1])).backward()
        optimizer.step()
        return leaf.grad

    return Work(step, flops=flops(size))


def jax(size):
    import jax
    import jax.numpy as np

    embeddings, proxies, targets = inputs(size)
    embeddings, parameters = np.array(embeddings), [np.array(p) for p in proxies]

    def normalized(x):
        return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)

    def proxy_anchor(samples, proxies, targets):
        similarities = samples @ normalized(proxies).T
        own = targets[:, None] == np.arange(len(proxies))
        pull = jax.nn.logsumexp(np.where(own, -SCALE * (similarities - MARGIN), -np.inf), axis=0)
        push = jax.nn.logsumexp(np.where(own, -np.inf, SCALE * (similarities + MARGIN)), axis=0)
        return jax.nn.softplus(pull).sum() / own.any(0).sum() + jax.nn.softplus(push).mean()

    def loss(embeddings, proxies):
        samples = normalized(embeddings)
        fine, coarse = (proxy_anchor(samples, p, t) for p, t in zip(proxies, targets))
        return fine + WEIGHT * coarse

    @jax.jit
    def update(embeddings, proxies):
        slope, slopes = jax.grad(loss, argnums=(0, 1))(embeddings, proxies)
        return slope, [p - RATE * g for p, g in zip(proxies, slopes)]

    def step():
        nonlocal parameters
        slope, parameters = jax.block_until_ready(update(embeddings, parameters))
        return slope

    return Work(step, flops=flops(size))


main(
    SIZES,
    {
        "pytorch": pytorch,
        "pytorch compiled": lambda size: pytorch(size, compiled=True),
        "pytorch-metric-learning": pytorch_metric_learning,
        "jax": jax,
    },
)
