// Ranking by tiles of similarities; the loops only: no allocation, no threads.
#ifndef CRETRIEVAL_H
#define CRETRIEVAL_H

#include <stdint.h>

#include "clones.h"

// A ranking in progress of items by their similarity to queries. Items are numbered so that those of a class are
// neighbours; queries have the same numbers where they are the items themselves. The hits of a query are the items of its
// class but its own, R of them; similarity, item and between have one place for each. Of equally similar items, the one
// with the lower position comes first.
typedef struct {
  const int32_t *class_start, *class_end;  // of each query: the items of its class
  const int32_t *own;                      // of each query: the item that it must not find, or -1
  const int32_t *position;                 // of each item
  const int32_t *first;                    // of each query, and the end: where its hits are kept
  float *similarity;                       // of each hit, in descending order once sorted
  int32_t *item;                           // of each hit, once sorted
  int32_t *between;                        // of each hit but the best: other items between the hit before and itself
  float *best;                             // of each query: the similarity of its best hit
  int32_t *ahead;                          // of each query: other items before its best hit
  int32_t *open;                           // of each query: its first hits that may lie among the R nearest, at least 1
  int32_t *between_open;                   // of each query: the sum of between over these
  float *threshold;                        // of each query: the similarity of the last of these, unless it is the best
} ck_ranking;

// Tiles are row-major, [rows, columns]: queries from first_row against items from first_column; a symmetric tile also shows
// its items as queries. First ck_store_hits on all tiles with hits, then ck_sort_hits on all queries, then ck_rank_tile on
// all tiles. A query must not rank its own item: the similarity there is -infinity.
void ck_store_hits(const ck_ranking *k, ck_int rows, ck_int columns, ck_int first_row, ck_int first_column,
                   int is_symmetric, const float *tile);
void ck_sort_hits(const ck_ranking *k, ck_int start, ck_int end);
void ck_rank_tile(const ck_ranking *k, ck_int rows, ck_int columns, ck_int first_row, ck_int first_column,
                  int is_symmetric, const float *tile);

// Where each process ranks some of the tiles, the sums of what all of them write here are what one alone would have counted:
// for each best hit ahead, for each other hit between. No process counts less than all its items before a hit that may lie
// among the R nearest; a hit that one has given up gets R + 1, which takes it beyond them in the sum as well.
void ck_write_counts(const ck_ranking *k, ck_int start, ck_int end, double *counts);
void ck_read_counts(const ck_ranking *k, ck_int start, ck_int end, const double *counts);

#endif
