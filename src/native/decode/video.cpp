#include "video.h"

#include <algorithm>
#include <cstring>

extern "C" {
#include <libavutil/display.h>
#include <libavutil/imgutils.h>
}

namespace signdata {
namespace {

// Phones' and cameras' formats. Playlists (hls, concat, dash) and everything that opens a second file is not among them.
constexpr char kFormats[] =
    "mov,matroska,avi,mpegts,mpeg,mpegvideo,m4v,flv,asf,ogg,mjpeg,h264,hevc,ivf,nut,dv,yuv4mpegpipe,gif";

constexpr AVRational kNanoseconds = {1, 1'000'000'000};

// As SignData.Core.Image has it.
constexpr int64_t kMostPixels = 100'000'000;

constexpr size_t kMostTags = 32 << 10;

void append(std::string& tags, const char* key, const char* value) {
    if (tags.size() + std::strlen(key) + std::strlen(value) + 2 < kMostTags) {
        tags.append(key).push_back(0);
        tags.append(value).push_back(0);
    }
}

void append(std::string& tags, const AVDictionary* from) {
    for (const AVDictionaryEntry* tag = nullptr; (tag = av_dict_get(from, "", tag, AV_DICT_IGNORE_SUFFIX));) {
        append(tags, tag->key, tag->value);
    }
}

}  // namespace

Video::Video(Arena& arena, const std::string& path) : arena_(arena), packet_(there(av_packet_alloc())), frame_(there(av_frame_alloc())) {
    AVDictionary* options = nullptr;
    av_dict_set(&options, "protocol_whitelist", "file", 0);
    av_dict_set(&options, "format_whitelist", kFormats, 0);
    AVFormatContext* opened = nullptr;
    const int error = avformat_open_input(&opened, ("file:" + path).c_str(), nullptr, &options);
    av_dict_free(&options);
    if (error < 0) {
        throw BadVideo(reason(error));
    }
    format_.reset(opened);
    if (const int failed = avformat_find_stream_info(opened, nullptr); failed < 0) {
        throw BadVideo(reason(failed));
    }
    for (unsigned i = 0; i < opened->nb_streams; i++) {
        AVStream* stream = opened->streams[i];
        if (!stream_ && stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO && !(stream->disposition & AV_DISPOSITION_ATTACHED_PIC)) {
            stream_ = stream;
        } else {
            stream->discard = AVDISCARD_ALL;
        }
    }
    if (!stream_) {
        throw BadVideo("no video stream");
    }
    const AVCodec* codec = avcodec_find_decoder(stream_->codecpar->codec_id);
    if (!codec) {
        throw BadVideo("no decoder for " + std::string(avcodec_get_name(stream_->codecpar->codec_id)));
    }
    open_decoder(codec);
    read_header();
    pictures_ = std::make_unique<Pictures>(arena_, stream_->time_base);
}

void Video::open_decoder(const AVCodec* codec) {
    codec_.reset(there(avcodec_alloc_context3(codec)));
    if (const int error = avcodec_parameters_to_context(codec_.get(), stream_->codecpar); error < 0) {
        throw BadVideo(reason(error));
    }
    codec_->thread_count = 1;
    codec_->pkt_timebase = stream_->time_base;
    codec_->max_pixels = kMostPixels;
    codec_->opaque = &arena_;
    codec_->get_buffer2 = place;
    if (const int error = avcodec_open2(codec_.get(), codec, nullptr); error < 0) {
        throw BadVideo(reason(error));
    }
}

void Video::read_header() {
    const auto* matrix = reinterpret_cast<const int32_t*>(av_stream_get_side_data(stream_, AV_PKT_DATA_DISPLAYMATRIX, nullptr));
    header_.orientation = matrix ? Orientation::of(matrix) : Orientation{};
    header_.width = stream_->codecpar->width & ~1;
    header_.height = stream_->codecpar->height & ~1;
    if (header_.orientation.sideways()) {
        std::swap(header_.width, header_.height);
    }
    header_.rate = stream_->avg_frame_rate.num > 0 ? stream_->avg_frame_rate : stream_->r_frame_rate;
    if (header_.rate.num <= 0 || header_.rate.den <= 0) {
        header_.rate = {0, 1};
    }
    step_ = header_.rate.num > 0 ? av_rescale_q(1, av_inv_q(header_.rate), kNanoseconds) : kNanoseconds.den / 25;
    header_.nanoseconds = format_->duration > 0     ? av_rescale_q(format_->duration, AVRational{1, AV_TIME_BASE}, kNanoseconds)
                          : stream_->duration > 0 ? av_rescale_q(stream_->duration, stream_->time_base, kNanoseconds)
                                                    : 0;
    append(header_.tags, "codec", avcodec_get_name(stream_->codecpar->codec_id));
    append(header_.tags, format_->metadata);
    append(header_.tags, stream_->metadata);
}

FramePtr Video::next(Moment& moment) {
    for (;;) {
        if (FramePtr ready = pictures_->take()) {
            moment.position = int(reinterpret_cast<intptr_t>(ready->opaque));
            moment.nanoseconds = moments_[moment.position];
            moments_.erase(moments_.begin(), moments_.upper_bound(moment.position));
            return ready;
        }
        if (ended_) {
            return nullptr;
        }
        if (!receive()) {
            pictures_->give(nullptr, {});
            ended_ = true;
        }
    }
}

// Decodes one frame and hands it to the conversion; false at the end.
bool Video::receive() {
    int error;
    while ((error = avcodec_receive_frame(codec_.get(), frame_.get())) == AVERROR(EAGAIN)) {
        if (!feed()) {
            return false;
        }
    }
    if (error == AVERROR_EOF) {
        return false;
    }
    if (error < 0) {
        any_damaged_ = until_key_frame_ = true;
        return true;
    }
    AVFrame& frame = *frame_;
    const bool damaged = frame.decode_error_flags != 0 || (frame.flags & AV_FRAME_FLAG_CORRUPT);
    any_damaged_ |= damaged;
    // What follows a damaged frame is built upon it, up to the next key frame.
    until_key_frame_ = damaged || (until_key_frame_ && !frame.key_frame);
    const int64_t pts = frame.best_effort_timestamp;
    if (pts == AV_NOPTS_VALUE) {
        last_ = position_ == 0 ? 0 : last_ + step_;
    } else {
        if (first_ == AV_NOPTS_VALUE) {
            first_ = pts - av_rescale_q(last_, kNanoseconds, stream_->time_base);
        }
        last_ = av_rescale_q(pts - first_, stream_->time_base, kNanoseconds);
    }
    const int position = position_++;
    if (!until_key_frame_) {
        moments_[position] = last_;
        frame.opaque = reinterpret_cast<void*>(intptr_t(position));
        frame.pts = position;
        pictures_->give(&frame, orientation(frame));
    }
    av_frame_unref(&frame);
    return true;
}

// Gives the decoder the next packet; false when decoding is over.
bool Video::feed() {
    for (;;) {
        const int error = av_read_frame(format_.get(), packet_.get());
        if (error == AVERROR(EAGAIN)) {
            continue;
        }
        if (error < 0) {
            return avcodec_send_packet(codec_.get(), nullptr) >= 0;
        }
        if (packet_->stream_index != stream_->index) {
            av_packet_unref(packet_.get());
            continue;
        }
        const int sent = avcodec_send_packet(codec_.get(), packet_.get());
        av_packet_unref(packet_.get());
        if (sent < 0 && sent != AVERROR_EOF) {
            any_damaged_ = true;
        }
        return true;
    }
}

Orientation Video::orientation(const AVFrame& frame) const {
    const AVFrameSideData* side = av_frame_get_side_data(&frame, AV_FRAME_DATA_DISPLAYMATRIX);
    return side && side->size >= 9 * sizeof(int32_t) ? Orientation::of(reinterpret_cast<const int32_t*>(side->data)) : header_.orientation;
}

// The decoder writes straight into shared memory where it can: no copy between it and the reader.
int Video::place(AVCodecContext* codec, AVFrame* frame, int flags) {
    if (!(codec->codec->capabilities & AV_CODEC_CAP_DR1) || (frame->format != AV_PIX_FMT_YUV420P && frame->format != AV_PIX_FMT_YUVJ420P)) {
        return avcodec_default_get_buffer2(codec, frame, flags);
    }
    int width = frame->width, height = frame->height, align[AV_NUM_DATA_POINTERS] = {};
    avcodec_align_dimensions2(codec, &width, &height, align);
    return Pictures::place(*static_cast<Arena*>(codec->opaque), *frame, frame->format, width, height, align) ? 0 : AVERROR(ENOMEM);
}

}  // namespace signdata
