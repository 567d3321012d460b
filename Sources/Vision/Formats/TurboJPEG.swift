/// The functions of libturbojpeg (version 2 interface) that this module calls.
struct TurboJPEG: Sendable {
  typealias Handle = UnsafeMutableRawPointer

  /// Pixel formats (`TJPF`).
  enum PixelFormat {
    static let rgb: CInt = 0
    static let cmyk: CInt = 11
  }

  /// Colour spaces of a file (`TJCS`).
  enum ColorSpace {
    static let cmyk: CInt = 3
    static let ycck: CInt = 4
  }

  /// Chrominance subsampling (`TJSAMP`).
  enum Subsampling {
    static let none: CInt = 0
  }

  /// Flags (`TJFLAG`): exact inverse DCT, so that results do not depend on the machine; a limit on progressive scans.
  enum Flag {
    static let accurateDCT: CInt = 4096
    static let limitScans: CInt = 32768
  }

  /// What `errorCode` answers for damage that the library could paper over (`TJERR_WARNING`).
  static let warning: CInt = 0

  let initDecompress: @Sendable @convention(c) () -> Handle?
  let decompressHeader:
    @Sendable @convention(c) (
      Handle, UnsafePointer<UInt8>, CUnsignedLong, UnsafeMutablePointer<CInt>, UnsafeMutablePointer<CInt>,
      UnsafeMutablePointer<CInt>, UnsafeMutablePointer<CInt>
    ) -> CInt
  let decompress:
    @Sendable @convention(c) (
      Handle, UnsafePointer<UInt8>, CUnsignedLong, UnsafeMutablePointer<UInt8>, CInt, CInt, CInt, CInt, CInt
    ) -> CInt
  let initCompress: @Sendable @convention(c) () -> Handle?
  let compress:
    @Sendable @convention(c) (
      Handle, UnsafePointer<UInt8>, CInt, CInt, CInt, CInt, UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>,
      UnsafeMutablePointer<CUnsignedLong>, CInt, CInt, CInt
    ) -> CInt
  let free: @Sendable @convention(c) (UnsafeMutablePointer<UInt8>) -> Void
  let destroy: @Sendable @convention(c) (Handle) -> CInt
  let errorString: @Sendable @convention(c) (Handle?) -> UnsafePointer<CChar>?
  let errorCode: @Sendable @convention(c) (Handle?) -> CInt

  /// The library of this process, loaded once; the failure is kept and thrown again.
  private static let loaded = Result { try TurboJPEG(library: "libturbojpeg.so.0") }

  /// The loaded library, or ``ImageError/libraryMissing(library:format:reason:)``.
  static func shared() throws -> TurboJPEG { try loaded.get() }

  /// Loads a library by its file name and looks the functions up.
  init(library: String) throws {
    let library = try SharedLibrary(library, for: .jpeg)
    initDecompress = try library.function("tjInitDecompress")
    decompressHeader = try library.function("tjDecompressHeader3")
    decompress = try library.function("tjDecompress2")
    initCompress = try library.function("tjInitCompress")
    compress = try library.function("tjCompress2")
    free = try library.function("tjFree")
    destroy = try library.function("tjDestroy")
    errorString = try library.function("tjGetErrorStr2")
    errorCode = try library.function("tjGetErrorCode")
  }

  /// The last message of a handle.
  func message(_ handle: Handle?) -> String {
    errorString(handle).map { String(cString: $0) } ?? "unknown error"
  }
}
