import Tensor
import TensorFiles

extension HierarchicalProxyLoss {
  /// Adds what an exact resume needs beside `save(into:prefix:)`: the centroids that learned coarse proxies were last set to, and
  /// the state of each rank's generator that draws the proxies which take part.
  ///
  /// A proxy that equals its centroid has not been trained, and `recluster(using:)` sets it anew.
  public func saveCentroids(into file: inout Safetensors, prefix: String) {
    for (index, level) in levels.enumerated() {
      if let placed = level.placed { file.set(placed, for: "\(prefix)\(index)") }
      if let sampler = level.sampler, let part = level.part {
        let words = Tensor<Int>(sampler.words.map { Int(bitPattern: UInt($0)) }, shape: [1, 4])
        file.set(part.group.gathered(words), for: "\(prefix)\(index).sampler")
      }
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
      guard withoutRecording({ tensor.isFinite.allTrue }) else {
        throw TensorFileError.malformed(file: file.source, reason: "tensor '\(name)' holds a NaN or an infinity")
      }
      return tensor
    }
    let samplers = try levels.enumerated().map { index, level -> RandomGenerator? in
      guard let part = level.part, level.sampler != nil else { return nil }
      let words: Tensor<Int> = try file.tensor("\(prefix)\(index).sampler")
      // A checkpoint of another number of ranks: each draws on from its own seed.
      guard words.shape == [part.group.size, 4] else { return nil }
      let own = words[part.group.rank].scalars
      guard own != [0, 0, 0, 0] else {
        throw TensorFileError.malformed(
          file: file.source, reason: "tensor '\(prefix)\(index).sampler' is no state of random generators")
      }
      return RandomGenerator(words: own.map { UInt64(UInt(bitPattern: $0)) })
    }
    for (level, placed) in zip(levels, placed) { level.placed = placed }
    for (level, sampler) in zip(levels, samplers) { if let sampler { level.sampler = sampler } }
  }
}
