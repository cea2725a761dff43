#include "yuv.h"

#include <cmath>
#include <stdexcept>
#include <vector>

#include "status.h"

namespace signdata {
namespace {

constexpr int kBits = 14;

struct Weights {
    double red, blue;
};

Weights weights(int32_t matrix) {
    switch (matrix) {
        case 0: return {0.299, 0.114};
        case 1: return {0.2126, 0.0722};
        case 2: return {0.2627, 0.0593};
        default: throw std::invalid_argument("no such colour matrix");
    }
}

int32_t fixed(double value) { return int32_t(std::lround(value * (1 << kBits))); }

uint8_t clamp(int32_t value) { return uint8_t(value < 0 ? 0 : value > 255 ? 255 : value); }

// RGB of one unit of Y, U and V.
struct Rows {
    double luma, u[3], v[3];
};

Rows rgb_rows(int32_t matrix, int32_t full) {
    const auto [red, blue] = weights(matrix);
    const double green = 1 - red - blue, luma = full ? 1.0 : 255.0 / 219, chroma = full ? 1.0 : 255.0 / 224;
    return {luma,
            {0, -2 * blue * (1 - blue) / green * chroma, 2 * (1 - blue) * chroma},
            {2 * (1 - red) * chroma, -2 * red * (1 - red) / green * chroma, 0}};
}

}  // namespace

ColourMap to_rgb(int32_t matrix, int32_t full) {
    const Rows rows = rgb_rows(matrix, full);
    ColourMap map{};
    for (int c = 0; c < 3; c++) {
        map.luma[c] = fixed(rows.luma);
        map.u[c] = fixed(rows.u[c]);
        map.v[c] = fixed(rows.v[c]);
        map.offset[c] = fixed(0.5 - (full ? 0 : 16 * rows.luma));
    }
    return map;
}

ColourMap to_jfif(int32_t matrix, int32_t full) {
    const Rows rows = rgb_rows(matrix, full);
    const auto [red, blue] = weights(0);
    const double forward[3][3] = {
        {red, 1 - red - blue, blue},
        {-red / (2 * (1 - blue)), -(1 - red - blue) / (2 * (1 - blue)), 0.5},
        {0.5, -(1 - red - blue) / (2 * (1 - red)), -blue / (2 * (1 - red))},
    };
    ColourMap map{};
    for (int out = 0; out < 3; out++) {
        double u = 0, v = 0;
        for (int c = 0; c < 3; c++) {
            u += forward[out][c] * rows.u[c];
            v += forward[out][c] * rows.v[c];
        }
        map.luma[out] = out == 0 ? fixed(rows.luma) : 0;
        map.u[out] = fixed(u);
        map.v[out] = fixed(v);
        map.offset[out] = fixed(0.5 + (out == 0 ? (full ? 0 : -16 * rows.luma) : 128));
    }
    return map;
}

#define SD_CLONES __attribute__((target_clones("avx2", "default")))

SD_CLONES void map_row(const ColourMap& map, int channel, const uint8_t* y, const uint8_t* u, const uint8_t* v, int width,
                       int32_t* scratch, uint8_t* out, int step) {
    const int32_t luma = map.luma[channel], cu = map.u[channel], cv = map.v[channel], offset = map.offset[channel];
    for (int i = 0; i < width / 2; i++) {
        scratch[2 * i] = scratch[2 * i + 1] = cu * (u[i] - 128) + cv * (v[i] - 128) + offset;
    }
    if (step == 1) {
        for (int x = 0; x < width; x++) {
            out[x] = clamp((luma * y[x] + scratch[x]) >> kBits);
        }
    } else {
        for (int x = 0; x < width; x++) {
            out[x * step] = clamp((luma * y[x] + scratch[x]) >> kBits);
        }
    }
}

SD_CLONES void map_chroma(const ColourMap& map, int channel, const uint8_t* u, const uint8_t* v, int samples, uint8_t* out) {
    const int32_t cu = map.u[channel], cv = map.v[channel], offset = map.offset[channel];
    for (int i = 0; i < samples; i++) {
        out[i] = clamp((cu * (u[i] - 128) + cv * (v[i] - 128) + offset) >> kBits);
    }
}

}  // namespace signdata

// Planes Y, U, V one after the other, of even size, to interleaved RGB; chroma is repeated, not interpolated.
SD_EXPORT int32_t sd_i420_to_rgb(const uint8_t* planes, int32_t width, int32_t height, int32_t matrix, int32_t full, uint8_t* rgb) {
    using namespace signdata;
    return guard([&] {
        const ColourMap map = to_rgb(matrix, full);
        const size_t luma = size_t(width) * height;
        std::vector<int32_t> scratch(width);
        for (int row = 0; row < height; row++) {
            const uint8_t* u = planes + luma + size_t(row / 2) * (width / 2);
            for (int c = 0; c < 3; c++) {
                map_row(map, c, planes + size_t(row) * width, u, u + luma / 4, width, scratch.data(), rgb + size_t(row) * width * 3 + c, 3);
            }
        }
    });
}
