#include "CPixels.h"

static float within(float low, float value, float high) { return value < low ? low : value > high ? high : value; }

CK_CLONES
void ck_saturate(ck_int count, float factor, const float *x, float *y) {
  for (ck_int i = 0; i < count; i++, x += 3, y += 3) {
    const float grey = 0.2989f * x[0] + 0.587f * x[1] + 0.114f * x[2];
    for (int c = 0; c < 3; c++) y[c] = within(0, factor * x[c] + (1 - factor) * grey, 1);
  }
}

// By way of the hexagon of hues: its six corners are red, yellow, green, cyan, blue and magenta.
void ck_turn_hue(ck_int count, float turn, const float *x, float *y) {
  for (ck_int i = 0; i < count; i++, x += 3, y += 3) {
    const float red = x[0], green = x[1], blue = x[2];
    const float most = __builtin_fmaxf(red, __builtin_fmaxf(green, blue));
    const float least = __builtin_fminf(red, __builtin_fminf(green, blue));
    const float range = most - least;
    if (range <= 0) {
      y[0] = red, y[1] = green, y[2] = blue;
      continue;
    }
    float corner = most == red ? (green - blue) / range : most == green ? 2 + (blue - red) / range : 4 + (red - green) / range;
    corner += 6 * turn;
    corner -= 6 * __builtin_floorf(corner / 6);
    const int side = (int)corner % 6;
    const float along = corner - __builtin_floorf(corner);
    const float rising = least + range * along, falling = most - range * along;
    switch (side) {
    case 0: y[0] = most, y[1] = rising, y[2] = least; break;
    case 1: y[0] = falling, y[1] = most, y[2] = least; break;
    case 2: y[0] = least, y[1] = most, y[2] = rising; break;
    case 3: y[0] = least, y[1] = falling, y[2] = most; break;
    case 4: y[0] = rising, y[1] = least, y[2] = most; break;
    default: y[0] = most, y[1] = least, y[2] = falling;
    }
  }
}

void ck_equalize(ck_int count, const float *x, float *y) {
  for (int channel = 0; channel < 3; channel++) {
    ck_int histogram[256] = {0};
    for (ck_int i = 0; i < count; i++) histogram[(int)within(0, x[3 * i + channel] * 255 + 0.5f, 255)]++;
    int last = 255;
    while (histogram[last] == 0) last--;
    const ck_int step = (count - histogram[last]) / 255;
    float table[256];
    ck_int below = 0;
    for (int level = 0; level < 256; below += histogram[level++])
      table[level] = step > 0 ? within(0, (float)((below + step / 2) / step), 255) / 255 : level / 255.0f;
    for (ck_int i = 0; i < count; i++)
      y[3 * i + channel] = table[(int)within(0, x[3 * i + channel] * 255 + 0.5f, 255)];
  }
}
