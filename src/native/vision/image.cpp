// Pictures other than JPEG, and resizing, with OpenCV.
#include <cstdlib>
#include <cstring>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "status.h"

using signdata::BadInput;
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

// To RGB of the size that the caller has read in the header (and checked).
SD_EXPORT int32_t sd_image_read(const uint8_t* bytes, int32_t size, int32_t width, int32_t height, uint8_t* rgb) {
    return guard([&] {
        cv::Mat bgr;
        try {
            bgr = cv::imdecode(cv::Mat(1, size, CV_8UC1, const_cast<uint8_t*>(bytes)), cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION);
        } catch (const cv::Exception& e) {
            throw BadInput(e.err);
        }
        if (bgr.empty()) {
            throw BadInput("the data is damaged or cut short");
        }
        if (bgr.cols != width || bgr.rows != height || bgr.type() != CV_8UC3) {
            throw BadInput("the data and its header do not agree");
        }
        cv::Mat to = view(rgb, width, height, 3);
        cv::cvtColor(bgr, to, cv::COLOR_BGR2RGB);
    });
}

// height x width x channels samples (3: RGB, 1: grey) to PNG.
SD_EXPORT int32_t sd_png_write(const uint8_t* pixels, int32_t width, int32_t height, int32_t channels, uint8_t** bytes, size_t* length) {
    return guard([&] {
        cv::Mat image = view(pixels, width, height, channels);
        if (channels == 3) {
            cv::Mat bgr;
            cv::cvtColor(image, bgr, cv::COLOR_RGB2BGR);
            image = bgr;
        }
        std::vector<uint8_t> png;
        if (!cv::imencode(".png", image, png)) {
            throw std::runtime_error("OpenCV could not encode the PNG");
        }
        *bytes = static_cast<uint8_t*>(std::malloc(png.size()));
        if (!*bytes) {
            throw std::bad_alloc();
        }
        std::memcpy(*bytes, png.data(), png.size());
        *length = png.size();
    });
}

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
