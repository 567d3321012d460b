import Foundation
import Tensor
import TensorFiles

/// A file of scalars for TensorBoard, which shows them while the run goes on.
///
/// TFRecord framing around the few fields of TensorFlow's `Event` message that scalars need. TensorBoard keeps the file open,
/// so that records are appended to it, each in one write, instead of a new file taking its place.
final class EventFile {
  private var descriptor: Int32
  private let path: String
  private let clock: () -> Double

  /// Creates a file beside the ones of earlier starts of the run; epochs from `epoch` on replace theirs.
  init(in folder: String, goingOnAt epoch: Int, clock: @escaping () -> Double = { Date().timeIntervalSince1970 }) throws
  {
    let name =
      "events.out.tfevents.\(Int(clock())).\(Program.name).\(ProcessInfo.processInfo.processIdentifier).\(epoch)"
    path = "\(folder)/\(name)"
    self.clock = clock
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure() }
    try write([Event.version(time: clock())] + (epoch > 1 ? [Event.start(at: epoch, time: clock())] : []))
  }

  deinit { _ = Foundation.close(descriptor) }

  /// Adds an epoch's numbers.
  func append(_ point: Results.Epoch, _ cost: EpochCost? = nil) throws {
    try write([Event.scalars(point.series + (cost?.series ?? []), step: point.epoch, time: clock())])
  }

  /// Ends the file; some file systems say only here that they could not write.
  func close() throws {
    defer { descriptor = -1 }
    guard Foundation.close(descriptor) == 0 else { throw failure() }
  }

  private func write(_ events: [[UInt8]]) throws {
    let bytes = events.flatMap(Event.record)
    var written = 0
    while written < bytes.count {
      let step = bytes[written...].withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if step < 0 && errno != EINTR { throw failure() }
      written += max(step, 0)
    }
  }

  private func failure() -> OutputError { .cannotWrite(file: path, reason: systemError()) }
}

/// TensorFlow's `Event` message and the framing of its files, as bytes.
enum Event {
  /// The first event of a file.
  static func version(time: Double) -> [UInt8] { double(1, time) + bytes(3, Array("brain.Event:2".utf8)) }

  /// The start of a session, which makes readers forget earlier events from `step` on.
  static func start(at step: Int, time: Double) -> [UInt8] {
    double(1, time) + number(2, UInt64(step)) + bytes(7, number(1, 1))
  }

  /// Tags and their values at a step.
  static func scalars(_ values: [(tag: String, value: Double)], step: Int, time: Double) -> [UInt8] {
    let summary = values.flatMap { bytes(1, bytes(1, Array($0.tag.utf8)) + float(2, Float($0.value))) }
    return double(1, time) + number(2, UInt64(step)) + bytes(5, summary)
  }

  /// A TFRecord: the length, its masked CRC-32C, the event, its masked CRC-32C.
  static func record(_ event: [UInt8]) -> [UInt8] {
    let length = littleEndian(UInt64(event.count))
    return length + littleEndian(masked(crc32c(length))) + event
      + littleEndian(masked(crc32c(event)))
  }

  private static func masked(_ checksum: UInt32) -> UInt32 {
    (checksum >> 15 | checksum << 17) &+ 0xA282_EAD8
  }

  /// Protocol Buffers' fields: a key of number and kind, then the value.
  private static func key(_ field: Int, kind: Int) -> [UInt8] { varint(UInt64(field << 3 | kind)) }
  private static func number(_ field: Int, _ value: UInt64) -> [UInt8] { key(field, kind: 0) + varint(value) }
  private static func double(_ field: Int, _ value: Double) -> [UInt8] {
    key(field, kind: 1) + littleEndian(value.bitPattern)
  }
  private static func float(_ field: Int, _ value: Float) -> [UInt8] {
    key(field, kind: 5) + littleEndian(value.bitPattern)
  }
  private static func bytes(_ field: Int, _ value: [UInt8]) -> [UInt8] {
    key(field, kind: 2) + varint(UInt64(value.count)) + value
  }

  private static func varint(_ value: UInt64) -> [UInt8] {
    var (rest, bytes): (UInt64, [UInt8]) = (value, [])
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  private static func littleEndian<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }
}
