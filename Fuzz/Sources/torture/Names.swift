import Foundation

/// Classes and pictures with names that want to draw on the terminal, run in a spreadsheet or a page, or leave the folder.
func hostileNames(_ bench: inout Bench) throws {
  let (workload, program) = (bench.workload, bench.program)
  let names: [[UInt8]] =
    [
      "\u{1B}[31mred", "\u{1B}]0;title\u{7}", "\u{9B}2J", "left\u{202E}gpj.right", "two\nlines", "tab\tcr\r", "=1+1",
      "+cmd", "-rf",
      "@SUM(A1)", "<script>alert(1)</script>", "\"quoted\"", "a,b;c", "&amp;", "$(id)", "%s%n", " spaces ", "é\u{301}",
      "鳥", ".hidden",
      "~", "#", "C:\\con", String(repeating: "x", count: 240),
    ].map { Array($0.utf8) } + [[0xFF, 0xFE, 0x41], [0xC0, 0xAF], [0xED, 0xA0, 0x80]]
  let source = Folder(workload.pictures)
  let pictures = source.files.filter { $0.hasSuffix(".jpg") }
  for number in 0..<bench.tries {
    try bench.attempt(number) { folder, dice, note in
      let data = folder.sub("pictures")
      try data.make()
      // Names that are no UTF-8 end most runs early, so few tries have them.
      let pictureNames = dice.below(5) == 0 ? names[...] : names.dropLast(3)
      for group in 0..<16 {
        let name = group < 3 ? dice.pick(Array(pictureNames)) : Array("\(group % 2 == 0 ? "!" : "~")\(group)".utf8)
        let path = Array("\(data.path)/".utf8) + name
        guard makeFolder(path) else { continue }
        for picture in 0..<3 {
          let bytes = FileManager.default.contents(
            atPath: "\(source.path)/\(pictures[(group * 3 + picture) % pictures.count])")!
          let file = picture == 0 ? dice.pick(Array(pictureNames)) + Array(".jpg".utf8) : Array("\(picture).jpg".utf8)
          write(bytes, to: path + [0x2F] + file)
        }
      }
      let output = folder.sub("out")
      let outcome = try program.run(Workload.arguments(data.path, output: output.path))
      note(outcome.endText)
      if let objection = outcome.objection(allowed: [0, 1]) { return objection }
      guard outcome.end == .status(0) else { return nil }
      let picture = try program.run([
        "tsne", "--data", data.path, "--checkpoint", "\(output.path)/model.safetensors", "--output",
        output.sub("tsne").path,
      ])
      if let objection = picture.objection(allowed: [0]) { return "tsne: \(objection)" }
      for file in output.files {
        let text = FileManager.default.contents(atPath: "\(output.path)/\(file)") ?? Data()
        if file.hasSuffix(".html") || file.hasSuffix(".svg"),
          String(decoding: text, as: UTF8.self).contains("<script>alert")
        {
          return "\(file) holds a class name as a script"
        }
        if file.hasSuffix(".csv") {
          for line in String(decoding: text, as: UTF8.self).split(separator: "\n") {
            for cell in line.split(separator: ",") where "=+@".contains(cell.first!) {
              return "\(file) has a cell that a spreadsheet would run: \(cell)"
            }
          }
        }
      }
      return nil
    }
  }
}

private func makeFolder(_ path: [UInt8]) -> Bool {
  path.map { CChar(bitPattern: $0) }.withNull { mkdir($0, 0o755) == 0 }
}

private func write(_ bytes: Data, to path: [UInt8]) {
  let file = path.map { CChar(bitPattern: $0) }.withNull { open($0, O_WRONLY | O_CREAT | O_EXCL, 0o644) }
  guard file >= 0 else { return }
  defer { close(file) }
  _ = bytes.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
}

extension [CChar] {
  fileprivate func withNull<R>(_ body: (UnsafePointer<CChar>) -> R) -> R {
    (self + [0]).withUnsafeBufferPointer { body($0.baseAddress!) }
  }
}
