import Foundation

/// The forms of data sets that can be read.
public enum DatasetKind: String, CaseIterable, Codable, Sendable {
  /// CUB-200-2011, and what has its form.
  case cub
  /// Cars-196.
  case cars
  /// Stanford Online Products.
  case sop
  /// In-Shop Clothes Retrieval of DeepFashion.
  case inShop = "in-shop"
  /// iNaturalist 2018.
  case iNaturalist = "inaturalist"
  /// DyML-Animal, DyML-Vehicle or DyML-Product.
  case dyML = "dyml"
  /// A list of pictures, as CSV or JSON lines.
  case list
  /// A folder of pictures for each class.
  case folder

  /// Its name in texts.
  public var title: String {
    switch self {
    case .cub: "CUB-200-2011"
    case .cars: "Cars-196"
    case .sop: "Stanford Online Products"
    case .inShop: "In-Shop Clothes Retrieval"
    case .iNaturalist: "iNaturalist 2018"
    case .dyML: "DyML"
    case .list: "a list of pictures"
    case .folder: "an image folder"
    }
  }

  /// The K of Recall@K that are reported for it.
  public var recallLevels: [Int] {
    switch self {
    case .cub, .cars, .list, .folder: [1, 2, 4, 8]
    case .sop: [1, 10, 100, 1000]
    case .inShop: [1, 10, 20, 30, 40, 50]
    case .iNaturalist: [1, 4, 16, 32]
    case .dyML: [1, 10, 20]
    }
  }

  /// The pictures that each class must have.
  ///
  /// Where people make the classes, one with a single picture is a mistake; in the large lists some classes may have one.
  var picturesPerClass: Int {
    switch self {
    case .cub, .cars, .folder: 2
    case .sop, .inShop, .iNaturalist, .dyML, .list: 0
    }
  }

  /// The files of which one at least is there.
  private var marks: [String] {
    switch self {
    case .cub: ["images.txt", "image_class_labels.txt"]
    case .cars: [CarsFolder.annotations]
    case .sop: ProductsFolder.lists
    case .inShop: InShopFolder.lists
    case .iNaturalist: INaturalistFolder.lists
    case .dyML: [DyMLFolder.trainingList]
    case .list: PictureTable.lists
    case .folder: []
    }
  }

  /// Finds out by its files what a folder holds.
  ///
  /// - Throws: ``DatasetError/notRecognized(folder:lookedFor:hint:)`` that lists what was looked for, with a folder inside
  ///   that may have been meant.
  public static func recognize(_ folder: URL) throws -> DatasetKind {
    if let kind = marked(folder) { return kind }
    let inner = try isFolder(folder) ? ImageFolder.folders(in: folder) : []
    let hint = inner.first { marked($0) != nil }?.path
    if hint == nil, try inner.contains(where: ImageFolder.holdsPictures) { return .folder }
    let lists = allCases.filter { !$0.marks.isEmpty }.map { "\($0.marks.joined(separator: " or ")) (\($0.title))" }
    guard isFolder(folder) else { throw DatasetError.notRecognized(folder: folder.path, lookedFor: [], hint: nil) }
    let others = hint == nil ? try ImageFolder.others(in: folder) : nil
    let leftOut = others.map { "; files that are no \(ImageFormat.list): \($0)" } ?? ""
    throw DatasetError.notRecognized(
      folder: folder.path, lookedFor: lists + ["folders of pictures (a folder a class\(leftOut))"], hint: hint)
  }

  private static func marked(_ folder: URL) -> DatasetKind? {
    PictureTable.isList(folder)
      ? .list
      : allCases.first { kind in kind.marks.contains { exists(folder.appendingPathComponent($0)) } }
  }

  /// Reads a folder of this form; the pictures themselves are read later.
  ///
  /// - Parameters:
  ///   - folder: the folder; of ``list`` the list itself may stand here. Of ``dyML`` the fine benchmark tests, for which
  ///     ``DyMLFolder/read(_:level:requiringFiles:)`` has others.
  ///   - requiringFiles: whether a listed picture that is not there is an error here, rather than when it is read.
  /// - Throws: ``DatasetError`` naming file and line for whatever is missing, malformed or contradictory, and
  ///   `TensorFileError` for a damaged `.mat` file.
  public func read(_ folder: URL, requiringFiles: Bool = true) throws -> RetrievalDataset {
    switch self {
    case .cub: try RetrievalDataset(CUBFolder.read(folder, requiringFiles: requiringFiles), kind: self)
    case .cars: try CarsFolder.read(folder, requiringFiles: requiringFiles)
    case .sop: try ProductsFolder.read(folder, requiringFiles: requiringFiles)
    case .inShop: try InShopFolder.read(folder, requiringFiles: requiringFiles)
    case .iNaturalist: try INaturalistFolder.read(folder, requiringFiles: requiringFiles)
    case .dyML: try DyMLFolder.read(folder, requiringFiles: requiringFiles)
    case .list: try PictureTable.read(folder, requiringFiles: requiringFiles)
    case .folder: try ImageFolder.read(folder)
    }
  }
}
