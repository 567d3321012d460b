import Foundation

/// The functions of an MPI library that are called here, loaded at run time, so that building needs none.
///
/// All but the version are to be called by one thread (`MPITransport`). None returns an error: MPI ends all processes with a message of its own.
struct MPILibrary: @unchecked Sendable {
  typealias Handle = MPIInterface.Handle
  typealias Counts = UnsafePointer<CInt>

  /// Names a library instead of those that are looked for.
  static let variable = "HPL_MPI"

  /// Where it was found.
  let name: String
  let interface: MPIInterface
  let constants: MPIInterface.Constants

  let initialize: @convention(c) (UnsafeMutableRawPointer?, UnsafeMutableRawPointer?) -> CInt
  let finalize: @convention(c) () -> CInt
  let abort: @convention(c) (Handle, CInt) -> CInt
  let rank: @convention(c) (Handle, UnsafeMutablePointer<CInt>) -> CInt
  let size: @convention(c) (Handle, UnsafeMutablePointer<CInt>) -> CInt
  let version: @convention(c) (UnsafeMutablePointer<CChar>, UnsafeMutablePointer<CInt>) -> CInt
  let barrier: @convention(c) (Handle) -> CInt
  let broadcast: @convention(c) (UnsafeMutableRawPointer?, CInt, Handle, CInt, Handle) -> CInt
  let gather:
    @convention(c) (
      UnsafeRawPointer?, CInt, Handle, UnsafeMutableRawPointer?, Counts, Counts, Handle, Handle
    ) -> CInt
  let exchange:
    @convention(c) (
      UnsafeRawPointer?, Counts, Counts, Handle, UnsafeMutableRawPointer?, Counts, Counts, Handle, Handle
    ) -> CInt
  let reduce: @convention(c) (UnsafeRawPointer?, UnsafeMutableRawPointer?, CInt, Handle, Handle, Handle) -> CInt

  /// Loads the library that fits a launcher.
  ///
  /// Throws `MPIError` where there is none.
  init(for launcher: Launcher.Kind, environment: [String: String] = ProcessInfo.processInfo.environment)
    throws(MPIError)
  {
    if let named = environment[MPILibrary.variable], !named.isEmpty {
      try self.init(named)
      return
    }
    var reasons: [String] = []
    for name in MPILibrary.names(for: launcher) {
      do throws(MPIError) {
        try self.init(name)
        return
      } catch .libraryMissing(let reason) {
        reasons.append(reason)
      }
    }
    throw .libraryMissing(reason: reasons.joined(separator: "; "))
  }

  /// The numbered names, because the run-time packages of a system have no others; the launcher's own first.
  static func names(for launcher: Launcher.Kind) -> [String] {
    let openMPI = ["libmpi.so.40"]
    let others = ["libmpi_abi.so.0", "libmpich.so.12", "libmpi.so.12"]
    return launcher == .hydra ? ["libmpich.so.12", "libmpi.so.12", "libmpi_abi.so.0"] + openMPI : openMPI + others
  }

  /// Loads one library and looks its functions up.
  init(_ library: String) throws(MPIError) {
    // Its plug-ins look for its functions among the global ones.
    guard let image = dlopen(library, RTLD_NOW | RTLD_GLOBAL) else {
      throw .libraryMissing(reason: dlerror().map { String(cString: $0) } ?? "\(library): dlopen failed")
    }
    guard let interface = MPIInterface(of: image) else {
      throw .unknownLibrary(library: library, reason: "it has no MPI_Get_library_version")
    }
    guard let constants = interface.constants(in: image) else {
      throw .unknownLibrary(library: library, reason: "it looks like \(interface.rawValue), but lacks its constants")
    }
    (name, self.interface, self.constants) = (library, interface, constants)
    func function<Function>(_ name: String, as type: Function.Type = Function.self) throws(MPIError) -> Function {
      guard let symbol = dlsym(image, name) else {
        throw .unknownLibrary(library: library, reason: "it has no function \(name)")
      }
      return unsafeBitCast(symbol, to: Function.self)
    }
    initialize = try function("MPI_Init")
    finalize = try function("MPI_Finalize")
    abort = try function("MPI_Abort")
    rank = try function("MPI_Comm_rank")
    size = try function("MPI_Comm_size")
    version = try function("MPI_Get_library_version")
    barrier = try function("MPI_Barrier")
    broadcast = try function("MPI_Bcast")
    gather = try function("MPI_Allgatherv")
    exchange = try function("MPI_Alltoallv")
    reduce = try function("MPI_Allreduce")
  }

  /// What the library says of itself: its first line, up to a comma.
  var title: String {
    // The longest that any of the interfaces has.
    var text = [CChar](repeating: 0, count: 8192 + 1)
    var length: CInt = 0
    _ = version(&text, &length)
    let bytes = text.prefix(while: { $0 != 0 }).map { UInt8(bitPattern: $0) }
    return String(decoding: bytes.prefix { $0 != 10 && $0 != 44 }.map { $0 == 9 ? 32 : $0 }, as: UTF8.self)
  }
}
