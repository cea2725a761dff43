// The loops of kernels.h; included once for each instruction set, with KERNELS the name of the table.
#include <cmath>
#include <cstring>

#if defined(__AVX2__)
#include <immintrin.h>
#endif

#include "kernels.h"

namespace signdata {
namespace {

inline float clamped(float v, float low, float high) {
    v = v < low ? low : v;
    return v > high ? high : v;
}

inline uint8_t to_byte(float v) {
    return uint8_t(int(clamped(v, 0, 255) + 0.5f));
}

// Reflection about the first and last pixel's centres, without repeating them (OpenCV's BORDER_REFLECT_101).
inline float reflected(float v, float last) {
    const float period = 2 * last;
    v = v - period * std::floor(v / period);
    return v > last ? period - v : v;
}

inline float inside(float v, float last) {
    const float out = v < 0 ? -v : v - last;
    return clamped(1 - out, 0, 1);
}

struct Spot {
    int x, y;
    float fx, fy, cover;
};

inline Spot spot(const Plane& from, int border, float x, float y) {
    const float right = float(from.width - 1), bottom = float(from.height - 1);
    Spot s;
    s.cover = border == kBlack ? inside(x, right) * inside(y, bottom) : 1;
    if (border == kReflect) {
        x = reflected(x, right);
        y = reflected(y, bottom);
    }
    x = clamped(x, 0, right);
    y = clamped(y, 0, bottom);
    s.x = int(x) < from.width - 2 ? int(x) : from.width - 2;
    s.y = int(y) < from.height - 2 ? int(y) : from.height - 2;
    s.fx = x - float(s.x);
    s.fy = y - float(s.y);
    return s;
}

// Bilinear in fixed point: eight bits across, fifteen down. Colour is brought to -128 .. 127 first, so that weights and samples fit signed arithmetic.
const float kUnit = 1.0f / 255;

inline int across(int first, int second, int weight) {
    return (first - 128) * (255 - weight) + (second - 128) * weight;
}

inline int rounded_high(int a, int b) {
    return (((a * b) >> 14) + 1) >> 1;
}

inline void sample_one(const Plane& from, int border, float x, float y, const float* m, uint8_t* to) {
    const Spot s = spot(from, border, x, y);
    const int wx = int(s.fx * 255 + 0.5f), wy = int(s.fy * 32767 + 0.5f);
    const uint8_t* p = from.at + size_t(s.y) * from.stride + size_t(s.x) * 3;
    const uint8_t* q = p + from.stride;
    float v[3];
    for (int c = 0; c < 3; c++) {
        const int above = across(p[c], p[c + 3], wx), below = across(q[c], q[c + 3], wx);
        v[c] = float(int16_t(rounded_high(above, 32767 - wy) + rounded_high(below, wy))) * kUnit + 128.0f;
        v[c] = border == kBlack ? v[c] * s.cover : v[c];
    }
    for (int c = 0; c < 3; c++) {
        const float value = m ? ((m[4 * c + 3] + v[0] * m[4 * c]) + v[1] * m[4 * c + 1]) + v[2] * m[4 * c + 2] : v[c];
        to[c] = to_byte(value);
    }
}

#if defined(__AVX2__)

template <bool Safe>
inline __m256i four(const uint8_t* at, const uint8_t* last, const int* offset, int a, int b, int c, int d) {
    const auto load = [&](int i) {
        const uint8_t* p = at + offset[i];
        long long bytes;
        if (Safe && p > last) {
            std::memcpy(&bytes, last, 8);
            return (long long)((unsigned long long)bytes >> (8 * (p - last)));
        }
        std::memcpy(&bytes, p, 8);
        return bytes;
    };
    return _mm256_set_epi64x(load(d), load(c), load(b), load(a));
}

template <bool Safe>
inline void eight(const Plane& from, const uint8_t* last, const int* offset, __m256i wx, __m256i wy, __m256i* lower, __m256i* upper) {
    // Bytes r0 g0 b0 r1 g1 b1 . . of a pixel and its neighbour to pairs r0 r1, g0 g1, b0 b1.
    const __m256i pairs = _mm256_setr_epi8(0, 3, 1, 4, 2, 5, -1, -1, 8, 11, 9, 12, 10, 13, -1, -1, 0, 3, 1, 4, 2, 5, -1, -1, 8, 11, 9, 12, 10, 13, -1, -1);
    const __m256i first = _mm256_setr_epi8(0, 1, 0, 1, 0, 1, 0, 1, 4, 5, 4, 5, 4, 5, 4, 5, 0, 1, 0, 1, 0, 1, 0, 1, 4, 5, 4, 5, 4, 5, 4, 5);
    const __m256i second = _mm256_add_epi8(first, _mm256_set1_epi8(8));
    const __m256i sign = _mm256_set1_epi8(-128), one = _mm256_set1_epi16(32767);
    const auto mixed = [&](__m256i order, int a, int b, int c, int d) {
        const __m256i weights = _mm256_shuffle_epi8(wx, order), down = _mm256_shuffle_epi8(wy, order);
        const __m256i p = _mm256_shuffle_epi8(_mm256_xor_si256(four<Safe>(from.at, last, offset, a, b, c, d), sign), pairs);
        const __m256i q = _mm256_shuffle_epi8(_mm256_xor_si256(four<Safe>(from.at + from.stride, last, offset, a, b, c, d), sign), pairs);
        return _mm256_add_epi16(_mm256_mulhrs_epi16(_mm256_maddubs_epi16(weights, p), _mm256_sub_epi16(one, down)),
                                _mm256_mulhrs_epi16(_mm256_maddubs_epi16(weights, q), down));
    };
    *lower = mixed(first, 0, 1, 4, 5);
    *upper = mixed(second, 2, 3, 6, 7);
}

inline __m256 clamped8(__m256 v, __m256 low, __m256 high) {
    return _mm256_min_ps(_mm256_max_ps(v, low), high);
}

inline __m256 reflected8(__m256 v, __m256 last) {
    const __m256 period = _mm256_add_ps(last, last);
    v = _mm256_sub_ps(v, _mm256_mul_ps(period, _mm256_floor_ps(_mm256_div_ps(v, period))));
    return _mm256_blendv_ps(v, _mm256_sub_ps(period, v), _mm256_cmp_ps(v, last, _CMP_GT_OQ));
}

inline __m256 inside8(__m256 v, __m256 last) {
    const __m256 zero = _mm256_setzero_ps(), one = _mm256_set1_ps(1);
    const __m256 out = _mm256_blendv_ps(_mm256_sub_ps(v, last), _mm256_sub_ps(zero, v), _mm256_cmp_ps(v, zero, _CMP_LT_OQ));
    return clamped8(_mm256_sub_ps(one, out), zero, one);
}

// Two pixels a vector, a pixel a lane: r g b and a fourth that nobody looks at.
struct Colour8 {
    __m256 red, green, blue, constant;
    bool any;

    explicit Colour8(const float* m) : any(m != nullptr) {
        if (any) {
            red = column(m, 0);
            green = column(m, 1);
            blue = column(m, 2);
            constant = column(m, 3);
        }
    }
    static __m256 column(const float* m, int i) {
        return _mm256_setr_ps(m[i], m[i + 4], m[i + 8], 0, m[i], m[i + 4], m[i + 8], 0);
    }
    __m256i of(__m256 v) const {
        if (any) {
            __m256 sum = _mm256_add_ps(constant, _mm256_mul_ps(_mm256_permute_ps(v, 0x00), red));
            sum = _mm256_add_ps(sum, _mm256_mul_ps(_mm256_permute_ps(v, 0x55), green));
            v = _mm256_add_ps(sum, _mm256_mul_ps(_mm256_permute_ps(v, 0xAA), blue));
        }
        v = clamped8(v, _mm256_setzero_ps(), _mm256_set1_ps(255));
        return _mm256_cvttps_epi32(_mm256_add_ps(v, _mm256_set1_ps(0.5f)));
    }
};

inline void store8(__m256i a, __m256i b, __m256i c, __m256i d, uint8_t* to) {
    const __m256i packed = _mm256_packus_epi16(_mm256_packs_epi32(a, b), _mm256_packs_epi32(c, d));
    const __m256i close = _mm256_setr_epi8(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1, 0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1);
    const __m256i rgb = _mm256_shuffle_epi8(packed, close);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm256_castsi256_si128(rgb));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + 12), _mm256_extracti128_si256(rgb, 1));
}

void sample_row(const Plane& from, int border, const float* xs, const float* ys, int count, const float* matrix, uint8_t* to) {
    const __m256 zero = _mm256_setzero_ps(), right = _mm256_set1_ps(float(from.width - 1)), bottom = _mm256_set1_ps(float(from.height - 1));
    const __m256i last_x = _mm256_set1_epi32(from.width - 2), last_y = _mm256_set1_epi32(from.height - 2);
    const __m256i stride = _mm256_set1_epi32(from.stride), three = _mm256_set1_epi32(3), full = _mm256_set1_epi32(255);
    const __m256 scale_x = _mm256_set1_ps(255), scale_y = _mm256_set1_ps(32767), half = _mm256_set1_ps(0.5f);
    const __m256 unit = _mm256_set1_ps(kUnit), middle = _mm256_set1_ps(128);
    const uint8_t* last = from.at + size_t(from.height - 1) * from.stride + size_t(from.width) * 3 - 8;
    const Colour8 colour(matrix);
    alignas(32) int offset[8];
    alignas(32) float cover[8];
    int u = 0;
    for (; u + 8 <= count; u += 8) {
        __m256 x = _mm256_loadu_ps(xs + u), y = _mm256_loadu_ps(ys + u);
        if (border == kReflect) {
            x = reflected8(x, right);
            y = reflected8(y, bottom);
        } else if (border == kBlack) {
            _mm256_store_ps(cover, _mm256_mul_ps(inside8(x, right), inside8(y, bottom)));
        }
        x = clamped8(x, zero, right);
        y = clamped8(y, zero, bottom);
        const __m256i ix = _mm256_min_epi32(_mm256_cvttps_epi32(x), last_x), iy = _mm256_min_epi32(_mm256_cvttps_epi32(y), last_y);
        const __m256 fx = _mm256_sub_ps(x, _mm256_cvtepi32_ps(ix)), fy = _mm256_sub_ps(y, _mm256_cvtepi32_ps(iy));
        const __m256i second = _mm256_cvttps_epi32(_mm256_add_ps(_mm256_mul_ps(fx, scale_x), half));
        const __m256i wx = _mm256_or_si256(_mm256_sub_epi32(full, second), _mm256_slli_epi32(second, 8));
        const __m256i wy = _mm256_cvttps_epi32(_mm256_add_ps(_mm256_mul_ps(fy, scale_y), half));
        _mm256_store_si256(reinterpret_cast<__m256i*>(offset), _mm256_add_epi32(_mm256_mullo_epi32(iy, stride), _mm256_mullo_epi32(ix, three)));
        __m256i lower, upper;
        if (_mm256_movemask_epi8(_mm256_cmpeq_epi32(iy, last_y))) {
            eight<true>(from, last, offset, wx, wy, &lower, &upper);
        } else {
            eight<false>(from, last, offset, wx, wy, &lower, &upper);
        }
        const auto shown = [&](__m256i words, int a, int b) {
            __m256 v = _mm256_add_ps(_mm256_mul_ps(_mm256_cvtepi32_ps(_mm256_srai_epi32(words, 16)), unit), middle);
            if (border == kBlack) {
                v = _mm256_mul_ps(v, _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_set1_ps(cover[a])), _mm_set1_ps(cover[b]), 1));
            }
            return colour.of(v);
        };
        const __m256i a = shown(_mm256_unpacklo_epi16(lower, lower), 0, 4), b = shown(_mm256_unpackhi_epi16(lower, lower), 1, 5);
        const __m256i c = shown(_mm256_unpacklo_epi16(upper, upper), 2, 6), d = shown(_mm256_unpackhi_epi16(upper, upper), 3, 7);
        if (u + 16 <= count) {
            store8(a, b, c, d, to + 3 * u);
        } else {
            uint8_t tail[28];
            store8(a, b, c, d, tail);
            std::memcpy(to + 3 * u, tail, 24);
        }
    }
    for (; u < count; u++) {
        sample_one(from, border, xs[u], ys[u], matrix, to + 3 * u);
    }
}

void matrix(uint8_t* rgb, size_t pixels, const float* m) {
    const Colour8 colour(m);
    // Four bytes a pixel, a pixel a lane of four.
    const auto pair = [](const uint8_t* a, const uint8_t* b) {
        int first, second;
        std::memcpy(&first, a, 4);
        std::memcpy(&second, b, 4);
        return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_set_epi64x(0, (long long)((unsigned long long)(uint32_t)second << 32 | (uint32_t)first))));
    };
    size_t i = 0;
    for (; i + 9 <= pixels; i += 8) {
        uint8_t* p = rgb + 3 * i;
        uint8_t keep[4];
        std::memcpy(keep, p + 24, 4);
        const __m256i a = colour.of(pair(p, p + 12)), b = colour.of(pair(p + 3, p + 15)), c = colour.of(pair(p + 6, p + 18)), d = colour.of(pair(p + 9, p + 21));
        uint8_t done[28];
        store8(a, b, c, d, done);
        std::memcpy(p, done, 24);
    }
    for (; i < pixels; i++) {
        uint8_t* p = rgb + 3 * i;
        const float r = p[0], g = p[1], b = p[2];
        for (int c = 0; c < 3; c++) {
            p[c] = to_byte(((m[4 * c + 3] + r * m[4 * c]) + g * m[4 * c + 1]) + b * m[4 * c + 2]);
        }
    }
}

#else

void sample_row(const Plane& from, int border, const float* xs, const float* ys, int count, const float* matrix, uint8_t* to) {
    for (int u = 0; u < count; u++) {
        sample_one(from, border, xs[u], ys[u], matrix, to + 3 * u);
    }
}

void matrix(uint8_t* rgb, size_t pixels, const float* m) {
    for (size_t i = 0; i < pixels; i++) {
        uint8_t* p = rgb + 3 * i;
        const float r = p[0], g = p[1], b = p[2];
        for (int c = 0; c < 3; c++) {
            p[c] = to_byte(((m[4 * c + 3] + r * m[4 * c]) + g * m[4 * c + 1]) + b * m[4 * c + 2]);
        }
    }
}

#endif

void sample_mask_row(const Plane& from, int border, const float* xs, const float* ys, int count, uint8_t* to) {
    for (int u = 0; u < count; u++) {
        const Spot s = spot(from, border, xs[u], ys[u]);
        const uint8_t* p = from.at + size_t(s.y) * from.stride + s.x;
        const uint8_t* q = p + from.stride;
        const float above = p[0] + (float(p[1]) - p[0]) * s.fx, below = q[0] + (float(q[1]) - q[0]) * s.fx;
        to[u] = to_byte((above + (below - above) * s.fy) * s.cover);
    }
}

void spread(const float* above, const float* below, float t, int nodes, int spacing, float* row, float* out) {
    for (int i = 0; i < nodes; i++) {
        row[i] = above[i] + (below[i] - above[i]) * t;
    }
    if (spacing == 1) {
        std::memcpy(out, row, size_t(nodes) * sizeof(float));
        return;
    }
    const float step = 1.0f / float(spacing);
    for (int i = 0; i + 1 < nodes; i++) {
        const float first = row[i], slope = (row[i + 1] - first) * step;
        for (int k = 0; k < spacing; k++) {
            out[i * spacing + k] = first + slope * float(k);
        }
    }
}

void table(uint8_t* rgb, size_t pixels, const uint8_t* tables, int same) {
    const uint8_t* red = tables;
    const uint8_t* green = tables + 256;
    const uint8_t* blue = tables + 512;
    size_t i = 0;
#if defined(__AVX512VBMI__) && defined(__AVX512BW__)
    const auto read = [](const uint8_t* t, __m512i* parts) {
        for (int k = 0; k < 4; k++) {
            parts[k] = _mm512_loadu_si512(t + 64 * k);
        }
    };
    const auto look = [](const __m512i* parts, __m512i v) {
        return _mm512_mask_blend_epi8(_mm512_movepi8_mask(v), _mm512_permutex2var_epi8(parts[0], v, parts[1]), _mm512_permutex2var_epi8(parts[2], v, parts[3]));
    };
    __m512i r[4], g[4], b[4];
    read(red, r);
    read(green, g);
    read(blue, b);
    // Every third of 64 samples is red from 0, from 2 and from 1 in turn.
    const unsigned long long thirds[3] = {0x9249249249249249ULL, 0x4924924924924924ULL, 0x2492492492492492ULL};
    for (; i + 64 <= pixels; i += 64) {
        for (int k = 0; k < 3; k++) {
            uint8_t* p = rgb + 3 * i + 64 * k;
            const __m512i v = _mm512_loadu_si512(p);
            __m512i done = look(r, v);
            if (!same) {
                done = _mm512_mask_mov_epi8(done, thirds[(k + 2) % 3], look(g, v));
                done = _mm512_mask_mov_epi8(done, thirds[(k + 1) % 3], look(b, v));
            }
            _mm512_storeu_si512(p, done);
        }
    }
#else
    (void)same;
#endif
    for (; i < pixels; i++) {
        uint8_t* p = rgb + 3 * i;
        p[0] = red[p[0]];
        p[1] = green[p[1]];
        p[2] = blue[p[2]];
    }
}

void gain_row(uint8_t* __restrict row, const float* __restrict above, const float* __restrict below, float t, int count) {
    for (int i = 0; i < count; i++) {
        row[i] = to_byte(float(row[i]) * (above[i] + (below[i] - above[i]) * t));
    }
}

void taps_row(const uint8_t* __restrict padded, int stride, const Tap* taps, int count, int samples, uint8_t* __restrict to) {
    // A stretch at a time, so that its sums stay in registers; the padded rows may be read beyond their end.
    const int stretch = 64;
    for (int start = 0; start < samples; start += stretch) {
        float sums[stretch] = {};
        for (int k = 0; k < count; k++) {
            const uint8_t* p = padded + ptrdiff_t(taps[k].dy) * stride + taps[k].dx * 3 + start;
            const float weight = taps[k].weight;
            for (int i = 0; i < stretch; i++) {
                sums[i] = sums[i] + weight * float(p[i]);
            }
        }
        uint8_t done[stretch];
        for (int i = 0; i < stretch; i++) {
            done[i] = to_byte(sums[i]);
        }
        std::memcpy(to + start, done, size_t(samples - start < stretch ? samples - start : stretch));
    }
}

// By itself, so that the compiler sees a loop and not an unrolled block, which it would leave as it is.
__attribute__((noinline)) void add_row(uint16_t* __restrict sums, const uint8_t* __restrict p, int count) {
    for (int i = 0; i < count; i++) {
        sums[i] = uint16_t(sums[i] + p[i]);
    }
}

void mean_row(const uint8_t* __restrict padded, int stride, const Tap* taps, int count, float weight, float extra, int samples, uint8_t* __restrict to) {
    const int stretch = 1024;
    uint16_t sums[stretch];
    for (int start = 0; start < samples; start += stretch) {
        const int n = samples - start < stretch ? samples - start : stretch;
        std::memset(sums, 0, sizeof sums);
        for (int k = 0; k < count; k++) {
            add_row(sums, padded + ptrdiff_t(taps[k].dy) * stride + taps[k].dx * 3 + start, n);
        }
        for (int i = 0; i < n; i++) {
            to[start + i] = to_byte(weight * float(sums[i]) + extra * float(padded[start + i]));
        }
    }
}

inline uint32_t hashed(uint32_t v) {
    v ^= v >> 16;
    v *= 0x7feb352dU;
    v ^= v >> 15;
    v *= 0x846ca68bU;
    v ^= v >> 16;
    return v;
}

// The sum of a hash's four bytes, brought to mean 0 and deviation 1: near enough to normal, cut at 3.45.
inline float normal(uint32_t hash) {
    const int sum = int(hash & 255) + int(hash >> 8 & 255) + int(hash >> 16 & 255) + int(hash >> 24);
    return float(sum - 510) * (1 / 147.8005f);
}

void noise(uint8_t* rgb, size_t pixels, float shot, float read, float colour, uint32_t seed) {
    const float own = colour, shared = std::sqrt(1 - colour * colour);
    float common[3 * 128];
    for (size_t start = 0; start < pixels; start += 128) {
        const int n = pixels - start < 128 ? int(pixels - start) : 128;
        uint8_t* p = rgb + 3 * start;
        const uint32_t at = seed + uint32_t(start) * 4;
        if (shared > 0) {
            float grey[128];
            for (int i = 0; i < n; i++) {
                grey[i] = shared * normal(hashed(at + uint32_t(i)));
            }
            for (int i = 0; i < n; i++) {
                common[3 * i] = common[3 * i + 1] = common[3 * i + 2] = grey[i];
            }
        } else {
            std::memset(common, 0, sizeof common);
        }
        for (int i = 0; i < 3 * n; i++) {
            const float v = float(p[i]), sigma = std::sqrt(shot * v + read);
            p[i] = to_byte(v + sigma * (common[i] + own * normal(hashed(at + 0x9E3779B9U + uint32_t(i)))));
        }
    }
}

void blend(uint8_t* rgb, const uint8_t* other, const uint8_t* mask, size_t pixels) {
    uint8_t wide[3 * 128];
    for (size_t start = 0; start < pixels; start += 128) {
        const int n = pixels - start < 128 ? int(pixels - start) : 128;
        for (int i = 0; i < n; i++) {
            wide[3 * i] = wide[3 * i + 1] = wide[3 * i + 2] = mask[start + i];
        }
        uint8_t* p = rgb + 3 * start;
        const uint8_t* q = other + 3 * start;
        for (int i = 0; i < 3 * n; i++) {
            const int v = p[i] * wide[i] + q[i] * (255 - wide[i]) + 128;
            p[i] = uint8_t((v + (v >> 8)) >> 8);
        }
    }
}

void mix(uint8_t* __restrict to, const uint8_t* __restrict other, size_t count, float share) {
    for (size_t i = 0; i < count; i++) {
        to[i] = to_byte(float(other[i]) + share * (float(to[i]) - float(other[i])));
    }
}

void finger_row(uint8_t* row, const uint8_t* grain, int y, int left, int right, const Bone* bones, int count, const Skin& skin, float* room) {
    // Across a finger the surface is round: nearness to its axis decides the normal, and the normal the light (Lambert).
    const int n = right - left;
    float* depth = room;
    float* nx = room + n;
    float* ny = room + 2 * n;
    float* reach = room + 3 * n;
    float* fold = room + 4 * n;
    for (int i = 0; i < n; i++) {
        depth[i] = -1e6f;
        nx[i] = ny[i] = fold[i] = 0;
        reach[i] = 1;
    }
    const float py = float(y);
    for (int k = 0; k < count; k++) {
        const Bone bone = bones[k];
        const float dx = bone.bx - bone.ax, dy = bone.by - bone.ay, length = dx * dx + dy * dy, inverse = 1 / (length > 1e-6f ? length : 1e-6f);
        const float joint = k > 0 ? 1.0f : 0.0f, size = bone.ra / std::sqrt(length > 1e-6f ? length : 1e-6f);
        for (int i = 0; i < n; i++) {
            const float px = float(left + i), t = clamped(((px - bone.ax) * dx + (py - bone.ay) * dy) * inverse, 0, 1);
            const float ox = px - (bone.ax + t * dx), oy = py - (bone.ay + t * dy), radius = bone.ra + t * (bone.rb - bone.ra);
            const float in = radius - std::sqrt(ox * ox + oy * oy);
            // Where two bones meet the surface goes over smoothly from one to the other.
            const float blend = 0.3f * radius, part = clamped(0.5f + 0.5f * (in - depth[i]) / blend, 0, 1);
            const float near_joint = clamped(1 - t / (size * 0.3f), 0, 1) * joint;
            depth[i] = depth[i] + (in - depth[i]) * part + (k > 0 ? blend * 0.5f * part * (1 - part) : 0.0f);
            nx[i] = nx[i] + (ox - nx[i]) * part;
            ny[i] = ny[i] + (oy - ny[i]) * part;
            reach[i] = reach[i] + (radius - reach[i]) * part;
            fold[i] = near_joint > fold[i] ? near_joint : fold[i];
        }
    }
    for (int i = 0; i < n; i++) {
        const float inverse = 1 / reach[i], ax = nx[i] * inverse, ay = ny[i] * inverse, flat = 1 - (ax * ax + ay * ay);
        const float az = std::sqrt(flat > 0 ? flat : 0), lit = ax * skin.light_x + ay * skin.light_y + az * skin.light_z;
        const float glow = 0.46f + 0.62f * (lit > 0 ? lit : 0), shade = glow * (1 - skin.crease * fold[i] * fold[i]);
        depth[i] = clamped(depth[i] / skin.softness + 0.5f, 0, 1);
        nx[i] = shade + (float(grain[i]) - 128) * 0.00016f;
        // Edges of skin are redder: light comes through there.
        ny[i] = 0.10f * (1 - az);
    }
    for (int i = 0; i < n; i++) {
        uint8_t* p = row + 3 * (left + i);
        const float cover = depth[i], shade = nx[i], warm = ny[i];
        p[0] = to_byte(float(p[0]) + cover * (skin.red * (shade + warm) - float(p[0])));
        p[1] = to_byte(float(p[1]) + cover * (skin.green * shade - float(p[1])));
        p[2] = to_byte(float(p[2]) + cover * (skin.blue * shade - float(p[2])));
    }
}

void luma(const uint8_t* __restrict rgb, uint8_t* __restrict out, size_t pixels) {
    // BT.601 in fourteen bits, as OpenCV has it.
    for (size_t i = 0; i < pixels; i++) {
        out[i] = uint8_t((rgb[3 * i] * 4899 + rgb[3 * i + 1] * 9617 + rgb[3 * i + 2] * 1868 + 8192) >> 14);
    }
}

void add_luma(uint8_t* __restrict rgb, const uint8_t* __restrict before, const uint8_t* __restrict after, size_t pixels) {
    for (size_t i = 0; i < pixels; i++) {
        const int more = int(after[i]) - int(before[i]);
        for (int c = 0; c < 3; c++) {
            const int v = rgb[3 * i + c] + more;
            rgb[3 * i + c] = uint8_t(v < 0 ? 0 : v > 255 ? 255 : v);
        }
    }
}

}  // namespace

const Kernels KERNELS = {sample_row, sample_mask_row, spread, matrix, table, gain_row, taps_row, mean_row, noise, blend, mix, finger_row, luma, add_luma};

}  // namespace signdata
