// swift-tools-version: 6.1

import PackageDescription

let package = Package(
  name: "swift-hpl",
  products: [
    .library(name: "Tensor", targets: ["Tensor"]),
    .library(name: "NN", targets: ["NN"]),
    .library(name: "HPL", targets: ["HPL"]),
    .library(name: "Vision", targets: ["Vision"]),
    .library(name: "CubHPL", targets: ["CubHPL"]),
    // The same program twice: `swift run Examples/cub-hpl` and `swift run cub-hpl`.
    .executable(name: "Examples/cub-hpl", targets: ["cub-hpl"]),
    .executable(name: "cub-hpl", targets: ["cub-hpl"]),
    .executable(name: "Examples/custom-loss", targets: ["custom-loss"]),
  ],
  targets: [
    .systemLibrary(name: "COpenBLAS", providers: [.apt(["libopenblas-dev"])]),
    .target(name: "CKernels"),
    .target(name: "Tensor", dependencies: ["COpenBLAS", "CKernels"]),
    .target(name: "NN", dependencies: ["Tensor"]),
    .target(name: "HPL", dependencies: ["CKernels", "NN", "Tensor"]),
    .target(name: "Vision", dependencies: ["CKernels", "Tensor"]),
    .target(name: "CubHPL", dependencies: ["HPL", "NN", "Tensor", "Vision"]),
    .executableTarget(name: "cub-hpl", dependencies: ["CubHPL"], path: "Examples/cub-hpl"),
    .executableTarget(
      name: "custom-loss", dependencies: ["CubHPL", "HPL", "NN", "Tensor"], path: "Examples/custom-loss"),
    .target(name: "_TestSupport", dependencies: ["Tensor"], path: "Tests/TestSupport"),
    .testTarget(name: "TensorTests", dependencies: ["Tensor", "_TestSupport"]),
    .testTarget(name: "NNTests", dependencies: ["NN", "Tensor", "_TestSupport"]),
    .testTarget(name: "HPLTests", dependencies: ["CKernels", "HPL", "NN", "Tensor", "_TestSupport"]),
    .testTarget(
      name: "VisionTests", dependencies: ["Vision", "Tensor", "_TestSupport"], exclude: ["Fixtures"]),
    .testTarget(
      name: "CubHPLTests", dependencies: ["cub-hpl", "CubHPL", "HPL", "NN", "Tensor", "Vision", "_TestSupport"],
      exclude: ["Fixtures", "Snapshots"]),
    .testTarget(
      name: "DocumentationTests",
      dependencies: ["custom-loss", "CKernels", "CubHPL", "HPL", "NN", "Tensor", "_TestSupport"],
      exclude: ["Dependency"]),
  ],
  swiftLanguageModes: [.v6]
)
