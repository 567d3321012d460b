import Tensor

extension Group {
  /// The bytes of each rank, which may be of different numbers.
  public func gathered(_ bytes: [UInt8]) -> [[UInt8]] {
    guard size > 1 else { return [bytes] }
    let counts = gatheredCounts(bytes.count)
    let all = [UInt8](unsafeUninitializedCapacity: counts.reduce(0, +)) { buffer, count in
      bytes.withUnsafeBytes { transport.gather($0, into: UnsafeMutableRawBufferPointer(buffer), counts: counts) }
      count = buffer.count
    }
    return ranges(of: counts).map { Array(all[$0]) }
  }

  /// A text of each rank.
  public func gathered(_ text: String) -> [String] {
    gathered(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The bytes of one rank, which the others need not know.
  public func broadcast(_ bytes: [UInt8], from root: Int = 0) -> [UInt8] {
    guard size > 1 else { return bytes }
    var count = [bytes.count]
    count.withUnsafeMutableBytes { transport.broadcast($0, from: root) }
    var all = rank == root ? bytes : [UInt8](repeating: 0, count: count[0])
    all.withUnsafeMutableBytes { transport.broadcast($0, from: root) }
    return all
  }

  /// Does something on every rank that may fail on some of them; if it does, all ranks throw the error of the lowest.
  ///
  /// So no rank waits for one that has given up. It is a `RankError` on all of them, so that all know that the others know.
  public func agree<Result>(_ body: () throws -> Result) throws -> Result {
    guard size > 1 else { return try body() }
    let outcome = Swift.Result { try body() }
    var text: [UInt8] = []
    if case .failure(let error) = outcome { text = [1] + Array("\(error)".utf8) }
    let texts = gathered(text)
    guard let failed = texts.firstIndex(where: { !$0.isEmpty }) else { return try outcome.get() }
    var cause: (any Error)?
    if case .failure(let error) = outcome { cause = error }
    throw RankError(rank: failed, reason: String(decoding: texts[failed].dropFirst(), as: UTF8.self), cause: cause)
  }

  /// A number of each rank.
  func gatheredCounts(_ count: Int) -> [Int] {
    [Int](unsafeUninitializedCapacity: size) { buffer, filled in
      withUnsafeBytes(of: count) {
        transport.gather(
          $0, into: UnsafeMutableRawBufferPointer(buffer),
          counts: Array(repeating: MemoryLayout<Int>.size, count: size))
      }
      filled = size
    }
  }
}

/// What has gone wrong on one rank, known to all.
public struct RankError: Error, CustomStringConvertible, Sendable {
  /// Where; the lowest of several.
  public let rank: Int
  /// The error as text.
  public let reason: String
  /// What has gone wrong on this rank; nil where nothing has.
  public let cause: (any Error)?

  /// Makes an error for a rank.
  public init(rank: Int, reason: String, cause: (any Error)? = nil) {
    (self.rank, self.reason, self.cause) = (rank, reason, cause)
  }

  /// The error and, unless it is the first, the rank where it happened.
  public var description: String { rank == 0 ? reason : "rank \(rank): \(reason)" }
}
