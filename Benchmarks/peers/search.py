"""Exact search of 128-dimensional embeddings, as in Sources/bench/Benchmarks/Search.swift: faiss's flat index.

The vectors are normalised before they are added, which ours does as it goes where it reads a file. Where ours maps a file of NumPy's, faiss
maps one of its own.
"""

import tempfile

from measure import Work, main

SIZES = ["100000", "1000000", "100000 mapped", "1000000 mapped"]
DIMENSIONS = 128
QUERIES = 256


def faiss(size):
    import faiss
    import numpy

    count = int(size.split()[0])
    random = numpy.random.default_rng(1)
    queries = random.standard_normal((QUERIES, DIMENSIONS), dtype="float32")
    items = random.standard_normal((count, DIMENSIONS), dtype="float32")
    faiss.normalize_L2(queries)
    faiss.normalize_L2(items)
    index = faiss.IndexFlatIP(DIMENSIONS)
    index.add(items)
    if size.endswith("mapped"):
        with tempfile.NamedTemporaryFile(suffix=".faiss") as file:
            faiss.write_index(index, file.name)
            index = faiss.read_index(file.name, faiss.IO_FLAG_MMAP_IFC)
    return Work(lambda: index.search(queries, 10), flops=2.0 * QUERIES * DIMENSIONS * count)


main(SIZES, {"faiss": faiss})
