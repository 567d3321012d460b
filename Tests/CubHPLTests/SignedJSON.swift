import Foundation
import Tensor
import TensorFiles

/// A changed JSON text with the checksum that it would have if the program had written it.
func signed(_ text: String) -> Data {
  guard let digits = text.firstMatch(of: /"checksum"\s*:\s*"([0-9a-f]{8})"/)?.1 else { return Data(text.utf8) }
  let range = digits.startIndex..<digits.endIndex
  var sum = FileChecksum()
  Data(text.replacingCharacters(in: range, with: "00000000").utf8).withUnsafeBytes { sum.add($0) }
  return Data(text.replacingCharacters(in: range, with: sum.digits).utf8)
}
