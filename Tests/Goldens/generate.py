"""Regenerates every golden fixture: python3 generate.py"""

import torch

import agglomerative
import conventions
import edges
import functions
import fused
import hierarchical_retrieval
import images
import kmeans
import layers
import linear
import losses
import memberships
import metric_losses
import metric_parts
import modules
import operations
import optimizers
import pair_losses
import partitions
import reranking
import retrieval
import softmax_losses
import standard_losses
import subscripts
import tsne


def main():
    torch.set_num_threads(1)
    for family in (
        operations, functions, subscripts, edges, conventions, linear, fused, images, layers, modules, optimizers,
        losses, softmax_losses, pair_losses, metric_losses, memberships, metric_parts, standard_losses,
        retrieval, hierarchical_retrieval, reranking, kmeans, agglomerative, partitions, tsne,
    ):
        family.main()


if __name__ == "__main__":
    main()
