#include <stddef.h>

#include <cblas.h>

// LAPACK's Fortran routines inside libopenblas; its packages need not bring a header for them. Every argument is an
// address; the lengths of the character arguments follow at the end.
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
