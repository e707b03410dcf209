# Shared by ./run and ./test: saying what is done and why, and installing what is missing.

say() { printf '» %s\n' "$*" >&2; }

die() {
  printf '✗ %s\n' "$*" >&2
  exit 1
}

need_rust() {
  command -v cargo >/dev/null || die "Rust is not installed. Install Rust 1.95 or newer with rustup, then run this again."
  local have
  have=$(rustc --version | awk '{print $2}')
  [ "$(printf '%s\n1.95.0\n' "$have" | sort -V | head -n 1)" = 1.95.0 ] ||
    die "Rust $have is too old: 1.95 or newer is needed (rustup update stable)."
}

need_go() {
  command -v go >/dev/null || need_debian "to build an S3 server to test with" go:golang-go
}

# need_debian WHY PROGRAM:PACKAGE...: installs the packages whose program is missing.
need_debian() {
  local why=$1 pair missing=()
  shift
  for pair in "$@"; do
    command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
  done
  [ ${#missing[@]} -eq 0 ] && return
  say "Installing ${missing[*]} $why"
  command -v apt-get >/dev/null || die "This is no Debian-like system: install ${missing[*]} by hand, then run this again."
  local sudo=()
  [ "$(id -u)" -eq 0 ] || sudo=(sudo)
  "${sudo[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# What the Android shell is compiled with, what draws its screens, and the letters of both languages.
need_android_shell() {
  need_debian "to compile the Android shell" java:default-jdk mvn:maven unzip:unzip
  need_debian "to draw its screens" fc-list:fontconfig
  PATH=$PATH:/usr/sbin ldconfig -p | grep -q 'libGL\.so\.1' || need_debian "to draw its screens" no-libgl-yet:libgl1
  need_cjk_font
}

need_cjk_font() {
  fc-list 2>/dev/null | grep -qi 'noto.*cjk' || need_debian "so that Chinese is drawn" no-cjk-font-yet:fonts-noto-cjk
}
