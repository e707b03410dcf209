// swift-tools-version: 6.0
// The iPhone app's package. On Apple's systems it has everything; on Linux it has what needs no Apple
// framework: the core's bindings and the model, which are compiled and tested there.
//
// What is generated (the bindings' Swift and header) is made by scripts/bindings into Generated/ before
// a build and is not committed; so is the XCFramework, by scripts/xcframework.
import PackageDescription

#if os(Linux)
  let core: Target = .systemLibrary(name: "rounds_bindingsFFI", path: "Generated/rounds_bindingsFFI")
  let apple: [Target] = []
  let appleProducts: [Product] = []
#else
  let core: Target = .binaryTarget(name: "rounds_bindingsFFI", path: "Generated/rounds_bindings.xcframework")
  let apple: [Target] = [
    .target(name: "RoundsUI", dependencies: ["RoundsModel"]),
    .target(name: "RoundsDevice", dependencies: ["RoundsModel", "RoundsCore", "RoundsGateway"]),
  ]
  let appleProducts: [Product] = [
    .library(name: "RoundsUI", targets: ["RoundsUI"]),
    .library(name: "RoundsDevice", targets: ["RoundsDevice"]),
  ]
#endif

let package = Package(
  name: "Rounds",
  defaultLocalization: "en",
  platforms: [.iOS(.v17), .macOS(.v14)],
  products: [.library(name: "RoundsModel", targets: ["RoundsModel"])] + appleProducts,
  targets: [
    // Generated: the C header of the Rust library, and the library itself.
    core,
    // Generated: the bindings' Swift. Nothing is written there by hand.
    .target(
      name: "RoundsCore", dependencies: ["rounds_bindingsFFI"], path: "Generated/RoundsCore",
      // What the core's TLS asks for certificates; a static library does not say so itself.
      linkerSettings: [
        .linkedFramework("Security", .when(platforms: [.iOS, .macOS])),
        .linkedFramework("CoreFoundation", .when(platforms: [.iOS, .macOS])),
      ]),
    // Screens as plain data, and everything of a phone that decides outside Rust.
    .target(name: "RoundsModel"),
    // The only module that sees both.
    .target(name: "RoundsGateway", dependencies: ["RoundsCore", "RoundsModel"]),
    .testTarget(name: "RoundsModelTests", dependencies: ["RoundsModel"]),
    .testTarget(name: "RoundsGatewayTests", dependencies: ["RoundsGateway"]),
  ] + apple,
  swiftLanguageModes: [.v6]
)
