// The shared memory that pictures lie in: ranges of it, first fit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

struct AVBufferRef;

namespace signdata {

class Arena {
   public:
    // path: of the memory file, whose size is final.
    explicit Arena(const char* path);
    ~Arena();
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;

    // A reference-counted range; null when there is no room.
    AVBufferRef* allocate(size_t bytes);

    bool holds(const uint8_t* at) const { return at >= base_ && at < base_ + size_; }
    int64_t offset(const uint8_t* at) const { return at - base_; }

    // Gives memory back to the system if a large video took much of it and all of it is free.
    void trim();

   private:
    struct Range;
    void free(size_t offset, size_t bytes);

    int file_;
    uint8_t* base_;
    size_t size_, highest_ = 0;
    std::map<size_t, size_t> free_;  // offset to bytes, never two that touch
};

}  // namespace signdata
