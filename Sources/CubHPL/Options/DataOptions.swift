import Vision

/// The folder of a data set and its form.
struct DataOptions: OptionGroup {
  static let heading = "Data"

  let data: Option<String?>
  let dataset = Option<DatasetKind?>(
    "--dataset", "NAME", "its form: \(names(DatasetKind.self))", default: .none("recognised by its files"),
    read: choice(called: "data set"))
  let taxonomy = Option<String?>(
    "--taxonomy", "FILE",
    "the groups of the classes: lines of a class and its ancestors with tabs between",
    default: .none("the super classes or folders of the data, where it has some"), read: nonempty)

  /// - Parameter standard: the data without `--data`, in words.
  init(standard: String = "embedded birds") {
    data = Option(
      "--data", "DIR", "the folder of pictures: a data set", default: .none(standard), read: nonempty)
  }
}

/// What to do with pictures that cannot be decoded.
struct BrokenPictureOptions: OptionGroup {
  static let heading = "Data"

  let skipBroken = Option(
    flag: "--skip-broken", "leave broken pictures out, count and list them, instead of stopping")
}
