// swift-tools-version: 6.1

import PackageDescription

let package = Package(
  name: "reference",
  targets: [.executableTarget(name: "reference-pages")],
  swiftLanguageModes: [.v6]
)
