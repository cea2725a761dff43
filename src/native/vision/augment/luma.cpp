// Contrast of luma: equalized over the whole picture or cell by cell, colour differences kept (Y of YCrCb is replaced).
#include <cstring>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "../status.h"
#include "kernels.h"

using signdata::guard;
using signdata::kernels;

namespace {

template <typename Change>
void change_luma(uint8_t* rgb, int width, int height, Change change) {
    thread_local std::vector<uint8_t> room;
    const size_t pixels = size_t(width) * height;
    room.resize(pixels * 2);
    kernels().luma(rgb, room.data(), pixels);
    change(cv::Mat(height, width, CV_8UC1, room.data()), cv::Mat(height, width, CV_8UC1, room.data() + pixels));
    kernels().add_luma(rgb, room.data(), room.data() + pixels, pixels);
}

}  // namespace

SD_EXPORT int32_t sd_equalize(uint8_t* rgb, int32_t width, int32_t height) {
    return guard([&] { change_luma(rgb, width, height, [](const cv::Mat& from, cv::Mat to) { cv::equalizeHist(from, to); }); });
}

// Zuiderveld 1994: histograms of tiles x tiles cells, clipped at `clip` times the mean.
SD_EXPORT int32_t sd_clahe(uint8_t* rgb, int32_t width, int32_t height, float clip, int32_t tiles) {
    return guard([&] {
        thread_local cv::Ptr<cv::CLAHE> clahe = cv::createCLAHE();
        clahe->setClipLimit(clip);
        clahe->setTilesGridSize(cv::Size(tiles, tiles));
        change_luma(rgb, width, height, [](const cv::Mat& from, cv::Mat to) { clahe->apply(from, to); });
    });
}
