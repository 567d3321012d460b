// The bodies of kernels that are not for every element type: each calls the loop for the type.
#ifndef CKERNELS_DISPATCH_H
#define CKERNELS_DISPATCH_H

#define CK_OF_NUMBERS(result, name, parameters, arguments)  \
  result ck_##name CK_WITH_ELEMENT parameters {             \
    switch (element) {                                      \
      case CK_F32: return ck_##name##_f32 arguments;        \
      case CK_F64: return ck_##name##_f64 arguments;        \
      default: __builtin_trap();                            \
    }                                                       \
  }

#define CK_OF_IMAGES(result, name, parameters, arguments)   \
  result ck_##name CK_WITH_ELEMENT parameters {             \
    switch (element) {                                      \
      case CK_F32: return ck_##name##_f32 arguments;        \
      case CK_F64: return ck_##name##_f64 arguments;        \
      case CK_BF16: return ck_##name##_bf16 arguments;      \
      default: __builtin_trap();                            \
    }                                                       \
  }

#define CK_OF_TILES(result, name, parameters, arguments)    \
  result ck_##name CK_WITH_ELEMENT parameters {             \
    switch (element) {                                      \
      case CK_F32: return ck_##name##_f32 arguments;        \
      case CK_BF16: return ck_##name##_bf16 arguments;      \
      default: __builtin_trap();                            \
    }                                                       \
  }

#endif
