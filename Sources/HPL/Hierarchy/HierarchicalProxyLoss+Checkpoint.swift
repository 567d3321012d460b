import Tensor
import TensorFiles

extension HierarchicalProxyLoss {
  /// Adds what an exact resume needs beside `save(into:prefix:)`: the centroids that learned coarse proxies were last set to.
  ///
  /// A proxy that equals its centroid has not been trained, and `recluster(using:)` sets it anew.
  public func saveCentroids(into file: inout Safetensors, prefix: String) {
    for (index, level) in levels.enumerated() {
      if let placed = level.placed { file.set(placed, for: "\(prefix)\(index)") }
    }
  }

  /// Takes what `saveCentroids(into:prefix:)` adds; call it after `load(_:prefix:)`.
  ///
  /// Throws `TensorFileError` where they do not fit, and then changes nothing.
  public func loadCentroids(_ file: Safetensors, prefix: String) throws {
    let placed = try levels.enumerated().map { index, level -> Tensor<Scalar>? in
      let name = "\(prefix)\(index)"
      guard file.contains(name) else { return nil }
      guard let shape = level.proxies?.shape, file.shape(of: name) == shape else {
        throw TensorFileError.malformed(
          file: file.source, reason: "tensor '\(name)' is not for the proxies of level \(index)")
      }
      let tensor = try file.tensor(name, as: Scalar.self)
      guard withoutRecording({ tensor.isFinite.all }) else {
        throw TensorFileError.malformed(file: file.source, reason: "tensor '\(name)' holds a NaN or an infinity")
      }
      return tensor
    }
    for (level, placed) in zip(levels, placed) { level.placed = placed }
  }
}
