// What the decoder gives, made into upright 8-bit 4:2:0 of one even size in shared memory. What is so already stays where it is.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "arena.h"
#include "handles.h"
#include "orientation.h"
#include "tonemap.h"

namespace signdata {

class Pictures {
   public:
    Pictures(Arena& arena, AVRational time_base) : arena_(arena), time_base_(time_base) {}

    // A new range of shared memory as a frame of 8-bit 4:2:0.
    static bool place(Arena& arena, AVFrame& frame, int format, int width, int height, const int* align);

    // Takes a frame; null ends the video. What it gave comes out of take().
    void give(AVFrame* frame, Orientation orientation);

    // The next finished frame, its opaque as it was given; null when there is none yet.
    FramePtr take();

   private:
    bool as_it_is(const AVFrame& frame, Orientation orientation) const;
    void build(const AVFrame& frame, Orientation orientation);
    void drain();
    FramePtr into_arena(const AVFrame& frame);

    Arena& arena_;
    AVRational time_base_;
    int width_ = 0, height_ = 0;
    bool interlaced_ = false;

    // The graph of filters and what it was built for.
    GraphPtr graph_;
    AVFilterContext *source_ = nullptr, *sink_ = nullptr;
    struct {
        int format, width, height;
        Orientation orientation;
        bool interlaced;
    } built_{};

    std::optional<ToneMap> tone_map_;
    std::vector<FramePtr> ready_;
};

}  // namespace signdata
