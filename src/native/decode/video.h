// One video file, decoded by one thread, frame by frame.
#pragma once

#include <map>
#include <string>

#include "arena.h"
#include "handles.h"
#include "pictures.h"

namespace signdata {

struct Header {
    int width, height;  // upright, even
    Orientation orientation;
    AVRational rate;
    int64_t nanoseconds;
    std::string tags;  // "key\0value\0", the file's before its stream's, the codec's name as "codec"
};

struct Moment {
    int position;
    int64_t nanoseconds;
};

class Video {
   public:
    // Local files of container formats only: nothing that names other files or addresses.
    Video(Arena& arena, const std::string& path);
    Video(const Video&) = delete;
    Video& operator=(const Video&) = delete;

    const Header& header() const { return header_; }

    // The next good frame; null at the end. Frames that the decoder had to patch up are left out, with what is built upon them.
    FramePtr next(Moment& moment);

    int decoded() const { return position_; }
    bool damaged() const { return any_damaged_; }

   private:
    void open_decoder(const AVCodec* codec);
    void read_header();
    bool receive();
    bool feed();
    Orientation orientation(const AVFrame& frame) const;
    static int place(AVCodecContext* codec, AVFrame* frame, int flags);

    Arena& arena_;
    FormatPtr format_;
    AVStream* stream_ = nullptr;
    CodecPtr codec_;
    std::unique_ptr<Pictures> pictures_;
    PacketPtr packet_;
    FramePtr frame_;
    Header header_{};
    std::map<int, int64_t> moments_;  // nanoseconds by the position of what is being converted
    int position_ = 0;
    int64_t first_ = AV_NOPTS_VALUE, last_ = 0, step_ = 0;
    bool any_damaged_ = false, until_key_frame_ = false, ended_ = false;
};

}  // namespace signdata
