#include "CFiles.h"

#include <math.h>
#include <string.h>

void ck_decode_f16(long n, const void *x, float *y) {
  for (long i = 0; i < n; i++) {
    uint16_t half;
    memcpy(&half, (const char *)x + 2 * i, 2);
    const uint32_t sign = (uint32_t)(half & 0x8000) << 16, exponent = half >> 10 & 31, fraction = half & 1023;
    uint32_t bits = sign | (exponent + 112) << 23 | fraction << 13;
    if (exponent == 31) bits = sign | 0x7f800000 | fraction << 13;
    memcpy(&y[i], &bits, 4);
    if (exponent == 0) y[i] = (sign ? -1.0f : 1.0f) * (float)fraction * 0x1p-24f;
  }
}

void ck_decode_bf16(long n, const void *x, float *y) {
  for (long i = 0; i < n; i++) {
    uint16_t half;
    memcpy(&half, (const char *)x + 2 * i, 2);
    const uint32_t bits = (uint32_t)half << 16;
    memcpy(&y[i], &bits, 4);
  }
}

void ck_decode_i32(long n, const void *x, long *y) {
  for (long i = 0; i < n; i++) {
    int32_t value;
    memcpy(&value, (const char *)x + 4 * i, 4);
    y[i] = value;
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

#define CK_DEFINE_ENCODE(T, S)                                    \
  void ck_encode_f16_from_##S(long n, const T *x, void *y) {      \
    for (long i = 0; i < n; i++) {                                \
      const uint16_t half = ck_rounded_to_16(x[i], 10);           \
      memcpy((char *)y + 2 * i, &half, 2);                        \
    }                                                             \
  }                                                               \
  void ck_encode_bf16_from_##S(long n, const T *x, void *y) {     \
    for (long i = 0; i < n; i++) {                                \
      const uint16_t half = ck_rounded_to_16(x[i], 7);            \
      memcpy((char *)y + 2 * i, &half, 2);                        \
    }                                                             \
  }

CK_DEFINE_ENCODE(float, f32)
CK_DEFINE_ENCODE(double, f64)

long ck_encode_i32(long n, const long *x, void *y) {
  for (long i = 0; i < n; i++) {
    const int32_t value = (int32_t)x[i];
    if (value != x[i]) return i;
    memcpy((char *)y + 4 * i, &value, 4);
  }
  return -1;
}

long ck_first_not_bool(long n, const void *x) {
  const uint8_t *bytes = x;
  for (long i = 0; i < n; i++)
    if (bytes[i] > 1) return i;
  return -1;
}

void ck_swap_bytes(long n, int size, void *x) {
  for (long i = 0; i < n; i++) {
    char *number = (char *)x + size * i;
    for (int k = 0; k < size / 2; k++) {
      const char byte = number[k];
      number[k] = number[size - 1 - k];
      number[size - 1 - k] = byte;
    }
  }
}
