"""A step of HPL with Proxy-Anchor on two levels in other frameworks, as Sources/bench/Benchmarks/HPLStep.swift does it.

Normalised embeddings (180 of 512 dimensions) and proxies, the loss, its gradients for the embeddings and all proxies,
plain gradient descent on the proxies. PyTorch and JAX compute log-sum-exp over masked similarities, as is safe in
single precision; pytorch-metric-learning's loss does it in its own way, once for each level. In bfloat16 the cosines are; losses are not.
"""

from measure import Work
from networks import precision, require_bfloat16, require_compiler

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


def pytorch(size, compiled=False, bfloat16=False):
    import torch
    import torch.nn.functional as F

    embeddings, proxies, targets = inputs(size)
    embeddings = torch.tensor(embeddings)
    parameters = [torch.nn.Parameter(torch.tensor(p)) for p in proxies]
    targets = [torch.tensor(t) for t in targets]
    optimizer = torch.optim.SGD(parameters, lr=RATE, fused=True)

    def proxy_anchor(samples, proxies, targets):
        with precision(bfloat16):
            similarities = samples @ F.normalize(proxies).T
        similarities = similarities.float()
        own = F.one_hot(targets, len(proxies)).bool()
        pull = (-SCALE * (similarities - MARGIN)).masked_fill(~own, -torch.inf).logsumexp(0)
        push = (SCALE * (similarities + MARGIN)).masked_fill(own, -torch.inf).logsumexp(0)
        return F.softplus(pull).sum() / own.any(0).sum() + F.softplus(push).mean()

    def loss(embeddings, fine, coarse):
        samples = F.normalize(embeddings)
        return proxy_anchor(samples, fine, targets[0]) + WEIGHT * proxy_anchor(samples, coarse, targets[1])

    if bfloat16:
        require_bfloat16()
    if compiled:
        require_compiler()
        loss = torch.compile(loss)

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


def jax(size, bfloat16=False):
    import functools

    import jax
    import jax.numpy as np

    embeddings, proxies, targets = inputs(size)
    embeddings, parameters = np.array(embeddings), [np.array(p) for p in proxies]
    targets = [np.array(t) for t in targets]

    def products(a, b):
        if bfloat16:
            a, b = a.astype(np.bfloat16), b.astype(np.bfloat16)
        return (a @ b.T).astype(np.float32)

    def normalized(x):
        return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)

    def proxy_anchor(samples, proxies, targets):
        similarities = products(samples, normalized(proxies))
        own = targets[:, None] == np.arange(len(proxies))
        pull = jax.nn.logsumexp(np.where(own, -SCALE * (similarities - MARGIN), -np.inf), axis=0)
        push = jax.nn.logsumexp(np.where(own, -np.inf, SCALE * (similarities + MARGIN)), axis=0)
        return jax.nn.softplus(pull).sum() / own.any(0).sum() + jax.nn.softplus(push).mean()

    def loss(embeddings, proxies, targets):
        samples = normalized(embeddings)
        fine, coarse = (proxy_anchor(samples, p, t) for p, t in zip(proxies, targets))
        return fine + WEIGHT * coarse

    # Donated: the new proxies take the place of the old ones.
    @functools.partial(jax.jit, donate_argnums=1)
    def update(embeddings, proxies, targets):
        slope, slopes = jax.grad(loss, argnums=(0, 1))(embeddings, proxies, targets)
        return slope, [p - RATE * g for p, g in zip(proxies, slopes)]

    def step():
        nonlocal parameters
        slope, parameters = jax.block_until_ready(update(embeddings, parameters, targets))
        return slope

    return Work(step, flops=flops(size))


def mlx(size):
    import mlx.core as mx

    embeddings, proxies, targets = inputs(size)
    embeddings, parameters = mx.array(embeddings), [mx.array(p) for p in proxies]
    targets = [mx.array(t) for t in targets]

    def normalized(x):
        return x / mx.maximum(mx.linalg.norm(x, axis=1, keepdims=True), 1e-12)

    def softplus(x):
        return mx.logaddexp(x, 0.0)

    def proxy_anchor(samples, proxies, targets):
        similarities = samples @ normalized(proxies).T
        own = targets[:, None] == mx.arange(len(proxies))
        pull = mx.logsumexp(mx.where(own, -SCALE * (similarities - MARGIN), -mx.inf), axis=0)
        push = mx.logsumexp(mx.where(own, -mx.inf, SCALE * (similarities + MARGIN)), axis=0)
        return softplus(pull).sum() / own.any(0).sum() + softplus(push).mean()

    def loss(embeddings, fine, coarse, targets):
        samples = normalized(embeddings)
        return proxy_anchor(samples, fine, targets[0]) + WEIGHT * proxy_anchor(samples, coarse, targets[1])

    @mx.compile
    def update(embeddings, proxies, targets):
        slope, *slopes = mx.grad(loss, argnums=(0, 1, 2))(embeddings, *proxies, targets)
        return slope, [p - RATE * g for p, g in zip(proxies, slopes)]

    def step():
        nonlocal parameters
        slope, parameters = update(embeddings, parameters, targets)
        mx.eval(slope, parameters)
        return slope

    return Work(step, flops=flops(size))
