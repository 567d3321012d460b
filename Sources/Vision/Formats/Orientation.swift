import Tensor

/// How the pixels of a file must be turned to stand upright, as EXIF says it.
struct Orientation: Equatable {
  /// Whether rows of the file are columns of the picture.
  let isTransposed: Bool
  /// Whether the first row is the last, after transposing.
  let flipsRows: Bool
  /// Whether the first column is the last, after transposing.
  let flipsColumns: Bool

  /// The orientation of EXIF's number, 1...8; nil for others, which mean nothing.
  init?(number: Int) {
    guard 1...8 ~= number else { return nil }
    isTransposed = number >= 5
    flipsRows = [3, 4, 7, 8].contains(number)
    flipsColumns = [2, 3, 6, 7].contains(number)
  }

  /// Finds the orientation (tag 0x0112) in EXIF data, a TIFF header with its first directory.
  ///
  /// Nil where it is not there: the picture is good without, so that damaged EXIF data are no error.
  init?(exif: ArraySlice<UInt8>) {
    let isLittleEndian = exif.starts(with: "II*\0".utf8)
    guard isLittleEndian || exif.starts(with: "MM\0*".utf8) else { return nil }
    func number(at offset: Int, bytes count: Int) -> Int? {
      guard offset + count <= exif.count else { return nil }
      let bytes = exif.dropFirst(offset).prefix(count)
      return (isLittleEndian ? Array(bytes.reversed()) : Array(bytes)).reduce(0) { $0 << 8 + Int($1) }
    }
    guard let directory = number(at: 4, bytes: 4), let count = number(at: directory, bytes: 2) else { return nil }
    for entry in 0..<count {
      let place = directory + 2 + 12 * entry
      guard let tag = number(at: place, bytes: 2) else { return nil }
      guard tag == 0x0112 else { continue }
      // Type 3 is a number of 16 bits.
      guard number(at: place + 2, bytes: 2) == 3, let value = number(at: place + 8, bytes: 2) else { return nil }
      self.init(number: value)
      return
    }
    return nil
  }
}

extension Image {
  /// The picture as it was seen; nil where nothing is known about how the camera was held.
  func upright(from orientation: Orientation?) -> Image {
    guard let orientation else { return self }
    var pixels = self.pixels
    if orientation.isTransposed { pixels = pixels.permuted([1, 0, 2]) }
    if orientation.flipsRows { pixels = pixels.flipped(along: 0) }
    if orientation.flipsColumns { pixels = pixels.flipped(along: 1) }
    return Image(pixels)
  }
}
