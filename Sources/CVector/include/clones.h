// What all loops in C share. Nothing here has code of its own: macros, and the functions of math.inc.
#ifndef CVECTOR_CLONES_H
#define CVECTOR_CLONES_H

// Counts and positions.
typedef long ck_int;

// Run-time choice between instruction sets: the compiler makes a clone of a function for each.

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define CK_NO_CLONES  // its run time is not there yet when the clones are chosen
#endif
#endif

#if defined(__x86_64__) && !defined(CK_NO_CLONES)
#define CK_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CK_CLONES
#endif
#define CK_INLINE static inline __attribute__((always_inline))

#endif
