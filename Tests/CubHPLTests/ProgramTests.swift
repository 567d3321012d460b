import Foundation
import Tensor
import Testing
import _TestSupport

@testable import CubHPL

/// The real program: what a person or a script sees of every class of error.
@Suite(.serialized) struct ProgramTests {
  static let training = [
    "--data", ExperimentTests.smallCUB, "--method", "hpl-pa", "--image-size", "32", "--epochs", "1", "--dimensions",
    "4",
    "--batch", "8", "--samples-per-class", "2",
  ]

  private func expect(
    _ outcome: BuiltProgram.Outcome, status: Int32, line: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(outcome.status == status, "\(outcome)", sourceLocation: sourceLocation)
    #expect(outcome.line.hasPrefix("cub-hpl: "), "\(outcome)", sourceLocation: sourceLocation)
    #expect(outcome.line.contains(line), "\(outcome)", sourceLocation: sourceLocation)
    #expect(!outcome.output.contains("Method"), "no table", sourceLocation: sourceLocation)
  }

  @Test func itSaysItsVersion() throws {
    let outcome = try BuiltProgram.run(["--version"])
    expectEqual(outcome.status, 0)
    expectEqual(outcome.output, "cub-hpl \(Program.version)\n")
    expectEqual(outcome.error, "")
    let help = try BuiltProgram.run(["help", "inspect"])
    expectEqual(help.status, 0)
    expectEqual(help.output, Help.text(command: InspectCommand.self) + "\n")
    expectEqual(help.error, "")
  }

  @Test func aWrongCommandLineIsStatus2() throws {
    for (arguments, line) in [
      (["--epoch", "1"], "unknown option --epoch; did you mean --epochs?"), (["trian"], "did you mean train?"),
      (["inspect"], "inspect needs --checkpoint"), (["--batch", "1"], "--batch '1': must be at least 2"),
      (["--warm-up", "9", "--epochs", "3"], "--warm-up 9 leaves no epoch with clusters"),
    ] {
      let outcome = try BuiltProgram.run(arguments)
      expect(outcome, status: 2, line: line)
      expectEqual(outcome.error.split(separator: "\n").count, 1)
      expectEqual(outcome.output, "")
    }
  }

  @Test func whatFailsLaterIsStatus1() throws {
    try inTemporaryFolder { folder in
      try Data("nothing".utf8).write(to: URL(fileURLWithPath: "\(folder)/broken.safetensors"))
      try FileManager.default.copyItem(atPath: ExperimentTests.smallCUB, toPath: "\(folder)/cub")
      let list = try String(contentsOfFile: "\(folder)/cub/images.txt", encoding: .utf8)
      let picture = "\(folder)/cub/images/" + list.split(separator: "\n")[2].split(separator: " ")[1]
      try Data([0xFF, 0xD8]).write(to: URL(fileURLWithPath: picture))
      for (arguments, line) in [
        (["--data", "/nowhere", "--output", "\(folder)/out"], "/nowhere: there is no such folder"),
        (["--data", "\(folder)/cub", "--output", "\(folder)/out"], picture),
        (["inspect", "--checkpoint", "\(folder)/broken.safetensors"], "broken.safetensors"),
        (["inspect", "--checkpoint", "\(folder)/none.safetensors"], "none.safetensors"),
        (
          ["--weights", "\(folder)/broken.safetensors", "--output", "\(folder)/out"] + Self.training,
          "broken.safetensors"
        ),
        (Self.training + ["--output", "/dev/null/out"], "cannot create the output folder /dev/null/out"),
        (Self.training + ["--lr", "1e30", "--output", "\(folder)/out"], "in epoch 1, step 2; try a smaller --lr"),
      ] { expect(try BuiltProgram.run(arguments), status: 1, line: line) }
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/out"), "nothing half-made stays")
    }
  }

  @Test func otherSettingsAreRefused() throws {
    try inTemporaryFolder { folder in
      let arguments = Self.training + ["--output", "\(folder)/out"]
      let first = try BuiltProgram.run(arguments)
      #expect(first.status == 0 && first.output.contains("MAP@R") && first.error.contains("report: "), "\(first)")
      expect(try BuiltProgram.run(arguments + ["--lr", "0.01"]), status: 1, line: "learning_rate (there")
    }
  }

  @Test func whatCannotBePrintedIsAnError() throws {
    for arguments in [["--version"], ["--help"]] {
      expect(
        try BuiltProgram.run(arguments, ">/dev/full"), status: 1, line: "cannot write the standard output: No space")
      expect(try BuiltProgram.run(arguments, ">&-"), status: 1, line: "cannot write the standard output: Bad file")
    }
    try inTemporaryFolder { folder in
      let outcome = try BuiltProgram.run(Self.training + ["--output", "\(folder)/out"], ">/dev/full")
      expect(outcome, status: 1, line: "cannot write the standard output")
      #expect(FileManager.default.fileExists(atPath: "\(folder)/out/results.json"), "the files are there all the same")
    }
  }

  /// As `head` closes it.
  @Test func aClosedPipeEndsItQuietly() throws {
    try inTemporaryFolder { folder in
      let pipe = "\(folder)/pipe"
      let process = try BuiltProgram.Running(
        ["--help"], ">&3", preparation: "mkfifo '\(pipe)'; exec 4<>'\(pipe)' 3>'\(pipe)' 4<&-")
      let outcome = try process.outcome()
      expectEqual(outcome.status, 141, "\(outcome)")
      expectEqual(outcome.error, "", "\(outcome)")
    }
  }

  /// Whatever becomes of the standard error, the status says what happened, and no file gets what is printed.
  @Test(arguments: ["2>&-", "2>/dev/full", "<&- >&- 2>&-"])
  func aStandardErrorThatCannotBeWritten(_ redirection: String) throws {
    try expectEqual(BuiltProgram.run(["--epoch", "1"], redirection).status, 2)
    try inTemporaryFolder { folder in
      let outcome = try BuiltProgram.run(Self.training + ["--output", "\(folder)/out"], redirection)
      expectEqual(outcome.status, (redirection.contains(">&- 2") ? 1 : 0))
      expectEqual(outcome.output.contains("MAP@R"), (outcome.status == 0))
      let results = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/out/results.json"))
      try expectEqual(JSONDecoder().decode(Results.self, from: results).runs.count, 1)
      _ = try TrainedModel(checkpoint: "\(folder)/out/runs/hpl-pa-seed-0/last.safetensors")
    }
  }

  @Test func whatComesFromOutsideIsShownHarmless() throws {
    try inTemporaryFolder { folder in
      let name = "\(folder)/\u{1B}[2J\u{202E}\u{9B}x"
      let missing = try BuiltProgram.run(["--data", name, "--output", "\(folder)/out"])
      expect(missing, status: 1, line: #"\u{1B}[2J\u{202E}\u{9B}x: there is no such folder"#)
      try FileManager.default.copyItem(atPath: ExperimentTests.smallCUB + "/images", toPath: name)
      try FileManager.default.moveItem(
        atPath: name + "/001.ink-breasted_twigling", toPath: name + "/001.\u{1B}[31m\nred")
      let arguments = ["--data", name] + Self.training.dropFirst(2) + ["--output", "\(folder)/out"]
      var outcomes = [missing, try BuiltProgram.run(arguments)]
      let checkpoint = "\(folder)/out/model.safetensors"
      outcomes.append(try BuiltProgram.run(["inspect", "--checkpoint", checkpoint]))
      #expect(outcomes[2].output.contains(#"001.\u{1B}[31m\nred"#))
      let query = "\(ExperimentTests.smallCUB)/images/001.ink-breasted_twigling/ink-breasted_twigling_00001.jpg"
      outcomes.append(try BuiltProgram.run(["search", "--query", query, "--data", name, "--checkpoint", checkpoint]))
      outcomes.append(try BuiltProgram.run(["--method", "\u{1B}[0m\u{0085}"]))
      expectEqual(outcomes.map(\.status), [1, 0, 0, 0, 2])
      for outcome in outcomes {
        let scalars = (outcome.output + outcome.error).unicodeScalars
        #expect(!scalars.contains { $0 != "\n" && $0.properties.generalCategory == .control }, "\(outcome)")
        #expect(!scalars.contains { $0.properties.isBidiControl }, "\(outcome)")
      }
    }
  }

  @Test func whatIsLongIsShortened() throws {
    let long = String(repeating: "long/", count: 20_000)
    for arguments in [
      ["--data", "/" + long], ["--method", long], ["--" + long], [long], ["--data=\(long)", "--epochs=x"],
    ] {
      let outcome = try BuiltProgram.run(arguments)
      #expect(
        outcome.status > 0 && outcome.error.utf8.count < 1100 && outcome.line.hasPrefix("cub-hpl: "), "\(outcome)")
    }
    try inTemporaryFolder { folder in
      try FileManager.default.copyItem(atPath: ExperimentTests.smallCUB, toPath: "\(folder)/cub")
      for (file, line) in [("images.txt", "1 "), ("classes.txt", ""), ("image_class_labels.txt", "1 1 ")] {
        let path = URL(fileURLWithPath: "\(folder)/cub/\(file)")
        let before = try Data(contentsOf: path)
        try (Data(line.utf8) + Data(repeating: 0x78, count: 2 << 20)).write(to: path)
        let outcome = try BuiltProgram.run(["--data", "\(folder)/cub", "--output", "\(folder)/out"])
        #expect(outcome.status == 1 && outcome.error.utf8.count < 2000, "\(file): \(outcome.error.prefix(2000))")
        try before.write(to: path)
      }
    }
  }
}
