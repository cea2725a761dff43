// Samples where columns stay columns and rows stay rows: rows are mixed first, then columns are picked from the mixed row.
// A mixed row holds values of 0..255 with seven more bits; weights are of 32768.

const int kFraction = 7;

inline int16_t mixed(int first, int second, int weight) {
    return int16_t(first + rounded_high(second - first, weight));
}

void mix_rows(const uint8_t* above, const uint8_t* below, int weight, int samples, int16_t* out) {
    int i = 0;
#if defined(__AVX2__)
    const Wide w = all16(weight);
    for (; i + kWideWords <= samples; i += kWideWords) {
        const Wide a = load_words(above + i), b = load_words(below + i);
        store_words(out + i, add16(left16(a, kFraction), mulhrs(left16(sub16(b, a), kFraction), w)));
    }
#endif
    for (; i < samples; i++) {
        out[i] = mixed(above[i] << kFraction, below[i] << kFraction, weight);
    }
}

// at: the sample that each pixel begins with; its right neighbour is three further. The row can be read eight samples beyond its end.
void pick_row(const int16_t* row, const int* at, const int16_t* weights, int count, uint8_t* to) {
    int u = 0;
#if defined(__AVX2__)
    const __m256i half = _mm256_set1_epi16(1 << (kFraction - 1));
    const auto four = [&](const int* first, int beyond, int a, int b, int c, int d) {
        const auto load = [&](int i) {
            long long v;
            std::memcpy(&v, row + first[i] + beyond, 8);
            return v;
        };
        return _mm256_set_epi64x(load(d), load(c), load(b), load(a));
    };
    const auto some = [&](__m256i weight, __m256i order, int a, int b, int c, int d) {
        const __m256i left = four(at + u, 0, a, b, c, d), right = four(at + u, 3, a, b, c, d);
        const __m256i v = _mm256_add_epi16(left, _mm256_mulhrs_epi16(_mm256_sub_epi16(right, left), _mm256_shuffle_epi8(weight, order)));
        return _mm256_srai_epi16(_mm256_add_epi16(v, half), kFraction);
    };
    const __m256i first = _mm256_setr_epi8(0, 1, 0, 1, 0, 1, 0, 1, 2, 3, 2, 3, 2, 3, 2, 3, 8, 9, 8, 9, 8, 9, 8, 9, 10, 11, 10, 11, 10, 11, 10, 11);
    const __m256i second = _mm256_add_epi8(first, _mm256_set1_epi8(4));
    const __m256i close = _mm256_setr_epi8(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1, 0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1);
    // Sixteen bytes are stored of which twelve are meant.
    for (; u + 10 <= count; u += 8) {
        const __m256i weight = _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(weights + u)));
        const __m256i rgb = _mm256_shuffle_epi8(_mm256_packus_epi16(some(weight, first, 0, 1, 4, 5), some(weight, second, 2, 3, 6, 7)), close);
        _mm_storeu_si128(reinterpret_cast<__m128i*>(to + 3 * u), _mm256_castsi256_si128(rgb));
        _mm_storeu_si128(reinterpret_cast<__m128i*>(to + 3 * u + 12), _mm256_extracti128_si256(rgb, 1));
    }
#endif
    for (; u < count; u++) {
        for (int c = 0; c < 3; c++) {
            const int v = (mixed(row[at[u] + c], row[at[u] + 3 + c], weights[u]) + (1 << (kFraction - 1))) >> kFraction;
            to[3 * u + c] = uint8_t(v < 0 ? 0 : v > 255 ? 255 : v);
        }
    }
}

void mirror_row(const uint8_t* from, int pixels, uint8_t* to) {
    int u = 0;
    const auto one = [&] {
        std::memcpy(to + 3 * u, from + 3 * (pixels - 1 - u), 3);
        u++;
    };
#if defined(__AVX2__)
    // Five pixels of fifteen bytes; the sixteenth byte read is the pixel's after them, the sixteenth written is written over.
    const __m128i order = _mm_setr_epi8(12, 13, 14, 9, 10, 11, 6, 7, 8, 3, 4, 5, 0, 1, 2, -1);
    if (pixels > 0) {
        one();
    }
    for (; u + 6 <= pixels; u += 5) {
        const __m128i five = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + 3 * (pixels - 5 - u)));
        _mm_storeu_si128(reinterpret_cast<__m128i*>(to + 3 * u), _mm_shuffle_epi8(five, order));
    }
#endif
    while (u < pixels) {
        one();
    }
}
