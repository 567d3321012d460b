import Foundation
import Tensor

/// The variables of a MATLAB file (`.mat`) of version 5, which MATLAB calls v6 and, compressed, v7.
///
/// Opening a file looks at its header and at where the variables lie; one is read when it is asked for. Compressed variables,
/// the rule in files of MATLAB, need zlib (`libz.so.1`), which is loaded at run time.
///
/// ```swift
/// let file = try MATFile(contentsOf: "features.mat")
/// if case .numbers(let features) = try file.value("features") { print(features.shape) }
/// ```
public struct MATFile: Sendable {
  /// The file they came from, for messages.
  public let source: String

  /// The variables in the order of the file, compressed ones as they are.
  private let elements: [MATElement]

  /// Opens a file and finds its variables.
  ///
  /// Throws `TensorFileError` where it cannot be read, is cut short, is no MATLAB file, or is one of another version or of
  /// a big-endian machine, and says then how to convert it.
  public init(contentsOf path: String) throws {
    try self.init(FileBytes(contentsOf: path), source: path)
  }

  /// Finds the variables of a file in memory; `source` names it in messages.
  ///
  /// Throws `TensorFileError` as for a file on disk.
  public init(data: Data, source: String = "data in memory") throws {
    try self.init(FileBytes(data), source: source)
  }

  private init(_ file: FileBytes, source: String) throws(TensorFileError) {
    self.source = source
    do throws(FormatProblem) {
      var reader = MATReader(file, from: try MATFile.headerEnd(of: file))
      var elements: [MATElement] = []
      while !reader.isAtEnd {
        let element = try reader.next()
        guard element.type == .matrix || element.type == .compressed else {
          throw FormatProblem("is damaged: it has a \(element.type), not a variable, at byte \(element.start)")
        }
        elements.append(element)
      }
      self.elements = elements
    } catch {
      throw error.error(in: source)
    }
  }

  /// The names of the variables, in the order of the file; compressed ones are decompressed for it.
  ///
  /// Throws `TensorFileError` where one is damaged, or zlib is needed and missing.
  public var names: [String] {
    get throws { try elements.indices.map { try header(of: $0).name } }
  }

  /// The value of a variable.
  ///
  /// Throws `TensorFileError` where there is none of that name, it is damaged, or it holds complex numbers, a sparse matrix,
  /// a function or an object.
  public func value(_ name: String) throws -> MATValue {
    for index in elements.indices {
      let header = try header(of: index)
      guard header.name == name else { continue }
      do throws(FormatProblem) {
        return try header.value(depth: 0)
      } catch {
        throw error.error(in: "\(source), variable '\(name)'")
      }
    }
    let known = try names.map { "'\($0)'" }.joined(separator: ", ")
    let reason = "has no variable '\(name)', " + (known.isEmpty ? "nor any other" : "only \(known)")
    throw TensorFileError.malformed(file: source, reason: reason)
  }

  private func header(of index: Int) throws -> MATMatrix {
    do {
      let element = elements[index]
      guard element.type == .compressed else { return try MATMatrix(element) }
      let zlib = try Zlib.shared.get()
      let bytes = try element.bytes.withUnsafeBytes { try zlib.inflated(stream: $0) }
      var reader = MATReader(bytes, from: 0)
      let inner = try reader.next()
      guard inner.type == .matrix, reader.isAtEnd else { throw FormatProblem("holds no variable") }
      return try MATMatrix(inner)
    } catch let problem as FormatProblem {
      throw problem.error(in: "\(source), variable \(index + 1)")
    } catch let missing as Zlib.Missing {
      throw missing.error(in: source)
    }
  }

  /// Checks the 128 bytes that stand before the variables.
  private static func headerEnd(of file: FileBytes) throws(FormatProblem) -> Int {
    let hdf5: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
    let isHDF5 = [0, 512].contains { start in
      file.count >= start + 8 && file[start..<start + 8].withUnsafeBytes { $0.elementsEqual(hdf5) }
    }
    let version = file.count >= 128 ? file.number(at: 124, size: 2) : 0
    let order = file.count >= 128 ? file.number(at: 126, size: 2) : 0
    if isHDF5 || (order == 0x4D49 && version == 0x0200) {
      throw FormatProblem(
        "is a MATLAB file of version 7.3 (HDF5), which is not read; load it in MATLAB and save it again with -v7")
    }
    guard file.count >= 128 else {
      throw FormatProblem(
        "is no MATLAB file of version 5, or cut short: it has \(file.count) bytes of the header's 128")
    }
    guard order != 0x494D else {
      throw FormatProblem("is a MATLAB file of a big-endian machine, which is not read; save it again on another")
    }
    guard order == 0x4D49, version == 0x0100 else {
      throw FormatProblem(
        "is no MATLAB file of version 5; where it is of another version, load it in MATLAB and save it again with -v7")
    }
    return 128
  }
}
