// Kernels for elements stored as bfloat16 (the upper half of a float, a uint16_t): moved, converted, and products of them added up
// in float. bfloat16.c says how.
#ifndef CKERNELS_BFLOAT16_KERNELS_H
#define CKERNELS_BFLOAT16_KERNELS_H

#include "clones.h"

void ck_f32_from_bf16(ck_int n, const uint16_t *x, float *y);
void ck_bf16_from_f32(ck_int n, const float *x, uint16_t *y);

void ck_bf16_unary(enum ck_unary op, ck_int n, const uint16_t *x, uint16_t *y);
// Elements first..<first + n of the result; an operand, of floats or bfloat16, repeats after `period` elements.
void ck_bf16_binary(enum ck_binary op, ck_int first, ck_int n, enum ck_element a_element, const void *a,
                    ck_int a_period, enum ck_element b_element, const void *b, ck_int b_period, uint16_t *y);
// y += x, each of floats or of bfloat16.
void ck_bf16_accumulate(ck_int n, enum ck_element x_element, const void *x, enum ck_element y_element, void *y);

// The elements at x + r * row + c * column in rows of `leading` elements, those after the last column 0.
void ck_bf16_gather(ck_int rows, ck_int columns, const uint16_t *x, ck_int row, ck_int column, uint16_t *y,
                    ck_int leading);

// Whether the processor multiplies pairs of bfloat16 itself (AVX512_BF16), and the floats in a vector of the products.
int ck_has_bf16(void);
ck_int ck_bf16_lanes(void);

// What becomes of the sums of a product: written, added to what is there, or rounded to bfloat16.
CK_ENUMERATION("BFloat16Result") ck_bf16_result {
  CK_BF16_WRITTEN CK_AS("written"), CK_BF16_ADDED CK_AS("added"), CK_BF16_ROUNDED CK_AS("rounded"),
};

// Packs panels first..<last, of two vectors' columns each, of a matrix [depth, n] whose element (k, j) is at b + k * row + j * column.
void ck_bf16_pack(ck_int lanes, ck_int first, ck_int last, ck_int n, ck_int depth, const uint16_t *b, ck_int row,
                  ck_int column, uint16_t *panels);
// c = a · b, or c += a · b, with b packed; a's rows have an even number of elements, the last 0 where the depth is odd.
void ck_bf16_product(ck_int m, ck_int n, ck_int depth, const uint16_t *a, ck_int a_row, const uint16_t *panels, void *c,
                     ck_int c_row, enum ck_bf16_result form);

#endif
