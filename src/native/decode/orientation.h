// How the stored pictures must be turned to be upright.
#pragma once

#include <cstdint>

namespace signdata {

struct Orientation {
    int clockwise = 0;    // degrees: 0, 90, 180, 270
    bool mirror = false;  // left and right change places after the turn

    bool upright() const { return clockwise == 0 && !mirror; }
    bool sideways() const { return clockwise % 180 != 0; }
    bool operator==(const Orientation& other) const { return clockwise == other.clockwise && mirror == other.mirror; }

    // The filters of libavfilter that do it, each with a comma after it.
    const char* filters() const {
        switch (clockwise) {
            case 90: return mirror ? "transpose=cclock_flip," : "transpose=clock,";
            case 180: return mirror ? "vflip," : "hflip,vflip,";
            case 270: return mirror ? "transpose=clock_flip," : "transpose=cclock,";
            default: return mirror ? "hflip," : "";
        }
    }

    // Of a display matrix (ISO 14496-12, 6.2.2): x' = m[0] x + m[3] y, y' = m[1] x + m[4] y, to the nearest quarter of a turn.
    static Orientation of(const int32_t* m) {
        const int64_t a = m[0], b = m[1], c = m[3], d = m[4];
        if (a * d - b * c == 0) {
            return {};
        }
        if (a * a + d * d >= b * b + c * c) {
            return {d < 0 ? 180 : 0, (a > 0) != (d > 0)};
        }
        return {b > 0 ? 90 : 270, (b > 0) == (c > 0)};
    }
};

}  // namespace signdata
