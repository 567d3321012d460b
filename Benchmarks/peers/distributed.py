"""ResNet-50 by PyTorch's DistributedDataParallel over Gloo, as `bench distributed --size resnet50` does it.

    distributed.py --ranks N --threads N

A step: 16 pictures of 224 × 224 in all, each rank its share; embeddings of 512 dimensions, gathered with their gradients; normalised
softmax with the proxies of 100 classes, which each rank has; all gradients, the network's averaged by DDP. Prints a line as `bench` does,
the time of a step that of the slowest rank.
"""

import argparse
import json
import os
import socket
import time


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--ranks", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = str(options.threads)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
    import torch

    if options.ranks == 1:
        rank_main(0, 1, options.threads, port)
    else:
        torch.multiprocessing.spawn(rank_main, args=(options.ranks, options.threads, port), nprocs=options.ranks)


def rank_main(rank, ranks, threads, port):
    import torch
    import torch.distributed as dist
    from torch.nn.functional import cross_entropy, normalize
    from torchvision.models import resnet50

    torch.set_num_threads(threads)
    if ranks > 1:
        dist.init_process_group("gloo", init_method=f"tcp://127.0.0.1:{port}", rank=rank, world_size=ranks)
    torch.manual_seed(rank)
    own = 16 // ranks
    model = resnet50(weights=None, num_classes=512).to(memory_format=torch.channels_last)
    trained = torch.nn.parallel.DistributedDataParallel(model, gradient_as_bucket_view=True) if ranks > 1 else model
    proxies = torch.nn.Parameter(torch.randn(100, 512))
    images = torch.randn(own, 3, 224, 224).to(memory_format=torch.channels_last)
    labels = (torch.arange(16) * 31) % 100

    def gathered(embeddings):
        if ranks == 1:
            return embeddings
        # Its pullback adds up the gradients of all ranks, each of which has that of the whole loss; DDP then takes the mean.
        return torch.cat(dist.nn.all_gather(embeddings))

    def step():
        model.zero_grad()
        proxies.grad = None
        cosines = normalize(gathered(trained(images))) @ normalize(proxies).T
        cross_entropy(cosines / 0.05, labels).backward()

    def seconds():
        if ranks > 1:
            dist.barrier()
        start = time.perf_counter()
        step()
        slowest = torch.tensor([time.perf_counter() - start], dtype=torch.float64)
        if ranks > 1:
            dist.all_reduce(slowest, op=dist.ReduceOp.MAX)
        return slowest.item()

    seconds()
    times = []
    while len(times) < 3 or sum(times) < 10 and len(times) < 5:
        times.append(seconds())
    if rank == 0:
        line = {"name": "distributed", "size": "resnet50", "median_ms": sorted(times)[len(times) // 2] * 1e3}
        print(json.dumps(line | {"peer": "pytorch", "ranks": ranks, "threads": threads}), flush=True)
    if ranks > 1:
        dist.destroy_process_group()


if __name__ == "__main__":
    main()
