import ClassTree
import Foundation
import HPL
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
  /// What was trained and tested on; of a sweep over data, that of its first value.
  var data: DataSet
  /// Of a sweep over data, that of each value; nil elsewhere.
  var sweptData: [SweptData]?
  var options: Settings
  var machine: Machine
  /// Versions of the libraries in use, by name.
  var packages: [String: String]
  var runs: [Run]
  /// What the runs must be compared with: chance, and for each seed the network before it is trained.
  var baselines: [Baseline] = []
  /// A line for each default that was made smaller, because it did not fit the data or another option; nil for none.
  var smallerDefaults: [String]?

  enum CodingKeys: String, CodingKey {
    case version, command, seed, date, data, options, machine, packages, runs, baselines
    case sweptData = "swept_data"
    case smallerDefaults = "smaller_defaults"
  }

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

  /// What a value of a sweep was trained and tested on.
  struct SweptData: Codable, Equatable, Sendable {
    var swept: Swept
    var data: DataSet
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
    /// What was measured once more; nil where nothing was asked for.
    var remeasured: Remeasured?
    /// What the probe of each epoch is, in words; nil where validation classes take its place.
    var probe: String?
    /// What each epoch took; nil in what an older version wrote.
    var costs: [EpochCost]?

    enum CodingKeys: String, CodingKey {
      case method, title, seed, swept, tested, seconds, metrics, parameters, epochs, hierarchy, remeasured, probe, costs
      case flatMethod = "flat_method"
      case imagesPerSecond = "images_per_second"
      case queriesDropped = "queries_dropped"
    }
  }

  /// The test pictures measured once more, with what was asked for beside the usual.
  struct Remeasured: Codable, Equatable, Sendable {
    /// What was done, in its order, such as `whiten` and `expand-queries 10`.
    var steps: [String]
    /// Without NMI and what knows a taxonomy.
    var metrics: Metrics
  }

  /// What a number of a run must be compared with.
  struct Baseline: Codable, Equatable, Sendable {
    /// `chance`, `untrained` or `weights`.
    var method: String
    /// What tables call it.
    var title: String
    /// The seed of a network; chance has none.
    var seed: UInt64?
    var metrics: Metrics
  }

  /// The value of a parameter that a sweep goes over.
  struct Swept: Codable, Equatable, Sendable {
    /// `w1` or `coarse`.
    var parameter: String
    var value: Double

    /// The value as short as it can be.
    var text: String { Int(exactly: value).map(String.init) ?? "\(value)" }
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
    /// For each active level, the share of the epoch's pictures whose nearest proxy was that of their class or group; nil for
    /// losses on pairs.
    var accuracies: [Double]?
    /// For each coarse level, what its groups were in the epoch; nil where the coarse levels did not count.
    var groups: [Groups]?
    /// MAP@R on the validation classes, where there are some.
    var validationMapAtR: Double?
    var validationRecallAt1: Double?
    /// MAP@R on the run's probe, where there are no validation classes.
    var probeMapAtR: Double?
    var probeRecallAt1: Double?
    /// By the optimiser's groups of parameters, such as `network`; nil in what an older version wrote.
    var norms: [String: Norms]?
    /// The means of what the loss has told by `logNumber`; nil where it has told nothing.
    var logged: [String: Double]?

    /// Euclidean norms of a group of parameters.
    struct Norms: Codable, Equatable, Sendable {
      /// Of the gradients of a step, the mean over the epoch's steps.
      var gradients: Double
      /// Of the parameters at the epoch's end.
      var weights: Double
    }

    /// The groups of a coarse level; all nil where a taxonomy or a file gives them.
    struct Groups: Codable, Equatable, Sendable {
      /// The share of the classes that changed their group at the epoch's start; nil where clusters were not renewed.
      var moved: Double?
      /// How they agree with the taxonomy, where there is one.
      var agreement: Agreement?
    }

    enum CodingKeys: String, CodingKey {
      case epoch, loss, levels, accuracies, groups, norms, logged
      case probeMapAtR = "probe_map_at_r"
      case probeRecallAt1 = "probe_recall_at_1"
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
    /// Of clusters, how they agree with the data's taxonomy, where there is one.
    var agreement: Agreement?

    enum CodingKeys: String, CodingKey {
      case name, parents, agreement
      case groupNames = "group_names"
    }
  }

  /// How clusters of the training classes agree with the level of the data's taxonomy whose number of groups is nearest.
  struct Agreement: Codable, Equatable, Sendable {
    /// The share of the classes that belong to the most frequent group of their cluster.
    var purity: Double
    var adjustedMutualInformation: Double
    /// The groups of the level.
    var taxonomyGroups: Int

    enum CodingKeys: String, CodingKey {
      case purity
      case adjustedMutualInformation = "ami"
      case taxonomyGroups = "taxonomy_groups"
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

extension Results {
  /// What some runs were trained and tested on: those of a value, where there is one.
  func data(of swept: Swept?) -> DataSet { sweptData?.first { $0.swept == swept }?.data ?? data }

  /// What runs were trained and tested on, each once.
  var allData: [DataSet] { sweptData?.map(\.data) ?? [data] }

  /// What is said about the data, each line once.
  var notes: [String] {
    allData.flatMap(\.notes).reduce(into: []) { notes, line in if !notes.contains(line) { notes.append(line) } }
  }

  /// What pages call all of that.
  var subject: String { sweptData == nil ? data.name : "Drawn birds" }
}

extension Results.Run {
  /// The share of the last epoch's pictures nearest to the right proxy of a level, classes first.
  func accuracy(onLevel level: Int) -> Double? {
    guard let values = epochs.last?.accuracies, values.indices.contains(level) else { return nil }
    return values[level]
  }

  /// The share of the classes that changed their group on a coarse level, from 1, when it was last renewed.
  func lastMove(onLevel level: Int) -> Double? {
    epochs.reversed().lazy.compactMap { point in
      point.groups.flatMap { $0.indices.contains(level - 1) ? $0[level - 1].moved : nil }
    }.first
  }
}

extension Results.Agreement {
  /// Compares the group of each class with the nearest level of a taxonomy of these classes, the finer of two.
  init(of groups: [Int], with taxonomy: ClassHierarchy) {
    let count = Set(groups).count
    let levels = zip(taxonomy.groupsOfClasses, taxonomy.levels).map { (groups: $0, count: $1.groups.count) }
    let nearest = levels.min { abs($0.count - count) < abs($1.count - count) }!
    let agreement = PartitionAgreement(of: groups, with: nearest.groups)
    self.init(
      purity: agreement.purity, adjustedMutualInformation: agreement.adjustedMutualInformation,
      taxonomyGroups: nearest.count)
  }
}

extension ClassHierarchy {
  /// The hierarchy of a run by name; nil for a flat method.
  init?(_ levels: [Results.Level], classes: [String]) throws(HierarchyError) {
    guard !levels.isEmpty else { return nil }
    try self.init(
      classes: classes,
      levels: levels.map { level in
        let count = (level.parents.max() ?? -1) + 1
        return .init(
          name: level.name, groups: level.groupNames ?? (0..<count).map { "group \($0)" }, parents: level.parents)
      })
  }
}
