#include "CPixels.h"

CK_CLONES
void ck_resample_rows(const ck_line_filter *f, ck_int width, const float *x, float *y) {
  for (ck_int i = 0; i < f->count; i++, y += width) {
    const float *weights = f->weights + i * f->taps, *from = x + f->first[i] * width;
    for (ck_int k = 0; k < width; k++) y[k] = weights[0] * from[k];
    for (ck_int tap = 1; tap < f->taps; tap++) {
      const float weight = weights[tap];
      from += width;
      for (ck_int k = 0; k < width; k++) y[k] += weight * from[k];
    }
  }
}

CK_CLONES
void ck_resample_columns(const ck_line_filter *f, ck_int rows, ck_int width, const float *x, float *y) {
  for (ck_int row = 0; row < rows; row++, x += 3 * width) {
    const float *weights = f->weights;
    for (ck_int i = 0; i < f->count; i++, weights += f->taps, y += 3) {
      const float *from = x + 3 * f->first[i];
      float red = 0, green = 0, blue = 0;
      for (ck_int tap = 0; tap < f->taps; tap++, from += 3) {
        red += weights[tap] * from[0];
        green += weights[tap] * from[1];
        blue += weights[tap] * from[2];
      }
      y[0] = red, y[1] = green, y[2] = blue;
    }
  }
}
