// One window of fixed size on X11: shows RGB pictures, tells of keys pressed and released with the server's times.
#include <cstring>
#include <memory>

// Before Xlib, which makes a macro of Status.
#include "status.h"

#include <X11/XKBlib.h>
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/XShm.h>
#include <sys/ipc.h>
#include <sys/shm.h>

using signdata::guard;

namespace {

enum EventKind : int32_t { kNothing = 0, kPressed = 1, kReleased = 2, kFocusLost = 3, kClosed = 4 };

// The other half is in Window.cs.
struct Event {
    int32_t kind;
    uint32_t milliseconds;  // of the server's clock
    char key[32];           // the keysym's name, without modifiers
    char typed[8];          // what the key writes, with modifiers; UTF-8 or empty
};

bool refused;  // by the server, since it was last set to false

struct Surface {
    Display* display = nullptr;
    Window window = 0;
    Atom closing = 0;
    XImage* image = nullptr;
    XShmSegmentInfo segment{};
    bool shared = false, lost = false;
    int width = 0, height = 0;

    ~Surface() {
        if (!display || lost) {
            return;  // Xlib cannot be left in order when the server is gone.
        }
        if (shared) {
            XShmDetach(display, &segment);
        }
        if (image) {
            if (shared) {
                image->data = nullptr;
            }
            XDestroyImage(image);
        }
        if (shared) {
            shmdt(segment.shmaddr);
        }
        XCloseDisplay(display);
    }
};

void make_image(Surface& screen, Visual* visual) {
    if (XShmQueryExtension(screen.display)) {
        screen.image = XShmCreateImage(screen.display, visual, 24, ZPixmap, nullptr, &screen.segment, screen.width, screen.height);
        const size_t bytes = screen.image ? size_t(screen.image->bytes_per_line) * screen.height : 0;
        screen.segment.shmid = bytes ? shmget(IPC_PRIVATE, bytes, IPC_CREAT | 0600) : -1;
        if (screen.segment.shmid >= 0) {
            screen.segment.shmaddr = static_cast<char*>(shmat(screen.segment.shmid, nullptr, 0));
            if (screen.segment.shmaddr != reinterpret_cast<char*>(-1)) {
                refused = false;
                XShmAttach(screen.display, &screen.segment);
                XSync(screen.display, False);
                screen.shared = !refused;
                if (!screen.shared) {
                    shmdt(screen.segment.shmaddr);
                }
            }
            // It goes with the last that has it attached.
            shmctl(screen.segment.shmid, IPC_RMID, nullptr);
        }
        if (screen.shared) {
            screen.image->data = screen.segment.shmaddr;
            return;
        }
        if (screen.image) {
            XDestroyImage(screen.image);
        }
    }
    // A server on another machine shares no memory.
    auto* pixels = static_cast<char*>(std::calloc(size_t(screen.width) * screen.height, 4));
    screen.image = XCreateImage(screen.display, visual, 24, ZPixmap, 0, pixels, screen.width, screen.height, 32, screen.width * 4);
    if (!screen.image) {
        throw std::runtime_error("the display takes no picture");
    }
}

void open(Surface& screen, const char* title) {
    XSetErrorHandler([](Display*, XErrorEvent*) {
        refused = true;
        return 0;
    });
    XSetIOErrorHandler([](Display*) { return 0; });
    screen.display = XOpenDisplay(nullptr);
    if (!screen.display) {
        throw signdata::BadInput("there is no display");
    }
    XSetIOErrorExitHandler(screen.display, [](Display*, void* data) { static_cast<Surface*>(data)->lost = true; }, &screen);
    const int number = DefaultScreen(screen.display);
    Visual* visual = DefaultVisual(screen.display, number);
    if (DefaultDepth(screen.display, number) != 24 || visual->red_mask != 0xFF0000 || visual->blue_mask != 0xFF) {
        throw signdata::BadInput("the display is not of 24-bit colour");
    }
    screen.window = XCreateSimpleWindow(screen.display, DefaultRootWindow(screen.display), 0, 0, screen.width, screen.height, 0, 0, 0);
    XStoreName(screen.display, screen.window, title);
    XSizeHints hints{};
    hints.flags = PMinSize | PMaxSize;
    hints.min_width = hints.max_width = screen.width;
    hints.min_height = hints.max_height = screen.height;
    XSetWMNormalHints(screen.display, screen.window, &hints);
    screen.closing = XInternAtom(screen.display, "WM_DELETE_WINDOW", False);
    XSetWMProtocols(screen.display, screen.window, &screen.closing, 1);
    XSelectInput(screen.display, screen.window, KeyPressMask | KeyReleaseMask | FocusChangeMask | StructureNotifyMask);
    // A held key is one press and one release, however often it repeats.
    XkbSetDetectableAutoRepeat(screen.display, True, nullptr);
    make_image(screen, visual);
    XMapRaised(screen.display, screen.window);
    XSync(screen.display, False);
}

// Where no window manager gives the keyboard to anyone, we take it.
void take_focus(Surface& screen) {
    Window focused;
    int revert;
    XGetInputFocus(screen.display, &focused, &revert);
    if (focused == PointerRoot || focused == None) {
        XSetInputFocus(screen.display, screen.window, RevertToPointerRoot, CurrentTime);
    }
}

void describe(Surface& screen, XKeyEvent& key, Event& event) {
    event.milliseconds = uint32_t(key.time);
    const KeySym symbol = XkbKeycodeToKeysym(screen.display, KeyCode(key.keycode), 0, 0);
    const char* name = symbol == NoSymbol ? nullptr : XKeysymToString(symbol);
    std::strncpy(event.key, name ? name : "", sizeof event.key - 1);
    char typed[sizeof event.typed] = {};
    XLookupString(&key, typed, sizeof typed - 1, nullptr, nullptr);
    if (typed[0] > ' ' && typed[0] < 127) {
        event.typed[0] = typed[0];
    }
}

bool read(Surface& screen, Event& event) {
    XEvent next;
    XNextEvent(screen.display, &next);
    switch (next.type) {
        case KeyPress:
            // A shortcut of the desktop is none of ours.
            if (next.xkey.state & (ControlMask | Mod1Mask | Mod4Mask)) {
                return false;
            }
            describe(screen, next.xkey, event);
            event.kind = kPressed;
            return true;
        case KeyRelease:
            describe(screen, next.xkey, event);
            event.kind = kReleased;
            return true;
        case FocusOut:
            event.kind = kFocusLost;
            return next.xfocus.mode == NotifyNormal || next.xfocus.mode == NotifyWhileGrabbed;
        case MapNotify:
            take_focus(screen);
            return false;
        case ClientMessage:
            event.kind = kClosed;
            return Atom(next.xclient.data.l[0]) == screen.closing;
        default:
            return false;
    }
}

}  // namespace

// A window of that size on the display that DISPLAY names; status 1 where there is none.
SD_EXPORT int32_t sd_window_open(const char* title, int32_t width, int32_t height, void** window) {
    return guard([&] {
        auto screen = std::make_unique<Surface>();
        screen->width = width;
        screen->height = height;
        open(*screen, title);
        *window = screen.release();
    });
}

// width x height x 3 bytes.
SD_EXPORT int32_t sd_window_show(void* window, const uint8_t* rgb) {
    return guard([&] {
        auto& screen = *static_cast<Surface*>(window);
        if (screen.lost) {
            return;
        }
        for (int y = 0; y < screen.height; y++) {
            const uint8_t* from = rgb + size_t(y) * screen.width * 3;
            auto* to = reinterpret_cast<uint32_t*>(screen.image->data + size_t(y) * screen.image->bytes_per_line);
            for (int x = 0; x < screen.width; x++) {
                to[x] = uint32_t(from[3 * x]) << 16 | uint32_t(from[3 * x + 1]) << 8 | from[3 * x + 2];
            }
        }
        GC context = DefaultGC(screen.display, DefaultScreen(screen.display));
        if (screen.shared) {
            XShmPutImage(screen.display, screen.window, context, screen.image, 0, 0, 0, 0, screen.width, screen.height, False);
        } else {
            XPutImage(screen.display, screen.window, context, screen.image, 0, 0, 0, 0, screen.width, screen.height);
        }
        XSync(screen.display, False);
    });
}

// The next event that has come; kind 0 when there is none.
SD_EXPORT int32_t sd_window_next(void* window, Event* event) {
    return guard([&] {
        auto& screen = *static_cast<Surface*>(window);
        *event = {};
        while (!screen.lost && XPending(screen.display) > 0) {
            if (read(screen, *event) && !screen.lost) {
                return;
            }
            *event = {};
        }
        if (screen.lost) {
            event->kind = kClosed;
        }
    });
}

SD_EXPORT void sd_window_close(void* window) { delete static_cast<Surface*>(window); }
