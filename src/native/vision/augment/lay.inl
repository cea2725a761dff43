// What is laid over a picture: another one, noise, a finger.

void blend(uint8_t* rgb, const uint8_t* other, const uint8_t* mask, size_t pixels) {
    uint8_t wide[3 * 128];
    for (size_t start = 0; start < pixels; start += 128) {
        const int n = pixels - start < 128 ? int(pixels - start) : 128;
        for (int i = 0; i < n; i++) {
            wide[3 * i] = wide[3 * i + 1] = wide[3 * i + 2] = mask[start + i];
        }
        uint8_t* p = rgb + 3 * start;
        const uint8_t* q = other + 3 * start;
        for (int i = 0; i < 3 * n; i++) {
            const int v = p[i] * wide[i] + q[i] * (255 - wide[i]) + 128;
            p[i] = uint8_t((v + (v >> 8)) >> 8);
        }
    }
}

void mix(uint8_t* __restrict to, const uint8_t* __restrict other, size_t count, float share) {
    for (size_t i = 0; i < count; i++) {
        to[i] = to_byte(float(other[i]) + share * (float(to[i]) - float(other[i])));
    }
}

inline uint32_t hashed(uint32_t v) {
    v ^= v >> 16;
    v *= 0x7feb352dU;
    v ^= v >> 15;
    v *= 0x846ca68bU;
    v ^= v >> 16;
    return v;
}

// The sum of a hash's four bytes, brought to mean 0 and deviation 1: near enough to normal, cut at 3.45.
inline float normal(uint32_t hash) {
    const int sum = int(hash & 255) + int(hash >> 8 & 255) + int(hash >> 16 & 255) + int(hash >> 24);
    return float(sum - 510) * (1 / 147.8005f);
}

void noise(uint8_t* rgb, size_t pixels, float shot, float read, float colour, uint32_t seed) {
    const float own = colour, shared = std::sqrt(1 - colour * colour);
    float common[3 * 128];
    for (size_t start = 0; start < pixels; start += 128) {
        const int n = pixels - start < 128 ? int(pixels - start) : 128;
        uint8_t* p = rgb + 3 * start;
        const uint32_t at = seed + uint32_t(start) * 4;
        if (shared > 0) {
            float grey[128];
            for (int i = 0; i < n; i++) {
                grey[i] = shared * normal(hashed(at + uint32_t(i)));
            }
            for (int i = 0; i < n; i++) {
                common[3 * i] = common[3 * i + 1] = common[3 * i + 2] = grey[i];
            }
        } else {
            std::memset(common, 0, sizeof common);
        }
        for (int i = 0; i < 3 * n; i++) {
            const float v = float(p[i]), sigma = std::sqrt(shot * v + read);
            p[i] = to_byte(v + sigma * (common[i] + own * normal(hashed(at + 0x9E3779B9U + uint32_t(i)))));
        }
    }
}

void finger_row(uint8_t* row, int y, int left, int right, const Bone* bones, const Span* spans, int count, const Skin& skin, uint32_t seed, float* room) {
    // Across a finger the surface is round: nearness to its axis decides the normal, and the normal the light (Lambert).
    // Loops run to whole vectors; what lies beyond the row is not looked at.
    const int n = right - left, whole = (n + kFingerStep - 1) / kFingerStep * kFingerStep;
    float* __restrict depth = room;
    float* __restrict nx = room + whole;
    float* __restrict ny = room + 2 * whole;
    float* __restrict reach = room + 3 * whole;
    float* __restrict fold = room + 4 * whole;
    for (int i = 0; i < whole; i++) {
        depth[i] = -1e4f;
        nx[i] = ny[i] = fold[i] = 0;
        reach[i] = 1;
    }
    const float py = float(y);
    for (int k = 0; k < count; k++) {
        const Bone bone = bones[k];
        const float dx = bone.bx - bone.ax, dy = bone.by - bone.ay, length = dx * dx + dy * dy, inverse = 1 / (length > 1e-6f ? length : 1e-6f);
        const float joint = k > 0 ? 1.0f : 0.0f, size = bone.ra / std::sqrt(length > 1e-6f ? length : 1e-6f), crease = 1 / (size * 0.3f);
        const float blend = 0.3f * bone.ra, sharp = 0.5f / blend;
        const int first = (spans[k].from - left) / kFingerStep * kFingerStep, steps = (spans[k].to - left - first + kFingerStep - 1) / kFingerStep;
        for (int i = first; i < first + steps * kFingerStep; i++) {
            const float px = float(left + i), t = clamped(((px - bone.ax) * dx + (py - bone.ay) * dy) * inverse, 0, 1);
            const float ox = px - (bone.ax + t * dx), oy = py - (bone.ay + t * dy), radius = bone.ra + t * (bone.rb - bone.ra);
            const float in = radius - std::sqrt(ox * ox + oy * oy);
            // Where two bones meet the surface goes over smoothly from one to the other.
            const float part = clamped(0.5f + sharp * (in - depth[i]), 0, 1);
            const float near_joint = clamped(1 - t * crease, 0, 1) * joint;
            depth[i] = depth[i] + (in - depth[i]) * part + joint * (blend * 0.5f * part * (1 - part));
            nx[i] = nx[i] + (ox - nx[i]) * part;
            ny[i] = ny[i] + (oy - ny[i]) * part;
            reach[i] = reach[i] + (radius - reach[i]) * part;
            fold[i] = near_joint > fold[i] ? near_joint : fold[i];
        }
    }
    const float soft = 1 / skin.softness, light_x = skin.light_x, light_y = skin.light_y, light_z = skin.light_z, crease = skin.crease;
    const float red = skin.red, green = skin.green, blue = skin.blue;
    for (int i = 0; i < whole; i++) {
        const float inverse = 1 / reach[i], ax = nx[i] * inverse, ay = ny[i] * inverse, flat = 1 - (ax * ax + ay * ay);
        const float az = std::sqrt(flat > 0 ? flat : 0), lit = ax * light_x + ay * light_y + az * light_z;
        const float grain = float(int(hashed(seed + uint32_t(i)) >> 24) - 128) * 0.00016f;
        const float glow = 0.46f + 0.62f * (lit > 0 ? lit : 0), shade = glow * (1 - crease * fold[i] * fold[i]) + grain;
        // Edges of skin are redder: light comes through there.
        nx[i] = red * (shade + 0.10f * (1 - az));
        ny[i] = green * shade;
        reach[i] = blue * shade;
        depth[i] = 255 - 255 * clamped(depth[i] * soft + 0.5f, 0, 1);
    }
    // Red, green, blue, and how little of them.
    uint8_t* __restrict planes = reinterpret_cast<uint8_t*>(room + 5 * whole);
    const float* __restrict parts[4] = {nx, ny, reach, depth};
    for (int k = 0; k < 4; k++) {
        const float* __restrict part = parts[k];
        uint8_t* __restrict plane = planes + k * whole;
        for (int i = 0; i < whole; i++) {
            plane[i] = to_byte(part[i]);
        }
    }
    uint8_t* __restrict skinned = planes + 4 * whole;
    for (int i = 0; i < whole; i++) {
        skinned[3 * i] = planes[i];
        skinned[3 * i + 1] = planes[whole + i];
        skinned[3 * i + 2] = planes[2 * whole + i];
    }
    blend(row + 3 * left, skinned, planes + 3 * whole, size_t(n));
}
