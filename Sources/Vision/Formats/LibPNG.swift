import CPixels

/// The functions of libpng's simplified interface that this module calls.
struct LibPNG: Sendable {
  /// Layouts of pixels (`PNG_FORMAT`) and the bit of those with opacity.
  enum Format {
    static let alpha: UInt32 = 1
    static let rgb: UInt32 = 2
    static let rgba: UInt32 = 3
  }

  /// 16 bits a channel are encoded as 8 are, not linear (`PNG_IMAGE_FLAG_16BIT_sRGB`).
  static let sixteenBitSRGB: UInt32 = 4

  typealias Picture = UnsafeMutablePointer<ck_png_image>

  let beginRead: @Sendable @convention(c) (Picture, UnsafeRawPointer, Int) -> CInt
  let finishRead:
    @Sendable @convention(c) (
      Picture, UnsafeRawPointer?, UnsafeMutableRawPointer, Int32, UnsafeMutableRawPointer?
    ) -> CInt
  let free: @Sendable @convention(c) (Picture) -> Void

  /// The library of this process, loaded once; the failure is kept and thrown again.
  private static let loaded = Result { try LibPNG(library: "libpng16.so.16") }

  /// The loaded library, or ``ImageError/libraryMissing(library:format:reason:)``.
  static func shared() throws -> LibPNG { try loaded.get() }

  /// Loads a library by its file name and looks the functions up.
  init(library: String) throws {
    let library = try SharedLibrary(library, for: .png)
    beginRead = try library.function("png_image_begin_read_from_memory")
    finishRead = try library.function("png_image_finish_read")
    free = try library.function("png_image_free")
  }

  /// What the library says about a picture.
  func message(_ picture: Picture) -> String {
    withUnsafeBytes(of: picture.pointee.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
