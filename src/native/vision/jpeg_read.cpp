// JPEG to RGB with libjpeg-turbo: scaled in the DCT domain, turned upright by its EXIF orientation, refused when damaged.
#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <vector>

#include <jerror.h>
#include <jpeglib.h>
#include <opencv2/core.hpp>

#include "status.h"

namespace {

using signdata::BadInput;

// Progressive files of many scans cost a full pass each; cameras write about 10.
constexpr int kMaxScans = 100;

struct Reader {
    jpeg_error_mgr errors;
    jpeg_decompress_struct info;
    jpeg_progress_mgr progress;
    jmp_buf jump;
    char message[JMSG_LENGTH_MAX];

    Reader() {
        message[0] = 0;
        info.err = jpeg_std_error(&errors);
        info.client_data = this;
        errors.error_exit = [](j_common_ptr c) {
            auto* self = static_cast<Reader*>(c->client_data);
            c->err->format_message(c, self->message);
            longjmp(self->jump, 1);
        };
        errors.emit_message = [](j_common_ptr c, int level) {
            const int code = c->err->msg_code;
            // What libjpeg warns of and repairs with grey is refused; stray bytes between segments harm nothing.
            if (level < 0 && code != JWRN_EXTRANEOUS_DATA && code != JWRN_ADOBE_XFORM && code != JWRN_JFIF_MAJOR) {
                c->err->error_exit(c);
            }
        };
        errors.output_message = [](j_common_ptr) {};
        progress.progress_monitor = [](j_common_ptr c) {
            auto* self = static_cast<Reader*>(c->client_data);
            if (self->info.input_scan_number > kMaxScans) {
                std::snprintf(self->message, sizeof self->message, "more than %d scans", kMaxScans);
                longjmp(self->jump, 1);
            }
        };
        jpeg_create_decompress(&info);
        info.progress = &progress;
    }
    ~Reader() { jpeg_destroy_decompress(&info); }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
};

// TIFF tag 0x0112 of the first directory of the EXIF segment (CIPA DC-008, 4.6.4); 1 when absent or malformed.
int orientation(jpeg_saved_marker_ptr marker) {
    for (; marker; marker = marker->next) {
        const uint8_t* tiff = marker->data + 6;
        if (marker->marker != JPEG_APP0 + 1 || marker->data_length < 6 + 8 + 2 || std::memcmp(marker->data, "Exif\0\0", 6) != 0) {
            continue;
        }
        const size_t size = marker->data_length - 6;
        const bool little = tiff[0] == 'I';
        auto u16 = [&](size_t at) { return little ? tiff[at] | tiff[at + 1] << 8 : tiff[at] << 8 | tiff[at + 1]; };
        auto u32 = [&](size_t at) {
            return little ? uint32_t(u16(at)) | uint32_t(u16(at + 2)) << 16 : uint32_t(u16(at)) << 16 | uint32_t(u16(at + 2));
        };
        const size_t directory = u32(4);
        if (directory > size - 2) {
            return 1;
        }
        const int entries = u16(directory);
        for (int i = 0; i < entries; i++) {
            const size_t entry = directory + 2 + size_t(i) * 12;
            if (entry + 12 > size) {
                return 1;
            }
            if (u16(entry) == 0x0112) {
                const int value = u16(entry + 8);
                return value >= 1 && value <= 8 ? value : 1;
            }
        }
        return 1;
    }
    return 1;
}

// Only 1, 2, 4 and 8 eighths have SIMD transforms; the others cost more than they save.
void choose_scale(jpeg_decompress_struct& info, int min_side) {
    info.scale_denom = 8;
    info.scale_num = 8;
    const int64_t side = std::min(info.image_width, info.image_height);
    for (int eighths : {1, 2, 4}) {
        if (min_side > 0 && (side * eighths + 7) / 8 >= min_side) {
            info.scale_num = eighths;
            break;
        }
    }
}

// No object with a destructor may live in the functions that call setjmp.
bool read_header(Reader& reader, const uint8_t* bytes, size_t size, int min_side) {
    if (setjmp(reader.jump)) {
        return false;
    }
    auto& info = reader.info;
    jpeg_save_markers(&info, JPEG_APP0 + 1, 0xFFFF);
    jpeg_mem_src(&info, bytes, size);
    jpeg_read_header(&info, TRUE);
    choose_scale(info, min_side);
    info.out_color_space = info.num_components == 4 ? JCS_CMYK : JCS_RGB;
    jpeg_calc_output_dimensions(&info);
    return true;
}

void cmyk_to_rgb(const uint8_t* from, uint8_t* to, int width, bool inverted) {
    for (int x = 0; x < width; x++, from += 4, to += 3) {
        const int k = inverted ? from[3] : 255 - from[3];
        for (int c = 0; c < 3; c++) {
            const int ink = inverted ? from[c] : 255 - from[c];
            to[c] = uint8_t((ink * k + 127) / 255);
        }
    }
}

bool read_rows(Reader& reader, uint8_t* rgb, uint8_t* cmyk) {
    if (setjmp(reader.jump)) {
        return false;
    }
    auto& info = reader.info;
    jpeg_start_decompress(&info);
    const int width = int(info.output_width);
    while (info.output_scanline < info.output_height) {
        uint8_t* row = rgb + size_t(info.output_scanline) * width * 3;
        if (cmyk) {
            jpeg_read_scanlines(&info, &cmyk, 1);
            cmyk_to_rgb(cmyk, row, width, info.saw_Adobe_marker);
        } else {
            JSAMPROW rows[8];
            const JDIMENSION wanted = std::min<JDIMENSION>(8, info.output_height - info.output_scanline);
            for (JDIMENSION i = 0; i < wanted; i++) {
                rows[i] = row + size_t(i) * width * 3;
            }
            jpeg_read_scanlines(&info, rows, wanted);
        }
    }
    return true;
}

// Two rows of Y Cb Cr to two rows of luma and one of chroma.
void to_planes(const uint8_t* top, const uint8_t* bottom, int width, uint8_t* luma, uint8_t* u, uint8_t* v) {
    for (int x = 0; x < width; x += 2, top += 6, bottom += 6) {
        luma[x] = top[0];
        luma[x + 1] = top[3];
        luma[width + x] = bottom[0];
        luma[width + x + 1] = bottom[3];
        u[x / 2] = uint8_t((top[1] + top[4] + bottom[1] + bottom[4] + 2) / 4);
        v[x / 2] = uint8_t((top[2] + top[5] + bottom[2] + bottom[5] + 2) / 4);
    }
}

bool read_planes(Reader& reader, uint8_t* planes, int width, int height, uint8_t* two_rows) {
    if (setjmp(reader.jump)) {
        return false;
    }
    auto& info = reader.info;
    info.out_color_space = JCS_YCbCr;
    jpeg_start_decompress(&info);
    const size_t stride = size_t(info.output_width) * 3, luma = size_t(width) * height;
    for (int y = 0; y < height; y++) {
        uint8_t* row = two_rows + (y & 1) * stride;
        jpeg_read_scanlines(&info, &row, 1);
        if (y & 1) {
            const size_t chroma = luma + size_t(y / 2) * (width / 2);
            to_planes(two_rows, row, width, planes + size_t(y - 1) * width, planes + chroma, planes + chroma + luma / 4);
        }
    }
    return true;
}

void turn(const cv::Mat& from, cv::Mat& to, int orientation) {
    switch (orientation) {
        case 2: cv::flip(from, to, 1); break;
        case 3: cv::rotate(from, to, cv::ROTATE_180); break;
        case 4: cv::flip(from, to, 0); break;
        case 5: cv::transpose(from, to); break;
        case 6: cv::rotate(from, to, cv::ROTATE_90_CLOCKWISE); break;
        case 7: {
            cv::Mat turned;
            cv::rotate(from, turned, cv::ROTATE_180);
            cv::transpose(turned, to);
            break;
        }
        case 8: cv::rotate(from, to, cv::ROTATE_90_COUNTERCLOCKWISE); break;
    }
}

}  // namespace

// The size as stored, and the size that sd_jpeg_read() with the same min_side fills. Nothing of the size of the picture is allocated.
SD_EXPORT int32_t sd_jpeg_size(const uint8_t* bytes, size_t size, int32_t min_side, int32_t* stored_width, int32_t* stored_height,
                               int32_t* width, int32_t* height) {
    return signdata::guard([&] {
        Reader reader;
        if (!read_header(reader, bytes, size, min_side)) {
            throw BadInput(reader.message);
        }
        const bool sideways = orientation(reader.info.marker_list) >= 5;
        *stored_width = int(reader.info.image_width);
        *stored_height = int(reader.info.image_height);
        *width = int(sideways ? reader.info.output_height : reader.info.output_width);
        *height = int(sideways ? reader.info.output_width : reader.info.output_height);
    });
}

// RGB, upright, width x height x 3 bytes as sd_jpeg_size() told.
SD_EXPORT int32_t sd_jpeg_read(const uint8_t* bytes, size_t size, int32_t min_side, uint8_t* rgb, size_t capacity) {
    return signdata::guard([&] {
        Reader reader;
        if (!read_header(reader, bytes, size, min_side)) {
            throw BadInput(reader.message);
        }
        const int width = int(reader.info.output_width), height = int(reader.info.output_height);
        if (capacity != size_t(width) * height * 3) {
            throw std::invalid_argument("the buffer is not of the picture's size");
        }
        const int turned = orientation(reader.info.marker_list);
        std::vector<uint8_t> cmyk(reader.info.num_components == 4 ? size_t(width) * 4 : 0);
        cv::Mat stored;
        if (turned != 1) {
            stored.create(height, width, CV_8UC3);
        }
        if (!read_rows(reader, turned == 1 ? rgb : stored.data, cmyk.empty() ? nullptr : cmyk.data())) {
            throw BadInput(reader.message);
        }
        if (turned != 1) {
            cv::Mat upright(turned >= 5 ? width : height, turned >= 5 ? height : width, CV_8UC3, rgb);
            turn(stored, upright, turned);
        }
    });
}

// I420 as stored: width and height are the stored ones, made even by cutting off.
SD_EXPORT int32_t sd_jpeg_read_i420(const uint8_t* bytes, size_t size, uint8_t* planes, int32_t width, int32_t height) {
    return signdata::guard([&] {
        Reader reader;
        if (!read_header(reader, bytes, size, 0)) {
            throw BadInput(reader.message);
        }
        if (width != int(reader.info.image_width & ~1u) || height != int(reader.info.image_height & ~1u)) {
            throw std::invalid_argument("the planes are not of the picture's size");
        }
        if (reader.info.num_components != 3) {
            throw BadInput("its colours are not YCbCr");
        }
        std::vector<uint8_t> two_rows(size_t(reader.info.image_width) * 3 * 2);
        if (!read_planes(reader, planes, width, height, two_rows.data())) {
            throw BadInput(reader.message);
        }
    });
}
