// RGB, grey and I420 to JPEG with libjpeg-turbo. I420 goes in as it is: no RGB between, no chroma resampling.
#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include <jpeglib.h>

#include "status.h"
#include "yuv.h"

namespace {

struct Writer {
    jpeg_error_mgr errors;
    jpeg_compress_struct info;
    jmp_buf jump;
    char message[JMSG_LENGTH_MAX];
    unsigned char* out = nullptr;
    unsigned long size = 0;

    Writer(int width, int height, int quality) {
        message[0] = 0;
        info.err = jpeg_std_error(&errors);
        info.client_data = this;
        errors.error_exit = [](j_common_ptr c) {
            auto* self = static_cast<Writer*>(c->client_data);
            c->err->format_message(c, self->message);
            longjmp(self->jump, 1);
        };
        errors.emit_message = [](j_common_ptr, int) {};
        errors.output_message = [](j_common_ptr) {};
        jpeg_create_compress(&info);
        info.image_width = width;
        info.image_height = height;
        requested_quality = quality;
    }
    ~Writer() {
        jpeg_destroy_compress(&info);
        std::free(out);
    }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    void start(int components, J_COLOR_SPACE space, bool raw) {
        jpeg_mem_dest(&info, &out, &size);
        info.input_components = components;
        info.in_color_space = space;
        jpeg_set_defaults(&info);
        jpeg_set_quality(&info, requested_quality, TRUE);
        info.raw_data_in = raw;
        jpeg_start_compress(&info, TRUE);
    }

    // Hands the bytes over; the caller frees them with sd_vision_free().
    void give(uint8_t** bytes, size_t* length) {
        *bytes = out;
        *length = size;
        out = nullptr;
    }

    int requested_quality;
};

bool write_pixels(Writer& writer, const uint8_t* pixels, int channels) {
    if (setjmp(writer.jump)) {
        return false;
    }
    auto& info = writer.info;
    writer.start(channels, channels == 3 ? JCS_RGB : JCS_GRAYSCALE, false);
    const size_t stride = size_t(info.image_width) * channels;
    while (info.next_scanline < info.image_height) {
        auto* row = const_cast<JSAMPROW>(pixels + info.next_scanline * stride);
        jpeg_write_scanlines(&info, &row, 1);
    }
    jpeg_finish_compress(&info);
    return true;
}

// The three planes' rows of one row of 16x16 blocks, widened to whole blocks.
struct Strip {
    std::vector<uint8_t> luma, u, v;
    std::vector<int32_t> scratch;
    JSAMPROW luma_rows[16], u_rows[8], v_rows[8];
    JSAMPARRAY planes[3] = {luma_rows, u_rows, v_rows};
    int width, height, padded;

    Strip(int width, int height) : width(width), height(height), padded((width + 15) / 16 * 16) {
        luma.resize(size_t(padded) * 16);
        u.resize(size_t(padded) / 2 * 8);
        v.resize(u.size());
        scratch.resize(width);
        for (int i = 0; i < 16; i++) {
            luma_rows[i] = luma.data() + size_t(i) * padded;
        }
        for (int i = 0; i < 8; i++) {
            u_rows[i] = u.data() + size_t(i) * padded / 2;
            v_rows[i] = v.data() + size_t(i) * padded / 2;
        }
    }

    // Rows past the last repeat it, as columns past the last do.
    void fill(const signdata::ColourMap& map, const uint8_t* frame, int top) {
        const int half = width / 2;
        const size_t pixels = size_t(width) * height;
        for (int i = 0; i < 16; i++) {
            const int row = std::min(top + i, height - 1);
            const uint8_t* from_u = frame + pixels + size_t(row / 2) * half;
            signdata::map_row(map, 0, frame + size_t(row) * width, from_u, from_u + pixels / 4, width, scratch.data(), luma_rows[i], 1);
            std::memset(luma_rows[i] + width, luma_rows[i][width - 1], padded - width);
        }
        for (int i = 0; i < 8; i++) {
            const int row = std::min(top / 2 + i, height / 2 - 1);
            const uint8_t* from_u = frame + pixels + size_t(row) * half;
            signdata::map_chroma(map, 1, from_u, from_u + pixels / 4, half, u_rows[i]);
            signdata::map_chroma(map, 2, from_u, from_u + pixels / 4, half, v_rows[i]);
            std::memset(u_rows[i] + half, u_rows[i][half - 1], padded / 2 - half);
            std::memset(v_rows[i] + half, v_rows[i][half - 1], padded / 2 - half);
        }
    }
};

bool write_planes(Writer& writer, const uint8_t* frame, const signdata::ColourMap& map, Strip& strip) {
    if (setjmp(writer.jump)) {
        return false;
    }
    auto& info = writer.info;
    writer.start(3, JCS_YCbCr, true);
    while (info.next_scanline < info.image_height) {
        strip.fill(map, frame, int(info.next_scanline));
        jpeg_write_raw_data(&info, strip.planes, 16);
    }
    jpeg_finish_compress(&info);
    return true;
}

}  // namespace

// height x width x channels samples (3: RGB, 1: grey).
SD_EXPORT int32_t sd_jpeg_write(const uint8_t* pixels, int32_t width, int32_t height, int32_t channels, int32_t quality, uint8_t** bytes,
                                size_t* length) {
    return signdata::guard([&] {
        Writer writer(width, height, quality);
        if (!write_pixels(writer, pixels, channels)) {
            throw std::runtime_error(writer.message);
        }
        writer.give(bytes, length);
    });
}

// Planes Y, U, V one after the other, of even size.
SD_EXPORT int32_t sd_jpeg_write_i420(const uint8_t* planes, int32_t width, int32_t height, int32_t matrix, int32_t full, int32_t quality,
                                     uint8_t** bytes, size_t* length) {
    return signdata::guard([&] {
        const signdata::ColourMap map = signdata::to_jfif(matrix, full);
        Strip strip(width, height);
        Writer writer(width, height, quality);
        if (!write_planes(writer, planes, map, strip)) {
            throw std::runtime_error(writer.message);
        }
        writer.give(bytes, length);
    });
}
