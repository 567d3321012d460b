import Foundation

/// The functions of libturbojpeg (version 2 interface) that this module calls, loaded at run time.
///
/// Loading at run time keeps the library out of the build: whoever never opens a JPEG needs nothing installed.
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

  /// The loaded library, or ``ImageError/libraryMissing(library:reason:)``.
  static func shared() throws -> TurboJPEG { try loaded.get() }

  /// Loads a library by its file name and looks the functions up.
  init(library: String) throws {
    guard let image = dlopen(library, RTLD_NOW | RTLD_LOCAL) else {
      let reason = dlerror().map { String(cString: $0) } ?? "dlopen failed"
      throw ImageError.libraryMissing(library: library, reason: reason)
    }
    func function<Function>(_ name: String, as type: Function.Type = Function.self) throws -> Function {
      guard let symbol = dlsym(image, name) else {
        throw ImageError.libraryMissing(library: library, reason: "it has no function \(name)")
      }
      return unsafeBitCast(symbol, to: Function.self)
    }
    initDecompress = try function("tjInitDecompress")
    decompressHeader = try function("tjDecompressHeader3")
    decompress = try function("tjDecompress2")
    initCompress = try function("tjInitCompress")
    compress = try function("tjCompress2")
    free = try function("tjFree")
    destroy = try function("tjDestroy")
    errorString = try function("tjGetErrorStr2")
    errorCode = try function("tjGetErrorCode")
  }

  /// The last message of a handle.
  func message(_ handle: Handle?) -> String {
    errorString(handle).map { String(cString: $0) } ?? "unknown error"
  }
}
