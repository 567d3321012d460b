// Numbers of 16 bits, from and to wider ones.
#include "CKernels.h"

#include <math.h>
#include <string.h>

void ck_f32_from_f16(ck_int n, const uint16_t *x, float *y) {
  for (ck_int i = 0; i < n; i++) {
    const uint32_t sign = (uint32_t)(x[i] & 0x8000) << 16, exponent = x[i] >> 10 & 31, fraction = x[i] & 1023;
    uint32_t bits = sign | (exponent + 112) << 23 | fraction << 13;
    if (exponent == 31) bits = sign | 0x7f800000 | fraction << 13;
    memcpy(&y[i], &bits, 4);
    if (exponent == 0) y[i] = (sign ? -1.0f : 1.0f) * (float)fraction * 0x1p-24f;
  }
}

// x in a format of 16 bits, of which `precision` hold the fraction.
static uint16_t ck_rounded_to_16(double x, int precision) {
  const int bias = (1 << (14 - precision)) - 1;
  uint64_t bits;
  memcpy(&bits, &x, 8);
  const uint16_t sign = (uint16_t)(bits >> 48 & 0x8000);
  const uint16_t infinity = (uint16_t)((2 * bias + 1) << precision);
  const int exponent = (int)(bits >> 52 & 2047) - 1023;
  if (isnan(x)) return sign | infinity | (uint16_t)(1 << (precision - 1));
  if (exponent > bias) return sign | infinity;
  if (exponent < 1 - bias) return sign | (uint16_t)nearbyint(ldexp(fabs(x), bias - 1 + precision));
  const uint64_t fraction = bits & (((uint64_t)1 << 52) - 1), unit = (uint64_t)1 << (52 - precision);
  const uint64_t rest = fraction & (unit - 1);
  uint32_t rounded = (uint32_t)(exponent + bias) << precision | (uint32_t)(fraction / unit);
  if (rest > unit / 2 || (rest == unit / 2 && (rounded & 1))) rounded++;
  return sign | (uint16_t)rounded;
}

void ck_16_from_f32(ck_int n, int fraction, const float *x, uint16_t *y) {
  for (ck_int i = 0; i < n; i++) y[i] = ck_rounded_to_16(x[i], fraction);
}

void ck_16_from_f64(ck_int n, int fraction, const double *x, uint16_t *y) {
  for (ck_int i = 0; i < n; i++) y[i] = ck_rounded_to_16(x[i], fraction);
}
