// libpng's `struct png_image` of version 1, declared here so that building needs nothing of libpng.
#ifndef CPIXELS_PNG_IMAGE_H
#define CPIXELS_PNG_IMAGE_H

#include <stdint.h>

typedef struct {
  void *opaque;
  uint32_t version, width, height, format, flags, colormap_entries, warning_or_error;
  char message[64];
} ck_png_image;

#endif
