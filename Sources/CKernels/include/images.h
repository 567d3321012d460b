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

// Kernels as in CKernels.h, of float and double and of floats stored as bfloat16, for which sums and numbers of channels are floats;
// what each does stands in windows.inc, channels.inc and rows.inc.
#define CK_KERNELS_OF_IMAGES(K)                                                                                         \
  K(void, im2col, (const ck_window *w, ck_int first, ck_int last, const void *image, void *columns),                    \
    (w, first, last, image, columns))                                                                                   \
  K(void, max_pool, (const ck_window *w, ck_int first, ck_int last, const void *image, void *y),                        \
    (w, first, last, image, y))                                                                                         \
  K(void, max_pool_share, (const ck_window *w, ck_int first, ck_int last, const void *image, const void *y,             \
                           const void *g, void *spread, const void *spread_in, void *mean),                             \
    (w, first, last, image, y, g, spread, spread_in, mean))                                                             \
  K(void, channel_sums, (ck_int rows, ck_int channels, const void *x, const void *shift, void *sum,                     \
                         void *sum_of_squares), (rows, channels, x, shift, sum, sum_of_squares))                        \
  K(void, channel_dots, (ck_int rows, ck_int channels, const void *g, const void *x, const void *shift,                 \
                         const void *scale, const void *offset, void *sum, void *dot),                                  \
    (rows, channels, g, x, shift, scale, offset, sum, dot))                                                             \
  K(void, channel_gated_dots, (ck_int rows, ck_int channels, const void *g, const void *y, const void *x,               \
                               const void *shift, void *gated, void *sum, void *dot),                                   \
    (rows, channels, g, y, x, shift, gated, sum, dot))                                                                  \
  K(void, channel_affine, (ck_int rows, ck_int channels, const void *x, const void *scale, const void *offset,          \
                           const void *other, int rectifies, void *y),                                                  \
    (rows, channels, x, scale, offset, other, rectifies, y))                                                            \
  K(void, channel_affine2, (ck_int rows, ck_int channels, const void *g, const void *x, const void *g_scale,            \
                            const void *x_scale, const void *offset, const void *gate_scale, const void *gate_offset,   \
                            void *y),                                                                                   \
    (rows, channels, g, x, g_scale, x_scale, offset, gate_scale, gate_offset, y))                                       \
  K(void, layer_norm, (ck_int rows, ck_int width, double epsilon, const void *x, const void *scale, const void *offset, \
                       void *means, void *inverses, void *y), (rows, width, epsilon, x, scale, offset, means, inverses, y)) \
  K(void, layer_norm_pull, (ck_int rows, ck_int width, const void *g, const void *x, const void *scale,                 \
                            const void *means, const void *inverses, void *slopes, void *scale_slopes,                  \
                            void *offset_slopes),                                                                       \
    (rows, width, g, x, scale, means, inverses, slopes, scale_slopes, offset_slopes))                                   \
  K(void, gather_scaled, (ck_int rows, ck_int width, ck_int leading, double scale, const void *x, void *y),             \
    (rows, width, leading, scale, x, y))                                                                                \
  K(void, spread_rows, (ck_int rows, ck_int width, ck_int leading, const void *x, void *y),                             \
    (rows, width, leading, x, y))                                                                                       \
  K(void, softmax_pull, (ck_int rows, ck_int width, double scale, const void *p, void *g), (rows, width, scale, p, g)) \
  K(void, fill_where, (ck_int rows, ck_int width, const unsigned char *mask, ck_int mask_row, ck_int mask_column,        \
                       double value, void *y), (rows, width, mask, mask_row, mask_column, value, y))

// Of float and double: columns.inc, depthwise.inc, in_place.inc, panels.inc.
#define CK_KERNELS_OF_PRODUCTS(K)                                                                                       \
  K(void, col2im, (const ck_window *w, ck_int first, ck_int last, const void *columns, void *image),                    \
    (w, first, last, columns, image))                                                                                   \
  K(void, channel_affine_in_place, (ck_int rows, ck_int channels, ck_int leading, const void *scale, const void *offset, \
                                    const void *other, int rectifies, void *y),                                         \
    (rows, channels, leading, scale, offset, other, rectifies, y))                                                      \
  K(void, grouped_convolution, (const ck_window *w, int is_gradient, ck_int first, ck_int last, const void *source,      \
                                const void *weight, void *target), (w, is_gradient, first, last, source, weight, target)) \
  K(void, grouped_weight_gradient, (const ck_window *w, ck_int first, ck_int last, const void *source,                  \
                                    const void *gradient, void *sums), (w, first, last, source, gradient, sums))        \
  K(void, panel_product, (ck_int vector_bytes, ck_int m, ck_int n, ck_int depth, const void *a, ck_int leading,         \
                          int is_transposed, const void *panels, void *c, ck_int c_row),                                \
    (vector_bytes, m, n, depth, a, leading, is_transposed, panels, c, c_row))                                           \
  K(void, pack_panels, (ck_int vector_bytes, ck_int first, ck_int last, ck_int n, ck_int depth, const void *b,          \
                        ck_int row, ck_int column, void *panels),                                                       \
    (vector_bytes, first, last, n, depth, b, row, column, panels))

// The bytes of the widest vectors that the CPU and the operating system offer: 64, 32 or 16.
ck_int ck_vector_bytes(void);
// Whether these files were compiled with optimisation.
int ck_is_optimized(void);

// A 3×3 convolution of stride 1 as Winograd's algorithm sees it: the output in 4×4 tiles, numbered over the whole batch.
typedef struct {
  ck_int height, width, channels;
  ck_int out_height, out_width, out_channels;
  ck_int padding;
  ck_int tiles_down, tiles_across;
} ck_winograd;

// Between images, of floats or bfloat16, and transformed tiles: tiles.inc.
#define CK_KERNELS_OF_TILES(K)                                                                                          \
  K(void, winograd_input, (const ck_winograd *w, ck_int first, ck_int last, const void *images, ck_int point,           \
                           float *v), (w, first, last, images, point, v))                                               \
  K(void, winograd_output, (const ck_winograd *w, ck_int first, ck_int last, ck_int begin, ck_int end, ck_int point,    \
                            const float *m, void *images), (w, first, last, begin, end, point, m, images))              \
  K(void, winograd_gradient, (const ck_winograd *w, ck_int first, ck_int last, ck_int begin, ck_int end,                \
                              const void *gradients, ck_int point, float *m),                                           \
    (w, first, last, begin, end, gradients, point, m))

// The other pieces of the algorithm; winograd.inc says what each does.
void ck_winograd_affine(const ck_winograd *w, ck_int first, ck_int last, ck_int begin, ck_int end, const float *scale,
                        const float *offset, const float *other, int rectifies, float *images);
void ck_winograd_kernels(ck_int first, ck_int last, ck_int panel_width, ck_int n, ck_int depth, const float *weight,
                         ck_int row, ck_int column, int turned, ck_int point, float *panels);
void ck_winograd_kernel_gradients(ck_int parts, ck_int part, ck_int n, ck_int point, const float *u, float *weight);

#endif
