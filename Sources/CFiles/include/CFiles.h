// Numbers as files store them. Pointers to stored numbers need no alignment.
#ifndef CFILES_H
#define CFILES_H

#include <stdint.h>

// The position of the first byte that is neither 0 nor 1, or -1.
long ck_first_not_bool(long n, const void *x);

// Reverses the bytes of each of n numbers in place; a size is 2, 4 or 8 bytes.
void ck_swap_bytes(long n, int size, void *x);

// The CRC-32 of zip and gzip over more bytes, given that of those before (0 at first).
uint32_t ck_crc32(uint32_t crc, long n, const void *x);

#endif
