// Where the hand is in a photograph: GrabCut (Rother, Kolmogorov, Blake 2004), seeded by the colour of skin and by the middle of the picture.
#include <algorithm>
#include <cmath>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "../status.h"

namespace {

const int kIterations = 3;

// How much a pixel is like skin and near the middle: a* + b* of Lab above the picture's own median, in deviations, weighted by a broad bell.
cv::Mat prior(const cv::Mat& rgb) {
    cv::Mat lab, score(rgb.size(), CV_32F);
    cv::cvtColor(rgb, lab, cv::COLOR_RGB2Lab);
    std::vector<float> all;
    for (int y = 0; y < rgb.rows; y++) {
        for (int x = 0; x < rgb.cols; x++) {
            const cv::Vec3b v = lab.at<cv::Vec3b>(y, x);
            // Skin is red rather than green, and more yellow than blue.
            score.at<float>(y, x) = float(v[1]) - 128 + 0.7f * (float(v[2]) - 128);
            all.push_back(score.at<float>(y, x));
        }
    }
    std::nth_element(all.begin(), all.begin() + all.size() / 2, all.end());
    const float median = all[all.size() / 2];
    float spread = 0;
    for (float v : all) {
        spread += std::abs(v - median);
    }
    spread = std::max(3.0f, spread / float(all.size()));
    for (int y = 0; y < rgb.rows; y++) {
        for (int x = 0; x < rgb.cols; x++) {
            const float u = (float(x) + 0.5f) / rgb.cols - 0.5f, v = (float(y) + 0.5f) / rgb.rows - 0.5f;
            float& s = score.at<float>(y, x);
            s = std::max(-2.0f, std::min(2.0f, (s - median) / spread)) + 1.4f * std::exp(-(u * u + v * v) / 0.12f) - 0.9f;
        }
    }
    return score;
}

double centred(int x, int y, const cv::Size& size) {
    const double u = (x + 0.5) / size.width - 0.5, v = (y + 0.5) / size.height - 0.5;
    return std::exp(-(u * u + v * v) / 0.08);
}

// The component that has the most of the middle; others go.
void keep_component(cv::Mat& mask) {
    cv::Mat labels;
    const int count = cv::connectedComponents(mask, labels, 4, CV_32S);
    std::vector<double> weight(count, 0);
    for (int y = 0; y < mask.rows; y++) {
        for (int x = 0; x < mask.cols; x++) {
            weight[labels.at<int>(y, x)] += centred(x, y, mask.size());
        }
    }
    weight[0] = 0;
    const int best = int(std::max_element(weight.begin(), weight.end()) - weight.begin());
    for (int y = 0; y < mask.rows; y++) {
        for (int x = 0; x < mask.cols; x++) {
            mask.at<uint8_t>(y, x) = best > 0 && labels.at<int>(y, x) == best ? 255 : 0;
        }
    }
}

// How far the colours inside are from those outside: Fisher's distance in Lab, which a varied background does not make small as long as none of it is like the hand. It is 3 to
// 5 of most hands, and below 2 where a hand was cut out with what lies beside it.
double distance(const cv::Mat& rgb, const cv::Mat& mask) {
    cv::Mat lab;
    cv::cvtColor(rgb, lab, cv::COLOR_RGB2Lab);
    cv::Vec3d mean[2];
    cv::Matx33d square[2];
    double count[2] = {0, 0};
    for (int y = 0; y < rgb.rows; y++) {
        for (int x = 0; x < rgb.cols; x++) {
            const int in = mask.at<uint8_t>(y, x) != 0;
            const cv::Vec3d v = lab.at<cv::Vec3b>(y, x);
            mean[in] += v;
            square[in] += v * v.t();
            count[in]++;
        }
    }
    // Two levels of noise a channel are nobody's difference.
    cv::Matx33d within = cv::Matx33d::eye() * 4.0;
    for (int in = 0; in < 2; in++) {
        mean[in] *= 1 / count[in];
        within += (square[in] * (1 / count[in]) - mean[in] * mean[in].t()) * 0.5;
    }
    const cv::Vec3d apart = mean[1] - mean[0];
    return std::sqrt(std::max(0.0, apart.dot(within.solve(apart, cv::DECOMP_CHOLESKY))));
}

// An arm goes on beyond the picture, on the side that it takes most of and round a corner of it; fingers that another side cuts off end there, or whoever continues the
// picture's border would make streaks of them.
void end_at_sides(cv::Mat& mask) {
    const int right = mask.cols - 1, bottom = mask.rows - 1;
    cv::Mat sides[4] = {mask.row(0), mask.col(right), mask.row(bottom), mask.col(0)};
    // Between a side and the next.
    const bool corner[4] = {mask.at<uint8_t>(0, right) > 127, mask.at<uint8_t>(bottom, right) > 127, mask.at<uint8_t>(bottom, 0) > 127, mask.at<uint8_t>(0, 0) > 127};
    int most = -1, arm = 0;
    for (int i = 0; i < 4; i++) {
        const int held = cv::countNonZero(sides[i] > 127);
        if (held > most) {
            most = held;
            arm = i;
        }
    }
    for (int i = 1; i < 4; i++) {
        const bool round = (i == 1 && corner[arm]) || (i == 3 && corner[(arm + 3) % 4]);
        if (!round) {
            sides[(arm + i) % 4].setTo(0);
        }
    }
}

}  // namespace

// mask: height x width, 0 to 255, softly edged. confidence: 0 .. 1, from its area, how much of the middle it holds, and how far its colours are from the rest's.
SD_EXPORT int32_t sd_hand_mask(const uint8_t* rgb, int32_t width, int32_t height, uint8_t* mask, float* confidence) {
    return signdata::guard([&] {
        const cv::Mat picture(height, width, CV_8UC3, const_cast<uint8_t*>(rgb));
        cv::Mat out(height, width, CV_8UC1, mask);
        *confidence = 0;
        out.setTo(0);
        const cv::Mat score = prior(picture);
        cv::Mat cut(picture.size(), CV_8UC1);
        int foreground = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                const float s = score.at<float>(y, x);
                cut.at<uint8_t>(y, x) = s > 1.8f ? uint8_t(cv::GC_FGD) : s > 0.6f ? uint8_t(cv::GC_PR_FGD) : s > -1.9f ? uint8_t(cv::GC_PR_BGD) : uint8_t(cv::GC_BGD);
                foreground += s > 0.6f;
            }
        }
        const int pixels = width * height;
        if (foreground < 16 || foreground > pixels - 16) {
            return;
        }
        // The start of its clusters is drawn; from the same state each time.
        cv::theRNG().state = 0x5349474E;
        cv::Mat background, hand;
        cv::grabCut(picture, cut, cv::Rect(), background, hand, kIterations, cv::GC_INIT_WITH_MASK);
        out.setTo(255, (cut == cv::GC_FGD) | (cut == cv::GC_PR_FGD));
        keep_component(out);
        // What is closed in belongs to the hand, but for large holes between fingers.
        cv::morphologyEx(out, out, cv::MORPH_CLOSE, cv::getStructuringElement(cv::MORPH_ELLIPSE, cv::Size(3, 3)));
        double inside = 0, middle = 0;
        int area = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                const double weight = centred(x, y, picture.size());
                const bool in = out.at<uint8_t>(y, x) != 0;
                middle += weight;
                inside += in ? weight : 0;
                area += in;
            }
        }
        if (area == 0 || area == pixels) {
            return;
        }
        const double share = double(area) / pixels;
        const double sized = std::min(1.0, std::min(share / 0.06, (1 - share) / 0.25)), held = std::min(1.0, inside / middle / 0.35);
        const double distinct = std::min(1.0, distance(picture, out) / 4);
        // Outlines are drawn larger than they are known: soft, they show no steps.
        cv::GaussianBlur(out, out, cv::Size(3, 3), 0);
        end_at_sides(out);
        *confidence = share < 0.06 || share > 0.75 ? 0 : float(sized * held * distinct);
    });
}
