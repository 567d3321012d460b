// The inner loops, in C because Swift packages cannot ask for run-time instruction-set dispatch.
// Nothing here allocates, knows about gradients or starts a thread. Every output is contiguous (row-major) unless
// strides say otherwise; strides count elements; at most CK_MAX_DIMENSIONS dimensions.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdint.h>

#include "images.h"

#define CK_MAX_DIMENSIONS 16
#define CK_SOFTMAX_WIDTH 64

enum ck_unary {
  CK_NEGATE, CK_EXP, CK_LOG, CK_LOG1P, CK_SQRT, CK_ABS, CK_SIGN, CK_RELU, CK_TANH, CK_SIGMOID, CK_SIN, CK_COS,
  CK_RECIPROCAL, CK_RSQRT, CK_IS_FINITE, CK_EXPM1, CK_ERF, CK_GELU, CK_SOFTPLUS,
};

enum ck_binary { CK_ADD, CK_SUBTRACT, CK_MULTIPLY, CK_DIVIDE, CK_MAXIMUM, CK_MINIMUM, CK_POWER, CK_GATE, CK_ATAN2 };

enum ck_compare { CK_EQUAL, CK_NOT_EQUAL, CK_LESS, CK_LESS_EQUAL, CK_GREATER, CK_GREATER_EQUAL };

enum ck_reduce { CK_SUM, CK_MAX, CK_MIN };

// float, double, ck_int, and uint8_t, which stands for truths (0 or 1) too.
enum ck_element { CK_F32, CK_F64, CK_I64, CK_U8 };

#define CK_DECLARE(T, S)                                                                                             \
  void ck_fill_##S(ck_int n, T value, T *y);                                                                         \
  void ck_unary_##S(enum ck_unary op, ck_int n, const T *x, T *y);                                                   \
  void ck_binary_##S(enum ck_binary op, ck_int rank, const ck_int *shape, const T *a, const ck_int *a_strides,       \
                     const T *b, const ck_int *b_strides, T *y);                                                     \
  void ck_accumulate_##S(ck_int rank, const ck_int *shape, const T *x, const ck_int *x_strides, T *y,                \
                         const ck_int *y_strides);                                                                   \
  void ck_reduce_##S(enum ck_reduce op, ck_int outer, ck_int reduced, ck_int inner, const T *x, T *y);               \
  void ck_softmax_rows_##S(ck_int rows, ck_int n, int is_log, const T *x, T *y);                                     \
  void ck_softmax_columns_##S(ck_int rows, ck_int columns, ck_int leading, int is_log, const T *x, T *y);            \
  void ck_cumulative_sum_##S(ck_int outer, ck_int size, ck_int inner, const T *x, T *y);                             \
  void ck_scatter_add_rows_##S(ck_int rows, ck_int width, ck_int leading, const ck_int *index, const T *x, T *y);    \
  void ck_from_bytes_##S(ck_int n, const uint8_t *x, T *y);                                                          \
  void ck_to_bytes_##S(ck_int n, const T *x, uint8_t *y);                                                            \
  void ck_from_integers_##S(ck_int n, const ck_int *x, T *y);

CK_DECLARE(float, f32)
CK_DECLARE(double, f64)

// Fused operations: see fused.inc.
#define CK_DECLARE_FUSED(T, S)                                                                                       \
  void ck_inverse_norms_##S(ck_int rows, ck_int width, T epsilon, const T *x, T *y);                                 \
  void ck_scale_both_##S(ck_int rows, ck_int columns, ck_int leading, const T *row_scale, const T *column_scale,     \
                         T *x);                                                                                      \
  void ck_cosine_pull_##S(ck_int rows, ck_int columns, ck_int leading, const T *g, const T *x, const T *row_scale,   \
                          const T *column_scale, ck_int y_leading, T *y, T *row_sums, T *column_sums);               \
  void ck_subtract_radial_##S(ck_int rows, ck_int width, T greatest, const T *x, const T *inverses, const T *dots,   \
                              T *y);                                                                                 \
  void ck_pair_distances_##S(ck_int pairs, ck_int width, const T *a, const T *b, const ck_int *left,                 \
                             const ck_int *right, T *y);                                                             \
  void ck_pair_distances_pull_##S(ck_int pairs, ck_int width, const T *a, const T *b, const ck_int *left,            \
                                  const ck_int *right, const T *g, T *a_slopes, T *b_slopes);                        \
  void ck_add_scaled_##S(ck_int n, T scale, const T *a, const T *b, T *y);                                           \
  void ck_log_sum_exp_columns_##S(ck_int rows, ck_int columns, ck_int leading, T scale, const T *x,                  \
                                  const ck_int *left_out, ck_int first_column, T *y);                                \
  void ck_log_sum_exp_rows_##S(ck_int rows, ck_int columns, T scale, const T *x, const ck_int *left_out, T *y);      \
  void ck_segmented_log_sum_exp_##S(ck_int n, const T *x, const ck_int *segments, ck_int count, T *shifts, T *y);    \
  void ck_log_sum_exp_columns_pull_##S(ck_int rows, ck_int columns, ck_int leading, T scale, const T *x,             \
                                       const ck_int *left_out, ck_int first_column, const T *g, const T *z, T *y);   \
  void ck_log_sum_exp_rows_pull_##S(ck_int rows, ck_int columns, T scale, const T *x, const ck_int *left_out,        \
                                    const T *g, const T *z, T *y);

CK_DECLARE_FUSED(float, f32)
CK_DECLARE_FUSED(double, f64)

void ck_f32_from_f64(ck_int n, const double *x, float *y);
void ck_f64_from_f32(ck_int n, const float *x, double *y);

// For every element type: y is 1 or 0; y is a where the mask is not 0, else b; the position of the first greatest (or
// smallest) element along the middle of [outer, reduced, inner], where there must be one.
void ck_compare(enum ck_element element, enum ck_compare op, ck_int rank, const ck_int *shape, const void *a,
                const ck_int *a_strides, const void *b, const ck_int *b_strides, uint8_t *y);
void ck_select(enum ck_element element, ck_int rank, const ck_int *shape, const uint8_t *mask,
               const ck_int *mask_strides, const void *a, const ck_int *a_strides, const void *b,
               const ck_int *b_strides, void *y);
void ck_arg_extreme(enum ck_element element, enum ck_reduce op, ck_int outer, ck_int reduced, ck_int inner,
                    const void *x, ck_int *y);

// For CK_I64 and CK_U8: sum, difference, product, maximum or minimum; the greatest (or smallest) element along the middle,
// where there must be one; the sum along the middle. Whether a result does not fit is returned.
int ck_integer_binary(enum ck_element element, enum ck_binary op, ck_int rank, const ck_int *shape, const void *a,
                      const ck_int *a_strides, const void *b, const ck_int *b_strides, void *y);
void ck_integer_extreme(enum ck_element element, enum ck_reduce op, ck_int outer, ck_int reduced, ck_int inner,
                        const void *x, void *y);
int ck_integer_sum(ck_int outer, ck_int reduced, ck_int inner, const ck_int *x, ck_int *y);

// Strided copies of elements of 1, 4 or 8 bytes.
void ck_copy(ck_int element_size, ck_int rank, const ck_int *shape, const void *x, const ck_int *x_strides, void *y,
             const ck_int *y_strides);
void ck_take_rows(ck_int rows, ck_int row_bytes, const ck_int *index, const void *x, void *y);

// Where the first index outside 0..<size is; -1 if there is none.
ck_int ck_first_outside(ck_int n, const ck_int *index, ck_int size);
// The row-major positions in [outer, size, inner] of what index [outer, picks, inner] names along the middle.
void ck_positions_along(ck_int outer, ck_int picks, ck_int inner, ck_int size, const ck_int *index, ck_int *y);
// How many bytes are not 0; their positions go to y, unless it is null.
ck_int ck_true_positions(ck_int n, const uint8_t *mask, ck_int *y);

// argsort: the first picks of the stable order along the middle of [outer, size, inner], NaN the greatest; scratch has
// room for 2 * size * 16 bytes. unique: for an order of x, where each distinct value first stands in it, how often it
// occurs and which one each element is; returns how many there are.
#define CK_DECLARE_SORTING(T, S)                                                                                     \
  void ck_argsort_##S(ck_int outer, ck_int size, ck_int inner, ck_int picks, const T *x, int is_descending,          \
                      void *scratch, ck_int *y);                                                                     \
  ck_int ck_unique_##S(ck_int n, const T *x, const ck_int *order, ck_int *first, ck_int *counts, ck_int *inverse);

CK_DECLARE_SORTING(float, f32)
CK_DECLARE_SORTING(double, f64)
CK_DECLARE_SORTING(ck_int, i64)

// Whether the CPU and the operating system offer AVX-512 F, DQ, BW, VL and CD.
int ck_has_avx512(void);

// Thread-local state of the tape: see Autograd/Recording.swift and Autograd/ReleaseQueue.swift.
int ck_tape_mode(void);
void ck_set_tape_mode(int mode);
void *ck_tape_observer(void);
void ck_set_tape_observer(void *observer);
int ck_enter_release(void);
void ck_leave_release(void);
void *ck_release_queue(void);
void ck_set_release_queue(void *queue);

#endif
