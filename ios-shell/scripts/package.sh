# Building and testing the Swift package, for scripts/test and scripts/measure. Sourced in the repository's folder,
# after scripts/tools.sh.

swift() { ios-shell/scripts/swift-folder run . swift "$@"; }

# flags PROFILE: each profile has a folder of its own, so that none builds the other's away.
flags() {
  flags=(
    --package-path ios-shell --scratch-path "target/swift-$1" --configuration "$1"
    -Xlinker "-L$PWD/ios-shell/Generated/lib"
    # Observation's library has an undefined symbol in Debian's build.
    -Xlinker --allow-shlib-undefined
  )
  [ "$1" != release ] || flags+=(-Xswiftc -enable-testing)
}

# A program that tells of a warning is not fine; of what is generated we are not the authors.
build_package() {
  local log=target/swift-build-$1.log
  flags "$1"
  # Swift's build knows nothing of the core's library: what was linked with an older one is linked again.
  find "target/swift-$1" -name '*.xctest' ! -newer "ios-shell/Generated/lib/librounds_bindings.a" -delete 2>/dev/null || true
  swift build --build-tests "${flags[@]}" 2>&1 | tee "$log"
  if grep -E '(^|[^/A-Za-z])(warning|error):' "$log" | grep -v "/Generated/"; then
    die "The Swift compiler warns."
  fi
}

# modules_of PROFILE: where its modules are.
modules_of() { echo "target/swift-$1/$1/Modules"; }

# test_package PROFILE [OPTION...]: runs what was built, and says how many passed as ./test counts them.
test_package() {
  local log=target/swift-test-$1.log profile=$1
  shift
  flags "$profile"
  swift test --skip-build --no-parallel "${flags[@]}" "$@" 2>&1 | tee "$log"
  sed -nE 's/.*Test run with ([0-9]+) tests? passed.*/# pass \1/p' "$log" | grep . || die "No Swift test ran."
}
