// Sums over neighbours, in whole numbers: the same on every processor whatever the order.

void taps_row(const uint8_t* __restrict padded, const ptrdiff_t* offsets, const TapGroup* groups, int count, int shift, int samples, uint8_t* __restrict to) {
#if defined(__AVX2__)
    const Wide half = all32(1 << (shift - 1));
    for (int start = 0; start < samples; start += kWideWords) {
        const uint8_t* at = padded + start;
        const auto sum = [&](const TapGroup& group) {
            Wide words = load_words(at + offsets[group.begin]);
            for (int k = group.begin + 1; k < group.end; k++) {
                words = add16(words, load_words(at + offsets[k]));
            }
            return words;
        };
        Wide low = half, high = half;
        for (int g = 0; g < count; g += 2) {
            const bool pair = g + 1 < count;
            const Wide first = sum(groups[g]), second = pair ? sum(groups[g + 1]) : first;
            const Wide weights = all32(int(uint16_t(groups[g].weight)) | (pair ? int(uint32_t(uint16_t(groups[g + 1].weight)) << 16) : 0));
            low = add32(low, madd(interleave_low(first, second), weights));
            high = add32(high, madd(interleave_high(first, second), weights));
        }
        uint8_t done[kWideWords];
        store_bytes(done, packs(right32(low, shift), right32(high, shift)));
        std::memcpy(to + start, done, size_t(samples - start < kWideWords ? samples - start : kWideWords));
    }
#else
    const int stretch = 64;
    for (int start = 0; start < samples; start += stretch) {
        int total[stretch];
        for (int i = 0; i < stretch; i++) {
            total[i] = 1 << (shift - 1);
        }
        for (int g = 0; g < count; g++) {
            for (int k = groups[g].begin; k < groups[g].end; k++) {
                for (int i = 0; i < stretch; i++) {
                    total[i] += groups[g].weight * padded[start + offsets[k] + i];
                }
            }
        }
        for (int i = 0; i < stretch && start + i < samples; i++) {
            const int v = total[i] >> shift;
            to[start + i] = uint8_t(v < 0 ? 0 : v > 255 ? 255 : v);
        }
    }
#endif
}
