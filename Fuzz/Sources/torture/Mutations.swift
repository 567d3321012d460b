import Foundation

/// Breaks a file that the program reads back, and uses the folder: the break is found, or changes nothing.
func mutateStates(_ bench: inout Bench) throws {
  let (workload, program) = (bench.workload, bench.program)
  for number in 0..<bench.tries {
    try bench.attempt(number) { folder, dice, note in
      let output = folder.sub("out")
      let isFinished = dice.below(2) == 0
      try (isFinished ? workload.finished : workload.begun).copy(to: output)
      let names = output.files.filter {
        [".safetensors", "result.json", "hierarchy.json"].contains(where: $0.hasSuffix)
      }
      let name = dice.pick(names)
      let file = "\(output.path)/\(name)"
      let before = FileManager.default.contents(atPath: file)!
      let after = Data(mutated(Array(before), &dice))
      try after.write(to: URL(fileURLWithPath: file))
      // Under a limit, so that a size that the file made up ends in a failure here and not in the machine's memory.
      let limited = #"ulimit -v 6000000; exec "$@""#
      let usesModel = name.hasSuffix(".safetensors") && dice.below(2) == 0
      let command = dice.pick(["inspect", "embed", "tsne"])
      let made = folder.sub("made").path
      let arguments: [String] =
        switch command {
        case _ where !usesModel: workload.arguments(output)
        case "inspect": ["inspect", "--checkpoint", file]
        case "embed": ["embed", workload.pictures, "--checkpoint", file, "--output", made + ".npy"]
        default: ["tsne", "--data", workload.pictures, "--checkpoint", file, "--output", made]
        }
      let outcome = try program.run(arguments, shell: limited)
      note(outcome.endText)
      let what = "\(name) mutated, \(usesModel ? command : "trained on")"
      if let objection = outcome.objection(allowed: [0, 1]) { return "\(what): \(objection)" }
      guard outcome.end == .status(0) else { return nil }
      if usesModel { return after == before ? nil : "\(what): accepted" }
      return workload.results(of: output).map { "\(what): \($0)" }
    }
  }
}

/// Breaks a data set's lists and pictures: the program says which in one line, or can use what is left.
func mutateLists(_ bench: inout Bench) throws {
  let (workload, program) = (bench.workload, bench.program)
  for number in 0..<bench.tries {
    try bench.attempt(number) { folder, dice, note in
      let pictures = folder.sub("pictures")
      try Folder(workload.pictures).copy(to: pictures)
      let all = pictures.files
      let lists = all.filter { $0.hasSuffix(".txt") }
      for _ in 0...dice.below(3) {
        let name = dice.below(3) > 0 ? dice.pick(lists) : dice.pick(all)
        let file = URL(fileURLWithPath: "\(pictures.path)/\(name)")
        if dice.below(12) == 0 {
          try FileManager.default.removeItem(at: file)
          try? FileManager.default.createDirectory(at: file, withIntermediateDirectories: false)
        } else if let bytes = FileManager.default.contents(atPath: file.path) {
          try Data(mutated(Array(bytes), &dice)).write(to: file)
        }
      }
      let skips = dice.below(2) == 0
      let outcome = try program.run(
        Workload.arguments(pictures.path, output: folder.sub("out").path) + (skips ? ["--skip-broken"] : []),
        shell: #"ulimit -v 6000000; exec "$@""#)
      note(outcome.endText)
      return outcome.objection(allowed: [0, 1, 2])
    }
  }
}

/// A copy with a few bits, numbers, words or parts changed.
func mutated(_ original: [UInt8], _ dice: inout Dice) -> [UInt8] {
  let numbers = [
    "-1", "0", "1048576", "1099511627776", "4611686018427387904", "9223372036854775808", "1e308", "NaN", "0.5",
  ]
  let words = [
    "\"", "{", "}", "[", "]", ",", "\t", "\n", "\u{1B}[31m", "\0", "é", "\u{202E}", "../", "/dev/zero", "null",
  ]
  var bytes = original
  for _ in 0...dice.below(2) {
    guard !bytes.isEmpty else { break }
    let position = dice.below(bytes.count)
    switch dice.below(7) {
    case 0, 1: bytes[position] ^= 1 << UInt8(dice.below(8))
    case 2: bytes.removeSubrange(position...)
    case 3: bytes.removeSubrange(position..<min(bytes.count, position + 1 + dice.below(16)))
    case 4: bytes.insert(contentsOf: Array(dice.pick(words).utf8), at: position)
    case 5:
      let isDigit = { (byte: UInt8) in byte >= 0x30 && byte <= 0x39 }
      guard let start = bytes[position...].firstIndex(where: isDigit) else { continue }
      let end = bytes[start...].firstIndex { !isDigit($0) } ?? bytes.count
      bytes.replaceSubrange(start..<end, with: Array(dice.pick(numbers).utf8))
    default: bytes.swapAt(position, dice.below(bytes.count))
    }
  }
  return bytes
}
