// Colour, pixel by pixel.

// A 3 x 4 matrix in sixteen bits, rows of r, g, b; what is added has the half for rounding in it.
struct FixedMatrix {
    int shift = 0;
    int16_t weight[3][3];
    int32_t constant[3];

    // Whether the weights are small enough that their rounding does not show.
    bool of(const float* m) {
        float most = 0;
        for (int c = 0; c < 3; c++) {
            for (int k = 0; k < 3; k++) {
                most = std::abs(m[4 * c + k]) > most ? std::abs(m[4 * c + k]) : most;
            }
        }
        shift = most < 1.99f ? 14 : most < 3.99f ? 13 : most < 7.99f ? 12 : 0;
        for (int c = 0; shift > 0 && c < 3; c++) {
            for (int k = 0; k < 3; k++) {
                weight[c][k] = int16_t(std::lrint(m[4 * c + k] * float(1 << shift)));
            }
            constant[c] = int32_t(std::lrint(clamped(m[4 * c + 3], -20000, 20000) * float(1 << shift))) + (1 << (shift - 1));
        }
        return shift > 0;
    }
};

void matrix(const uint8_t* from, uint8_t* to, size_t pixels, const float* m) {
    FixedMatrix fixed;
    if (!fixed.of(m)) {
        for (size_t i = 0; i < pixels; i++) {
            const float r = from[3 * i], g = from[3 * i + 1], b = from[3 * i + 2];
            for (int c = 0; c < 3; c++) {
                to[3 * i + c] = to_byte(((m[4 * c + 3] + r * m[4 * c]) + g * m[4 * c + 1]) + b * m[4 * c + 2]);
            }
        }
        return;
    }
    size_t i = 0;
#if defined(__AVX2__)
    const Wide red_green = in_lanes(_mm_setr_epi8(0, -1, 1, -1, 3, -1, 4, -1, 6, -1, 7, -1, 9, -1, 10, -1));
    const Wide blue = in_lanes(_mm_setr_epi8(2, -1, -1, -1, 5, -1, -1, -1, 8, -1, -1, -1, 11, -1, -1, -1));
    const Wide together = in_lanes(_mm_setr_epi8(0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11, -1, -1, -1, -1));
    Wide first[3], second[3], constant[3];
    for (int c = 0; c < 3; c++) {
        first[c] = all32(int(uint16_t(fixed.weight[c][0])) | int(uint32_t(uint16_t(fixed.weight[c][1])) << 16));
        second[c] = all32(int(uint16_t(fixed.weight[c][2])));
        constant[c] = all32(fixed.constant[c]);
    }
    for (; i + kWidePixels <= pixels; i += kWidePixels) {
        const Wide v = load_pixels(from + 3 * i), rg = shuffle(v, red_green), b = shuffle(v, blue);
        const auto channel = [&](int c) { return right32(add32(madd(rg, first[c]), add32(madd(b, second[c]), constant[c])), fixed.shift); };
        const Wide third = channel(2);
        store_pixels(to + 3 * i, shuffle(packus(packs(channel(0), channel(1)), packs(third, third)), together));
    }
#endif
    for (; i < pixels; i++) {
        const int r = from[3 * i], g = from[3 * i + 1], b = from[3 * i + 2];
        for (int c = 0; c < 3; c++) {
            const int v = (r * fixed.weight[c][0] + g * fixed.weight[c][1] + b * fixed.weight[c][2] + fixed.constant[c]) >> fixed.shift;
            to[3 * i + c] = uint8_t(v < 0 ? 0 : v > 255 ? 255 : v);
        }
    }
}

void table(const uint8_t* from, uint8_t* to, size_t pixels, const uint8_t* tables, int same) {
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
            const __m512i v = _mm512_loadu_si512(from + 3 * i + 64 * k);
            __m512i done = look(r, v);
            if (!same) {
                done = _mm512_mask_mov_epi8(done, thirds[(k + 2) % 3], look(g, v));
                done = _mm512_mask_mov_epi8(done, thirds[(k + 1) % 3], look(b, v));
            }
            _mm512_storeu_si512(to + 3 * i + 64 * k, done);
        }
    }
#else
    (void)same;
#endif
    for (; i < pixels; i++) {
        to[3 * i] = red[from[3 * i]];
        to[3 * i + 1] = green[from[3 * i + 1]];
        to[3 * i + 2] = blue[from[3 * i + 2]];
    }
}

void gain_row(uint8_t* __restrict row, const float* __restrict above, const float* __restrict below, float t, int count) {
    for (int i = 0; i < count; i++) {
        row[i] = to_byte(float(row[i]) * (above[i] + (below[i] - above[i]) * t));
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
