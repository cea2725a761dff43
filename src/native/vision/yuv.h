// YCbCr as videos store it, and the linear maps from it.
#pragma once

#include <cstdint>

namespace signdata {

// What turns (Y, U - 128, V - 128) of 8 bits into three outputs: 14-bit fixed point, offset and rounding included.
struct ColourMap {
    int32_t luma[3], u[3], v[3], offset[3];
};

// matrix: 0 BT.601, 1 BT.709, 2 BT.2020 (constants of ITU-R BT.601-7, BT.709-6, BT.2020-2); full: 0 for 16..235, 1 for 0..255.
ColourMap to_rgb(int32_t matrix, int32_t full);

// To the BT.601 full range that JFIF prescribes.
ColourMap to_jfif(int32_t matrix, int32_t full);

// One row of one output channel; u and v are the row's chroma, width / 2 samples. scratch: width ints.
void map_row(const ColourMap& map, int channel, const uint8_t* y, const uint8_t* u, const uint8_t* v, int width, int32_t* scratch,
             uint8_t* out, int step);

// One row of JFIF chroma from the video's, samples of each; luma has no part in it.
void map_chroma(const ColourMap& map, int channel, const uint8_t* u, const uint8_t* v, int samples, uint8_t* out);

}  // namespace signdata
