// Letters drawn into pictures, with OpenCV's stroke font.
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "status.h"

using signdata::guard;

namespace {

constexpr int kFont = cv::FONT_HERSHEY_SIMPLEX;

}  // namespace

// How wide a line of ASCII becomes when its capitals are that high.
SD_EXPORT int32_t sd_text_width(const char* text, int32_t height, int32_t thickness, int32_t* width) {
    return guard([&] {
        int below;
        *width = cv::getTextSize(text, kFont, cv::getFontScaleFromHeight(kFont, height, thickness), thickness, &below).width;
    });
}

// Draws a line of ASCII; (left, bottom) is where its baseline begins. What lies outside the picture is cut off.
SD_EXPORT int32_t sd_text(uint8_t* rgb, int32_t width, int32_t height, const char* text, int32_t left, int32_t bottom, int32_t size,
                          int32_t thickness, int32_t colour) {
    return guard([&] {
        cv::Mat picture(height, width, CV_8UC3, rgb);
        const cv::Scalar ink(colour >> 16 & 255, colour >> 8 & 255, colour & 255);
        cv::putText(picture, text, {left, bottom}, kFont, cv::getFontScaleFromHeight(kFont, size, thickness), ink, thickness, cv::LINE_AA);
    });
}
