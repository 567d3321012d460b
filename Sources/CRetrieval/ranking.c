// How many items come before each query's hits (the items of its class) in the order of similarity, from tiles of
// similarities that are looked at once.
#include "CRetrieval.h"

#include <math.h>

CK_INLINE int ck_comes_before(const ck_ranking *k, float s, int32_t item, float t, int32_t other) {
  return s > t || (s == t && k->position[item] < k->position[other]);
}

static void ck_prune(const ck_ranking *k, ck_int q) {
  const int32_t relevant = k->first[q + 1] - k->first[q];
  const int32_t before = k->open[q];
  while (k->open[q] > 1 && k->open[q] + k->ahead[q] + k->between_open[q] > relevant)
    k->between_open[q] -= k->between[k->first[q] + --k->open[q]];
  if (k->open[q] < before)
    k->threshold[q] = k->open[q] > 1 ? k->similarity[k->first[q] + k->open[q] - 1] : INFINITY;
}

// An item as similar as the best hit, or at least as similar as the worst hit that may still lie among the R nearest.
static void ck_rank_item(const ck_ranking *k, ck_int q, int32_t item, float s) {
  if (s > k->best[q] || (item >= k->class_start[q] && item < k->class_end[q])) return;
  const ck_int hits = k->first[q];
  if (ck_comes_before(k, s, item, k->best[q], k->item[hits])) {
    k->ahead[q]++;
    ck_prune(k, q);
    return;
  }
  ck_int low = 1, high = k->open[q];
  while (low < high) {
    const ck_int middle = (low + high) / 2;
    if (ck_comes_before(k, s, item, k->similarity[hits + middle], k->item[hits + middle])) high = middle;
    else low = middle + 1;
  }
  if (low >= k->open[q]) return;
  k->between[hits + low]++;
  k->between_open[q]++;
  ck_prune(k, q);
}

CK_CLONES void ck_rank_tile(const ck_ranking *k, ck_int rows, ck_int columns, ck_int first_row, ck_int first_column,
                            int is_symmetric, const float *tile) {
  enum { lanes = 16 };
  for (ck_int r = 0; r < rows; r++, tile += columns) {
    const ck_int q = first_row + r;
    const float best = k->best[q], threshold = k->threshold[q];
    int32_t ahead[lanes] = {0};
    for (ck_int c0 = 0; c0 < columns; c0 += lanes) {
      const ck_int n = columns - c0 < lanes ? columns - c0 : lanes;
      const float *s = tile + c0;
      int32_t events = 0;
      if (is_symmetric && n == lanes) {
        const float *other = k->best + first_column + c0, *bound = k->threshold + first_column + c0;
        int32_t *count = k->ahead + first_column + c0;
        for (int l = 0; l < lanes; l++) {
          const float v = s[l];
          ahead[l] += v > best;
          count[l] += v > other[l];
          events |= (v >= threshold) | (v == best) | (v >= bound[l]) | (v == other[l]);
        }
      } else if (n == lanes) {
        for (int l = 0; l < lanes; l++) {
          ahead[l] += s[l] > best;
          events |= (s[l] >= threshold) | (s[l] == best);
        }
      } else {
        events = 1;
        for (int l = 0; l < n; l++) {
          ahead[l] += s[l] > best;
          if (is_symmetric) k->ahead[first_column + c0 + l] += s[l] > k->best[first_column + c0 + l];
        }
      }
      if (!events) continue;
      for (int l = 0; l < n; l++) {
        const ck_int other = first_column + c0 + l;
        if (s[l] >= threshold || s[l] == best) ck_rank_item(k, q, (int32_t)other, s[l]);
        if (is_symmetric && (s[l] >= k->threshold[other] || s[l] == k->best[other]))
          ck_rank_item(k, other, (int32_t)q, s[l]);
      }
    }
    int32_t total = 0;
    for (int l = 0; l < lanes; l++) total += ahead[l];
    k->ahead[q] += total;
    if (k->open[q] > 1) ck_prune(k, q);
  }
  if (is_symmetric)
    for (ck_int c = first_column; c < first_column + columns; c++)
      if (k->open[c] > 1) ck_prune(k, c);
}

// Where query q keeps the similarity of an item of its class, which is not its own.
CK_INLINE void ck_store_hit(const ck_ranking *k, ck_int q, ck_int item, float s) {
  const ck_int own = k->own[q];
  if (item == own) return;
  k->similarity[k->first[q] + item - k->class_start[q] - (own >= 0 && item > own)] = s;
}

void ck_store_hits(const ck_ranking *k, ck_int rows, ck_int columns, ck_int first_row, ck_int first_column,
                   int is_symmetric, const float *tile) {
  const ck_int end = first_column + columns;
  for (ck_int q = first_row; q < first_row + rows; q++, tile += columns) {
    ck_int item = k->class_start[q] > first_column ? k->class_start[q] : first_column;
    for (; item < k->class_end[q] && item < end; item++) {
      ck_store_hit(k, q, item, tile[item - first_column]);
      if (is_symmetric) ck_store_hit(k, item, q, tile[item - first_column]);
    }
  }
}

// Sorts each query's hits (by Shell's method), the most similar first, and makes it ready for ck_rank_tile.
void ck_sort_hits(const ck_ranking *k, ck_int start, ck_int end) {
  for (ck_int q = start; q < end; q++) {
    const ck_int n = k->first[q + 1] - k->first[q];
    float *s = k->similarity + k->first[q];
    int32_t *item = k->item + k->first[q], *between = k->between + k->first[q];
    const ck_int own = k->own[q];
    for (ck_int i = 0; i < n; i++)
      item[i] = (int32_t)(k->class_start[q] + i + (own >= 0 && k->class_start[q] + i >= own));
    ck_int gap = 1;
    while (gap < n / 3) gap = 3 * gap + 1;
    for (; gap > 0; gap /= 3)
      for (ck_int i = gap; i < n; i++) {
        const float v = s[i];
        const int32_t id = item[i];
        ck_int j = i;
        for (; j >= gap && ck_comes_before(k, v, id, s[j - gap], item[j - gap]); j -= gap)
          s[j] = s[j - gap], item[j] = item[j - gap];
        s[j] = v, item[j] = id;
      }
    for (ck_int i = 0; i < n; i++) between[i] = 0;
    k->ahead[q] = k->between_open[q] = 0;
    k->open[q] = (int32_t)n;
    k->best[q] = n > 0 ? s[0] : INFINITY;
    k->threshold[q] = n > 1 ? s[n - 1] : INFINITY;
  }
}

void ck_write_counts(const ck_ranking *k, ck_int start, ck_int end, double *counts) {
  for (ck_int q = start; q < end; q++) {
    const ck_int n = k->first[q + 1] - k->first[q], open = k->open[q];
    const int32_t *between = k->between + k->first[q];
    double *count = counts + k->first[q];
    if (n > 0) count[0] = k->ahead[q];
    for (ck_int i = 1; i < n; i++) count[i] = i < open ? between[i] : 0;
    if (open < n) count[open] = (double)n + 1;
  }
}

void ck_read_counts(const ck_ranking *k, ck_int start, ck_int end, const double *counts) {
  for (ck_int q = start; q < end; q++) {
    const ck_int n = k->first[q + 1] - k->first[q];
    int32_t *between = k->between + k->first[q];
    const double *count = counts + k->first[q];
    if (n > 0) k->ahead[q] = (int32_t)count[0];
    for (ck_int i = 1; i < n; i++) between[i] = (int32_t)(count[i] < n + 1 ? count[i] : n + 1);
    k->open[q] = (int32_t)n;
  }
}
