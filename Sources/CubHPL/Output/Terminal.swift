import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The standard error as a place for progress and messages; where it cannot be written, they are lost and nothing else is.
///
/// Of several ranks the first alone has something to say.
enum Terminal {
  /// Whether a line on the standard error can be drawn over.
  static var isInteractive: Bool {
    isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }

  /// Columns, asked anew each time because windows change; 80 when unknown.
  static var width: Int { width(of: STDERR_FILENO) }

  /// Columns for text on the standard output: no more than can be read well, 80 where it goes to no terminal.
  static var textWidth: Int { min(width(of: STDOUT_FILENO), 110) }

  private static func width(of file: Int32) -> Int {
    var size = winsize()
    guard ioctl(file, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Whether the cursor stands behind something.
  private static let isLineOpen = Mutex(false)

  /// Writes a line whose text may be from outside.
  static func note(_ text: String) { write(visible(text) + "\n") }

  /// Writes text as it is; only what is `visible` and our own ways to move the cursor belong there.
  static func write(_ text: String) {
    if World.speaks { writeAlways(text) }
  }

  /// The same from any rank.
  static func writeAlways(_ text: String) {
    isLineOpen.withLock { isOpen in
      _ = writeAll(text, to: STDERR_FILENO)
      isOpen = text.hasSuffix("\n") ? false : text.isEmpty ? isOpen : true
    }
  }

  /// Ends the process with a line of its own, after which no other thread writes.
  static func end(_ line: String, status: Int32) -> Never {
    isLineOpen.withLock { isOpen in
      _ = writeAll((isOpen ? "\n" : "") + visible(line) + "\n", to: STDERR_FILENO)
      _exit(status)
    }
  }
}

/// The standard output, for what the person asked for.
enum StandardOutput {
  /// Writes lines, whose text may be from outside; they are on their way when it returns.
  ///
  /// Throws `OutputError` where they cannot be written, and `Interruption` by SIGPIPE where nobody reads any more.
  static func print(_ text: String) throws {
    guard World.speaks else { return }
    var failure = writeAll(visible(text, keepingLines: true) + "\n", to: STDOUT_FILENO)
    if failure == nil {
      // A network file system may say only here that there is no space.
      let copy = dup(STDOUT_FILENO)
      if copy >= 0, close(copy) != 0 { failure = errno }
    }
    guard let failure else { return }
    if failure == EPIPE { throw Interruption(signal: SIGPIPE) }
    throw OutputError.cannotWrite(file: "the standard output", reason: String(cString: strerror(failure)))
  }
}

/// Writes all of a text to a descriptor; gives the system's error code where that fails, or nil.
private func writeAll(_ text: String, to descriptor: Int32) -> Int32? {
  var text = text
  return text.withUTF8 { bytes in
    var rest = UnsafeRawBufferPointer(bytes)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN || errno == EWOULDBLOCK {
        var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&wait, 1, -1)
      } else if errno != EINTR {
        return errno
      }
    }
    return nil
  }
}

/// Opens what the starter closed of the standard streams, so that no file gets their numbers and with it what is printed; a
/// closed standard output stays one that cannot be written.
func openClosedStandardStreams() {
  for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) == -1 {
    _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
  }
}
