// A picture varied in place: where its samples come from, what becomes of their colour, what is laid over them. Height x width x 3 bytes, RGB.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "../status.h"
#include "kernels.h"

using signdata::guard;
using signdata::kernels;

namespace {

// Rows of scratch that each thread keeps.
template <typename T, int Which>
T* scratch(size_t count) {
    thread_local std::vector<T> kept;
    if (kept.size() < count) {
        kept.resize(count);
    }
    return kept.data();
}

int reflected(int v, int size) {
    if (size == 1) {
        return 0;
    }
    const int period = 2 * (size - 1);
    v = ((v % period) + period) % period;
    return v < size ? v : period - v;
}

// The picture with a border on all sides in which it is reflected; rows of `stride` bytes.
const uint8_t* padded(const uint8_t* rgb, int width, int height, int reach, int* stride) {
    *stride = (width + 2 * reach) * 3;
    uint8_t* room = scratch<uint8_t, 0>(size_t(*stride) * (height + 2 * reach) + 64);
    for (int y = -reach; y < height + reach; y++) {
        const uint8_t* from = rgb + size_t(reflected(y, height)) * width * 3;
        uint8_t* to = room + size_t(y + reach) * *stride;
        std::memcpy(to + reach * 3, from, size_t(width) * 3);
        for (int x = 0; x < reach; x++) {
            std::memcpy(to + (reach - 1 - x) * 3, from + reflected(-1 - x, width) * 3, 3);
            std::memcpy(to + (reach + width + x) * 3, from + reflected(width + x, width) * 3, 3);
        }
    }
    return room;
}

}  // namespace

// Samples a picture of at least 2 x 2 where nodes, every `spacing` pixels of the target both ways, say: coordinates of the source in pixels, linear between.
// matrix: 3 x 4 in units of 0..255, or null. With one channel it is null.
SD_EXPORT int32_t sd_warp(const uint8_t* from, int32_t width, int32_t height, int32_t channels, const float* xs, const float* ys, int32_t across, int32_t down,
                          int32_t spacing, int32_t border, const float* matrix, uint8_t* to, int32_t to_width, int32_t to_height) {
    return guard([&] {
        const auto& run = kernels();
        const signdata::Plane plane{from, width, height, width * channels};
        float* room = scratch<float, 0>(size_t(across) + 2 * (size_t(across) * spacing + 16));
        float *x = room + across, *y = x + size_t(across) * spacing + 16;
        for (int v = 0; v < to_height; v++) {
            const int node = std::min(v / spacing, std::max(0, down - 2)), next = std::min(node + 1, down - 1);
            const float t = float(v - node * spacing) / float(spacing);
            run.spread(xs + size_t(node) * across, xs + size_t(next) * across, t, across, spacing, room, x);
            run.spread(ys + size_t(node) * across, ys + size_t(next) * across, t, across, spacing, room, y);
            if (channels == 3) {
                run.sample_row(plane, border, x, y, to_width, matrix, to + size_t(v) * to_width * 3);
            } else {
                run.sample_mask_row(plane, border, x, y, to_width, to + size_t(v) * to_width);
            }
        }
    });
}

// 3 x 4, in units of 0..255.
SD_EXPORT int32_t sd_matrix(uint8_t* rgb, int64_t pixels, const float* matrix) {
    return guard([&] { kernels().matrix(rgb, size_t(pixels), matrix); });
}

// Three tables of 256: red, green, blue.
SD_EXPORT int32_t sd_table(uint8_t* rgb, int64_t pixels, const uint8_t* tables) {
    return guard([&] {
        const bool same = std::memcmp(tables, tables + 256, 256) == 0 && std::memcmp(tables, tables + 512, 256) == 0;
        kernels().table(rgb, size_t(pixels), tables, same);
    });
}

// Multiplies by gains: rows x width x 3 floats, one row for every `spacing` of the picture's, linear between.
SD_EXPORT int32_t sd_gain(uint8_t* rgb, int32_t width, int32_t height, const float* gains, int32_t rows, int32_t spacing) {
    return guard([&] {
        const size_t samples = size_t(width) * 3;
        for (int y = 0; y < height; y++) {
            const int row = std::min(y / spacing, std::max(0, rows - 2)), next = std::min(row + 1, rows - 1);
            kernels().gain_row(rgb + y * samples, gains + row * samples, gains + next * samples, float(y - row * spacing) / float(spacing), int(samples));
        }
    });
}

// Each pixel becomes a weighted sum of those around it, at most `reach` away; beyond its sides the picture is reflected (BORDER_REFLECT_101).
SD_EXPORT int32_t sd_taps(uint8_t* rgb, int32_t width, int32_t height, const signdata::Tap* taps, int32_t count, int32_t reach) {
    return guard([&] {
        int stride;
        const uint8_t* from = padded(rgb, width, height, reach, &stride);
        // Means, and means against the pixel itself, are sums of bytes: several times as fast.
        const auto outer = std::find_if(taps, taps + count, [](const signdata::Tap& t) { return t.dx != 0 || t.dy != 0; });
        const auto own = std::find_if(taps, taps + count, [](const signdata::Tap& t) { return t.dx == 0 && t.dy == 0; });
        const bool mean = count <= 257 && outer < taps + count && own < taps + count
            && std::all_of(taps, taps + count, [&](const signdata::Tap& t) { return t.weight == outer->weight || &t == own; });
        for (int y = 0; y < height; y++) {
            const uint8_t* row = from + size_t(y + reach) * stride + size_t(reach) * 3;
            uint8_t* to = rgb + size_t(y) * width * 3;
            if (mean) {
                kernels().mean_row(row, stride, taps, count, outer->weight, own->weight - outer->weight, width * 3, to);
            } else {
                kernels().taps_row(row, stride, taps, count, width * 3, to);
            }
        }
    });
}

// Normal noise of variance shot * value + read; `colour` of it is each channel's own, the rest is shared (in deviations: colour^2 + shared^2 = 1).
SD_EXPORT int32_t sd_noise(uint8_t* rgb, int64_t pixels, float shot, float read, float colour, uint32_t seed) {
    return guard([&] { kernels().noise(rgb, size_t(pixels), shot, read, colour, seed); });
}

// Puts another picture where the mask is 0, keeps this one where it is 255.
SD_EXPORT int32_t sd_blend(uint8_t* rgb, const uint8_t* other, const uint8_t* mask, int64_t pixels) {
    return guard([&] { kernels().blend(rgb, other, mask, size_t(pixels)); });
}

// share of this one, the rest of the other.
SD_EXPORT int32_t sd_mix(uint8_t* rgb, const uint8_t* other, int64_t samples, float share) {
    return guard([&] { kernels().mix(rgb, other, size_t(samples), share); });
}

// Lays a chain of bones over the picture, skinned and lit.
SD_EXPORT int32_t sd_finger(uint8_t* rgb, int32_t width, int32_t height, const signdata::Bone* bones, int32_t count, const signdata::Skin* skin, uint32_t seed) {
    return guard([&] {
        float* room = scratch<float, 2>(size_t(width) * 5);
        uint8_t* grain = scratch<uint8_t, 2>(size_t(width));
        uint32_t state = seed | 1;
        for (int y = 0; y < height; y++) {
            float left = float(width), right = 0;
            for (int k = 0; k < count; k++) {
                // The part of a bone that can reach this row.
                const signdata::Bone& b = bones[k];
                const float reach = std::max(b.ra, b.rb) + skin->softness;
                float low = 0, high = 1;
                const float dy = b.by - b.ay;
                if (std::abs(dy) > 1e-3f) {
                    const float t0 = (float(y) - reach - b.ay) / dy, t1 = (float(y) + reach - b.ay) / dy;
                    low = std::max(0.0f, std::min(t0, t1));
                    high = std::min(1.0f, std::max(t0, t1));
                } else if (std::abs(float(y) - b.ay) > reach) {
                    continue;
                }
                if (low <= high) {
                    const float x0 = b.ax + low * (b.bx - b.ax), x1 = b.ax + high * (b.bx - b.ax);
                    left = std::min(left, std::min(x0, x1) - reach);
                    right = std::max(right, std::max(x0, x1) + reach);
                }
            }
            const int from = std::max(0, int(std::floor(left))), to = std::min(width, int(std::ceil(right)) + 1);
            if (from < to) {
                for (int x = 0; x < to - from; x++) {
                    state = state * 1664525U + 1013904223U;
                    grain[x] = uint8_t(state >> 24);
                }
                kernels().finger_row(rgb + size_t(y) * width * 3, grain, y, from, to, bones, count, *skin, room);
            }
        }
    });
}
