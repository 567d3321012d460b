// What reads and writes bfloat16 in memory and calculates with floats: blocks of a few hundred elements at a time, in cache.
#include "bfloat16.h"

#include "CKernels.h"

enum { block = 512 };

CK_CLONES void ck_f32_from_bf16(ck_int n, const ck_bf16 *restrict x, float *restrict y) {
  for (ck_int i = 0; i < n; i++) y[i] = ck_wide(x[i]);
}

CK_CLONES void ck_bf16_from_f32(ck_int n, const float *restrict x, ck_bf16 *restrict y) {
  for (ck_int i = 0; i < n; i++) y[i] = ck_narrow(x[i]);
}

void ck_bf16_unary(enum ck_unary op, ck_int n, const ck_bf16 *x, ck_bf16 *y) {
  float u[block], v[block];
  for (ck_int i = 0; i < n; i += block) {
    const ck_int m = n - i < block ? n - i : block;
    ck_f32_from_bf16(m, x + i, u);
    ck_unary(CK_F32, op, m, u, v);
    ck_bf16_from_f32(m, v, y + i);
  }
}

// Elements first..<first + n of an operand that repeats after `period` elements, as floats.
static void operand(enum ck_element element, const void *x, ck_int period, ck_int first, ck_int n, float *y) {
  for (ck_int i = 0; i < n;) {
    const ck_int at = (first + i) % period, run = period - at < n - i ? period - at : n - i;
    if (element == CK_BF16) ck_f32_from_bf16(run, (const ck_bf16 *)x + at, y + i);
    else memcpy(y + i, (const float *)x + at, run * sizeof(float));
    i += run;
  }
}

void ck_bf16_binary(enum ck_binary op, ck_int first, ck_int n, enum ck_element a_element, const void *a,
                    ck_int a_period, enum ck_element b_element, const void *b, ck_int b_period, ck_bf16 *y) {
  float u[block], v[block], w[block];
  const ck_int one = 1;
  for (ck_int i = 0; i < n; i += block) {
    const ck_int m = n - i < block ? n - i : block;
    operand(a_element, a, a_period, first + i, m, u);
    operand(b_element, b, b_period, first + i, m, v);
    ck_binary(CK_F32, op, 1, &m, u, &one, v, &one, w);
    ck_bf16_from_f32(m, w, y + first + i);
  }
}

void ck_bf16_accumulate(ck_int n, enum ck_element x_element, const void *x, enum ck_element y_element, void *y) {
  float u[block], v[block];
  const ck_int one = 1;
  for (ck_int i = 0; i < n; i += block) {
    const ck_int m = n - i < block ? n - i : block;
    operand(x_element, x, n, i, m, u);
    operand(y_element, y, n, i, m, v);
    ck_accumulate(CK_F32, 1, &m, u, &one, v, &one);
    if (y_element == CK_BF16) ck_bf16_from_f32(m, v, (ck_bf16 *)y + i);
    else memcpy((float *)y + i, v, m * sizeof(float));
  }
}

void ck_bf16_gather(ck_int rows, ck_int columns, const ck_bf16 *x, ck_int row, ck_int column, ck_bf16 *y,
                    ck_int leading) {
  enum { tile = 32 };
  if (column == 1) {
    for (ck_int r = 0; r < rows; r++) {
      memcpy(y + r * leading, x + r * row, columns * sizeof(ck_bf16));
      for (ck_int c = columns; c < leading; c++) y[r * leading + c] = 0;
    }
    return;
  }
  for (ck_int r0 = 0; r0 < rows; r0 += tile)
    for (ck_int c0 = 0; c0 < leading; c0 += tile) {
      const ck_int r1 = rows - r0 < tile ? rows : r0 + tile, c1 = leading - c0 < tile ? leading : c0 + tile;
      for (ck_int c = c0; c < c1; c++)
        for (ck_int r = r0; r < r1; r++) y[r * leading + c] = c < columns ? x[r * row + c * column] : 0;
    }
}

void ck_bf16_pack(ck_int lanes, ck_int first, ck_int last, ck_int n, ck_int depth, const ck_bf16 *b, ck_int row,
                  ck_int column, ck_bf16 *panels) {
  const ck_int width = 2 * lanes, pairs = (depth + 1) / 2;
  panels += first * pairs * 2 * width;
  for (ck_int j = first * width; j < last * width; j += width) {
    const ck_int columns = n - j < width ? n - j : width;
    for (ck_int p = 0; p < pairs; p++, panels += 2 * width) {
      const ck_bf16 *even = b + 2 * p * row + j * column, *odd = even + row;
      const int has_odd = 2 * p + 1 < depth;
      for (ck_int l = 0; l < columns; l++) {
        panels[2 * l] = even[l * column];
        panels[2 * l + 1] = has_odd ? odd[l * column] : 0;
      }
      for (ck_int l = 2 * columns; l < 2 * width; l++) panels[l] = 0;
    }
  }
}

// Without the instruction: the same products of pairs, the upper elements' first, added in float.
#define BYTES 32
#define TARGET
#define CK(name) name##_plain
#define DOT(sum, a, b)                                                                                       \
  sum += (FLOATS)((a) & 0xffff0000) * (FLOATS)((b) & 0xffff0000), sum += (FLOATS)((a) << 16) * (FLOATS)((b) << 16)
#include "bfloat16_panels.inc"
#undef BYTES
#undef TARGET
#undef CK
#undef DOT

#if defined(__x86_64__)
#include <immintrin.h>
#define BYTES 64
#define TARGET __attribute__((target("arch=x86-64-v4,avx512bf16")))
#define CK(name) name##_native
#define DOT(sum, a, b) sum = (FLOATS)_mm512_dpbf16_ps((__m512)(sum), (__m512bh)(a), (__m512bh)(b))
#include "bfloat16_panels.inc"
#endif

int ck_has_bf16(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("x86-64-v4") && __builtin_cpu_supports("avx512bf16");
#else
  return 0;
#endif
}

ck_int ck_bf16_lanes(void) { return ck_has_bf16() ? 16 : 8; }

void ck_bf16_product(ck_int m, ck_int n, ck_int depth, const ck_bf16 *a, ck_int a_row, const ck_bf16 *panels, void *c,
                     ck_int c_row, enum ck_bf16_result form) {
#if defined(__x86_64__)
  if (ck_has_bf16()) return product_native(m, n, (depth + 1) / 2, a, a_row, panels, c, c_row, form);
#endif
  product_plain(m, n, (depth + 1) / 2, a, a_row, panels, c, c_row, form);
}
