// Kernels for convolutions.
#ifndef CKERNELS_CONVOLUTION_H
#define CKERNELS_CONVOLUTION_H

typedef long ck_int;

// The bytes of the widest vectors that the CPU and the operating system offer: 64, 32 or 16.
ck_int ck_vector_bytes(void);

// c = a * b for one thread, a [m, depth] and c [m, n] with rows a_row and c_row apart. b [depth, n] is packed into panels
// of 2 * vector_bytes, [panel][depth][column], zero beyond n; ck_pack_panels packs panels first..<last of a b whose
// elements are row and column apart.
#define CK_DECLARE_PANELS(T, S)                                                                                    \
  void ck_panel_product_##S(ck_int vector_bytes, ck_int m, ck_int n, ck_int depth, const T *a, ck_int a_row,       \
                            const T *panels, T *c, ck_int c_row);                                                  \
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
