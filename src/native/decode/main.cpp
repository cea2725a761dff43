// signdata-decode MEMORY: decodes videos for SignData.Vision, one after the other, in a process of its own, so that whatever a hostile file
// does it does to this process. Requests come on stdin, answers go to stdout (protocol.h), pixels lie in the memory file that is named.
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <string>
#include <unordered_map>

#include "protocol.h"
#include "video.h"

extern "C" {
#include <libavutil/log.h>
#include <libavutil/mem.h>
}

namespace {

using namespace signdata;

constexpr size_t kLongestPath = 64 << 10;
constexpr size_t kMostMemory = size_t(3) << 30;  // of this process, for what a file makes it allocate

// The reader has gone: nothing is left to do.
[[noreturn]] void leave() { std::_Exit(0); }

void read_all(void* to, size_t bytes) {
    for (auto* at = static_cast<char*>(to); bytes > 0;) {
        const ssize_t got = read(STDIN_FILENO, at, bytes);
        if (got == 0 || (got < 0 && errno != EINTR)) {
            leave();
        }
        at += std::max<ssize_t>(got, 0);
        bytes -= size_t(std::max<ssize_t>(got, 0));
    }
}

void write_all(const void* from, size_t bytes) {
    for (auto* at = static_cast<const char*>(from); bytes > 0;) {
        const ssize_t put = write(STDOUT_FILENO, at, bytes);
        if (put < 0 && errno != EINTR) {
            leave();
        }
        at += std::max<ssize_t>(put, 0);
        bytes -= size_t(std::max<ssize_t>(put, 0));
    }
}

void send(Answer answer, const std::string& text = {}) {
    answer.text = int32_t(text.size());
    write_all(&answer, sizeof answer);
    write_all(text.data(), text.size());
}

std::string first_error;

// libav tells what is wrong with a file by its log alone.
void keep_first_error(void*, int level, const char* format, va_list arguments) {
    // A lost reference that the decoder itself makes good is no damage.
    if (level > AV_LOG_ERROR || !first_error.empty() || std::strncmp(format, "mmco: ", 6) == 0) {
        return;
    }
    char text[400];
    std::vsnprintf(text, sizeof text, format, arguments);
    first_error = text;
    first_error.erase(first_error.find_last_not_of(" .\n") + 1);
}

class Session {
   public:
    explicit Session(const char* memory) : arena_(memory) { send({kReady}); }

    [[noreturn]] void run() {
        for (;;) {
            Request request;
            read_all(&request, sizeof request);
            if (request.kind == kOpen) {
                decode(path(request.value));
            } else {
                obey(request);
            }
        }
    }

   private:
    static std::string path(int32_t bytes) {
        if (bytes <= 0 || size_t(bytes) > kLongestPath) {
            leave();
        }
        std::string path(size_t(bytes), 0);
        read_all(path.data(), path.size());
        return path;
    }

    void obey(const Request& request) {
        switch (request.kind) {
            case kRelease: held_.erase(request.value); break;
            case kMore: credit_ += request.value; break;
            case kStop: stopped_ = true; break;
            default: leave();
        }
        if (held_.empty()) {
            arena_.trim();
        }
    }

    void decode(const std::string& path) {
        first_error.clear();
        credit_ = 0;
        stopped_ = false;
        Answer end{kEnded};
        std::string error;
        try {
            Video video(arena_, path);
            try {
                open(video.header());
                Moment moment;
                while (wanted()) {
                    FramePtr frame = video.next(moment);
                    if (!frame) {
                        break;
                    }
                    show(std::move(frame), moment);
                }
            } catch (const BadVideo& e) {
                error = e.what();
            }
            end.position = video.decoded();
            end.full = video.damaged();
        } catch (const BadVideo& e) {
            error = e.what();
        } catch (const std::bad_alloc&) {
            error = "it needs too much memory";
        }
        if (!first_error.empty()) {
            error = first_error;
        }
        send(end, error);
    }

    static void open(const Header& header) {
        Answer answer{kOpened};
        answer.width = header.width;
        answer.height = header.height;
        answer.rotation = header.orientation.clockwise;
        answer.rate_numerator = header.rate.num;
        answer.rate_denominator = header.rate.den;
        answer.nanoseconds = header.nanoseconds;
        send(answer, header.tags);
    }

    // Waits until another frame may be sent; false when none will be.
    bool wanted() {
        while (credit_ == 0 && !stopped_) {
            Request request;
            read_all(&request, sizeof request);
            obey(request);
        }
        return !stopped_;
    }

    void show(FramePtr frame, const Moment& moment) {
        credit_--;
        Answer answer{kFrame};
        answer.handle = next_++;
        answer.position = moment.position;
        answer.width = frame->width & ~1;
        answer.height = frame->height & ~1;
        answer.stride = frame->linesize[0];
        answer.chroma_stride = frame->linesize[1];
        answer.matrix = frame->colorspace == AVCOL_SPC_BT709                                                       ? 1
                        : frame->colorspace == AVCOL_SPC_BT2020_NCL || frame->colorspace == AVCOL_SPC_BT2020_CL ? 2
                                                                                                                  : 0;
        answer.full = frame->color_range == AVCOL_RANGE_JPEG || frame->format == AV_PIX_FMT_YUVJ420P;
        answer.nanoseconds = moment.nanoseconds;
        for (int i = 0; i < 3; i++) {
            answer.planes[i] = arena_.offset(frame->data[i]);
        }
        held_[answer.handle] = std::move(frame);
        send(answer);
    }

    Arena arena_;
    std::unordered_map<int32_t, FramePtr> held_;
    int32_t next_ = 0;
    int64_t credit_ = 0;
    bool stopped_ = false;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "signdata-decode is started by the other tools; it is of no use by itself.\n");
        return 2;
    }
    // Ctrl-C reaches the whole group; the reader decides what it means.
    std::signal(SIGINT, SIG_IGN);
    const rlimit none = {0, 0}, memory = {kMostMemory, kMostMemory};
    setrlimit(RLIMIT_CORE, &none);
    setrlimit(RLIMIT_DATA, &memory);
    av_log_set_callback(keep_first_error);
    try {
        Session(argv[1]).run();
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}
