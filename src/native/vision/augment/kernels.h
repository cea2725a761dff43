// Loops over pixels that are built three times, for AVX-512, AVX2 and any processor, and chosen at run time. All three give the same bytes:
// no contraction to fused operations, no reordering of sums.
#pragma once

#include <cstddef>
#include <cstdint>

namespace signdata {

// Where the samples of a picture lie: rows of `stride` bytes from `at`.
struct Plane {
    const uint8_t* at;
    int width, height, stride;
};

enum Border : int32_t { kEdge = 0, kReflect = 1, kBlack = 2 };

struct Tap {
    int32_t dx, dy;
    float weight;
};

// Taps of the same weight, added up before they are weighted; at most 128, so that their sum has fifteen bits.
struct TapGroup {
    int begin, end, weight;
};

// One bone of a finger: from a to b, its radius growing from ra to rb; pixels.
struct Bone {
    float ax, ay, ra, bx, by, rb;
};

// How a chain of bones looks: its colour (0..255), where the light comes from (unit), how soft its edge is in pixels.
struct Skin {
    float red, green, blue, light_x, light_y, light_z, softness, crease;
};

// Pixels of a row, the last one not among them.
struct Span {
    int from, to;
};

// Pixels of a finger that are computed together.
const int kFingerStep = 16;

struct Kernels {
    // Coordinates of one row to samples of it. RGB; matrix is 3 x 4 or null; scratch holds 8 bytes beyond a row of the target.
    void (*sample_row)(const Plane& from, int border, const float* xs, const float* ys, int count, const float* matrix, uint8_t* to);
    void (*sample_mask_row)(const Plane& from, int border, const float* xs, const float* ys, int count, uint8_t* to);
    // Two rows mixed, `weight` of 32768 of the second: 0..255 with seven more bits. Then pixels of such a row, each beginning at a sample `at` and mixed with its right neighbour.
    void (*mix_rows)(const uint8_t* above, const uint8_t* below, int weight, int samples, int16_t* out);
    void (*pick_row)(const int16_t* row, const int* at, const int16_t* weights, int count, uint8_t* to);
    void (*mirror_row)(const uint8_t* from, int pixels, uint8_t* to);
    // Two rows of coordinates at nodes, mixed, then spread over `spacing` pixels a node.
    void (*spread)(const float* above, const float* below, float t, int nodes, int spacing, float* row, float* out);
    void (*matrix)(const uint8_t* from, uint8_t* to, size_t pixels, const float* matrix);
    void (*table)(const uint8_t* from, uint8_t* to, size_t pixels, const uint8_t* tables, int same);
    void (*gain_row)(uint8_t* row, const float* above, const float* below, float t, int count);
    // Weights are of 2^shift. `padded` can be read 64 bytes beyond the samples.
    void (*taps_row)(const uint8_t* padded, const ptrdiff_t* offsets, const TapGroup* groups, int count, int shift, int samples, uint8_t* to);
    void (*noise)(uint8_t* rgb, size_t pixels, float shot, float read, float colour, uint32_t seed);
    void (*blend)(uint8_t* rgb, const uint8_t* other, const uint8_t* mask, size_t pixels);
    void (*mix)(uint8_t* to, const uint8_t* other, size_t count, float share);
    // spans: where each bone reaches in the row, within left..right. room: 7 floats a pixel of the row, rounded up to kFingerStep.
    void (*finger_row)(uint8_t* row, int y, int left, int right, const Bone* bones, const Span* spans, int count, const Skin& skin, uint32_t seed, float* room);
    void (*luma)(const uint8_t* rgb, uint8_t* luma, size_t pixels);
    void (*add_luma)(uint8_t* rgb, const uint8_t* before, const uint8_t* after, size_t pixels);
};

extern const Kernels plain_kernels;
#if defined(__x86_64__)
extern const Kernels avx2_kernels, avx512_kernels;
#endif

// The fastest that this processor has; SIGNDATA_SIMD=plain, avx2 or avx512 chooses another.
const Kernels& kernels();

}  // namespace signdata
