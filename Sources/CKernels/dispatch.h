// The body of a kernel for float and double: calls the loop for the element type.
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

#endif
