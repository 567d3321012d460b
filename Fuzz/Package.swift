// swift-tools-version: 6.1

import PackageDescription

let package = Package(
  name: "fuzz",
  products: [.library(name: "faults", type: .dynamic, targets: ["CFaults"])],
  dependencies: [.package(name: "swift-hpl", path: "..")],
  targets: [
    .executableTarget(
      name: "fuzz", dependencies: ["Tensor", "TensorFiles"].map { .product(name: $0, package: "swift-hpl") }),
    .target(name: "CFaults"),
    .executableTarget(name: "torture"),
  ],
  swiftLanguageModes: [.v6]
)
