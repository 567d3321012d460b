// swift-tools-version: 6.1

import PackageDescription

let package = Package(
  name: "fuzz",
  dependencies: [.package(name: "swift-hpl", path: "..")],
  targets: [
    .executableTarget(name: "fuzz", dependencies: [.product(name: "Tensor", package: "swift-hpl")])
  ],
  swiftLanguageModes: [.v6]
)
