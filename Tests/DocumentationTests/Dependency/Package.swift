// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "my-retrieval",
  dependencies: [.package(name: "swift-hpl", path: "../swift-hpl")],
  targets: [
    .executableTarget(
      name: "my-retrieval",
      dependencies: [
        .product(name: "HPL", package: "swift-hpl"),
        .product(name: "Models", package: "swift-hpl"),
        .product(name: "NN", package: "swift-hpl"),
        .product(name: "Retrieval", package: "swift-hpl"),
        .product(name: "Tensor", package: "swift-hpl"),
      ])
  ]
)
