#include "CFiles.h"

// Row k: the effect of a byte followed by k zero bytes.
static uint32_t crc_table[8][256];

__attribute__((constructor)) static void ck_fill_crc_table(void) {
  for (uint32_t byte = 0; byte < 256; byte++) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
    crc_table[0][byte] = crc;
  }
  for (int k = 1; k < 8; k++)
    for (int byte = 0; byte < 256; byte++)
      crc_table[k][byte] = crc_table[k - 1][byte] >> 8 ^ crc_table[0][crc_table[k - 1][byte] & 255];
}

uint32_t ck_crc32(uint32_t crc, long n, const void *x) {
  const uint8_t *p = x, *end = p + n;
  crc = ~crc;
  for (; end - p >= 8; p += 8) {
    const uint32_t low = crc ^ ((uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24);
    crc = crc_table[7][low & 255] ^ crc_table[6][low >> 8 & 255] ^ crc_table[5][low >> 16 & 255] ^
          crc_table[4][low >> 24] ^ crc_table[3][p[4]] ^ crc_table[2][p[5]] ^ crc_table[1][p[6]] ^ crc_table[0][p[7]];
  }
  for (; p < end; p++) crc = crc >> 8 ^ crc_table[0][(crc ^ *p) & 255];
  return ~crc;
}
