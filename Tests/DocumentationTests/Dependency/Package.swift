// swift-tools-version: 6.1
// The manifest of a package that uses this one; .ci/run resolves it.
// snippet: dependency
import PackageDescription

let package = Package(
  name: "my-retrieval",
  dependencies: [.package(path: "../swift-hpl")],
  targets: [
    .executableTarget(
      name: "my-retrieval",
      dependencies: [
        .product(name: "HPL", package: "swift-hpl"),
        .product(name: "NN", package: "swift-hpl"),
        .product(name: "Tensor", package: "swift-hpl"),
      ])
  ]
)
// end snippet
