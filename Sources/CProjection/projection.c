#include "CProjection.h"

#include <math.h>
#include <string.h>

#include "math.inc"

#define CK_PI 3.14159265358979323846

#include "fourier.inc"
#include "grid.inc"

// A heap whose root comes last of the k that are kept.
CK_INLINE int ck_comes_later(float a, int32_t i, float b, int32_t j) { return a > b || (a == b && i > j); }

static void ck_sift(ck_int k, ck_int hole, float value, int32_t item, float *values, int32_t *index) {
  for (ck_int child; (child = 2 * hole + 1) < k; hole = child) {
    if (child + 1 < k && ck_comes_later(values[child + 1], index[child + 1], values[child], index[child])) child++;
    if (!ck_comes_later(values[child], index[child], value, item)) break;
    values[hole] = values[child];
    index[hole] = index[child];
  }
  values[hole] = value;
  index[hole] = item;
}

CK_CLONES void ck_nearest(ck_int columns, ck_int k, ck_int own, const float *products, const float *offsets, float *values,
                          int32_t *index) {
  enum { lanes = 16 };
  for (ck_int i = 0; i < k; i++) values[i] = INFINITY, index[i] = INT32_MAX;
  for (ck_int c0 = 0; c0 < columns; c0 += lanes) {
    const int n = columns - c0 < lanes ? (int)(columns - c0) : lanes;
    float v[lanes];
    int32_t passes = 0;
    const float limit = values[0];
    if (n == lanes) {
      for (int l = 0; l < lanes; l++) {
        v[l] = offsets[c0 + l] - products[c0 + l];
        passes |= v[l] < limit;
      }
      if (!passes) continue;
    } else {
      for (int l = 0; l < n; l++) v[l] = offsets[c0 + l] - products[c0 + l];
    }
    for (int l = 0; l < n; l++)
      if (v[l] < values[0] && c0 + l != own) ck_sift(k, 0, v[l], (int32_t)(c0 + l), values, index);
  }
}

CK_CLONES void ck_squared_distances(ck_int n, ck_int width, const float *x, const float *rows, const int32_t *index,
                                    float *y) {
  enum { lanes = 16 };
  for (ck_int i = 0; i < n; i++) {
    const float *row = rows + (index ? index[i] : i) * width;
    float sums[lanes] = {0};
    ck_int c = 0;
    for (; c + lanes <= width; c += lanes)
      for (int l = 0; l < lanes; l++) {
        const float d = x[c + l] - row[c + l];
        sums[l] += d * d;
      }
    float sum = 0;
    for (; c < width; c++) sum += (x[c] - row[c]) * (x[c] - row[c]);
    for (int l = 0; l < lanes; l++) sum += sums[l];
    y[i] = sum;
  }
}

// Bisection for the precision, the inverse of twice the variance, as scikit-learn and openTSNE do it; the perplexity is
// the exponential of the weights' entropy.
CK_CLONES void ck_calibrate(ck_int n, double perplexity, float *x) {
  enum { lanes = 16, most_steps = 100 };
  const double wanted = log(perplexity);
  float nearest = INFINITY;
  double total = 0;
  for (ck_int i = 0; i < n; i++) {
    nearest = x[i] < nearest ? x[i] : nearest;
    total += x[i];
  }
  for (ck_int i = 0; i < n; i++) x[i] -= nearest;
  total -= (double)nearest * (double)n;
  double low = 0, high = INFINITY, precision = total > 0 ? (double)n / total : 1;
  for (int step = 0; step < most_steps; step++) {
    const float negative = (float)-precision;
    float sums[lanes] = {0}, weighted[lanes] = {0};
    ck_int c = 0;
    for (; c + lanes <= n; c += lanes)
      for (int l = 0; l < lanes; l++) {
        const float w = ck_expf(negative * x[c + l]);
        sums[l] += w;
        weighted[l] += w * x[c + l];
      }
    double sum = 0, mean = 0;
    for (; c < n; c++) {
      const float w = ck_expf(negative * x[c]);
      sum += w;
      mean += w * x[c];
    }
    for (int l = 0; l < lanes; l++) sum += sums[l], mean += weighted[l];
    const double excess = log(sum) + precision * mean / sum - wanted;
    if (fabs(excess) < 1e-5 || precision > 1e30) break;
    if (excess > 0) {
      low = precision;
      precision = high == INFINITY ? 2 * precision : (low + high) / 2;
    } else {
      high = precision;
      precision = (low + high) / 2;
    }
    if (precision == low || precision == high) break;
  }
  double sum = 0;
  const float negative = (float)-precision;
  for (ck_int i = 0; i < n; i++) x[i] = ck_expf(negative * x[i]);
  for (ck_int i = 0; i < n; i++) sum += x[i];
  const float scale = (float)(1 / sum);
  for (ck_int i = 0; i < n; i++) x[i] *= scale;
}

// Where row i of the sparse matrix names column j, or -1.
CK_INLINE ck_int ck_find(ck_int k, const int32_t *row, int32_t j) {
  ck_int place = -1;
  for (ck_int e = 0; e < k; e++) place = row[e] == j ? e : place;
  return place;
}

CK_CLONES void ck_symmetric_counts(ck_int n, ck_int k, const int32_t *index, ck_int *counts) {
  for (ck_int i = 0; i < n; i++) counts[i] = k;
  for (ck_int i = 0; i < n; i++)
    for (ck_int e = 0; e < k; e++) {
      const ck_int j = index[i * k + e];
      if (ck_find(k, index + j * k, (int32_t)i) < 0) counts[j]++;
    }
}

CK_CLONES void ck_symmetric_entries(ck_int n, ck_int k, const int32_t *index, const float *x, const ck_int *start,
                                    ck_int *next, int32_t *columns, float *y) {
  for (ck_int i = 0; i < n; i++) next[i] = start[i];
  for (ck_int i = 0; i < n; i++)
    for (ck_int e = 0; e < k; e++) {
      const ck_int j = index[i * k + e], back = ck_find(k, index + j * k, (int32_t)i);
      const float value = 0.5f * (x[i * k + e] + (back < 0 ? 0 : x[j * k + back]));
      columns[next[i]] = (int32_t)j;
      y[next[i]++] = value;
      if (back >= 0) continue;
      columns[next[j]] = (int32_t)i;
      y[next[j]++] = value;
    }
}

CK_CLONES void ck_attraction(ck_int first, ck_int last, const ck_int *start, const int32_t *columns, const float *p,
                             const float *x, const float *y, float *fx, float *fy) {
  enum { lanes = 8 };
  for (ck_int i = first; i < last; i++) {
    float sx[lanes] = {0}, sy[lanes] = {0};
    ck_int e = start[i];
    for (; e + lanes <= start[i + 1]; e += lanes) {
      float dx[lanes], dy[lanes];
      for (int l = 0; l < lanes; l++) dx[l] = x[i] - x[columns[e + l]], dy[l] = y[i] - y[columns[e + l]];
      for (int l = 0; l < lanes; l++) {
        const float w = p[e + l] / (1 + dx[l] * dx[l] + dy[l] * dy[l]);
        sx[l] += w * dx[l];
        sy[l] += w * dy[l];
      }
    }
    float ax = 0, ay = 0;
    for (; e < start[i + 1]; e++) {
      const float dx = x[i] - x[columns[e]], dy = y[i] - y[columns[e]], w = p[e] / (1 + dx * dx + dy * dy);
      ax += w * dx;
      ay += w * dy;
    }
    for (int l = 0; l < lanes; l++) ax += sx[l], ay += sy[l];
    fx[i] = ax;
    fy[i] = ay;
  }
}

double ck_sparse_divergence(ck_int first, ck_int last, const ck_int *start, const int32_t *columns, const float *p,
                            const float *x, const float *y) {
  double sum = 0;
  for (ck_int e = start[first], i = first; i < last; i++)
    for (; e < start[i + 1]; e++) {
      const double dx = x[i] - x[columns[e]], dy = y[i] - y[columns[e]];
      if (p[e] > 0) sum += p[e] * log(p[e] * (1 + dx * dx + dy * dy));
    }
  return sum;
}

CK_CLONES void ck_dense_forces(ck_int first, ck_int last, ck_int n, const float *p, const float *x, const float *y,
                               float *ax, float *ay, float *rx, float *ry, float *shares) {
  enum { lanes = 16 };
  for (ck_int i = first; i < last; i++) {
    const float *row = p + i * n;
    const float xi = x[i], yi = y[i];
    float sum[5][lanes] = {{0}};
    ck_int c = 0;
    for (; c + lanes <= n; c += lanes)
      for (int l = 0; l < lanes; l++) {
        const float dx = xi - x[c + l], dy = yi - y[c + l], q = 1 / (1 + dx * dx + dy * dy);
        const float a = row[c + l] * q, r = q * q;
        sum[0][l] += a * dx;
        sum[1][l] += a * dy;
        sum[2][l] += r * dx;
        sum[3][l] += r * dy;
        sum[4][l] += q;
      }
    float total[5] = {0};
    for (; c < n; c++) {
      const float dx = xi - x[c], dy = yi - y[c], q = 1 / (1 + dx * dx + dy * dy);
      const float a = row[c] * q, r = q * q;
      total[0] += a * dx, total[1] += a * dy, total[2] += r * dx, total[3] += r * dy, total[4] += q;
    }
    for (int k = 0; k < 5; k++)
      for (int l = 0; l < lanes; l++) total[k] += sum[k][l];
    ax[i] = total[0], ay[i] = total[1], rx[i] = total[2], ry[i] = total[3], shares[i] = total[4];
  }
}

double ck_dense_divergence(ck_int first, ck_int last, ck_int n, const float *p, const float *x, const float *y) {
  double sum = 0;
  for (ck_int i = first; i < last; i++)
    for (ck_int j = 0; j < n; j++) {
      const double dx = x[i] - x[j], dy = y[i] - y[j];
      if (p[i * n + j] > 0) sum += p[i * n + j] * log(p[i * n + j] * (1 + dx * dx + dy * dy));
    }
  return sum;
}

// A gain grows while its coordinate keeps its direction and shrinks where it turns (Jacobs, 1988, as van der Maaten's
// code has it). At the end the points' mean is 0.
CK_CLONES void ck_descend(const ck_descent *d, ck_int n, const float *ax, const float *ay, const float *rx, const float *ry,
                          float *gain_x, float *gain_y, float *step_x, float *step_y, float *x, float *y) {
  const float limit = d->longest_step * d->longest_step;
  for (ck_int i = 0; i < n; i++) {
    const float gx = d->attraction * ax[i] - d->repulsion * rx[i], gy = d->attraction * ay[i] - d->repulsion * ry[i];
    const int turns_x = (step_x[i] > 0) - (step_x[i] < 0) == (gx > 0) - (gx < 0);
    const int turns_y = (step_y[i] > 0) - (step_y[i] < 0) == (gy > 0) - (gy < 0);
    gain_x[i] = turns_x ? gain_x[i] * 0.8f + d->least_gain : gain_x[i] + 0.2f;
    gain_y[i] = turns_y ? gain_y[i] * 0.8f + d->least_gain : gain_y[i] + 0.2f;
    const float sx = d->momentum * step_x[i] - d->rate * gain_x[i] * gx;
    const float sy = d->momentum * step_y[i] - d->rate * gain_y[i] * gy;
    const float square = sx * sx + sy * sy;
    const float scale = square > limit ? d->longest_step / sqrtf(square) : 1;
    step_x[i] = scale * sx;
    step_y[i] = scale * sy;
    x[i] += step_x[i];
    y[i] += step_y[i];
  }
  double mx = 0, my = 0;
  for (ck_int i = 0; i < n; i++) mx += x[i], my += y[i];
  const float ox = (float)(mx / (double)n), oy = (float)(my / (double)n);
  for (ck_int i = 0; i < n; i++) x[i] -= ox, y[i] -= oy;
}

CK_CLONES ck_int ck_rank_excess(ck_int n, ck_int own, ck_int k, const double *flat, const double *wide, double *values,
                                ck_int *index) {
  ck_int found = 0;
  for (ck_int i = 0; i < n; i++) {
    if (i == own || (found == k && flat[i] >= values[k - 1])) continue;
    ck_int place = found < k ? found++ : k - 1;
    for (; place > 0 && values[place - 1] > flat[i]; place--) {
      values[place] = values[place - 1];
      index[place] = index[place - 1];
    }
    values[place] = flat[i];
    index[place] = i;
  }
  ck_int excess = 0;
  for (ck_int m = 0; m < k; m++) {
    const ck_int item = index[m];
    const double value = wide[item];
    ck_int before = 0;
    for (ck_int i = 0; i < item; i++) before += wide[i] <= value;
    for (ck_int i = item; i < n; i++) before += wide[i] < value;
    before -= own < item ? wide[own] <= value : wide[own] < value;
    if (before + 1 > k) excess += before + 1 - k;
  }
  return excess;
}
