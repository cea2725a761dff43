#include "pictures.h"

#include <algorithm>
#include <cstring>

extern "C" {
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
}

namespace signdata {
namespace {

bool is_i420(int format) { return format == AV_PIX_FMT_YUV420P || format == AV_PIX_FMT_YUVJ420P; }

bool is_hdr(const AVFrame& frame) {
    const AVPixFmtDescriptor* format = av_pix_fmt_desc_get(AVPixelFormat(frame.format));
    return (frame.color_trc == AVCOL_TRC_SMPTE2084 || frame.color_trc == AVCOL_TRC_ARIB_STD_B67) && format && format->comp[0].depth > 8 &&
           !(format->flags & AV_PIX_FMT_FLAG_RGB);
}

}  // namespace

bool Pictures::place(Arena& arena, AVFrame& frame, int format, int width, int height, const int* align) {
    int lines[4];
    // Wider until every plane's rows begin where the decoder's vector instructions want them.
    for (int wide = width, unaligned = 1; unaligned; wide += wide & ~(wide - 1)) {
        if (av_image_fill_linesizes(lines, AVPixelFormat(format), wide) < 0) {
            return false;
        }
        unaligned = 0;
        for (int i = 0; i < 3; i++) {
            unaligned |= lines[i] % align[i];
        }
    }
    // Decoders read and write a little beyond.
    constexpr size_t slack = 128;
    const size_t luma = size_t(lines[0]) * height + slack, chroma = size_t(lines[1]) * ((height + 1) / 2) + slack;
    AVBufferRef* buffer = arena.allocate(luma + 2 * chroma);
    if (!buffer) {
        return false;
    }
    frame.buf[0] = buffer;
    frame.data[0] = buffer->data;
    frame.data[1] = frame.data[0] + (luma + 63) / 64 * 64;
    frame.data[2] = frame.data[1] + (chroma + 63) / 64 * 64;
    std::copy(lines, lines + 4, frame.linesize);
    frame.extended_data = frame.data;
    return true;
}

void Pictures::give(AVFrame* frame, Orientation orientation) {
    if (!frame) {
        drain();
        return;
    }
    if (width_ == 0) {
        width_ = (orientation.sideways() ? frame->height : frame->width) & ~1;
        height_ = (orientation.sideways() ? frame->width : frame->height) & ~1;
        if (width_ < 2 || height_ < 2) {
            throw BadVideo("its pictures have no size");
        }
    }
    interlaced_ |= frame->interlaced_frame != 0;
    if (as_it_is(*frame, orientation)) {
        drain();
        ready_.push_back(arena_.holds(frame->data[0]) ? FramePtr(there(av_frame_clone(frame))) : into_arena(*frame));
        return;
    }
    if (!graph_ || built_.format != frame->format || built_.width != frame->width || built_.height != frame->height ||
        !(built_.orientation == orientation) || built_.interlaced != interlaced_) {
        drain();
        build(*frame, orientation);
    }
    if (const int error = av_buffersrc_add_frame_flags(source_, frame, AV_BUFFERSRC_FLAG_KEEP_REF); error < 0) {
        throw BadVideo("a picture cannot be converted (" + reason(error) + ")");
    }
}

FramePtr Pictures::take() {
    if (!ready_.empty()) {
        FramePtr first = std::move(ready_.front());
        ready_.erase(ready_.begin());
        return first;
    }
    if (!graph_) {
        return nullptr;
    }
    FramePtr frame(there(av_frame_alloc()));
    return av_buffersink_get_frame(sink_, frame.get()) >= 0 ? into_arena(*frame) : nullptr;
}

bool Pictures::as_it_is(const AVFrame& frame, Orientation orientation) const {
    return is_i420(frame.format) && orientation.upright() && !interlaced_ && (frame.width & ~1) == width_ && (frame.height & ~1) == height_ &&
           frame.linesize[0] > 0;
}

void Pictures::build(const AVFrame& frame, Orientation orientation) {
    graph_.reset(there(avfilter_graph_alloc()));
    graph_->nb_threads = 1;
    const bool hdr = is_hdr(frame);
    const int width = (orientation.sideways() ? frame.height : frame.width) & ~1, height = (orientation.sideways() ? frame.width : frame.height) & ~1;
    std::string filters = interlaced_ ? "yadif=deint=interlaced," : "";
    filters += orientation.filters();
    filters += "crop=" + std::to_string(width) + ":" + std::to_string(height) + ":0:0:exact=1,";
    if (width != width_ || height != height_) {
        filters += "scale=" + std::to_string(width_) + ":" + std::to_string(height_) + ",";
    }
    filters += hdr ? "format=yuv420p10le" : "format=yuv420p|yuvj420p";

    const AVRational shape = frame.sample_aspect_ratio.num > 0 ? frame.sample_aspect_ratio : AVRational{1, 1};
    char arguments[200];
    std::snprintf(arguments, sizeof arguments, "video_size=%dx%d:pix_fmt=%d:time_base=%d/%d:pixel_aspect=%d/%d", frame.width, frame.height, frame.format,
                  time_base_.num, time_base_.den, shape.num, shape.den);
    AVFilterInOut *outputs = there(avfilter_inout_alloc()), *inputs = there(avfilter_inout_alloc());
    int error = avfilter_graph_create_filter(&source_, avfilter_get_by_name("buffer"), "in", arguments, nullptr, graph_.get());
    if (error >= 0) {
        error = avfilter_graph_create_filter(&sink_, avfilter_get_by_name("buffersink"), "out", nullptr, nullptr, graph_.get());
    }
    if (error >= 0) {
        *outputs = {av_strdup("in"), source_, 0, nullptr};
        *inputs = {av_strdup("out"), sink_, 0, nullptr};
        error = avfilter_graph_parse_ptr(graph_.get(), filters.c_str(), &inputs, &outputs, nullptr);
    }
    avfilter_inout_free(&inputs);
    avfilter_inout_free(&outputs);
    if (error >= 0) {
        error = avfilter_graph_config(graph_.get(), nullptr);
    }
    if (error < 0) {
        graph_.reset();
        throw BadVideo("its pictures cannot be converted (" + reason(error) + ")");
    }
    built_ = {frame.format, frame.width, frame.height, orientation, interlaced_};
}

// Takes out what the filters still hold and lets go of them.
void Pictures::drain() {
    if (graph_ && av_buffersrc_add_frame_flags(source_, nullptr, 0) >= 0) {
        FramePtr frame(there(av_frame_alloc()));
        while (av_buffersink_get_frame(sink_, frame.get()) >= 0) {
            ready_.push_back(into_arena(*frame));
            av_frame_unref(frame.get());
        }
    }
    graph_.reset();
}

FramePtr Pictures::into_arena(const AVFrame& frame) {
    static constexpr int align[3] = {64, 32, 32};
    FramePtr copy(there(av_frame_alloc()));
    copy->format = frame.format == AV_PIX_FMT_YUVJ420P ? AV_PIX_FMT_YUVJ420P : AV_PIX_FMT_YUV420P;
    copy->width = width_;
    copy->height = height_;
    if (!place(arena_, *copy, copy->format, width_, height_, align)) {
        throw BadVideo("its pictures need too much memory");
    }
    av_frame_copy_props(copy.get(), &frame);
    if (is_i420(frame.format)) {
        for (int i = 0; i < 3; i++) {
            av_image_copy_plane(copy->data[i], copy->linesize[i], frame.data[i], frame.linesize[i], i ? width_ / 2 : width_, i ? height_ / 2 : height_);
        }
    } else {
        if (!tone_map_ || tone_map_->transfer() != frame.color_trc) {
            tone_map_.emplace(frame.color_trc);
        }
        tone_map_->apply(frame, *copy);
        copy->colorspace = AVCOL_SPC_BT709;
        copy->color_range = AVCOL_RANGE_MPEG;
        copy->color_trc = AVCOL_TRC_BT709;
        copy->color_primaries = AVCOL_PRI_BT709;
    }
    return copy;
}

}  // namespace signdata
