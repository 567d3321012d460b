// The functions of OpenBLAS that the engine calls, declared here so that building needs neither its headers' path nor
// pkg-config: the library alone. Integers are 32 bits wide, as Debian builds it.
#ifndef COPENBLAS_SHIM_H
#define COPENBLAS_SHIM_H

typedef int blasint;

enum CBLAS_ORDER { CblasRowMajor = 101, CblasColMajor = 102 };
enum CBLAS_TRANSPOSE { CblasNoTrans = 111, CblasTrans = 112 };

void openblas_set_num_threads(int count);
char *openblas_get_config(void);
char *openblas_get_corename(void);

void cblas_sgemm(enum CBLAS_ORDER order, enum CBLAS_TRANSPOSE a_transposed, enum CBLAS_TRANSPOSE b_transposed,
                 blasint m, blasint n, blasint k, float alpha, const float *a, blasint lda, const float *b,
                 blasint ldb, float beta, float *c, blasint ldc);
void cblas_dgemm(enum CBLAS_ORDER order, enum CBLAS_TRANSPOSE a_transposed, enum CBLAS_TRANSPOSE b_transposed,
                 blasint m, blasint n, blasint k, double alpha, const double *a, blasint lda, const double *b,
                 blasint ldb, double beta, double *c, blasint ldc);

#endif
