// Which elements of a kernel touch the image at some place, along one axis: in arithmetic progression, as their places are.
#ifndef CKERNELS_TAPS_H
#define CKERNELS_TAPS_H

#include "images.h"

typedef struct {
  ck_int count;
  ck_int tap, tap_step;        // the elements of the kernel
  ck_int source, source_step;  // what they are multiplied by
} ck_taps;

// The distances of a pass over rows, in pixels; `channels` and `kernel_width` are sizes.
typedef struct {
  ck_int channels, kernel_width, source_width, source_pixel, target_pixel;
} ck_steps;

// Those of output `position`, or of the gradient of the input there; some may lie outside of the image.
CK_INLINE ck_taps ck_taps_at(const ck_window *w, ck_int kernel, ck_int position, int is_gradient) {
  if (!is_gradient)
    return (ck_taps){
        .count = kernel, .tap_step = 1, .source = position * w->stride - w->padding, .source_step = w->dilation};
  // Output o has the input's `position` under its tap k where o · stride = position + padding - k · dilation.
  ck_int a = w->stride, b = w->dilation;
  while (b) {
    const ck_int rest = a % b;
    a = b;
    b = rest;
  }
  const ck_int period = w->stride / a;
  for (ck_int k = 0; k < period && k < kernel; k++) {
    const ck_int distance = position + w->padding - k * w->dilation;
    if (distance % w->stride == 0)
      return (ck_taps){.count = (kernel - k + period - 1) / period, .tap = k, .tap_step = period,
                       .source = distance / w->stride, .source_step = -(w->dilation / a)};
  }
  return (ck_taps){0};
}

// Leaves out the taps outside of 0..<size.
CK_INLINE void ck_taps_clip(ck_taps *t, ck_int size) {
  for (; t->count && (t->source < 0 || t->source >= size); t->count--) {
    t->source += t->source_step;
    t->tap += t->tap_step;
  }
  for (ck_int end = t->source + (t->count - 1) * t->source_step; t->count && (end < 0 || end >= size); t->count--)
    end -= t->source_step;
}

// The positions begin..<end of 0..<positions, `step` apart in the image, whose taps all lie in 0..<size.
CK_INLINE void ck_taps_inside(const ck_taps *t, ck_int step, ck_int size, ck_int positions, ck_int *begin, ck_int *end) {
  const ck_int across = t->count > 0 ? (t->count - 1) * t->source_step : 0;
  const ck_int lowest = t->source + (across < 0 ? across : 0), highest = t->source + (across > 0 ? across : 0);
  const ck_int first = lowest < 0 ? (step - 1 - lowest) / step : 0;
  const ck_int last = highest < size ? (size - 1 - highest) / step + 1 : 0;
  *end = last < positions ? last : positions;
  *begin = first < *end ? first : *end;
}

#endif
