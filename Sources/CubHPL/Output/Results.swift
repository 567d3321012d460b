import Foundation
import Vision

/// The content of `results.json`: everything needed to read the numbers and to get them again.
struct Results: Codable, Equatable, Sendable {
  /// The version of the program.
  var version: String
  /// The command line as typed, quoted for a shell.
  var command: String
  /// The first seed.
  var seed: UInt64
  /// When the run began, in ISO 8601.
  var date: String
  var data: DataSet
  var options: Settings
  var machine: Machine
  /// Versions of the libraries in use, by name.
  var packages: [String: String]
  var runs: [Run]

  /// What was trained and tested on.
  struct DataSet: Codable, Equatable, Sendable {
    var name: String
    var classesTrain: Int
    var classesTest: Int
    var imagesTrain: Int
    var imagesTest: Int
    /// Its form, nil for the embedded data.
    var kind: DatasetKind?
    /// Pictures among which the test pictures look for their class; nil where that is each other.
    var imagesGallery: Int?
    /// What is said about it, such as other counts than published.
    var notes: [String] = []
    /// Identifies which pictures are in which half.
    var splitChecksum: String?
    /// The training classes, in the order of the hierarchies' indices.
    var classNames: [String] = []
    /// The files that `--skip-broken` left out.
    var skippedFiles: [String] = []

    enum CodingKeys: String, CodingKey {
      case name, kind, notes
      case imagesGallery = "images_gallery"
      case classesTrain = "classes_train"
      case classesTest = "classes_test"
      case imagesTrain = "images_train"
      case imagesTest = "images_test"
      case splitChecksum = "split_checksum"
      case classNames = "class_names"
      case skippedFiles = "skipped_files"
    }
  }

  /// One method trained from one seed.
  struct Run: Codable, Equatable, Sendable {
    var method: String
    /// What tables call the method.
    var title: String
    /// The method with the same loss on the classes alone; itself where there are no levels.
    var flatMethod: String
    var seed: UInt64
    /// What a sweep set; nil elsewhere.
    var swept: Swept?
    /// Training time.
    var seconds: Double
    /// Pictures trained on in a second.
    var imagesPerSecond: Double
    var metrics: Metrics
    /// Numbers that were trained, proxies included.
    var parameters: Int = 0
    /// Test pictures that are alone in their class and so count in no metric.
    var queriesDropped: Int = 0
    var epochs: [Epoch] = []
    /// Which epoch was tested, and why.
    var tested = ""
    /// The coarse levels at the end of training, from the finest; empty for a flat method.
    var hierarchy: [Level] = []

    enum CodingKeys: String, CodingKey {
      case method, title, seed, swept, tested, seconds, metrics, parameters, epochs, hierarchy
      case flatMethod = "flat_method"
      case imagesPerSecond = "images_per_second"
      case queriesDropped = "queries_dropped"
    }
  }

  /// The value of a parameter that a sweep goes over.
  struct Swept: Codable, Equatable, Sendable {
    /// `w1` or `coarse`.
    var parameter: String
    var value: Double

    /// The value as short as it can be.
    var text: String { value == value.rounded() ? "\(Int(value))" : "\(value)" }
  }

  /// One point of a run's curves.
  struct Epoch: Codable, Equatable, Sendable {
    /// From 1.
    var epoch: Int
    /// Mean over the epoch's steps.
    var loss: Double
    /// The network's, at the epoch's start.
    var learningRate: Double
    /// The mean of each active level without its weight.
    var levels: [Double] = []
    /// MAP@R on the validation classes, where there are some.
    var validationMapAtR: Double?
    var validationRecallAt1: Double?

    enum CodingKeys: String, CodingKey {
      case epoch, loss, levels
      case validationMapAtR = "validation_map_at_r"
      case validationRecallAt1 = "validation_recall_at_1"
      case learningRate = "learning_rate"
    }
  }

  /// A coarse level of a learned or given hierarchy.
  struct Level: Codable, Equatable, Sendable {
    /// The level in the notation of `--levels`, such as `clusters:20:0.1`.
    var name: String
    /// For each group of the level below (each class, for the first), its group on this level.
    var parents: [Int]
    /// The names of this level's groups, when the data set has some.
    var groupNames: [String]?

    enum CodingKeys: String, CodingKey {
      case name, parents
      case groupNames = "group_names"
    }
  }

  /// The file's bytes: indented, with sorted keys and a newline at the end.
  ///
  /// Throws when a number is infinite or not a number.
  func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self) + Data("\n".utf8)
  }
}
