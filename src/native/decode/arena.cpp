#include "arena.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

extern "C" {
#include <libavutil/buffer.h>
}

namespace signdata {
namespace {

constexpr size_t kPage = 4096;

// Touching pages anew costs more than keeping those of ordinary videos.
constexpr size_t kKeep = size_t(192) << 20;

}  // namespace

struct Arena::Range {
    Arena* arena;
    size_t offset, bytes;
};

Arena::Arena(const char* path) : file_(open(path, O_RDWR | O_CLOEXEC)) {
    struct stat status;
    if (file_ < 0 || fstat(file_, &status) != 0 || status.st_size <= 0) {
        throw std::runtime_error("the shared memory cannot be opened");
    }
    size_ = size_t(status.st_size);
    void* mapped = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED, file_, 0);
    if (mapped == MAP_FAILED) {
        throw std::runtime_error("the shared memory cannot be mapped");
    }
    base_ = static_cast<uint8_t*>(mapped);
    free_[0] = size_;
}

Arena::~Arena() {
    munmap(base_, size_);
    close(file_);
}

AVBufferRef* Arena::allocate(size_t bytes) {
    if (bytes == 0 || bytes > size_) {
        return nullptr;
    }
    bytes = (bytes + kPage - 1) / kPage * kPage;
    const auto found = std::find_if(free_.begin(), free_.end(), [&](const auto& range) { return range.second >= bytes; });
    if (found == free_.end()) {
        return nullptr;
    }
    const auto [offset, room] = *found;
    free_.erase(found);
    if (room > bytes) {
        free_[offset + bytes] = room - bytes;
    }
    highest_ = std::max(highest_, offset + bytes);
    auto range = std::make_unique<Range>(Range{this, offset, bytes});
    AVBufferRef* buffer = av_buffer_create(
        base_ + offset, bytes,
        [](void* opaque, uint8_t*) {
            const std::unique_ptr<Range> own(static_cast<Range*>(opaque));
            own->arena->free(own->offset, own->bytes);
        },
        range.get(), 0);
    if (!buffer) {
        free(offset, bytes);
        return nullptr;
    }
    range.release();
    return buffer;
}

void Arena::free(size_t offset, size_t bytes) {
    auto next = free_.lower_bound(offset);
    if (next != free_.end() && next->first == offset + bytes) {
        bytes += next->second;
        next = free_.erase(next);
    }
    if (next != free_.begin()) {
        const auto before = std::prev(next);
        if (before->first + before->second == offset) {
            before->second += bytes;
            return;
        }
    }
    free_[offset] = bytes;
}

void Arena::trim() {
    if (highest_ > kKeep && free_.size() == 1 && free_.begin()->second == size_) {
        fallocate(file_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, off_t(highest_));
        highest_ = 0;
    }
}

}  // namespace signdata
