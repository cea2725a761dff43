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

// Where one row or column of the target comes from: between two of the source, `weight` of 32768 of the second.
struct Place {
    int at, weight;
    bool whole;
};

Place place(float v, int size, int border) {
    if (border == signdata::kReflect) {
        const float last = float(size - 1), period = 2 * last;
        v = v - period * std::floor(v / period);
        v = v > last ? period - v : v;
    }
    v = std::min(std::max(v, 0.0f), float(size - 1));
    const float near = std::round(v);
    if (std::abs(v - near) < 1.0f / 1024) {
        const int at = std::min(int(near), size - 2);
        return {at, int(near) > at ? 32767 : 0, true};
    }
    const int at = std::min(int(v), size - 2);
    return {at, int((v - float(at)) * 32767 + 0.5f), false};
}

// Whether columns stay columns and rows stay rows.
bool is_straight(const float* xs, const float* ys, int across, int down) {
    for (int j = 0; j < down; j++) {
        for (int i = 0; i < across; i++) {
            if (xs[j * across + i] != xs[i] || ys[j * across + i] != ys[j * across]) {
                return false;
            }
        }
    }
    return true;
}

// Coordinates of a row or column of nodes, and what lies between them.
std::vector<Place> places(const float* nodes, int step, int count, int spacing, int target, int size, int border) {
    std::vector<Place> result(size_t(target), Place{});
    for (int u = 0; u < target; u++) {
        const int node = std::min(u / spacing, std::max(0, count - 2)), next = std::min(node + 1, count - 1);
        const float first = nodes[node * step], t = float(u - node * spacing) / float(spacing);
        result[size_t(u)] = place(first + (nodes[next * step] - first) * t, size, border);
    }
    return result;
}

void sample_straight(const signdata::Plane& plane, const std::vector<Place>& columns, const std::vector<Place>& rows, uint8_t* to) {
    const auto& run = kernels();
    const int width = int(columns.size()), height = int(rows.size());
    const auto pixel = [](const Place& p) { return p.at + (p.weight > 0 ? 1 : 0); };
    const int begin = pixel(columns[0]);
    bool copied = true, mirrored = true;
    for (int u = 0; u < width; u++) {
        copied = copied && columns[u].whole && pixel(columns[u]) == begin + u;
        mirrored = mirrored && columns[u].whole && pixel(columns[u]) == begin - u;
    }
    int* at = scratch<int, 3>(size_t(width));
    int16_t* weights = scratch<int16_t, 3>(size_t(width) + 8);
    int left = plane.width, right = 0;
    for (int u = 0; u < width; u++) {
        left = std::min(left, columns[u].at);
        right = std::max(right, columns[u].at + 2);
    }
    for (int u = 0; u < width; u++) {
        at[u] = 3 * (columns[u].at - left);
        weights[u] = int16_t(columns[u].weight);
    }
    int16_t* mixed = scratch<int16_t, 4>(size_t(right - left) * 3 + 16);
    for (int v = 0; v < height; v++) {
        uint8_t* row = to + size_t(v) * width * 3;
        if (rows[v].whole && (copied || mirrored)) {
            const uint8_t* from = plane.at + size_t(pixel(rows[v])) * plane.stride;
            if (copied) {
                std::memcpy(row, from + begin * 3, size_t(width) * 3);
            } else {
                run.mirror_row(from + (begin - width + 1) * 3, width, row);
            }
            continue;
        }
        const uint8_t* above = plane.at + size_t(rows[v].at) * plane.stride + left * 3;
        run.mix_rows(above, above + plane.stride, rows[v].weight, (right - left) * 3, mixed);
        run.pick_row(mixed, at, weights, width, row);
    }
}

// How far from its axis a bone, its soft edge and the surface that goes over to the next one are felt.
float reach_of(const signdata::Bone& bone, float softness) {
    return 1.3f * std::max(bone.ra, bone.rb) + softness;
}

// The pixels of a row that a bone can reach.
signdata::Span reached(const signdata::Bone& bone, float softness, int y, int width) {
    const float reach = reach_of(bone, softness), dy = bone.by - bone.ay;
    float low = 0, high = 1;
    if (std::abs(dy) > 1e-3f) {
        const float t0 = (float(y) - reach - bone.ay) / dy, t1 = (float(y) + reach - bone.ay) / dy;
        low = std::max(0.0f, std::min(t0, t1));
        high = std::min(1.0f, std::max(t0, t1));
    } else if (std::abs(float(y) - bone.ay) > reach) {
        return {0, 0};
    }
    if (low > high) {
        return {0, 0};
    }
    const float x0 = bone.ax + low * (bone.bx - bone.ax), x1 = bone.ax + high * (bone.bx - bone.ax);
    const float left = std::max(0.0f, std::floor(std::min(x0, x1) - reach)), right = std::min(float(width), std::ceil(std::max(x0, x1) + reach) + 1);
    return left < right ? signdata::Span{int(left), int(right)} : signdata::Span{0, 0};
}

}  // namespace

// Samples a picture of at least 2 x 2 where nodes, every `spacing` pixels of the target both ways, say: coordinates of the source in pixels, linear between.
// matrix: 3 x 4 in units of 0..255, or null. With one channel it is null.
SD_EXPORT int32_t sd_warp(const uint8_t* from, int32_t width, int32_t height, int32_t channels, const float* xs, const float* ys, int32_t across, int32_t down,
                          int32_t spacing, int32_t border, const float* matrix, uint8_t* to, int32_t to_width, int32_t to_height) {
    return guard([&] {
        const auto& run = kernels();
        const signdata::Plane plane{from, width, height, width * channels};
        if (channels == 3 && !matrix && border != signdata::kBlack && is_straight(xs, ys, across, down)) {
            sample_straight(plane, places(xs, 1, across, spacing, to_width, width, border), places(ys, across, down, spacing, to_height, height, border), to);
            return;
        }
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

// 3 x 4, in units of 0..255. From one picture to another, or the same.
SD_EXPORT int32_t sd_matrix(const uint8_t* from, uint8_t* to, int64_t pixels, const float* matrix) {
    return guard([&] { kernels().matrix(from, to, size_t(pixels), matrix); });
}

// Three tables of 256: red, green, blue.
SD_EXPORT int32_t sd_table(const uint8_t* from, uint8_t* to, int64_t pixels, const uint8_t* tables) {
    return guard([&] {
        const bool same = std::memcmp(tables, tables + 256, 256) == 0 && std::memcmp(tables, tables + 512, 256) == 0;
        kernels().table(from, to, size_t(pixels), tables, same);
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
        std::vector<signdata::Tap> sorted(taps, taps + count);
        std::stable_sort(sorted.begin(), sorted.end(), [](const signdata::Tap& a, const signdata::Tap& b) { return a.weight < b.weight; });
        float most = 1e-6f;
        for (const signdata::Tap& tap : sorted) {
            most = std::max(most, std::abs(tap.weight));
        }
        // As many bits as a weight of sixteen and a sum of thirty-one have room for.
        const int shift = std::clamp(14 - std::ilogb(most), 1, 22);
        std::vector<signdata::TapGroup> groups;
        std::vector<ptrdiff_t> offsets;
        for (const signdata::Tap& tap : sorted) {
            const int weight = std::min(32767, int(std::lrint(std::ldexp(tap.weight, shift)))), at = int(offsets.size());
            if (groups.empty() || groups.back().weight != weight || at - groups.back().begin == 128) {
                groups.push_back({at, at, weight});
            }
            offsets.push_back(ptrdiff_t(tap.dy) * stride + tap.dx * 3);
            groups.back().end++;
        }
        for (int y = 0; y < height; y++) {
            kernels().taps_row(from + size_t(y + reach) * stride + size_t(reach) * 3, offsets.data(), groups.data(), int(groups.size()), shift, width * 3, rgb + size_t(y) * width * 3);
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
        float* room = scratch<float, 2>((size_t(width) + signdata::kFingerStep) * 7);
        std::vector<signdata::Span> spans(size_t(count), signdata::Span{});
        float top = float(height), bottom = 0;
        for (int k = 0; k < count; k++) {
            const signdata::Bone& bone = bones[k];
            top = std::min(top, std::min(bone.ay, bone.by) - reach_of(bone, skin->softness));
            bottom = std::max(bottom, std::max(bone.ay, bone.by) + reach_of(bone, skin->softness));
        }
        for (int y = int(std::max(0.0f, top)); float(y) < std::min(float(height), bottom + 1); y++) {
            int from = width, to = 0;
            for (int k = 0; k < count; k++) {
                spans[size_t(k)] = reached(bones[k], skin->softness, y, width);
                if (spans[size_t(k)].from < spans[size_t(k)].to) {
                    from = std::min(from, spans[size_t(k)].from);
                    to = std::max(to, spans[size_t(k)].to);
                }
            }
            if (from >= to) {
                continue;
            }
            for (signdata::Span& span : spans) {
                span = span.from < span.to ? span : signdata::Span{from, from};
            }
            // Whole vectors, where the row has room.
            const int step = signdata::kFingerStep, whole = (to - from + step - 1) / step * step;
            to = std::min(width, from + whole);
            from = std::max(0, to - whole);
            kernels().finger_row(rgb + size_t(y) * width * 3, y, from, to, bones, spans.data(), count, *skin, seed + uint32_t(y) * 0x9E3779B9U, room);
        }
    });
}
