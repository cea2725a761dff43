// Samples of a picture at any coordinates, bilinear.

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

#else

void sample_row(const Plane& from, int border, const float* xs, const float* ys, int count, const float* matrix, uint8_t* to) {
    for (int u = 0; u < count; u++) {
        sample_one(from, border, xs[u], ys[u], matrix, to + 3 * u);
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
