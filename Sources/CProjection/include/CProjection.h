// Kernels for t-SNE, and a Fourier transform for the repulsion between its points.
#ifndef CPROJECTION_H
#define CPROJECTION_H

#include <stdint.h>

#include "clones.h"

// Transforms of this many signals at a time, [size][CK_LANES]; two of them lie in one tile of the plane below.
#define CK_LANES 16
#define CK_HALF_LANES 8

// A discrete Fourier transform: its size is the product of the radices, each 2, 3, 4 or 5. The twiddle factors are those
// of ck_fourier_twiddles. The spectrum stands in the order in which the stages leave it, the same for all transforms of
// this size; the inverse expects that order and does not divide by the size.
typedef struct {
  ck_int size, stages;
  const ck_int *radices;
  const float *twiddles;
} ck_fourier;

// How many numbers the twiddle factors are.
ck_int ck_fourier_twiddle_count(ck_int size, ck_int stages, const ck_int *radices);
void ck_fourier_twiddles(ck_int size, ck_int stages, const ck_int *radices, float *y);
void ck_fourier_forward(const ck_fourier *f, float *re, float *im);
void ck_fourier_inverse(const ck_fourier *f, float *re, float *im);

// A grid over the plane, rows along x and columns along y, spacing apart; columns are a multiple of CK_HALF_LANES. Node
// (0, 0) lies one spacing before the origin. Charges and potentials have four numbers a node.
typedef struct {
  ck_int rows, columns;
  float origin_x, origin_y, spacing;
} ck_grid;

// The three steps of a convolution over the grid, in tiles, so that threads can share each: see grid.inc.
void ck_grid_forward(const ck_grid *g, const ck_fourier *down, ck_int tile, const float *charges, float *room, float *y);
void ck_grid_convolve(const ck_grid *g, const ck_fourier *across, ck_int tile, const float *kernel, float *room, float *y);
void ck_grid_inverse(const ck_grid *g, const ck_fourier *down, ck_int tile, const float *x, float *room, float *potentials);
void ck_grid_kernel(const ck_fourier *down, const ck_fourier *across, float spacing, float *samples, float *room, float *y);

// The least and the greatest of n numbers.
void ck_bounds(ck_int n, const float *x, float *least, float *greatest);
// The points sorted by their row of the grid; start has rows + 1 places.
void ck_grid_sort(const ck_grid *g, ck_int n, const float *x, int32_t *start, int32_t *order);
// Writes the charges 1, x, y of the points to rows first..<last.
void ck_grid_spread(const ck_grid *g, ck_int first, ck_int last, const int32_t *start, const int32_t *order, const float *x,
                    const float *y, float *charges);
// The repulsion of points first..<last before normalisation, and their shares of the normalisation, each with its own 1.
void ck_grid_repulsion(const ck_grid *g, ck_int first, ck_int last, const float *potentials, const float *x, const float *y,
                       float *fx, float *fy, float *shares);

// The k columns with the least offset - product, but for `own`, by this value and then by column, in no order that matters.
void ck_nearest(ck_int columns, ck_int k, ck_int own, const float *products, const float *offsets, float *values,
                int32_t *index);
// The squared distances of x to the rows that index names, or to the first ones where it is null.
void ck_squared_distances(ck_int n, ck_int width, const float *x, const float *rows, const int32_t *index, float *y);
// Gaussian weights of n squared distances, their sum 1, with the bandwidth that gives the perplexity; in place.
void ck_calibrate(ck_int n, double perplexity, float *x);

// Half the sum of a sparse matrix [n, k] and its transpose: first how many entries each row has, then the entries.
void ck_symmetric_counts(ck_int n, ck_int k, const int32_t *index, ck_int *counts);
void ck_symmetric_entries(ck_int n, ck_int k, const int32_t *index, const float *x, const ck_int *start, ck_int *next,
                          int32_t *columns, float *y);

// For points first..<last the attraction by a sparse matrix of probabilities, or by a dense one together with the repulsion
// and the shares of its normalisation, each with its own 1; and their divergence, sum p log(p (1 + d^2)).
void ck_attraction(ck_int first, ck_int last, const ck_int *start, const int32_t *columns, const float *p, const float *x,
                   const float *y, float *fx, float *fy);
double ck_sparse_divergence(ck_int first, ck_int last, const ck_int *start, const int32_t *columns, const float *p,
                            const float *x, const float *y);
void ck_dense_forces(ck_int first, ck_int last, ck_int n, const float *p, const float *x, const float *y, float *ax,
                     float *ay, float *rx, float *ry, float *shares);
double ck_dense_divergence(ck_int first, ck_int last, ck_int n, const float *p, const float *x, const float *y);

// A step of gradient descent with momentum, gains and a limit on the length of a step.
typedef struct {
  float rate, attraction, repulsion, momentum, least_gain, longest_step;
} ck_descent;

void ck_descend(const ck_descent *d, ck_int n, const float *ax, const float *ay, const float *rx, const float *ry,
                float *gain_x, float *gain_y, float *step_x, float *step_y, float *x, float *y);

// Of the k points nearest by `flat`, `own` not counted, by how much their ranks by `wide`, from 1, exceed k: the sum. Of
// equal values the one with the lower index comes first; values and index have room for k.
ck_int ck_rank_excess(ck_int n, ck_int own, ck_int k, const double *flat, const double *wide, double *values,
                      ck_int *index);

#endif
