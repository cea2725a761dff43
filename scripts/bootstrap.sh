#!/usr/bin/env bash
# Installs the system packages that SignData needs; `bootstrap.sh test` those of its tests as well. Idempotent; a fraction of a second when nothing is missing.
# SIGNDATA_NO_APT=1 skips it.
set -euo pipefail

packages=(
  ffmpeg
  g++ cmake ninja-build pkgconf
  libavformat-dev libavcodec-dev libavfilter-dev
  libjpeg-dev libpng-dev libwebp-dev libopencv-core-dev libopencv-imgproc-dev
  libx11-dev libxext-dev
  libtorch-dev
  libsqlite3-0
)

# The tests of a real window need a display and someone who presses keys.
[ "${1:-}" = test ] && packages+=(xvfb xdotool)

[ "${SIGNDATA_NO_APT:-}" = 1 ] && exit 0
command -v apt-get > /dev/null || {
  echo "bootstrap: no apt-get here; install the equivalents of: ${packages[*]} (then set SIGNDATA_NO_APT=1)" >&2
  exit 1
}

missing=()
for package in "${packages[@]}"; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null)" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  sudo=()
  [ "$(id -u)" = 0 ] || sudo=(sudo)
  echo "bootstrap: installing ${missing[*]}" >&2
  "${sudo[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
fi

command -v dotnet > /dev/null || {
  echo "bootstrap: no dotnet on PATH; install the .NET 10 SDK (https://dotnet.microsoft.com/download)" >&2
  exit 1
}
