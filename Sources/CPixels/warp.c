#include "CPixels.h"

void ck_warp(ck_int height, ck_int width, const double *matrix, float fill, const float *x, float *y) {
  for (ck_int row = 0; row < height; row++)
    for (ck_int column = 0; column < width; column++, y += 3) {
      const double right = column + 0.5 - 0.5 * width, down = row + 0.5 - 0.5 * height;
      const double from_column = matrix[0] * right + matrix[1] * down + matrix[2] + 0.5 * width - 0.5;
      const double from_row = matrix[3] * right + matrix[4] * down + matrix[5] + 0.5 * height - 0.5;
      const ck_int i = (ck_int)__builtin_rint(from_row), j = (ck_int)__builtin_rint(from_column);
      const int inside = i >= 0 && i < height && j >= 0 && j < width;
      for (int c = 0; c < 3; c++) y[c] = inside ? x[3 * (i * width + j) + c] : fill;
    }
}
