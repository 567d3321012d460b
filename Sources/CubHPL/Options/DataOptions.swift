import Vision

/// The folder of a data set and its form.
struct DataOptions: OptionGroup {
  static let heading = "Data"

  let data: Option<String?>
  let dataset: Option<DatasetKind?>
  let taxonomy: Option<String?>
  let classSplit: Option<ClassSplit?>

  /// - Parameters:
  ///   - standard: the data without `--data`, in words.
  ///   - otherwise: why nothing can be said of these.
  init(standard: String = "embedded birds", otherwise: String = Self.embedded) {
    data = Option(
      "--data", "DIR", "the folder of pictures: a data set", default: .none(standard), read: nonempty)
    dataset = Option(
      "--dataset", "NAME", "its form: \(names(DatasetKind.self))", default: .none("recognised by its files"),
      needs: [.data(otherwise)], read: choice(called: "data set"))
    taxonomy = Option(
      "--taxonomy", "FILE",
      "the groups of the classes: lines of a class and its ancestors with tabs between",
      default: .none("the super classes or folders of the data, where it has some"), needs: [.data(otherwise)],
      read: nonempty)
    classSplit = Option(
      "--class-split", "HOW",
      "the classes to train on: alphabetical, the first half of the names; interleaved, every second one; seed:N, a random half; "
        + "list:FILE, those named in a file, one a line",
      default: .none("those of the data set's lists, or the first half of its classes"), needs: [.data(otherwise)]
    ) { text throws(InvalidValue) in
      guard let split = ClassSplit(text) else {
        throw InvalidValue("must be alphabetical, interleaved, seed:N with a whole number, or list:FILE")
      }
      return split
    }
  }

  fileprivate static let embedded = "the embedded birds have their own form and groups, and none is broken"
}

/// What to do with pictures that cannot be decoded.
struct BrokenPictureOptions: OptionGroup {
  static let heading = "Data"

  let skipBroken: Option<Bool>

  /// - Parameter needs: what must be there for a picture to be broken.
  init(needs: [Need] = [.data(DataOptions.embedded)]) {
    skipBroken = Option(
      flag: "--skip-broken", "leave broken pictures out, count and list them, instead of stopping", needs: needs)
  }
}
