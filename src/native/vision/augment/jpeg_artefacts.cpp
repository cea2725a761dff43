// What JPEG leaves of a picture: there and back again, 4:2:0, in memory that each thread keeps.
#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include <jpeglib.h>

#include "../status.h"

namespace {

struct Turnaround {
    jpeg_error_mgr errors;
    jpeg_compress_struct writer;
    jpeg_decompress_struct reader;
    jmp_buf jump;
    char message[JMSG_LENGTH_MAX] = {};
    std::vector<uint8_t> bytes;

    Turnaround() {
        writer.err = reader.err = jpeg_std_error(&errors);
        writer.client_data = reader.client_data = this;
        errors.error_exit = [](j_common_ptr c) {
            auto* self = static_cast<Turnaround*>(c->client_data);
            c->err->format_message(c, self->message);
            longjmp(self->jump, 1);
        };
        errors.emit_message = [](j_common_ptr, int) {};
        errors.output_message = [](j_common_ptr) {};
        jpeg_create_compress(&writer);
        jpeg_create_decompress(&reader);
    }
    ~Turnaround() {
        jpeg_destroy_compress(&writer);
        jpeg_destroy_decompress(&reader);
    }
    Turnaround(const Turnaround&) = delete;
    Turnaround& operator=(const Turnaround&) = delete;

    bool run(uint8_t* rgb, int width, int height, int quality) {
        if (setjmp(jump)) {
            jpeg_abort_compress(&writer);
            jpeg_abort_decompress(&reader);
            return false;
        }
        unsigned char* out = bytes.data();
        unsigned long size = bytes.size();
        jpeg_mem_dest(&writer, &out, &size);
        writer.image_width = width;
        writer.image_height = height;
        writer.input_components = 3;
        writer.in_color_space = JCS_RGB;
        jpeg_set_defaults(&writer);
        jpeg_set_quality(&writer, quality, TRUE);
        jpeg_start_compress(&writer, TRUE);
        while (writer.next_scanline < writer.image_height) {
            JSAMPROW row = rgb + size_t(writer.next_scanline) * width * 3;
            jpeg_write_scanlines(&writer, &row, 1);
        }
        jpeg_finish_compress(&writer);
        jpeg_mem_src(&reader, out, size);
        jpeg_read_header(&reader, TRUE);
        reader.out_color_space = JCS_RGB;
        jpeg_start_decompress(&reader);
        while (reader.output_scanline < reader.output_height) {
            JSAMPROW row = rgb + size_t(reader.output_scanline) * width * 3;
            jpeg_read_scanlines(&reader, &row, 1);
        }
        jpeg_finish_decompress(&reader);
        return true;
    }
};

}  // namespace

SD_EXPORT int32_t sd_jpeg_artefacts(uint8_t* rgb, int32_t width, int32_t height, int32_t quality) {
    return signdata::guard([&] {
        thread_local std::unique_ptr<Turnaround> kept;
        if (!kept) {
            kept = std::make_unique<Turnaround>();
        }
        // Larger than any JPEG of these samples: libjpeg then never takes memory of its own for it.
        kept->bytes.resize(std::max(kept->bytes.size(), size_t(width + 16) * (height + 16) * 6 + 4096));
        if (!kept->run(rgb, width, height, quality)) {
            throw std::runtime_error(kept->message);
        }
    });
}
