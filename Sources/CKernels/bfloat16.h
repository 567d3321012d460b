// bfloat16: the upper half of a float. Converted here and nowhere else, with integers, so that every processor gives the same bits:
// rounded to nearest, ties to even; infinities, signs and denormals kept; NaN stays NaN.
#ifndef CKERNELS_BFLOAT16_H
#define CKERNELS_BFLOAT16_H

#include <stdint.h>
#include <string.h>

#include "clones.h"

typedef uint16_t ck_bf16;

CK_INLINE float ck_wide(ck_bf16 x) {
  const uint32_t bits = (uint32_t)x << 16;
  float y;
  memcpy(&y, &bits, sizeof y);
  return y;
}

CK_INLINE ck_bf16 ck_narrow(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  const uint32_t rounded = (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
  return (ck_bf16)((bits & 0x7fffffff) > 0x7f800000 ? bits >> 16 | 0x40 : rounded);
}

#endif
