import Foundation

/// The program under test, started as a process of its own.
struct Program {
  let path: String
  /// The library that breaks calls to the file system.
  let faults: String
  /// Where the processes run, and where their output is caught.
  let home: String

  /// How a process ended and what it said.
  struct Outcome {
    enum End: Equatable {
      case status(Int32)
      case signal(Int32)
      /// It was still running when its time was up.
      case hanging
    }
    let end: End
    let output: [UInt8]
    let errors: [UInt8]
    let seconds: Double
    /// What the preloaded library did, such as `rename /tmp/x`; nil where it did nothing.
    let broken: String?

    var outputText: String { String(decoding: output, as: UTF8.self) }
    var errorText: String { String(decoding: errors, as: UTF8.self) }
  }

  /// A call to the file system that is to break.
  struct Fault {
    let folder: String
    let calls: String
    let at: Int
    let action: String
  }

  /// A process that runs.
  final class Running {
    let process = Process()
    fileprivate let start = Date()
    fileprivate let captured: [String]
    fileprivate let log: String

    fileprivate init(_ program: Program, _ arguments: [String], shell: String?, fault: Fault?) throws {
      let id = "\(program.home)/\(UInt64.random(in: 0 ..< .max))"
      captured = [id + ".out", id + ".err"]
      log = id + ".log"
      var environment = ProcessInfo.processInfo.environment
      if let fault {
        environment["LD_PRELOAD"] = program.faults
        environment["FAULTS_FOLDER"] = fault.folder
        environment["FAULTS_CALLS"] = fault.calls
        environment["FAULTS_AT"] = "\(fault.at)"
        environment["FAULTS_ACTION"] = fault.action
        environment["FAULTS_LOG"] = log
      }
      process.environment = environment
      process.currentDirectoryURL = URL(fileURLWithPath: program.home)
      if let shell {
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", shell, "bash", program.path] + arguments
      } else {
        process.executableURL = URL(fileURLWithPath: program.path)
        process.arguments = arguments
      }
      process.standardInput = FileHandle.nullDevice
      for file in captured { _ = FileManager.default.createFile(atPath: file, contents: nil) }
      process.standardOutput = FileHandle(forWritingAtPath: captured[0])
      process.standardError = FileHandle(forWritingAtPath: captured[1])
      try process.run()
    }

    /// Sends a signal.
    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits for the end, `limit` seconds at most.
    func wait(limit: Double = 60) -> Outcome {
      var isHanging = false
      while process.isRunning {
        if Date().timeIntervalSince(start) > limit {
          isHanging = true
          send(SIGKILL)
          break
        }
        usleep(2000)
      }
      process.waitUntilExit()
      let end: Outcome.End =
        isHanging
        ? .hanging
        : process.terminationReason == .exit ? .status(process.terminationStatus) : .signal(process.terminationStatus)
      let contents = captured.map { FileManager.default.contents(atPath: $0).map(Array.init) ?? [] }
      let broken = FileManager.default.contents(atPath: log).map {
        String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .newlines)
      }
      for file in captured + [log] { unlink(file) }
      return Outcome(
        end: end, output: contents[0], errors: contents[1], seconds: Date().timeIntervalSince(start), broken: broken)
    }
  }

  /// Starts the program; `shell`, if given, is a command of `bash` in which `"$@"` is the program with its arguments.
  func start(_ arguments: [String], shell: String? = nil, fault: Fault? = nil) throws -> Running {
    try Running(self, arguments, shell: shell, fault: fault)
  }

  /// Runs the program to its end.
  func run(_ arguments: [String], shell: String? = nil, fault: Fault? = nil) throws -> Outcome {
    try start(arguments, shell: shell, fault: fault).wait()
  }
}

/// A folder that belongs to the campaign.
struct Folder {
  let path: String
  init(_ path: String) { self.path = path }

  func sub(_ name: String) -> Folder { Folder("\(path)/\(name)") }
  func make() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
  func remove() { try? FileManager.default.removeItem(atPath: path) }

  func copy(to other: Folder) throws {
    other.remove()
    try FileManager.default.createDirectory(
      atPath: (other.path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: path, toPath: other.path)
  }

  /// All files below the folder, by their paths from it.
  var files: [String] {
    let all = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    return all.filter { name in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: "\(path)/\(name)", isDirectory: &isFolder) && !isFolder.boolValue
    }.sorted()
  }
}
