import CFiles
import Foundation
import Tensor

/// Named arrays as a `.npz` file stores them: a zip file of `.npy` files.
///
/// Opening a file reads its table of contents alone. Stored arrays are read when they are asked for; compressed ones need
/// zlib (`libz.so.1`), which is loaded at run time, and are decompressed each time. Arrays are written stored or compressed.
///
/// ```swift
/// let file = try NumPyArchive(contentsOf: "embeddings.npz")
/// let labels = try file.tensor("labels", as: Int.self)
/// ```
public struct NumPyArchive: Sendable {
  /// The file they came from, for messages.
  public let source: String
  /// The names in the order of the file or of insertion, without `.npy`.
  public private(set) var names: [String] = []

  private enum Value: Sendable {
    case array(NumPyArray)
    case member(ZipArchive.Member)
  }

  private var values: [String: Value] = [:]
  private let zip: ZipArchive?

  /// Makes an empty set.
  public init() {
    source = "arrays in memory"
    zip = nil
  }

  /// Opens a `.npz` file and reads its table of contents.
  ///
  /// Throws `TensorFileError` where it cannot be read, is cut short, or breaks a rule of the format: members that overlap,
  /// duplicate names, members that are no `.npy` files, encryption, and others.
  public init(contentsOf path: String) throws {
    try self.init(FileBytes(contentsOf: path), source: path)
  }

  /// Reads the table of contents of a `.npz` file in memory; `source` names it in messages.
  ///
  /// Throws `TensorFileError` as for a file on disk.
  public init(data: Data, source: String = "data in memory") throws {
    try self.init(FileBytes(data), source: source)
  }

  init(_ file: FileBytes, source: String) throws(TensorFileError) {
    self.source = source
    do throws(FormatProblem) {
      let zip = try ZipArchive(file)
      self.zip = zip
      for member in zip.members {
        guard member.name.hasSuffix(".npy") else {
          throw FormatProblem("holds '\(member.name)', which is no .npy file")
        }
        let name = String(member.name.dropLast(4))
        names.append(name)
        values[name] = .member(member)
      }
    } catch {
      throw error.error(in: source)
    }
  }

  /// Whether there is an array of that name.
  public func contains(_ name: String) -> Bool { values[name] != nil }

  /// The array of that name: shape and type at once, elements when asked for.
  ///
  /// Throws `TensorFileError` where there is none, it is damaged, or it is compressed and zlib is missing.
  public func array(_ name: String) throws -> NumPyArray {
    switch values[name] {
    case nil: throw TensorFileError.missing(file: source, tensor: name)
    case .array(let array): return array
    case .member(let member):
      let place = "\(source), array '\(name)'"
      do {
        let bytes = try zip!.bytes(of: member)
        if member.isDeflated {
          try ZipArchive.check(bytes, of: member)
          return try NumPyArray(bytes, source: place)
        }
        return try NumPyArray(bytes, source: place) { () throws(FormatProblem) in
          try ZipArchive.check(bytes, of: member)
        }
      } catch let problem as FormatProblem {
        throw problem.error(in: place)
      } catch let missing as Zlib.Missing {
        throw missing.error(in: source)
      }
    }
  }

  /// The array of that name, whose elements are stored as they are.
  ///
  /// Throws `TensorFileError` where there is none, it is damaged, or it is stored in another type.
  public func tensor<Scalar: TensorElement>(_ name: String, as: Scalar.Type = Scalar.self) throws -> Tensor<Scalar> {
    try array(name).tensor()
  }

  /// The array of that name with its elements converted, as `NumPyArray.tensor(convertingTo:)` does it.
  ///
  /// Throws `TensorFileError` where there is none, it is damaged, or a number is no `Int` and `Int` was asked for.
  public func tensor<Scalar: TensorElement>(_ name: String, convertingTo: Scalar.Type) throws -> Tensor<Scalar> {
    try array(name).tensor(convertingTo: Scalar.self)
  }

  /// Adds an array, or replaces the one of that name.
  public mutating func set<Scalar: TensorElement>(_ tensor: Tensor<Scalar>, for name: String) {
    let array = NumPyArray(tensor.detached, source: "\(source), array '\(name)'")
    if values.updateValue(.array(array), forKey: name) == nil { names.append(name) }
  }

  /// Writes a `.npz` file, to a temporary name first, so that a failure leaves no half of it.
  ///
  /// The same arrays in the same order give the same bytes. `isCompressed` deflates each array, as `numpy.savez_compressed`
  /// does, in memory and by zlib. Throws `TensorFileError` with what the file system says, where zlib is missing, and for `BFloat16`, which
  /// NumPy has not.
  public func write(to path: String, isCompressed: Bool = false) throws {
    try write(to: path, isCompressed: isCompressed, wideFrom: 0xFFFF_FFFF)
  }

  /// Sizes and places from `limit` on are written in the large-file extension.
  func write(to path: String, isCompressed: Bool, wideFrom limit: Int) throws {
    for name in names { try NumPyHeader.requireKnown(array(name).elementType, name, in: path) }
    let zlib: Zlib?
    do {
      zlib = try isCompressed ? Zlib.shared.get() : nil
    } catch let missing as Zlib.Missing {
      throw missing.error(in: path)
    }
    do {
      try AtomicFile.write(to: path) { file in
        var writer = ZipWriter(wideFrom: limit, compressor: zlib)
        for name in names { try writer.add(array(name), as: name + ".npy", to: &file) }
        try writer.finish(&file)
      }
    } catch let problem as FormatProblem {
      throw problem.error(in: path)
    }
  }
}
