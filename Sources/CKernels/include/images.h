// Kernels for channels-last images: windows and convolutions, and loops over rows of channels.
#ifndef CKERNELS_IMAGES_H
#define CKERNELS_IMAGES_H

#include "clones.h"

// A kernel sliding over a channels-last image, or over some of its channels: `pixel` elements lie between pixels.
typedef struct {
  ck_int height, width, channels, pixel;
  ck_int kernel_height, kernel_width;
  ck_int stride, padding, dilation;
  ck_int out_height, out_width;
} ck_window;

// What each does stands in windows.inc and channels.inc.
#define CK_DECLARE_IMAGES(T, S)                                                                                    \
  void ck_im2col_##S(const ck_window *w, ck_int first, ck_int last, const T *image, T *columns);                   \
  void ck_col2im_##S(const ck_window *w, ck_int first, ck_int last, const T *columns, T *image);                   \
  void ck_max_pool_##S(const ck_window *w, ck_int first, ck_int last, const T *image, T *y);                       \
  void ck_max_pool_share_##S(const ck_window *w, ck_int first, ck_int last, const T *image, const T *y,            \
                             const T *g, T *spread, const T *spread_in, T *mean);                                  \
  void ck_channel_sums_##S(ck_int rows, ck_int channels, const T *x, const T *shift, T *sum, T *sum_of_squares);   \
  void ck_channel_dots_##S(ck_int rows, ck_int channels, const T *g, const T *x, const T *shift, const T *scale,   \
                           const T *offset, T *sum, T *dot);                                                       \
  void ck_channel_gated_dots_##S(ck_int rows, ck_int channels, const T *g, const T *y, const T *x, const T *shift, \
                                 T *gated, T *sum, T *dot);                                                        \
  void ck_channel_affine_##S(ck_int rows, ck_int channels, const T *x, const T *scale, const T *offset,            \
                             const T *other, int rectifies, T *y);                                                 \
  void ck_channel_affine2_##S(ck_int rows, ck_int channels, const T *g, const T *x, const T *g_scale,              \
                              const T *x_scale, const T *offset, const T *gate_scale, const T *gate_offset, T *y);

CK_DECLARE_IMAGES(float, f32)
CK_DECLARE_IMAGES(double, f64)

// The bytes of the widest vectors that the CPU and the operating system offer: 64, 32 or 16.
ck_int ck_vector_bytes(void);
// Whether these files were compiled with optimisation.
int ck_is_optimized(void);

// c = a * b for one thread, a [m, depth], or [depth, m] where it is transposed, and c [m, n] with rows leading and c_row
// apart. b [depth, n] is packed into panels of 2 * vector_bytes, [panel][depth][column], zero beyond n; ck_pack_panels
// packs panels first..<last of a b whose elements are row and column apart.
#define CK_DECLARE_PANELS(T, S)                                                                                    \
  void ck_panel_product_##S(ck_int vector_bytes, ck_int m, ck_int n, ck_int depth, const T *a, ck_int leading,     \
                            int is_transposed, const T *panels, T *c, ck_int c_row);                               \
  void ck_pack_panels_##S(ck_int vector_bytes, ck_int first, ck_int last, ck_int n, ck_int depth, const T *b,      \
                          ck_int row, ck_int column, T *panels);

CK_DECLARE_PANELS(float, f32)
CK_DECLARE_PANELS(double, f64)

// A 3×3 convolution of stride 1 as Winograd's algorithm sees it: the output in 4×4 tiles, numbered over the whole batch.
typedef struct {
  ck_int height, width, channels;
  ck_int out_height, out_width, out_channels;
  ck_int padding;
  ck_int tiles_down, tiles_across;
} ck_winograd;

// The pieces of the algorithm; winograd.inc says what each does.
void ck_winograd_input(const ck_winograd *w, ck_int first, ck_int last, const float *images, ck_int point, float *v);
void ck_winograd_output(const ck_winograd *w, ck_int first, ck_int last, ck_int begin, ck_int end, ck_int point,
                        const float *m, float *images);
void ck_winograd_gradient(const ck_winograd *w, ck_int first, ck_int last, ck_int begin, ck_int end,
                          const float *gradients, ck_int point, float *m);
void ck_winograd_kernels(ck_int first, ck_int last, ck_int panel_width, ck_int n, ck_int depth, const float *weight,
                         ck_int row, ck_int column, int turned, ck_int point, float *panels);
void ck_winograd_kernel_gradients(ck_int parts, ck_int part, ck_int n, ck_int point, const float *u, float *weight);

#endif
