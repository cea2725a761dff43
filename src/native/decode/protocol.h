// What passes between SignData.Vision and its decoding child: small records through pipes, pixels through shared memory.
// The other half is src/SignData.Vision/Decoding/Protocol.cs.
#pragma once

#include <cstdint>

namespace signdata {

enum RequestKind : int32_t {
    kOpen = 1,     // value: bytes of the path that follow
    kRelease = 2,  // value: a frame's handle, which is wanted no longer
    kMore = 3,     // value: so many frames more may be sent
    kStop = 4,     // the rest of the video is not wanted
};

struct Request {
    int32_t kind, value;
};

enum AnswerKind : int32_t {
    kReady = 0,   // the shared memory is mapped
    kOpened = 1,  // width, height, rotation, rate, duration in nanoseconds (0: not told); text: "key\0value\0..."
    kFrame = 2,
    kEnded = 3,   // position: frames decoded; full: whether some were damaged; text: the first error, or nothing
};

struct Answer {
    int32_t kind, text;  // bytes of text that follow
    int32_t handle, position;
    int32_t width, height;
    int32_t stride, chroma_stride;
    int32_t matrix, full;  // as in yuv.h
    int32_t rotation, rate_numerator, rate_denominator, reserved;
    int64_t nanoseconds;
    int64_t planes[3];  // offsets in the shared memory
};
static_assert(sizeof(Answer) == 88);

}  // namespace signdata
