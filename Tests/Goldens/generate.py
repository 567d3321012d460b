"""Regenerates every golden fixture: python3 generate.py"""

import torch

import fused
import images
import kmeans
import layers
import linear
import losses
import operations
import optimizers
import retrieval


def main():
    torch.set_num_threads(1)
    for family in (operations, linear, fused, images, layers, optimizers, losses, retrieval, kmeans):
        family.main()


if __name__ == "__main__":
    main()
