// The inner loops, in C because Swift packages cannot ask for run-time instruction-set dispatch.
// Nothing here allocates, knows about gradients or starts a thread. Every output is contiguous (row-major) unless
// strides say otherwise; strides count elements; at most CK_MAX_DIMENSIONS dimensions.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdint.h>

#include "images.h"

#define CK_MAX_DIMENSIONS 16
#define CK_SOFTMAX_WIDTH 64

// The functions and reductions by name: Swift sees closed enumerations, `.exp` and so on. A new one is an entry here and a case
// in kernels.inc.
#define CK_ENUMERATION(name) enum __attribute__((enum_extensibility(closed), swift_name(name)))
#define CK_AS(name) __attribute__((swift_name(name)))

CK_ENUMERATION("UnaryFunction") ck_unary {
  CK_NEGATE CK_AS("negate"), CK_EXP CK_AS("exp"), CK_LOG CK_AS("log"), CK_LOG1P CK_AS("log1p"), CK_SQRT CK_AS("sqrt"),
  CK_ABS CK_AS("abs"), CK_SIGN CK_AS("sign"), CK_RELU CK_AS("relu"), CK_TANH CK_AS("tanh"), CK_SIGMOID CK_AS("sigmoid"),
  CK_SIN CK_AS("sin"), CK_COS CK_AS("cos"), CK_RECIPROCAL CK_AS("reciprocal"), CK_RSQRT CK_AS("rsqrt"),
  CK_IS_FINITE CK_AS("isFinite"), CK_EXPM1 CK_AS("expm1"), CK_ERF CK_AS("erf"), CK_GELU CK_AS("gelu"),
  CK_SOFTPLUS CK_AS("softplus"), CK_FLOOR CK_AS("floor"), CK_CEIL CK_AS("ceil"), CK_TRUNC CK_AS("trunc"),
  CK_ROUND_EVEN CK_AS("roundToEven"), CK_ROUND_AWAY CK_AS("roundAway"), CK_TAN CK_AS("tan"), CK_ASIN CK_AS("asin"),
  CK_ACOS CK_AS("acos"), CK_SINH CK_AS("sinh"), CK_COSH CK_AS("cosh"), CK_ASINH CK_AS("asinh"), CK_ACOSH CK_AS("acosh"),
  CK_LOG2 CK_AS("log2"), CK_LOG10 CK_AS("log10"), CK_EXP2 CK_AS("exp2"), CK_CBRT CK_AS("cbrt"), CK_ERFC CK_AS("erfc"),
  CK_LOG_GAMMA CK_AS("logGamma"),
};

CK_ENUMERATION("BinaryFunction") ck_binary {
  CK_ADD CK_AS("add"), CK_SUBTRACT CK_AS("subtract"), CK_MULTIPLY CK_AS("multiply"), CK_DIVIDE CK_AS("divide"),
  CK_MAXIMUM CK_AS("maximum"), CK_MINIMUM CK_AS("minimum"), CK_POWER CK_AS("power"), CK_GATE CK_AS("gate"),
  CK_ATAN2 CK_AS("atan2"), CK_GELU_PULL CK_AS("geluPullback"), CK_HYPOT CK_AS("hypot"), CK_FMOD CK_AS("fmod"),
  CK_MODULO CK_AS("modulo"), CK_FLOOR_DIVIDE CK_AS("floorDivide"), CK_POLYGAMMA CK_AS("polygamma"),
};

CK_ENUMERATION("Comparison") ck_compare {
  CK_EQUAL CK_AS("equal"), CK_NOT_EQUAL CK_AS("notEqual"), CK_LESS CK_AS("less"), CK_LESS_EQUAL CK_AS("lessOrEqual"),
  CK_GREATER CK_AS("greater"), CK_GREATER_EQUAL CK_AS("greaterOrEqual"),
};

CK_ENUMERATION("Reduction") ck_reduce { CK_SUM CK_AS("sum"), CK_MAX CK_AS("max"), CK_MIN CK_AS("min") };

// float, double, ck_int, int32_t, and uint8_t, which stands for truths (0 or 1) too. CK_BITS16 are numbers of 16 bits, which are moved
// and converted and have no arithmetic; CK_BF16 is a form in which floats are stored, and only the kernels that say so take it.
enum ck_element { CK_F32, CK_F64, CK_I64, CK_I32, CK_U8, CK_BITS16, CK_BF16 };

// The kernels, a line each: what it returns, its name, its parameters and their names. The line declares the function that
// Swift calls, with the element type as its first argument, and makes its body, which calls the loop for that type: a loop is
// written once, in an .inc file that says what it does, and compiled for each type.
#define CK_WITH_ELEMENT(...) (enum ck_element element, __VA_ARGS__)
#define CK_DECLARE(result, name, parameters, arguments) result ck_##name CK_WITH_ELEMENT parameters;

// For every element type.
#define CK_KERNELS_OF_ALL_TYPES(K)                                                                                      \
  K(void, select, (ck_int rank, const ck_int *shape, const void *mask,    const ck_int *mask_strides, const void *a,    \
                   const ck_int *a_strides, const void *b, const ck_int *b_strides, void *y),                           \
    (rank, shape, mask, mask_strides, a, a_strides, b, b_strides, y))                                                   \
  K(void, accumulate, (ck_int rank, const ck_int *shape, const void *x, const ck_int *x_strides, void *y,               \
                       const ck_int *y_strides), (rank, shape, x, x_strides, y, y_strides))                             \
  K(void, scatter_add_rows, (ck_int rows, ck_int width, ck_int leading, const ck_int *index, const void *x, void *y),   \
    (rows, width, leading, index, x, y))

// For every type but CK_BITS16. binary and reduce return what went wrong with integers: 1 where a result did not fit, 2 (or 3, both)
// where there was a division by 0.
#define CK_KERNELS_OF_ORDERED_TYPES(K)                                                                                  \
  K(int, binary, (enum ck_binary op, ck_int rank, const ck_int *shape, const void *a, const ck_int *a_strides,          \
                  const void *b, const ck_int *b_strides, void *y),                                                     \
    (op, rank, shape, a, a_strides, b, b_strides, y))                                                                   \
  K(int, reduce, (enum ck_reduce op, ck_int outer, ck_int reduced, ck_int inner, const void *x, void *y),               \
    (op, outer, reduced, inner, x, y))                                                                                  \
  K(void, compare, (enum ck_compare op, ck_int rank, const ck_int *shape, const void *a, const ck_int *a_strides,       \
                    const void *b, const ck_int *b_strides, void *y),                                                   \
    (op, rank, shape, a, a_strides, b, b_strides, y))                                                                   \
  K(void, arg_extreme, (enum ck_reduce op, ck_int outer, ck_int reduced, ck_int inner, const void *x, ck_int *y),       \
    (op, outer, reduced, inner, x, y))                                                                                  \
  K(void, argsort, (ck_int outer, ck_int size, ck_int inner, ck_int picks, const void *x, int is_descending,            \
                    void *scratch, ck_int *y), (outer, size, inner, picks, x, is_descending, scratch, y))               \
  K(ck_int, unique, (ck_int n, const void *x, const ck_int *order, ck_int *first, ck_int *counts, ck_int *inverse),     \
    (n, x, order, first, counts, inverse))                                                                              \
  K(void, cumulative_extreme, (enum ck_reduce op, ck_int outer, ck_int size, ck_int inner, const void *x, ck_int *y),   \
    (op, outer, size, inner, x, y))                                                                                     \
  K(void, search_sorted, (ck_int size, const void *x, ck_int n, const void *values, int is_after, ck_int *y),           \
    (size, x, n, values, is_after, y))

CK_KERNELS_OF_ALL_TYPES(CK_DECLARE)
CK_KERNELS_OF_ORDERED_TYPES(CK_DECLARE)

// For float and double. Numbers arrive as double.
#define CK_KERNELS_OF_NUMBERS(K)                                                                                        \
  K(void, fill, (ck_int n, double value, void *y), (n, value, y))                                                       \
  K(void, unary, (enum ck_unary op, ck_int n, const void *x, void *y), (op, n, x, y))                                   \
  K(void, add_at, (ck_int n, const ck_int *positions, const void *x, void *y), (n, positions, x, y))                    \
  K(void, add_scaled, (ck_int n, double scale, const void *a, const void *b, void *y), (n, scale, a, b, y))             \
  K(void, softmax_rows, (ck_int rows, ck_int n, int is_log, const void *x, void *y), (rows, n, is_log, x, y))           \
  K(void, softmax_columns, (ck_int rows, ck_int columns, ck_int leading, int is_log, const void *x, void *y),           \
    (rows, columns, leading, is_log, x, y))                                                                             \
  K(void, cumulative_sum, (ck_int outer, ck_int size, ck_int inner, const void *x, void *y), (outer, size, inner, x, y)) \
  K(void, from_bytes, (ck_int n, const uint8_t *x, void *y), (n, x, y))                                                 \
  K(void, to_bytes, (ck_int n, const void *x, uint8_t *y), (n, x, y))                                                   \
  K(void, from_integers, (ck_int n, const ck_int *x, void *y), (n, x, y))                                               \
  K(ck_int, to_integers, (ck_int n, const void *x, ck_int *y), (n, x, y))                                               \
  K(void, inverse_norms, (ck_int rows, ck_int width, double epsilon, const void *x, void *y),                           \
    (rows, width, epsilon, x, y))                                                                                       \
  K(void, scale_both, (ck_int rows, ck_int columns, ck_int leading, const void *row_scale, const void *column_scale,    \
                       void *x), (rows, columns, leading, row_scale, column_scale, x))                                  \
  K(void, cosine_pull, (ck_int rows, ck_int columns, ck_int leading, const void *g, const void *x,                      \
                        const void *row_scale, const void *column_scale, ck_int y_leading, void *y, void *row_sums,     \
                        void *column_sums),                                                                             \
    (rows, columns, leading, g, x, row_scale, column_scale, y_leading, y, row_sums, column_sums))                       \
  K(void, subtract_radial, (ck_int rows, ck_int width, double greatest, const void *x, const void *inverses,            \
                            const void *dots, void *y), (rows, width, greatest, x, inverses, dots, y))                  \
  K(void, pair_distances, (ck_int pairs, ck_int width, const void *a, const void *b, const ck_int *left,                \
                           const ck_int *right, void *y), (pairs, width, a, b, left, right, y))                         \
  K(void, pair_distances_pull, (ck_int pairs, ck_int width, const void *a, const void *b, const ck_int *left,           \
                                const ck_int *right, const void *g, void *a_slopes, void *b_slopes),                    \
    (pairs, width, a, b, left, right, g, a_slopes, b_slopes))                                                           \
  K(void, log_sum_exp_columns, (ck_int rows, ck_int columns, ck_int leading, double scale, const void *x,               \
                                const ck_int *left_out, ck_int first_column, void *y),                                  \
    (rows, columns, leading, scale, x, left_out, first_column, y))                                                      \
  K(void, log_sum_exp_rows, (ck_int rows, ck_int columns, double scale, const void *x, const ck_int *left_out, void *y), \
    (rows, columns, scale, x, left_out, y))                                                                             \
  K(void, log_sum_exp_columns_pull, (ck_int rows, ck_int columns, ck_int leading, double scale, const void *x,          \
                                     const ck_int *left_out, ck_int first_column, const void *g, const void *z,         \
                                     void *y), (rows, columns, leading, scale, x, left_out, first_column, g, z, y))     \
  K(void, log_sum_exp_rows_pull, (ck_int rows, ck_int columns, double scale, const void *x, const ck_int *left_out,     \
                                  const void *g, const void *z, void *y), (rows, columns, scale, x, left_out, g, z, y)) \
  K(void, segmented_log_sum_exp, (ck_int n, const void *x, const ck_int *segments, ck_int count, void *shifts, void *y), \
    (n, x, segments, count, shifts, y))                                                                                 \
  K(void, random_uniform, (uint64_t *words, ck_int n, double low, double high, double greatest, void *y),               \
    (words, n, low, high, greatest, y))                                                                                 \
  K(void, random_normal, (uint64_t *words, ck_int n, double mean, double deviation, void *y),                           \
    (words, n, mean, deviation, y))

CK_KERNELS_OF_NUMBERS(CK_DECLARE)
CK_KERNELS_OF_PRODUCTS(CK_DECLARE)
CK_KERNELS_OF_IMAGES(CK_DECLARE)
CK_KERNELS_OF_TILES(CK_DECLARE)

#include "bfloat16_kernels.h"

// One number of a random generator, whose four words move on: 64 bits, uniform in [0, 1), standard normal.
uint64_t ck_next_bits(uint64_t *words);
double ck_next_uniform(uint64_t *words);
double ck_next_normal(uint64_t *words);

void ck_f32_from_f64(ck_int n, const double *x, float *y);
void ck_f64_from_f32(ck_int n, const float *x, double *y);

// Numbers of 16 bits, of which `fraction` hold the fraction: 10 of IEEE's half precision, 7 of bfloat16. Denormals are kept.
void ck_f32_from_f16(ck_int n, const uint16_t *x, float *y);
// Rounded to nearest, ties to even; what is too large becomes infinite.
void ck_16_from_f32(ck_int n, int fraction, const float *x, uint16_t *y);
void ck_16_from_f64(ck_int n, int fraction, const double *x, uint16_t *y);
// The position of the first number that does not fit, or -1.
ck_int ck_i32_from_i64(ck_int n, const ck_int *x, int32_t *y);

// Strided copies of elements of 1, 2, 4 or 8 bytes.
void ck_copy(ck_int element_size, ck_int rank, const ck_int *shape, const void *x, const ck_int *x_strides, void *y,
             const ck_int *y_strides);
void ck_take_rows(ck_int rows, ck_int row_bytes, const ck_int *index, const void *x, void *y);

// Where the first index outside 0..<size is; -1 if there is none.
ck_int ck_first_outside(ck_int n, const ck_int *index, ck_int size);
// The row-major positions in [outer, size, inner] of what index [outer, picks, inner] names along the middle.
void ck_positions_along(ck_int outer, ck_int picks, ck_int inner, ck_int size, const ck_int *index, ck_int *y);
// Adds how often each number occurs among n, which are none below 0, to y.
void ck_count_each(ck_int n, const ck_int *x, ck_int *y);
// How many bytes are not 0; their positions go to y, unless it is null.
ck_int ck_true_positions(ck_int n, const void *mask, ck_int *y);

// Whether the CPU and the operating system offer AVX-512 F, DQ, BW, VL and CD.
int ck_has_avx512(void);

// Thread-local state: see Engine/BFloat16/Precision.swift, and for the tape Autograd/Recording.swift and Autograd/ReleaseQueue.swift.
int ck_precision(void);
void ck_set_precision(int value);
int ck_tape_mode(void);
void ck_set_tape_mode(int mode);
void *ck_tape_observer(void);
void ck_set_tape_observer(void *observer);
int ck_enter_release(void);
void ck_leave_release(void);
void *ck_release_queue(void);
void ck_set_release_queue(void *queue);

#endif
