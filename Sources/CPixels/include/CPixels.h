// Kernels for pictures of three channels, and what libpng hands over.
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

// The rest: x and y are pixels of red, green and blue in 0...1, [count, 3] or [height, width, 3].

// Away from each pixel's grey (factor > 1), or towards it.
void ck_saturate(ck_int count, float factor, const float *x, float *y);
// Turns the circle of hues by a share of it.
void ck_turn_hue(ck_int count, float turn, const float *x, float *y);
// Makes all of 256 levels of each channel about equally frequent.
void ck_equalize(ck_int count, const float *x, float *y);

// Each pixel is the nearest to the place that the matrix, two rows of three, gives for its own (x, y, 1), counted from the
// middle; `fill` where that lies outside.
void ck_warp(ck_int height, ck_int width, const double *matrix, float fill, const float *x, float *y);

#endif
