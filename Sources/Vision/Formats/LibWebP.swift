/// The functions of libwebp that this module calls.
struct LibWebP: Sendable {
  let size:
    @Sendable @convention(c) (UnsafePointer<UInt8>, Int, UnsafeMutablePointer<CInt>, UnsafeMutablePointer<CInt>) -> CInt
  let decodeRGB:
    @Sendable @convention(c) (
      UnsafePointer<UInt8>, Int, UnsafeMutablePointer<UInt8>, Int, CInt
    ) -> UnsafeMutablePointer<UInt8>?

  /// The library of this process, loaded once; the failure is kept and thrown again.
  private static let loaded = Result { try LibWebP(library: "libwebp.so.7") }

  /// The loaded library, or ``ImageError/libraryMissing(library:format:reason:)``.
  static func shared() throws -> LibWebP { try loaded.get() }

  /// Loads a library by its file name and looks the functions up.
  init(library: String) throws {
    let library = try SharedLibrary(library, for: .webP)
    size = try library.function("WebPGetInfo")
    decodeRGB = try library.function("WebPDecodeRGBInto")
  }
}
