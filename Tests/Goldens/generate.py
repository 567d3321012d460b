"""Regenerates every golden fixture: python3 generate.py"""

import torch

import kmeans
import layers
import losses
import operations
import optimizers
import retrieval


def main():
    torch.set_num_threads(1)
    for family in (operations, layers, optimizers, losses, retrieval, kmeans):
        family.main()


if __name__ == "__main__":
    main()
