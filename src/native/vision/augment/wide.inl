// Four pixels, twelve bytes, in each lane of sixteen bytes: two lanes with AVX2, four with AVX-512. And words of sixteen bits, as many as fit.

#if defined(__AVX512BW__)

using Wide = __m512i;
const int kWidePixels = 16, kWideWords = 32;

inline Wide in_lanes(__m128i v) { return _mm512_broadcast_i32x4(v); }
inline Wide all32(int v) { return _mm512_set1_epi32(v); }
inline Wide all16(int v) { return _mm512_set1_epi16(short(v)); }
inline Wide load_pixels(const uint8_t* p) {
    return _mm512_permutexvar_epi32(_mm512_setr_epi32(0, 1, 2, 2, 3, 4, 5, 5, 6, 7, 8, 8, 9, 10, 11, 11), _mm512_maskz_loadu_epi32(0x0FFF, p));
}
inline void store_pixels(uint8_t* p, Wide v) {
    _mm512_mask_storeu_epi32(p, 0x0FFF, _mm512_permutexvar_epi32(_mm512_setr_epi32(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 15, 15, 15, 15), v));
}
inline Wide load_words(const uint8_t* p) { return _mm512_cvtepu8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p))); }
inline void store_words(int16_t* p, Wide v) { _mm512_storeu_si512(p, v); }
inline Wide shuffle(Wide v, Wide order) { return _mm512_shuffle_epi8(v, order); }
inline Wide add32(Wide a, Wide b) { return _mm512_add_epi32(a, b); }
inline Wide add16(Wide a, Wide b) { return _mm512_add_epi16(a, b); }
inline Wide sub16(Wide a, Wide b) { return _mm512_sub_epi16(a, b); }
inline Wide madd(Wide a, Wide b) { return _mm512_madd_epi16(a, b); }
inline Wide mulhrs(Wide a, Wide b) { return _mm512_mulhrs_epi16(a, b); }
inline Wide left16(Wide v, int count) { return _mm512_slli_epi16(v, unsigned(count)); }
inline Wide right32(Wide v, int count) { return _mm512_sra_epi32(v, _mm_cvtsi32_si128(count)); }
inline Wide packs(Wide a, Wide b) { return _mm512_packs_epi32(a, b); }
inline Wide packus(Wide a, Wide b) { return _mm512_packus_epi16(a, b); }
inline Wide interleave_low(Wide a, Wide b) { return _mm512_unpacklo_epi16(a, b); }
inline Wide interleave_high(Wide a, Wide b) { return _mm512_unpackhi_epi16(a, b); }
inline void store_bytes(uint8_t* p, Wide words) {
    const Wide clipped = _mm512_max_epi16(words, _mm512_setzero_si512());
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), _mm512_maskz_cvtusepi16_epi8(~0U, clipped));
}

#elif defined(__AVX2__)

using Wide = __m256i;
const int kWidePixels = 8, kWideWords = 16;

inline Wide in_lanes(__m128i v) { return _mm256_broadcastsi128_si256(v); }
inline Wide all32(int v) { return _mm256_set1_epi32(v); }
inline Wide all16(int v) { return _mm256_set1_epi16(short(v)); }
inline __m256i six() { return _mm256_setr_epi32(-1, -1, -1, -1, -1, -1, 0, 0); }
inline Wide load_pixels(const uint8_t* p) {
    return _mm256_permutevar8x32_epi32(_mm256_maskload_epi32(reinterpret_cast<const int*>(p), six()), _mm256_setr_epi32(0, 1, 2, 2, 3, 4, 5, 5));
}
inline void store_pixels(uint8_t* p, Wide v) {
    _mm256_maskstore_epi32(reinterpret_cast<int*>(p), six(), _mm256_permutevar8x32_epi32(v, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 7, 7)));
}
inline Wide load_words(const uint8_t* p) { return _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))); }
inline void store_words(int16_t* p, Wide v) { _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), v); }
inline Wide shuffle(Wide v, Wide order) { return _mm256_shuffle_epi8(v, order); }
inline Wide add32(Wide a, Wide b) { return _mm256_add_epi32(a, b); }
inline Wide add16(Wide a, Wide b) { return _mm256_add_epi16(a, b); }
inline Wide sub16(Wide a, Wide b) { return _mm256_sub_epi16(a, b); }
inline Wide madd(Wide a, Wide b) { return _mm256_madd_epi16(a, b); }
inline Wide mulhrs(Wide a, Wide b) { return _mm256_mulhrs_epi16(a, b); }
inline Wide left16(Wide v, int count) { return _mm256_slli_epi16(v, count); }
inline Wide right32(Wide v, int count) { return _mm256_sra_epi32(v, _mm_cvtsi32_si128(count)); }
inline Wide packs(Wide a, Wide b) { return _mm256_packs_epi32(a, b); }
inline Wide packus(Wide a, Wide b) { return _mm256_packus_epi16(a, b); }
inline Wide interleave_low(Wide a, Wide b) { return _mm256_unpacklo_epi16(a, b); }
inline Wide interleave_high(Wide a, Wide b) { return _mm256_unpackhi_epi16(a, b); }
inline void store_bytes(uint8_t* p, Wide words) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm256_castsi256_si128(_mm256_permute4x64_epi64(_mm256_packus_epi16(words, words), 0xD8)));
}

#endif
