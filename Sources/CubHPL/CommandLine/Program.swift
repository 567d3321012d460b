/// The program's name and version, as they appear in messages and result files.
enum Program {
  static let name = "cub-hpl"
  static let version = "0.1.0"
}
