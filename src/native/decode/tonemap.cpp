#include "tonemap.h"

#include <algorithm>
#include <cmath>

extern "C" {
#include <libavutil/frame.h>
}

namespace signdata {
namespace {

// The table has a knot every 16 of 1024 levels in each direction.
constexpr int kKnots = 65;

// BT.2408: HDR pictures put white, which a plain screen shows at its full brightness, at 203 candela per square metre.
constexpr double kWhite = 203, kPeak = 1000;

// ST 2084: the light, in candela per square metre, of a PQ signal.
double pq(double signal) {
    constexpr double m1 = 2610.0 / 16384, m2 = 2523.0 / 4096 * 128, c1 = 3424.0 / 4096, c2 = 2413.0 / 4096 * 32, c3 = 2392.0 / 4096 * 32;
    const double power = std::pow(std::max(signal, 0.0), 1 / m2);
    return 10000 * std::pow(std::max(power - c1, 0.0) / (c2 - c3 * power), 1 / m1);
}

// BT.2100 table 5: the light of the scene, 0 to 1, of an HLG signal.
double hlg(double signal) {
    constexpr double a = 0.17883277, b = 1 - 4 * a;
    const double c = 0.5 - a * std::log(4 * a);
    signal = std::max(signal, 0.0);
    return signal <= 0.5 ? signal * signal / 3 : (std::exp((signal - c) / a) + b) / 12;
}

// Straight up to the knee, then ever flatter up to 1 at the peak: a Moebius transformation with slope 1 at the knee.
double roll_off(double light) {
    constexpr double knee = 0.5, peak = kPeak / kWhite;
    if (light <= knee) {
        return light;
    }
    constexpr double a = -knee * knee * (peak - 1) / (knee * knee - 2 * knee + peak);
    constexpr double b = (knee * knee - 2 * knee * peak + peak) / (peak - 1);
    return std::min(1.0, (b * b + 2 * b * knee + knee * knee) / (b - a) * (light + a) / (light + b));
}

// BT.709 cameras, inverse of what screens do by BT.1886.
double gamma(double light) { return std::pow(std::clamp(light, 0.0, 1.0), 1 / 2.4); }

struct Yuv {
    double y, u, v;  // 0..1, -0.5..0.5, -0.5..0.5
};

Yuv map(int transfer, Yuv in) {
    // BT.2020 non-constant luminance.
    constexpr double red = 0.2627, blue = 0.0593, green = 1 - red - blue;
    double rgb[3];
    rgb[0] = in.y + 2 * (1 - red) * in.v;
    rgb[2] = in.y + 2 * (1 - blue) * in.u;
    rgb[1] = (in.y - red * rgb[0] - blue * rgb[2]) / green;
    if (transfer == AVCOL_TRC_SMPTE2084) {
        for (double& c : rgb) {
            c = pq(std::clamp(c, 0.0, 1.0)) / kWhite;
        }
    } else {
        for (double& c : rgb) {
            c = hlg(std::clamp(c, 0.0, 1.0));
        }
        // The system gamma of a screen of 1000 candela, BT.2100 note 5f.
        const double scene = red * rgb[0] + green * rgb[1] + blue * rgb[2];
        const double scale = std::pow(std::max(scene, 1e-9), 0.2) * kPeak / kWhite;
        for (double& c : rgb) {
            c *= scale;
        }
    }
    const double most = std::max({rgb[0], rgb[1], rgb[2], 1e-9}), scale = roll_off(most) / most;
    // BT.2087: from the primaries of BT.2020 to those of BT.709.
    constexpr double narrow[3][3] = {{1.6605, -0.5876, -0.0728}, {-0.1246, 1.1329, -0.0083}, {-0.0182, -0.1006, 1.1187}};
    double out[3];
    for (int i = 0; i < 3; i++) {
        out[i] = gamma((narrow[i][0] * rgb[0] + narrow[i][1] * rgb[1] + narrow[i][2] * rgb[2]) * scale);
    }
    const double luma = 0.2126 * out[0] + 0.7152 * out[1] + 0.0722 * out[2];
    return {luma, (out[2] - luma) / (2 * (1 - 0.0722)), (out[0] - luma) / (2 * (1 - 0.2126))};
}

}  // namespace

ToneMap::ToneMap(int transfer) : transfer_(transfer), luma_(size_t(kKnots) * kKnots * kKnots), chroma_(luma_.size() * 2) {
    size_t at = 0;
    for (int u = 0; u < kKnots; u++) {
        for (int v = 0; v < kKnots; v++) {
            for (int y = 0; y < kKnots; y++, at++) {
                // Limited range: 64 to 940 of luma, 64 to 960 of chroma.
                const Yuv out = map(transfer, {(y * 16 - 64) / 876.0, (u * 16 - 512) / 896.0, (v * 16 - 512) / 896.0});
                luma_[at] = int16_t(std::lround((16 + 219 * out.y) * 64));
                chroma_[2 * at] = uint8_t(std::lround(std::clamp(128 + 224 * out.u, 0.0, 255.0)));
                chroma_[2 * at + 1] = uint8_t(std::lround(std::clamp(128 + 224 * out.v, 0.0, 255.0)));
            }
        }
    }
}

void ToneMap::apply(const AVFrame& from, AVFrame& to) const {
    for (int row = 0; row < to.height / 2; row++) {
        const auto* top = reinterpret_cast<const uint16_t*>(from.data[0] + ptrdiff_t(2 * row) * from.linesize[0]);
        const auto* bottom = reinterpret_cast<const uint16_t*>(from.data[0] + ptrdiff_t(2 * row + 1) * from.linesize[0]);
        const auto* from_u = reinterpret_cast<const uint16_t*>(from.data[1] + ptrdiff_t(row) * from.linesize[1]);
        const auto* from_v = reinterpret_cast<const uint16_t*>(from.data[2] + ptrdiff_t(row) * from.linesize[2]);
        uint8_t* to_top = to.data[0] + ptrdiff_t(2 * row) * to.linesize[0];
        uint8_t* to_bottom = to_top + to.linesize[0];
        uint8_t* to_u = to.data[1] + ptrdiff_t(row) * to.linesize[1];
        uint8_t* to_v = to.data[2] + ptrdiff_t(row) * to.linesize[2];
        for (int x = 0; x < to.width / 2; x++) {
            // The decoder's samples of 10 bits may not be trusted to stay within them.
            const int u = from_u[x] & 1023, v = from_v[x] & 1023, part_u = u & 15, part_v = v & 15;
            const int a = top[2 * x] & 1023, b = top[2 * x + 1] & 1023, c = bottom[2 * x] & 1023, d = bottom[2 * x + 1] & 1023;
            const size_t line = (size_t(u >> 4) * kKnots + (v >> 4)) * kKnots, next_u = size_t(kKnots) * kKnots, next_v = kKnots;
            const size_t corners[4] = {line, line + next_v, line + next_u, line + next_u + next_v};
            const int weights[4] = {(16 - part_u) * (16 - part_v), (16 - part_u) * part_v, part_u * (16 - part_v), part_u * part_v};
            const size_t nearest = corners[(part_u >= 8 ? 2 : 0) + (part_v >= 8 ? 1 : 0)];

            // Between the knots of chroma everything is interpolated at the block's mean luma, between those of luma at each pixel's.
            const int mean = (a + b + c + d + 32) >> 6;
            int level = 0, out_u = 128, out_v = 128;
            for (int i = 0; i < 4; i++) {
                level += weights[i] * luma_[corners[i] + mean];
                out_u += weights[i] * chroma_[2 * (corners[i] + mean)];
                out_v += weights[i] * chroma_[2 * (corners[i] + mean) + 1];
            }
            const int shift = level / 256 - luma_[nearest + mean];
            const auto luma = [&](int y) {
                const int16_t* knot = &luma_[nearest + (y >> 4)];
                return uint8_t(std::clamp((knot[0] * (16 - (y & 15)) + knot[1] * (y & 15) + shift * 16 + 512) >> 10, 0, 255));
            };
            to_top[2 * x] = luma(a);
            to_top[2 * x + 1] = luma(b);
            to_bottom[2 * x] = luma(c);
            to_bottom[2 * x + 1] = luma(d);
            to_u[x] = uint8_t(out_u >> 8);
            to_v[x] = uint8_t(out_v >> 8);
        }
    }
}

}  // namespace signdata
