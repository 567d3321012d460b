#include "CFiles.h"

long ck_first_not_bool(long n, const void *x) {
  const uint8_t *bytes = x;
  for (long i = 0; i < n; i++)
    if (bytes[i] > 1) return i;
  return -1;
}

void ck_swap_bytes(long n, int size, void *x) {
  for (long i = 0; i < n; i++) {
    char *number = (char *)x + size * i;
    for (int k = 0; k < size / 2; k++) {
      const char byte = number[k];
      number[k] = number[size - 1 - k];
      number[size - 1 - k] = byte;
    }
  }
}
