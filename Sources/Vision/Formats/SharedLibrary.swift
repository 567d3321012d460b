import Foundation

/// A library that reads a form of pictures, loaded at run time.
///
/// Loading at run time keeps it out of the build: whoever never opens such a file needs nothing installed.
struct SharedLibrary {
  private let name: String
  private let format: ImageFormat
  private let image: UnsafeMutableRawPointer

  /// Loads a library by its file name; throws ``ImageError/libraryMissing(library:format:reason:)``.
  init(_ name: String, for format: ImageFormat) throws {
    guard let image = dlopen(name, RTLD_NOW | RTLD_LOCAL) else {
      let reason = dlerror().map { String(cString: $0) } ?? "dlopen failed"
      throw ImageError.libraryMissing(library: name, format: format, reason: reason)
    }
    (self.name, self.format, self.image) = (name, format, image)
  }

  /// One of its functions; throws ``ImageError/libraryMissing(library:format:reason:)``.
  func function<Function>(_ symbol: String, as type: Function.Type = Function.self) throws -> Function {
    guard let address = dlsym(image, symbol) else {
      throw ImageError.libraryMissing(library: name, format: format, reason: "it has no function \(symbol)")
    }
    return unsafeBitCast(address, to: Function.self)
  }
}
