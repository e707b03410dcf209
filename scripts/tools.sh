# Shared by ./run and ./test: saying what is done and why, and installing what is missing.

say() { printf '» %s\n' "$*" >&2; }

die() {
  printf '✗ %s\n' "$*" >&2
  exit 1
}

# again COMMAND...: runs what fetches something, a few times with pauses if need be: a registry that is away for
# seconds is no failure of ours.
again() {
  local pause
  for pause in 5 15 30 60; do
    "$@" && return
    say "Once more in $pause s: $*"
    sleep "$pause"
  done
  "$@"
}

# ready PID LOG COMMAND...: waits until the command succeeds, for as long as that process lives; ten minutes at most.
ready() {
  local pid=$1 log=$2
  shift 2
  for _ in $(seq 3000); do
    "$@" && return
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.2
  done
  cat "$log" >&2
  die "This was not ready: $*"
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
  local apt=(apt-get -qq -o Acquire::Retries=5 -o DPkg::Lock::Timeout=300)
  # Lists of other sources of this machine may be away; what is missing then is told by the installation.
  "${sudo[@]}" "${apt[@]}" update || say "Some lists of packages could not be renewed"
  again "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >/dev/null
}

# What the Android shell is compiled with, what draws its screens, and the letters of both languages.
need_android_shell() {
  need_debian "to compile the Android shell" java:default-jdk mvn:maven unzip:unzip
  need_debian "to draw its screens" fc-list:fontconfig
  [[ $(PATH=$PATH:/usr/sbin ldconfig -p) == *libGL.so.1* ]] || need_debian "to draw its screens" no-libgl-yet:libgl1
  need_cjk_font
}

need_cjk_font() {
  [[ $(fc-list 2>/dev/null) == *[Nn]oto*CJK* ]] || need_debian "so that Chinese is drawn" no-cjk-font-yet:fonts-noto-cjk
}
