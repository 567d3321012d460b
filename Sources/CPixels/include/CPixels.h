// Kernels for resizing pictures of three channels along one axis, and what libpng hands over.
#ifndef CPIXELS_H
#define CPIXELS_H

#include "clones.h"
#include "png_image.h"

// Each of `count` results is a weighted sum of `taps` neighbours from `first` on: weights are [count][taps].
typedef struct {
  ck_int count, taps;
  const ck_int *first;
  const float *weights;
} ck_line_filter;

// Results are rows: x is [any, width], y is [count, width].
void ck_resample_rows(const ck_line_filter *f, ck_int width, const float *x, float *y);
// Results are pixels of each row: x is [rows, width, 3], y is [rows, count, 3].
void ck_resample_columns(const ck_line_filter *f, ck_int rows, ck_int width, const float *x, float *y);

#endif
