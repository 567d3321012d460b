// The loop of clustering; no allocation, no threads.
#ifndef CCLUSTERING_H
#define CCLUSTERING_H

#include "clones.h"

// The greatest x[r, c] - offset[c] of each row and the first c where it stands.
void ck_best_columns_f32(ck_int rows, ck_int columns, const float *x, const float *offset, ck_int *index, float *value);
void ck_best_columns_f64(ck_int rows, ck_int columns, const double *x, const double *offset, ck_int *index,
                         double *value);

#endif
