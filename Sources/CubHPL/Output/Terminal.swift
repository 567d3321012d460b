import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The standard error as a place for progress.
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

  static func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
