import Foundation
import Testing
import _TestSupport

@testable import CubHPL

/// One process at a time writes to a folder.
@Suite struct FolderLockTests {
  private let scratch = NSTemporaryDirectory() + "cub-hpl-lock-\(UUID().uuidString)"

  private func contents(_ path: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  @Test func theSecondIsToldOfTheFirst() throws {
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    let first = try OutputFolder(scratch)
    let line = failure { try OutputFolder(scratch) }
    #expect(line.contains("\(scratch) is being written to by process \(getpid()) on "), "\(line)")
    #expect(line.contains("another --output"))
    expectEqual(contents(scratch), [".cub-hpl.lock"], "the second one takes nothing away")
    first.close()
    first.close()
    #expect(contents(scratch).isEmpty)
    try OutputFolder(scratch).close()
  }

  /// `flock(1)` holds the lock as another process would, and is killed as one may be; without `--no-fork` a child would go on
  /// to hold it.
  @Test func theSystemReleasesTheLockOfAKilledProcess() throws {
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
    let holder = Process()
    holder.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    holder.arguments = ["flock", "--no-fork", "\(scratch)/.cub-hpl.lock", "sh", "-c", "echo held; exec sleep 60"]
    let pipe = Pipe()
    holder.standardOutput = pipe
    try holder.run()
    _ = pipe.fileHandleForReading.availableData
    #expect(failure { try OutputFolder(scratch) }.contains("is being written to by another process"))
    kill(holder.processIdentifier, SIGKILL)
    holder.waitUntilExit()
    expectEqual(failure { try OutputFolder(scratch).close() }, "no error")
  }

  @Test func leftoversOfKilledRunsAreRemoved() throws {
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    let run = "\(scratch)/runs/hpl-pa-seed-0"
    try FileManager.default.createDirectory(atPath: run, withIntermediateDirectories: true)
    for name in ["\(scratch)/report.html.12-345.partial", "\(run)/last.safetensors.7-4294967295.partial"] {
      try Data("half".utf8).write(to: URL(fileURLWithPath: name))
    }
    let own = ["notes.partial", "a.1-b.partial", "a.12-345.partial.txt", "model.safetensors"]
    for name in own { try Data().write(to: URL(fileURLWithPath: "\(run)/\(name)")) }
    let folder = try OutputFolder(scratch)
    defer { folder.close() }
    expectEqual(contents(scratch), [".cub-hpl.lock", "runs"])
    expectEqual(contents(run), own.sorted())
  }

  /// Wherever a process is killed between the files that belong together, the last one stands only with its own.
  @Test func theLastOfSeveralFilesStandsForAll() throws {
    struct Killed: Error {}
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    let folder = try OutputFolder(scratch)
    defer { folder.close() }
    for round in ["old", "new"] {
      try folder.write([
        ("e.npy", { try $0.write(Array("\(round) rows".utf8)) }),
        ("e.txt", { try $0.write(Array("\(round) names".utf8)) }),
      ])
    }
    expectEqual(contents(scratch), [".cub-hpl.lock", "e.npy", "e.txt"])
    #expect(throws: Killed.self) {
      try folder.write([("e.npy", { try $0.write(Array("x".utf8)) }), ("e.txt", { _ in throw Killed() })])
    }
    try expectEqual(String(contentsOfFile: "\(scratch)/e.npy", encoding: .utf8), "new rows")
    try expectEqual(String(contentsOfFile: "\(scratch)/e.txt", encoding: .utf8), "new names")
    // A folder in the way of the first is found before the last is taken away.
    try FileManager.default.createDirectory(atPath: "\(scratch)/f.npy", withIntermediateDirectories: true)
    #expect(throws: OutputError.self) { try folder.write([("f.npy", { _ in }), ("e.txt", { _ in })]) }
    expectEqual(contents(scratch), [".cub-hpl.lock", "e.npy", "e.txt", "f.npy"])
  }
}
