import Foundation
import Tensor
import TensorFiles

/// Cars-196 (Krause, Stark, Deng and Fei-Fei, 2013): `cars_annos.mat` beside the folder `car_ims`, or a folder a class.
///
/// The file has a structure `annotations` with `relative_im_path`, `class` from 1 and the corners `bbox_x1`, `bbox_y1`,
/// `bbox_x2`, `bbox_y2` for each picture, and the cells `class_names`. Its field `test` belongs to another task and is not
/// used: the first half of the classes trains.
enum CarsFolder {
  static let annotations = "cars_annos.mat"

  static func read(_ folder: URL, requiringFiles: Bool) throws -> RetrievalDataset {
    let url = folder.appendingPathComponent(annotations)
    guard exists(url) else {
      guard isFolder(folder), try ImageFolder.folders(in: folder).contains(where: ImageFolder.holdsPictures) else {
        throw DatasetError.incomplete(
          folder: folder.path, form: DatasetKind.cars.title,
          missing: isFolder(folder) ? [annotations, "folders of pictures"] : [], hint: nil)
      }
      return try ImageFolder.read(folder, kind: .cars)
    }
    let file = try MATFile(contentsOf: url.path)
    let classNames = try classNames(of: file)
    let dataset = ImageDataset(
      name: folder.standardizedFileURL.lastPathComponent, classNames: classNames,
      samples: try samples(of: file, folder, classes: classNames.count, requiringFiles))
    try dataset.requireImages(place: url.path)
    return try RetrievalDataset(dataset, kind: .cars)
  }

  private static func classNames(of file: MATFile) throws -> [String] {
    guard case .cells(let cells, _) = try file.value("class_names"), !cells.isEmpty else {
      throw DatasetError.wrongContent(file: file.source, problem: "class_names holds no cells")
    }
    var first: [String: Int] = [:]
    return try cells.enumerated().map { index, cell in
      guard let name = cell.string, !name.isEmpty else {
        throw DatasetError.wrongContent(file: file.source, problem: "class_names \(index + 1) is no text")
      }
      if let earlier = first.updateValue(index + 1, forKey: name) {
        throw DatasetError.wrongContent(
          file: file.source, problem: "class_names \(earlier) and \(index + 1) are both \(name)")
      }
      return name
    }
  }

  private static func samples(
    of file: MATFile, _ folder: URL, classes: Int, _ requiringFiles: Bool
  ) throws -> [ImageDataset.Sample] {
    guard case .structures(let fields, _) = try file.value("annotations") else {
      throw DatasetError.wrongContent(file: file.source, problem: "annotations are no structures")
    }
    func field(_ name: String) throws -> [MATValue] {
      guard let values = fields[name] else {
        throw DatasetError.wrongContent(
          file: file.source,
          problem: "annotations have no field \(name), only \(fields.keys.sorted().joined(separator: ", "))")
      }
      return values
    }
    let (paths, labels) = (try field("relative_im_path"), try field("class"))
    let corners = try ["bbox_x1", "bbox_y1", "bbox_x2", "bbox_y2"].map(field)
    var pictures = PictureList(file: file.source, folder: folder)
    return try paths.indices.map { index in
      func wrong(_ problem: String) -> DatasetError {
        .wrongContent(file: file.source, problem: "annotation \(index + 1): \(problem)")
      }
      guard let path = paths[index].string, !path.isEmpty else { throw wrong("relative_im_path is no text") }
      guard let number = labels[index].number, let label = Int(exactly: number), (1...classes).contains(label) else {
        throw wrong("class is no whole number from 1 to \(classes)")
      }
      let box = corners.compactMap { $0[index].number }
      guard box.count == 4, box.allSatisfy(\.isFinite), box[2] >= box[0], box[3] >= box[1] else {
        throw wrong("bbox_x1, bbox_y1, bbox_x2, bbox_y2 are no rectangle")
      }
      let url = try pictures.url(of: path, line: index + 1)
      if requiringFiles { try pictures.requireFile(url, line: index + 1) }
      // The corners are the first and last columns and rows, counted from 1.
      return .init(
        source: .file(url), label: label - 1,
        boundingBox: BoundingBox(
          x: box[0] - 1, y: box[1] - 1, width: box[2] - box[0] + 1, height: box[3] - box[1] + 1))
    }
  }
}
