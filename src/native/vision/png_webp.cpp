// PNG by libpng's simplified interface, WebP by libwebp: neither writes to standard error, and neither is asked for a size that the
// caller has not checked.
#include <cstdlib>
#include <memory>
#include <vector>

#include <png.h>
#include <webp/decode.h>

#include "status.h"

using signdata::BadInput;
using signdata::guard;

namespace {

struct PngImage : png_image {
    PngImage() : png_image{} { version = PNG_IMAGE_VERSION; }
    ~PngImage() { png_image_free(this); }
    PngImage(const PngImage&) = delete;
    PngImage& operator=(const PngImage&) = delete;
};

}  // namespace

// To RGB of the size that the caller has read in the header (and checked). Alpha is dropped.
SD_EXPORT int32_t sd_png_read(const uint8_t* bytes, size_t size, int32_t width, int32_t height, uint8_t* rgb) {
    return guard([&] {
        PngImage png;
        if (!png_image_begin_read_from_memory(&png, bytes, size)) {
            throw BadInput(png.message);
        }
        if (int64_t(png.width) != width || int64_t(png.height) != height) {
            throw BadInput("the data and its header do not agree");
        }
        const bool alpha = png.format & PNG_FORMAT_FLAG_ALPHA;
        png.format = alpha ? PNG_FORMAT_RGBA : PNG_FORMAT_RGB;
        png.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;
        const size_t pixels = size_t(width) * height;
        std::unique_ptr<uint8_t[]> rgba(alpha ? new uint8_t[pixels * 4] : nullptr);
        // A warning leaves the picture whole; what is damaged or cut short is an error.
        if (!png_image_finish_read(&png, nullptr, alpha ? rgba.get() : rgb, 0, nullptr)) {
            throw BadInput(png.message);
        }
        for (size_t i = 0; alpha && i < pixels; i++) {
            rgb[3 * i] = rgba[4 * i];
            rgb[3 * i + 1] = rgba[4 * i + 1];
            rgb[3 * i + 2] = rgba[4 * i + 2];
        }
    });
}

// height x width x channels samples (3: RGB, 1: grey).
SD_EXPORT int32_t sd_png_write(const uint8_t* pixels, int32_t width, int32_t height, int32_t channels, uint8_t** bytes, size_t* length) {
    return guard([&] {
        PngImage png;
        png.width = width;
        png.height = height;
        png.format = channels == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
        png.flags = PNG_IMAGE_FLAG_FAST;
        png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(png);
        std::unique_ptr<uint8_t, decltype(&std::free)> out(static_cast<uint8_t*>(std::malloc(size)), std::free);
        if (!out) {
            throw std::bad_alloc();
        }
        if (!png_image_write_to_memory(&png, out.get(), &size, 0, pixels, 0, nullptr)) {
            throw std::runtime_error(png.message);
        }
        *bytes = out.release();
        *length = size;
    });
}

// To RGB of the size that the caller has read in the header (and checked). Alpha is dropped; an animation is refused.
SD_EXPORT int32_t sd_webp_read(const uint8_t* bytes, size_t size, int32_t width, int32_t height, uint8_t* rgb) {
    return guard([&] {
        WebPBitstreamFeatures features;
        if (WebPGetFeatures(bytes, size, &features) != VP8_STATUS_OK) {
            throw BadInput("the WebP header is damaged");
        }
        if (features.has_animation) {
            throw BadInput("an animated WebP is no single picture");
        }
        if (features.width != width || features.height != height) {
            throw BadInput("the data and its header do not agree");
        }
        if (!WebPDecodeRGBInto(bytes, size, rgb, size_t(width) * height * 3, width * 3)) {
            throw BadInput("the WebP data is damaged or cut short");
        }
    });
}
