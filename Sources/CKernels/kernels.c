#include "CKernels.h"

#include <math.h>
#include <string.h>

#include "clones.h"
#include "dispatch.h"
#include "math.inc"

// Walks the rows (the last dimension) of up to three strided operands in step.
typedef struct {
  ck_int rank, n;
  const ck_int *shape, *strides[3];
  ck_int element_size[3], index[CK_MAX_DIMENSIONS];
  ck_int step[3];        // each operand's stride along a row
  const char *row[3];    // each operand's current row
} ck_rows;

static ck_rows ck_rows_over(ck_int rank, const ck_int *shape) {
  ck_rows r = {.rank = rank, .n = rank > 0 ? shape[rank - 1] : 1, .shape = shape};
  for (ck_int d = 0; d < rank; d++)
    if (shape[d] == 0) r.n = 0;
  return r;
}

static void ck_rows_bind(ck_rows *r, int k, const void *pointer, const ck_int *strides, ck_int element_size) {
  r->row[k] = pointer;
  r->strides[k] = strides;
  r->element_size[k] = element_size;
  r->step[k] = r->rank > 0 ? strides[r->rank - 1] : 0;
}

static int ck_rows_next(ck_rows *r, int operands) {
  for (ck_int d = r->rank - 2; d >= 0; d--) {
    const int wraps = ++r->index[d] == r->shape[d];
    for (int k = 0; k < operands; k++)
      r->row[k] += r->strides[k][d] * r->element_size[k] * (wraps ? 1 - r->shape[d] : 1);
    if (!wraps) return 1;
    r->index[d] = 0;
  }
  return 0;
}

// One row of a broadcast operation: each operand has stride 0, 1 or any other.
#define CK_ROW(expression)                                                            \
  if (sa == 1 && sb == 1) {                                                           \
    for (ck_int i = 0; i < n; i++) { T u = a[i], v = b[i]; y[i] = (expression); }     \
  } else if (sa == 1 && sb == 0) {                                                    \
    const T v = b[0];                                                                 \
    for (ck_int i = 0; i < n; i++) { T u = a[i]; y[i] = (expression); }               \
  } else if (sa == 0 && sb == 1) {                                                    \
    const T u = a[0];                                                                 \
    for (ck_int i = 0; i < n; i++) { T v = b[i]; y[i] = (expression); }               \
  } else {                                                                            \
    for (ck_int i = 0; i < n; i++) { T u = a[i * sa], v = b[i * sb]; y[i] = (expression); } \
  }                                                                                   \
  break;

#define CK_IS_NAN(v) ((v) != (v))

#include "gamma.inc"

// xoshiro256++ (Blackman and Vigna, 2019).
CK_INLINE uint64_t ck_bits(uint64_t *s) {
  const uint64_t sum = s[0] + s[3], result = (sum << 23 | sum >> 41) + s[0], shifted = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= shifted;
  s[3] = s[3] << 45 | s[3] >> 19;
  return result;
}

CK_INLINE double ck_uniform(uint64_t *words) { return (double)(ck_bits(words) >> 11) * 0x1p-53; }

// By Box and Muller, with C's own functions: the numbers of a seed are part of the API.
CK_INLINE double ck_normal(uint64_t *words) {
  const double radius = sqrt(-2 * log(1 - ck_uniform(words)));
  return radius * cos(2 * M_PI * ck_uniform(words));
}

uint64_t ck_next_bits(uint64_t *words) { return ck_bits(words); }
double ck_next_uniform(uint64_t *words) { return ck_uniform(words); }
double ck_next_normal(uint64_t *words) { return ck_normal(words); }

#define T float
#define CK(name) ck_##name##_f32
#define M(name) ck_##name##f
#define CK_SQRT_OF sqrtf
#include "elements.inc"
#include "kernels.inc"
#include "fused.inc"
#include "random.inc"
#include "sorting.inc"
#undef T
#undef CK
#undef M
#undef CK_SQRT_OF

// As ck_normal_cdff, with all digits where it is near 0.
CK_INLINE double normal_cdf(double x) { return 0.5 * erfc(x * -M_SQRT1_2); }

#define T double
#define CK(name) ck_##name##_f64
#define M(name) name
#define CK_SQRT_OF sqrt
#include "elements.inc"
#include "kernels.inc"
#include "fused.inc"
#include "random.inc"
#include "sorting.inc"
#undef T
#undef CK
#undef M
#undef CK_SQRT_OF
#undef CK_IS_NAN

#define T ck_int
#define CK(name) ck_##name##_i64
#define CK_IS_NAN(v) 0
#include "elements.inc"
#include "integers.inc"
#include "sorting.inc"
#undef T
#undef CK

#define T int32_t
#define CK(name) ck_##name##_i32
#include "elements.inc"
#include "integers.inc"
#include "sorting.inc"
#undef T
#undef CK

#define T uint8_t
#define CK(name) ck_##name##_u8
#include "elements.inc"
#include "integers.inc"
#include "sorting.inc"
#undef T
#undef CK

#define T uint16_t
#define CK(name) ck_##name##_bits16
#include "elements.inc"
#undef T
#undef CK

// The functions that Swift calls. A further element type is one more block above, and a case here.
#define CK_CASES(name, arguments, more)                      \
    switch (element) {                                       \
      case CK_F32: return ck_##name##_f32 arguments;         \
      case CK_F64: return ck_##name##_f64 arguments;         \
      case CK_I64: return ck_##name##_i64 arguments;         \
      case CK_I32: return ck_##name##_i32 arguments;         \
      case CK_U8: return ck_##name##_u8 arguments;           \
      more                                                   \
      default: break;                                        \
    }                                                        \
    __builtin_trap();
#define CK_OF_ALL_TYPES(result, name, parameters, arguments) \
  result ck_##name CK_WITH_ELEMENT parameters {              \
    CK_CASES(name, arguments, case CK_BITS16: return ck_##name##_bits16 arguments;) \
  }
#define CK_OF_ORDERED_TYPES(result, name, parameters, arguments) \
  result ck_##name CK_WITH_ELEMENT parameters { CK_CASES(name, arguments, ) }

CK_KERNELS_OF_ALL_TYPES(CK_OF_ALL_TYPES)
CK_KERNELS_OF_ORDERED_TYPES(CK_OF_ORDERED_TYPES)
CK_KERNELS_OF_NUMBERS(CK_OF_NUMBERS)

CK_CLONES void ck_f32_from_f64(ck_int n, const double *x, float *restrict y) {
  for (ck_int i = 0; i < n; i++) y[i] = (float)x[i];
}

CK_CLONES void ck_f64_from_f32(ck_int n, const float *x, double *restrict y) {
  for (ck_int i = 0; i < n; i++) y[i] = x[i];
}

ck_int ck_i32_from_i64(ck_int n, const ck_int *x, int32_t *y) {
  for (ck_int i = 0; i < n; i++) {
    y[i] = (int32_t)x[i];
    if (y[i] != x[i]) return i;
  }
  return -1;
}

#define CK_COPY_ROW(type)                                                          \
  {                                                                                \
    const type *u = (const type *)r.row[0];                                        \
    type *v = (type *)r.row[1];                                                    \
    for (ck_int i = 0; i < r.n; i++) v[i * r.step[1]] = u[i * r.step[0]];          \
  }

void ck_copy(ck_int element_size, ck_int rank, const ck_int *shape, const void *x, const ck_int *x_strides, void *y,
             const ck_int *y_strides) {
  ck_rows r = ck_rows_over(rank, shape);
  ck_rows_bind(&r, 0, x, x_strides, element_size);
  ck_rows_bind(&r, 1, y, y_strides, element_size);
  if (r.n == 0) return;
  do {
    if (r.step[0] == 1 && r.step[1] == 1) memcpy((void *)r.row[1], r.row[0], r.n * element_size);
    else if (element_size == 2) CK_COPY_ROW(uint16_t)
    else if (element_size == 4) CK_COPY_ROW(uint32_t)
    else if (element_size == 8) CK_COPY_ROW(uint64_t)
    else CK_COPY_ROW(uint8_t)
  } while (ck_rows_next(&r, 2));
}

void ck_take_rows(ck_int rows, ck_int row_bytes, const ck_int *index, const void *x, void *y) {
  for (ck_int r = 0; r < rows; r++)
    memcpy((char *)y + r * row_bytes, (const char *)x + index[r] * row_bytes, row_bytes);
}

ck_int ck_first_outside(ck_int n, const ck_int *index, ck_int size) {
  for (ck_int i = 0; i < n; i++)
    if (index[i] < 0 || index[i] >= size) return i;
  return -1;
}

void ck_positions_along(ck_int outer, ck_int picks, ck_int inner, ck_int size, const ck_int *index, ck_int *y) {
  for (ck_int o = 0; o < outer; o++)
    for (ck_int k = 0; k < picks; k++)
      for (ck_int i = 0; i < inner; i++) *y++ = (o * size + *index++) * inner + i;
}

void ck_count_each(ck_int n, const ck_int *x, ck_int *y) {
  for (ck_int i = 0; i < n; i++) y[x[i]]++;
}

ck_int ck_true_positions(ck_int n, const void *bytes, ck_int *y) {
  const uint8_t *mask = bytes;
  ck_int found = 0;
  for (ck_int i = 0; i < n; i++) {
    if (y && mask[i]) y[found] = i;
    found += mask[i] != 0;
  }
  return found;
}

int ck_has_avx512(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512cd");
#else
  return 0;
#endif
}
