// The functions of OpenBLAS that the engine calls, declared here so that building needs neither its headers' path nor
// pkg-config: the library alone. Integers are 32 bits wide, as Debian builds it.
#ifndef COPENBLAS_SHIM_H
#define COPENBLAS_SHIM_H

#include <stddef.h>

typedef int blasint;

enum CBLAS_ORDER { CblasRowMajor = 101, CblasColMajor = 102 };
enum CBLAS_TRANSPOSE { CblasNoTrans = 111, CblasTrans = 112 };
enum CBLAS_UPLO { CblasUpper = 121, CblasLower = 122 };
enum CBLAS_DIAG { CblasNonUnit = 131, CblasUnit = 132 };
enum CBLAS_SIDE { CblasLeft = 141, CblasRight = 142 };

void openblas_set_num_threads(int count);
char *openblas_get_config(void);
char *openblas_get_corename(void);

void cblas_sgemm(enum CBLAS_ORDER order, enum CBLAS_TRANSPOSE a_transposed, enum CBLAS_TRANSPOSE b_transposed,
                 blasint m, blasint n, blasint k, float alpha, const float *a, blasint lda, const float *b,
                 blasint ldb, float beta, float *c, blasint ldc);
void cblas_dgemm(enum CBLAS_ORDER order, enum CBLAS_TRANSPOSE a_transposed, enum CBLAS_TRANSPOSE b_transposed,
                 blasint m, blasint n, blasint k, double alpha, const double *a, blasint lda, const double *b,
                 blasint ldb, double beta, double *c, blasint ldc);

void cblas_strsm(enum CBLAS_ORDER order, enum CBLAS_SIDE side, enum CBLAS_UPLO triangle,
                 enum CBLAS_TRANSPOSE a_transposed, enum CBLAS_DIAG diagonal, blasint m, blasint n, float alpha,
                 const float *a, blasint lda, float *b, blasint ldb);
void cblas_dtrsm(enum CBLAS_ORDER order, enum CBLAS_SIDE side, enum CBLAS_UPLO triangle,
                 enum CBLAS_TRANSPOSE a_transposed, enum CBLAS_DIAG diagonal, blasint m, blasint n, double alpha,
                 const double *a, blasint lda, double *b, blasint ldb);

// LAPACK's Fortran routines inside the library. Every argument is an address; the lengths of the character arguments
// follow at the end.
#define HPL_DECLARE_LAPACK(P, T)                                                                                      \
  void P##potrf_(const char *uplo, const blasint *n, T *a, const blasint *lda, blasint *info, size_t);                \
  void P##getrf_(const blasint *m, const blasint *n, T *a, const blasint *lda, blasint *pivots, blasint *info);       \
  void P##gesv_(const blasint *n, const blasint *nrhs, T *a, const blasint *lda, blasint *pivots, T *b,               \
                const blasint *ldb, blasint *info);                                                                   \
  void P##geqrf_(const blasint *m, const blasint *n, T *a, const blasint *lda, T *tau, T *work, const blasint *lwork, \
                 blasint *info);                                                                                      \
  void P##orgqr_(const blasint *m, const blasint *n, const blasint *k, T *a, const blasint *lda, const T *tau,        \
                 T *work, const blasint *lwork, blasint *info);                                                       \
  void P##gesdd_(const char *jobz, const blasint *m, const blasint *n, T *a, const blasint *lda, T *s, T *u,          \
                 const blasint *ldu, T *vt, const blasint *ldvt, T *work, const blasint *lwork, blasint *iwork,       \
                 blasint *info, size_t);                                                                              \
  void P##syevd_(const char *jobz, const char *uplo, const blasint *n, T *a, const blasint *lda, T *w, T *work,       \
                 const blasint *lwork, blasint *iwork, const blasint *liwork, blasint *info, size_t, size_t);

HPL_DECLARE_LAPACK(s, float)
HPL_DECLARE_LAPACK(d, double)

#endif
