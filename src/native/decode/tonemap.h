// HDR pictures (HLG and PQ of ITU-R BT.2100, 10 bits, BT.2020) as a screen without HDR shows them (8 bits, BT.709).
#pragma once

#include <cstdint>
#include <vector>

struct AVFrame;

namespace signdata {

class ToneMap {
   public:
    // transfer: AVCOL_TRC_SMPTE2084 or AVCOL_TRC_ARIB_STD_B67.
    explicit ToneMap(int transfer);

    int transfer() const { return transfer_; }

    // yuv420p10le of even size to yuv420p of that size.
    void apply(const AVFrame& from, AVFrame& to) const;

   private:
    int transfer_;
    std::vector<int16_t> luma_;    // [u][v][y], 6 bits after the point
    std::vector<uint8_t> chroma_;  // [u][v][y][2]
};

}  // namespace signdata
