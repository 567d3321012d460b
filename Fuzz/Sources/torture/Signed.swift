import Foundation

/// Changes numbers in a file that the program reads back and gives the file its right checksum, as no accident does: what is no
/// sense must be found all the same, before it is used.
func mutateSigned(_ bench: inout Bench) throws {
  let (workload, program) = (bench.workload, bench.program)
  for number in 0..<bench.tries {
    try bench.attempt(number) { folder, dice, note in
      let output = folder.sub("out")
      try (dice.below(2) == 0 ? workload.finished : workload.begun).copy(to: output)
      let names = output.files.filter {
        [".safetensors", "result.json", "hierarchy.json"].contains(where: $0.hasSuffix)
      }
      let name = dice.pick(names)
      let file = "\(output.path)/\(name)"
      var bytes = Array(FileManager.default.contents(atPath: file)!)
      for _ in 0...dice.below(2) { changeNumber(&bytes, isJSON: name.hasSuffix(".json"), &dice) }
      try Data(signed(bytes)).write(to: URL(fileURLWithPath: file))
      let command = dice.pick(["train", "inspect", "tsne", "levels"])
      let made = folder.sub("made").path
      let arguments: [String] =
        switch command {
        case "inspect" where name.hasSuffix(".safetensors"): ["inspect", "--checkpoint", file]
        case "tsne" where name.hasSuffix(".safetensors"): ["tsne", "--checkpoint", file, "--output", made]
        case _ where name.hasSuffix("hierarchy.json"):
          workload.arguments(folder.sub("made")) + ["--hierarchy", file]
        default: workload.arguments(output)
        }
      let isHierarchy = arguments.contains("--hierarchy")
      let outcome = try program.run(
        isHierarchy ? withoutLevels(arguments) : arguments, shell: #"ulimit -v 6000000; exec "$@""#)
      note(outcome.endText)
      return outcome.objection(allowed: [0, 1]).map { "\(name), \(arguments[0]): \($0)" }
    }
  }
}

/// `--hierarchy` gives the levels, so that `--levels` must not.
private func withoutLevels(_ arguments: [String]) -> [String] {
  guard let index = arguments.firstIndex(of: "--levels") else { return arguments }
  return Array(arguments[..<index] + arguments[(index + 2)...])
}

/// Puts another number in the place of one in a JSON text, which is a whole file or the header of a safetensors file; or, there,
/// of eight bytes of a tensor.
private func changeNumber(_ bytes: inout [UInt8], isJSON: Bool, _ dice: inout Dice) {
  let numbers = [
    "-1", "0", "1", "1048576", "1099511627776", "4611686018427387904", "9223372036854775807", "9223372036854775808",
    "-9223372036854775808", "1e308", "-1e308", "1e999", "0.5", "null", "\"\"", "[]",
  ]
  let length = isJSON ? 0 : (0..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
  let text = isJSON ? 0..<bytes.count : 8..<8 + length
  if !isJSON, dice.below(3) == 0 {
    let word = dice.pick([-1, 1 << 40, 1 << 62, Int.max, Int.min, 0x7FC0_0000_7FC0_0000, 0x7F80_0000_7F80_0000])
    let position = text.upperBound + dice.below(max(1, (bytes.count - text.upperBound) / 8)) * 8
    for k in 0..<8 where position + k < bytes.count { bytes[position + k] = UInt8(truncatingIfNeeded: word >> (8 * k)) }
    return
  }
  let isDigit = { (byte: UInt8) in byte >= 0x30 && byte <= 0x39 }
  let from = text.lowerBound + dice.below(text.count)
  guard let start = bytes[from..<text.upperBound].firstIndex(where: isDigit) else { return }
  let end = bytes[start..<text.upperBound].firstIndex { !isDigit($0) } ?? text.upperBound
  let number = Array(dice.pick(numbers).utf8)
  bytes.replaceSubrange(start..<end, with: number)
  if !isJSON {
    let changed = length + number.count - (end - start)
    for k in 0..<8 { bytes[k] = UInt8(truncatingIfNeeded: changed >> (8 * k)) }
  }
}

/// The bytes with the checksum that the program would give them; the same where there is no place for one.
private func signed(_ bytes: [UInt8]) -> [UInt8] {
  let marks = ["\"hpl.crc32\":\"", "\"checksum\" : \"", "\"checksum\": \"", "\"checksum\":\""].map { Array($0.utf8) }
  guard let place = marks.lazy.compactMap({ bytes.firstRange(of: $0)?.upperBound }).first, place + 8 <= bytes.count
  else { return bytes }
  var signed = bytes
  for k in 0..<8 { signed[place + k] = UInt8(ascii: "0") }
  let digits = String(crc32(signed), radix: 16)
  let padded = String(repeating: "0", count: 8 - digits.count) + digits
  signed.replaceSubrange(place..<place + 8, with: Array(padded.utf8))
  return signed
}

private func crc32(_ bytes: [UInt8]) -> UInt32 {
  var sum = ~UInt32(0)
  for byte in bytes {
    sum ^= UInt32(byte)
    for _ in 0..<8 { sum = sum & 1 == 1 ? (sum >> 1) ^ 0xEDB8_8320 : sum >> 1 }
  }
  return ~sum
}
