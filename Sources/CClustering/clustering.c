#include "CClustering.h"

#include <math.h>

#define T float
#define CK(name) ck_##name##_f32
#include "best_columns.inc"
#undef T
#undef CK

#define T double
#define CK(name) ck_##name##_f64
#include "best_columns.inc"
