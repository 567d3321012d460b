// swift-tools-version: 6.1

import PackageDescription

let package = Package(
  name: "benchmarks",
  dependencies: [.package(name: "swift-hpl", path: "..")],
  targets: [
    .executableTarget(
      name: "bench",
      dependencies: [
        "Clustering", "Collectives", "HPL", "Models", "NN", "Projection", "Retrieval", "Tensor", "TensorFiles",
        "Vision",
      ].map { .product(name: $0, package: "swift-hpl") })
  ],
  swiftLanguageModes: [.v6]
)
