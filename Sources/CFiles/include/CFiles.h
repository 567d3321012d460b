// Numbers as files store them. Pointers to stored numbers need no alignment.
#ifndef CFILES_H
#define CFILES_H

#include <stdint.h>

// To the next wider type that tensors have: exact.
void ck_decode_f16(long n, const void *x, float *y);
void ck_decode_bf16(long n, const void *x, float *y);
void ck_decode_i32(long n, const void *x, long *y);

// Rounded to nearest, ties to even; what is too large becomes infinite.
void ck_encode_f16_from_f32(long n, const float *x, void *y);
void ck_encode_f16_from_f64(long n, const double *x, void *y);
void ck_encode_bf16_from_f32(long n, const float *x, void *y);
void ck_encode_bf16_from_f64(long n, const double *x, void *y);

// The position of the first number that does not fit, or -1.
long ck_encode_i32(long n, const long *x, void *y);

// The position of the first byte that is neither 0 nor 1, or -1.
long ck_first_not_bool(long n, const void *x);

// Reverses the bytes of each of n numbers in place; a size is 2, 4 or 8 bytes.
void ck_swap_bytes(long n, int size, void *x);

// The CRC-32 of zip and gzip over more bytes, given that of those before (0 at first).
uint32_t ck_crc32(uint32_t crc, long n, const void *x);

#endif
