"""Times a peer's work and prints the same JSON lines as `bench`. Every peers/NAME.py calls main().

    NAME.py PEER [--size S] [--threads N]
    NAME.py --list

A peer that cannot run here, because its framework is not installed or what that needs is not there, prints a line that says why.
"""

import argparse
import importlib
import json
import os
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Optional

# What the beginning of a peer's name stands for.
FRAMEWORKS = {
    "pytorch-metric-learning": "pytorch_metric_learning",
    "pytorch": "torch",
    "jax": "jax",
    "mlx": "mlx.core",
    "numpy": "numpy",
    "scikit-learn": "sklearn.cluster",
    "faiss": "faiss",
    "torchvision": "torchvision",
    "opentsne": "openTSNE",
    "pillow": "PIL.Image",
}

# A peer whose name ends in this keeps memory that is freed, in pages of 2 MiB where the system has them, as ours does: a fresh page
# takes longer than most operations on it. By default glibc gives large blocks back at once.
RETAINING = " retaining"
RETAINING_ENVIRONMENT = {
    "MALLOC_MMAP_MAX_": "0",
    "MALLOC_TRIM_THRESHOLD_": str(1 << 40),
    "MALLOC_TOP_PAD_": str(1 << 26),
    "THP_MEM_ALLOC_ENABLE": "1",
}


class Skip(Exception):
    """Why a peer cannot run on this machine."""


@dataclass
class Work:
    """What is timed: set up once, then run many times. `run` returns only when the work is done."""

    run: Callable[[], object]
    repetitions: int = 1  # how many times run() does the thing whose time is reported
    flops: Optional[float] = None  # of one repetition
    bytes: Optional[float] = None  # that one repetition has to read and write at least


def main(sizes, peers, modules=()):
    """Measures one peer; `peers` maps a name that begins as in FRAMEWORKS to a function from a size's label to Work.

    The function imports its framework itself, so that each peer runs where the others are not installed. Modules that come on top of
    the framework are loaded before memory is measured.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("peer", nargs="?", choices=list(peers))
    parser.add_argument("--size", choices=list(sizes))
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--list", action="store_true", help="print the peers, one a line")
    options = parser.parse_args()
    if options.list:
        print("\n".join(peers))
        return
    if options.peer is None:
        parser.error(f"which peer? {', '.join(peers)}")
    try:
        measure(options, [options.size] if options.size else sizes, peers, modules)
    except Skip as reason:
        print(json.dumps({"name": Path(sys.argv[0]).stem, "peer": options.peer, "skipped": str(reason)}), flush=True)


def measure(options, sizes, peers, modules):
    start_framework(options.peer, options.threads)
    for module in modules:
        importlib.import_module(module)
    for size in sizes:
        before = forget_peak()
        work = peers[options.peer](size)
        seconds = median_seconds(work.run) / work.repetitions
        line = {
            "name": Path(sys.argv[0]).stem,
            "size": size,
            "median_ms": seconds * 1e3,
            "peer": options.peer,
            "peak_mib": memory("VmHWM:"),
            "work_mib": memory("VmHWM:") - before,
        }
        if work.flops:
            line["gflops"] = work.flops / seconds / 1e9
        if work.bytes:
            line["gbps"] = work.bytes / seconds / 1e9
        print(json.dumps({k: float(f"{v:.6g}") if isinstance(v, float) else v for k, v in line.items()}), flush=True)


def start_framework(peer, threads):
    """Imports what the peer needs, limited to some threads; what that takes in memory is not the work's."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    for name in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"]:
        os.environ[name] = str(threads)
    if peer.endswith(RETAINING) and not RETAINING_ENVIRONMENT.items() <= os.environ.items():
        os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | RETAINING_ENVIRONMENT)
    module = next(module for name, module in FRAMEWORKS.items() if peer.startswith(name))
    try:
        importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name.split(".")[0] != module.split(".")[0]:
            raise
        raise Skip(f"{module.split('.')[0]} is not installed") from error
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(threads)


def median_seconds(run):
    """The same rule as in `bench`: a warm-up, then at least 5 runs and 1 second, or 3 runs where they are slow."""
    warming = seconds(run)
    while warming < 0.2:
        warming += seconds(run)
    times = []
    while len(times) < 3 or (sum(times) < 1 or len(times) < 5) and sum(times) < 10:
        times.append(seconds(run))
    return statistics.median(times)


def seconds(run):
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def memory(key):
    """A line of /proc/self/status, in MiB."""
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(key))


def forget_peak():
    """Starts a new measurement of the peak; returns what is resident now."""
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")
    return memory("VmRSS:")
