// swift-tools-version: 6.1

import PackageDescription

let package = Package(
  name: "swift-hpl",
  platforms: [.macOS(.v15)],  // written for it, never compiled there
  products: [
    .library(name: "Tensor", targets: ["Tensor"]),
    .library(name: "TensorFiles", targets: ["TensorFiles"]),
    .library(name: "Collectives", targets: ["Collectives"]),
    .library(name: "DataLoading", targets: ["DataLoading"]),
    .library(name: "NN", targets: ["NN"]),
    .library(name: "Models", targets: ["Models"]),
    .library(name: "ClassTree", targets: ["ClassTree"]),
    .library(name: "Clustering", targets: ["Clustering"]),
    .library(name: "HPL", targets: ["HPL"]),
    .library(name: "Retrieval", targets: ["Retrieval"]),
    .library(name: "Projection", targets: ["Projection"]),
    .library(name: "Vision", targets: ["Vision"]),
    .library(name: "DrawnBirds", targets: ["DrawnBirds"]),
    .library(name: "CubHPL", targets: ["CubHPL"]),
    // The same program twice: `swift run Examples/cub-hpl` and `swift run cub-hpl`.
    .executable(name: "Examples/cub-hpl", targets: ["cub-hpl"]),
    .executable(name: "cub-hpl", targets: ["cub-hpl"]),
    .executable(name: "Examples/custom-loss", targets: ["custom-loss"]),
    .executable(name: "Examples/linear-regression", targets: ["linear-regression"]),
    .executable(name: "Examples/digits", targets: ["digits"]),
    .executable(name: "Examples/grammar-transformer", targets: ["grammar-transformer"]),
    .executable(name: "Examples/pinn", targets: ["pinn"]),
    .executable(name: "Examples/custom-optimizer", targets: ["custom-optimizer"]),
  ],
  targets: [
    .systemLibrary(name: "COpenBLAS", providers: [.apt(["libopenblas-dev"])]),
    .target(name: "CVector"),
    .target(name: "CKernels", dependencies: ["CVector"]),
    .target(name: "CFiles"),
    .target(name: "CClustering", dependencies: ["CVector"]),
    .target(name: "CRetrieval", dependencies: ["CVector"]),
    .target(name: "CProjection", dependencies: ["CVector"]),
    .target(name: "CPixels", dependencies: ["CVector"]),

    .target(
      name: "Tensor", dependencies: ["CKernels", "COpenBLAS"],
      linkerSettings: [
        .linkedLibrary("openblas", .when(platforms: [.linux])),
        .linkedFramework("Accelerate", .when(platforms: [.macOS])),
      ]),
    .target(name: "TensorFiles", dependencies: ["CFiles", "Tensor"]),
    .target(name: "Collectives", dependencies: ["Tensor"]),
    .target(name: "DataLoading", dependencies: ["Tensor"]),
    .target(name: "NN", dependencies: ["Collectives", "Tensor", "TensorFiles"]),
    .target(name: "Models", dependencies: ["NN", "Tensor", "TensorFiles"]),
    .target(name: "ClassTree", dependencies: ["Tensor", "TensorFiles"]),
    .target(name: "Clustering", dependencies: ["CClustering", "Collectives", "Tensor"]),
    .target(name: "HPL", dependencies: ["ClassTree", "Clustering", "Collectives", "NN", "Tensor", "TensorFiles"]),
    .target(
      name: "Retrieval",
      dependencies: ["CRetrieval", "ClassTree", "Clustering", "Collectives", "Tensor", "TensorFiles"]),
    .target(name: "Projection", dependencies: ["CProjection", "Tensor"]),
    .target(name: "Vision", dependencies: ["CPixels", "ClassTree", "DataLoading", "Tensor", "TensorFiles"]),
    .target(name: "DrawnBirds", dependencies: ["ClassTree", "Tensor", "Vision"]),
    .target(
      name: "CubHPL",
      dependencies: [
        "ClassTree", "Clustering", "Collectives", "DrawnBirds", "HPL", "Models", "NN", "Projection", "Retrieval",
        "Tensor", "TensorFiles", "Vision",
      ]),
    .executableTarget(name: "cub-hpl", dependencies: ["CubHPL"], path: "Examples/cub-hpl"),
    .executableTarget(
      name: "custom-loss", dependencies: ["CubHPL", "HPL", "Models", "NN", "Retrieval", "Tensor"],
      path: "Examples/custom-loss"),
    .executableTarget(name: "linear-regression", dependencies: ["Tensor"], path: "Examples/linear-regression"),
    .executableTarget(name: "digits", dependencies: ["NN", "Tensor"], path: "Examples/digits"),
    .executableTarget(
      name: "grammar-transformer", dependencies: ["NN", "Tensor"], path: "Examples/grammar-transformer"),
    .executableTarget(name: "pinn", dependencies: ["NN", "Tensor"], path: "Examples/pinn"),
    .executableTarget(name: "custom-optimizer", dependencies: ["NN", "Tensor"], path: "Examples/custom-optimizer"),

    .target(name: "_TestSupport", dependencies: ["NN", "Tensor"], path: "Tests/TestSupport"),
    .testTarget(name: "TensorTests", dependencies: ["CKernels", "Tensor", "_TestSupport"]),
    .testTarget(name: "TensorFilesTests", dependencies: ["Tensor", "TensorFiles", "_TestSupport"]),
    // One rank, which the tests start under a launcher.
    .executableTarget(name: "rank-program", dependencies: ["Collectives", "Tensor"], path: "Tests/RankProgram"),
    .testTarget(
      name: "CollectivesTests", dependencies: ["rank-program", "Collectives", "Tensor", "_TestSupport"],
      exclude: ["Fixtures"]),
    .testTarget(name: "DataLoadingTests", dependencies: ["DataLoading", "Tensor", "_TestSupport"]),
    .testTarget(name: "NNTests", dependencies: ["Collectives", "NN", "Tensor", "TensorFiles", "_TestSupport"]),
    .testTarget(name: "ModelsTests", dependencies: ["Models", "NN", "Tensor", "TensorFiles", "_TestSupport"]),
    .testTarget(name: "ClassTreeTests", dependencies: ["ClassTree", "Tensor", "_TestSupport"]),
    .testTarget(name: "ClusteringTests", dependencies: ["Clustering", "Collectives", "Tensor", "_TestSupport"]),
    .testTarget(
      name: "HPLTests",
      dependencies: [
        "ClassTree", "Clustering", "Collectives", "HPL", "NN", "Tensor", "TensorFiles", "_TestSupport",
      ]),
    .testTarget(
      name: "RetrievalTests",
      dependencies: ["ClassTree", "Collectives", "Retrieval", "Tensor", "TensorFiles", "_TestSupport"]),
    .testTarget(name: "ProjectionTests", dependencies: ["CProjection", "Projection", "Tensor", "_TestSupport"]),
    .testTarget(
      name: "VisionTests", dependencies: ["ClassTree", "Vision", "Tensor", "_TestSupport"], exclude: ["Fixtures"]),
    .testTarget(name: "DrawnBirdsTests", dependencies: ["DrawnBirds", "Tensor", "Vision", "_TestSupport"]),
    .testTarget(
      name: "CubHPLTests",
      dependencies: [
        "cub-hpl", "ClassTree", "Collectives", "CubHPL", "DrawnBirds", "HPL", "Models", "NN", "Projection", "Retrieval",
        "Tensor",
        "TensorFiles", "Vision", "_TestSupport",
      ],
      exclude: ["Fixtures", "Snapshots"]),
    .testTarget(
      name: "DocumentationTests",
      dependencies: [
        "custom-loss", "CKernels", "ClassTree", "Clustering", "Collectives", "CubHPL", "DataLoading", "HPL", "Models",
        "NN",
        "Projection",
        "Retrieval",
        "Tensor", "TensorFiles", "Vision", "_TestSupport",
      ],
      exclude: ["Dependency"]),
  ],
  swiftLanguageModes: [.v6]
)

// Which tests .ci/run builds: without optimisation all but the program's, and with it what computes numbers, and the program, whose pictures
// go through Vision. To build all of them twice would take longer than all the rest.
let leftOut =
  switch Context.environment["HPL_TESTS"] {
  case "libraries": ["CubHPLTests"]
  case "optimised":
    [
      "TensorFilesTests", "CollectivesTests", "DataLoadingTests", "ClassTreeTests", "HPLTests", "VisionTests",
      "DrawnBirdsTests", "DocumentationTests",
    ]
  default: [String]()
  }
package.targets.removeAll { leftOut.contains($0.name) }
