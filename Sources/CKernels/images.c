#include "CKernels.h"

#include <math.h>
#include <string.h>

#include "bfloat16.h"
#include "clones.h"
#include "dispatch.h"
#include "taps.h"

// The part of a window that lies in the image.
typedef struct {
  ck_int top, bottom, left, right;
} ck_span;

CK_INLINE ck_span ck_span_of(const ck_window *w, ck_int position) {
  const ck_int y = position / w->out_width * w->stride - w->padding;
  const ck_int x = position % w->out_width * w->stride - w->padding;
  return (ck_span){
      .top = y < 0 ? 0 : y,
      .bottom = y + w->kernel_height < w->height ? y + w->kernel_height : w->height,
      .left = x < 0 ? 0 : x,
      .right = x + w->kernel_width < w->width ? x + w->kernel_width : w->width,
  };
}

// The channel that a lane wants of its group, for the vectors of depthwise.inc.
#define CK_LANE(s, i, lane) ((lane) / (s) * (s) + (i))
#define CK_EIGHT_LANES(s, i, l)                                                                                  \
  CK_LANE(s, i, l), CK_LANE(s, i, l + 1), CK_LANE(s, i, l + 2), CK_LANE(s, i, l + 3), CK_LANE(s, i, l + 4),       \
      CK_LANE(s, i, l + 5), CK_LANE(s, i, l + 6), CK_LANE(s, i, l + 7)

#define LOAD(x) (x)
#define STORE(x) (x)
#define T float
#define E float
#define CK_SQRT_OF sqrtf
#define CK(name) ck_##name##_f32
#define CK_LANES(s, i) CK_EIGHT_LANES(s, i, 0), CK_EIGHT_LANES(s, i, 8)
#include "channels.inc"
#include "rows.inc"
#include "depthwise.inc"
#include "windows.inc"
#include "columns.inc"
#include "in_place.inc"
#undef CK_LANES
#undef T
#undef E
#undef CK
#undef CK_SQRT_OF
#define CK_SQRT_OF sqrt
#define T double
#define E double
#define CK(name) ck_##name##_f64
#define CK_LANES(s, i) CK_EIGHT_LANES(s, i, 0)
#include "channels.inc"
#include "rows.inc"
#include "depthwise.inc"
#include "windows.inc"
#include "columns.inc"
#include "in_place.inc"
#undef CK_LANES
#undef T
#undef E
#undef CK
#undef LOAD
#undef STORE

#define LOAD(x) ck_wide(x)
#define STORE(x) ck_narrow(x)
#undef CK_SQRT_OF
#define CK_SQRT_OF sqrtf
#define T float
#define E ck_bf16
#define CK(name) ck_##name##_bf16
#include "channels.inc"
#include "rows.inc"
#include "windows.inc"
#undef T
#undef E
#undef CK
#undef LOAD
#undef STORE

#define BYTES 16
#define TARGET
#define T float
#define CK(name) ck_##name##_f32_16
#include "panels.inc"
#undef T
#undef CK
#define T double
#define CK(name) ck_##name##_f64_16
#include "panels.inc"
#undef T
#undef CK
#undef BYTES
#undef TARGET

#if defined(__x86_64__)
#define BYTES 32
#define TARGET __attribute__((target("arch=x86-64-v3")))
#define T float
#define CK(name) ck_##name##_f32_32
#include "panels.inc"
#undef T
#undef CK
#define T double
#define CK(name) ck_##name##_f64_32
#include "panels.inc"
#undef T
#undef CK
#undef BYTES
#undef TARGET

#define BYTES 64
#define TARGET __attribute__((target("arch=x86-64-v4")))
#define T float
#define CK(name) ck_##name##_f32_64
#include "panels.inc"
#undef T
#undef CK
#define T double
#define CK(name) ck_##name##_f64_64
#include "panels.inc"
#undef T
#undef CK
#undef BYTES
#undef TARGET
#endif

ck_int ck_vector_bytes(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4")) return 64;
  if (__builtin_cpu_supports("x86-64-v3")) return 32;
#endif
  return 16;
}

int ck_is_optimized(void) {
#if defined(__OPTIMIZE__)
  return 1;
#else
  return 0;
#endif
}

#if defined(__x86_64__)
#define CK_PANEL_PRODUCT(S)                                                                        \
  vector_bytes == 64 ? ck_panel_product_##S##_64 : vector_bytes == 32 ? ck_panel_product_##S##_32 \
                                                                      : ck_panel_product_##S##_16
#else
#define CK_PANEL_PRODUCT(S) ck_panel_product_##S##_16
#endif

#define CK_DEFINE_PANELS(T, S)                                                                                     \
  static void ck_panel_product_##S(ck_int vector_bytes, ck_int m, ck_int n, ck_int depth, const T *a, ck_int leading,     \
                            int is_transposed, const T *panels, T *c, ck_int c_row) {                              \
    (CK_PANEL_PRODUCT(S))                                                                                          \
    (m, n, depth, a, is_transposed ? 1 : leading, is_transposed ? leading : 1, panels, c, c_row);                  \
  }                                                                                                                \
  static void ck_pack_panels_##S(ck_int vector_bytes, ck_int first, ck_int last, ck_int n, ck_int depth, const T *b,      \
                          ck_int row, ck_int column, T *panels) {                                                  \
    const ck_int width = 2 * vector_bytes / (ck_int)sizeof(T);                                                     \
    panels += first * depth * width;                                                                               \
    for (ck_int j = first * width; j < last * width; j += width)                                                   \
      for (ck_int k = 0; k < depth; k++, panels += width)                                                          \
        if (column == 1 && j + width <= n) memcpy(panels, b + k * row + j, width * sizeof(T));                     \
        else                                                                                                       \
          for (ck_int l = 0; l < width; l++) panels[l] = j + l < n ? b[k * row + (j + l) * column] : 0;            \
  }

CK_DEFINE_PANELS(float, f32)
CK_DEFINE_PANELS(double, f64)

CK_KERNELS_OF_PRODUCTS(CK_OF_NUMBERS)
CK_KERNELS_OF_IMAGES(CK_OF_IMAGES)

#include "winograd.inc"

#define E float
#define LOAD8(place, v) (v) = *(const ck_f8 *)(place)
#define STORE8(place, v) *(ck_f8 *)(place) = (v)
#define CK(name) ck_##name##_f32
#include "tiles.inc"
#undef E
#undef LOAD8
#undef STORE8
#undef CK

#define E ck_bf16
typedef uint16_t ck_h8 __attribute__((vector_size(16), aligned(2)));
typedef uint32_t ck_u8 __attribute__((vector_size(32), aligned(4)));
#define LOAD8(place, v) (v) = (ck_f8)(__builtin_convertvector(*(const ck_h8 *)(place), ck_u8) << 16)
#define STORE8(place, v)                                                                                \
  {                                                                                                     \
    const ck_u8 bits = (ck_u8)(v), is_nan = (ck_u8)((v) != (v));                                        \
    const ck_u8 rounded = (bits + 0x7fff + (bits >> 16 & 1)) >> 16;                                     \
    *(ck_h8 *)(place) = __builtin_convertvector((is_nan & (bits >> 16 | 0x40)) | (~is_nan & rounded), ck_h8); \
  }
#define CK(name) ck_##name##_bf16
#include "tiles.inc"
#undef E
#undef LOAD8
#undef STORE8
#undef CK

CK_KERNELS_OF_TILES(CK_OF_TILES)
