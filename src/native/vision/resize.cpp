// Other sizes and colours, with OpenCV.
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "status.h"

using signdata::guard;

namespace {

// Callers run many pictures at once; OpenCV's own threads would only fight for the same cores.
const bool single_threaded = [] {
    cv::setNumThreads(1);
    return true;
}();

cv::Mat view(const void* samples, int width, int height, int channels) {
    return cv::Mat(height, width, CV_8UC(channels), const_cast<void*>(samples));
}

}  // namespace

// Area averages when it gets smaller, bicubic when larger.
SD_EXPORT int32_t sd_resize(const uint8_t* from, int32_t width, int32_t height, int32_t channels, uint8_t* to, int32_t to_width,
                            int32_t to_height) {
    return guard([&] {
        const bool smaller = to_width <= width && to_height <= height;
        cv::Mat target = view(to, to_width, to_height, channels);
        cv::resize(view(from, width, height, channels), target, target.size(), 0, 0, smaller ? cv::INTER_AREA : cv::INTER_CUBIC);
    });
}

// RGB to grey by the BT.601 weights.
SD_EXPORT int32_t sd_grey(const uint8_t* rgb, int32_t width, int32_t height, uint8_t* grey) {
    return guard([&] {
        cv::Mat target = view(grey, width, height, 1);
        cv::cvtColor(view(rgb, width, height, 3), target, cv::COLOR_RGB2GRAY);
    });
}
