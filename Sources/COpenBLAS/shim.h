// The functions of OpenBLAS that the engine calls, declared here so that building needs neither its headers' path nor
// pkg-config: the library alone. Integers are 32 bits wide, as Debian builds it.
//
// On macOS the same names are in Accelerate, but for OpenBLAS's own three. That part has never been compiled or run.
#ifndef COPENBLAS_SHIM_H
#define COPENBLAS_SHIM_H

#include <stddef.h>

typedef int blasint;

enum CBLAS_ORDER { CblasRowMajor = 101, CblasColMajor = 102 };
enum CBLAS_TRANSPOSE { CblasNoTrans = 111, CblasTrans = 112 };
enum CBLAS_UPLO { CblasUpper = 121, CblasLower = 122 };
enum CBLAS_DIAG { CblasNonUnit = 131, CblasUnit = 132 };
enum CBLAS_SIDE { CblasLeft = 141, CblasRight = 142 };

#if defined(__APPLE__)
static inline void openblas_set_num_threads(int count) { (void)count; }
static inline const char *openblas_get_config(void) { return "Accelerate"; }
static inline const char *openblas_get_corename(void) { return "Accelerate"; }
#else
void openblas_set_num_threads(int count);
char *openblas_get_config(void);
char *openblas_get_corename(void);
#endif

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

// What Swift calls: each is for float, or for double where the first argument says so.

// c = a * b + beta * c, all row-major.
static inline void hpl_gemm(int is_double, int a_is_transposed, int b_is_transposed, blasint m, blasint n, blasint k,
                            const void *a, blasint lda, const void *b, blasint ldb, double beta, void *c, blasint ldc) {
  const enum CBLAS_TRANSPOSE ta = a_is_transposed ? CblasTrans : CblasNoTrans;
  const enum CBLAS_TRANSPOSE tb = b_is_transposed ? CblasTrans : CblasNoTrans;
  if (is_double)
    cblas_dgemm(CblasRowMajor, ta, tb, m, n, k, 1, (const double *)a, lda, (const double *)b, ldb, beta, (double *)c, ldc);
  else
    cblas_sgemm(CblasRowMajor, ta, tb, m, n, k, 1, (const float *)a, lda, (const float *)b, ldb, (float)beta, (float *)c,
                ldc);
}

// b [n, columns] becomes the solution x of a * x = b for a triangular a, both row-major.
static inline void hpl_trsm(int is_double, int is_upper, int has_unit_diagonal, blasint n, blasint columns, const void *a,
                            void *b) {
  const enum CBLAS_UPLO triangle = is_upper ? CblasUpper : CblasLower;
  const enum CBLAS_DIAG diagonal = has_unit_diagonal ? CblasUnit : CblasNonUnit;
  if (is_double)
    cblas_dtrsm(CblasRowMajor, CblasLeft, triangle, CblasNoTrans, diagonal, n, columns, 1, (const double *)a, n,
                (double *)b, columns);
  else
    cblas_strsm(CblasRowMajor, CblasLeft, triangle, CblasNoTrans, diagonal, n, columns, 1, (const float *)a, n, (float *)b,
                columns);
}

// LAPACK's Fortran routines inside the library. Every argument is an address; the lengths of the character arguments
// follow at the end.
#define HPL_WITH_TYPE(...) (int is_double, __VA_ARGS__)
#define HPL_ROUTINE(name, parameters, arguments)                       \
  void s##name##_ parameters;                                          \
  void d##name##_ parameters;                                          \
  static inline void hpl_##name HPL_WITH_TYPE parameters {             \
    if (is_double) d##name##_ arguments;                               \
    else s##name##_ arguments;                                         \
  }

HPL_ROUTINE(potrf, (const char *uplo, const blasint *n, void *a, const blasint *lda, blasint *info, size_t length),
            (uplo, n, a, lda, info, length))
HPL_ROUTINE(getrf, (const blasint *m, const blasint *n, void *a, const blasint *lda, blasint *pivots, blasint *info),
            (m, n, a, lda, pivots, info))
HPL_ROUTINE(gesv, (const blasint *n, const blasint *nrhs, void *a, const blasint *lda, blasint *pivots, void *b,
                   const blasint *ldb, blasint *info), (n, nrhs, a, lda, pivots, b, ldb, info))
HPL_ROUTINE(geqrf, (const blasint *m, const blasint *n, void *a, const blasint *lda, void *tau, void *work,
                    const blasint *lwork, blasint *info), (m, n, a, lda, tau, work, lwork, info))
HPL_ROUTINE(orgqr, (const blasint *m, const blasint *n, const blasint *k, void *a, const blasint *lda, const void *tau,
                    void *work, const blasint *lwork, blasint *info), (m, n, k, a, lda, tau, work, lwork, info))
HPL_ROUTINE(gesdd, (const char *jobz, const blasint *m, const blasint *n, void *a, const blasint *lda, void *s, void *u,
                    const blasint *ldu, void *vt, const blasint *ldvt, void *work, const blasint *lwork, blasint *iwork,
                    blasint *info, size_t length),
            (jobz, m, n, a, lda, s, u, ldu, vt, ldvt, work, lwork, iwork, info, length))
HPL_ROUTINE(syevd, (const char *jobz, const char *uplo, const blasint *n, void *a, const blasint *lda, void *w, void *work,
                    const blasint *lwork, blasint *iwork, const blasint *liwork, blasint *info, size_t length,
                    size_t other_length), (jobz, uplo, n, a, lda, w, work, lwork, iwork, liwork, info, length, other_length))

#endif
