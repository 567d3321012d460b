import Collectives
import Foundation
import Tensor
import TensorFiles

/// What a file says that cannot be, with the key where it stands.
struct ContentError: Error, Equatable, CustomStringConvertible {
  let key: String
  let problem: String

  var description: String { "\(key): \(problem)" }
}

/// What is read from files: nothing of it is used before every number in it has been checked.
protocol CheckedContent: Decodable {
  /// Throws where a number, a count or a name is none that the program writes.
  func check() throws(ContentError)
}

extension CheckedContent {
  /// Reads a file of results; nil where there is none.
  ///
  /// Throws `CheckpointError` where it is damaged or says what cannot be.
  init?(contentsOf path: String, over group: Group = .alone) throws {
    if group.size > 1 {
      guard let bytes = try group.file(path) else { return nil }
      try self.init(path) { () throws(TensorFileError) in
        try JSONText(String(decoding: bytes, as: UTF8.self), source: path)
      }
    } else {
      guard FileManager.default.fileExists(atPath: path) else { return nil }
      try self.init(path) { () throws(TensorFileError) in try JSONText(contentsOf: path) }
    }
  }

  private init(_ path: String, _ read: () throws(TensorFileError) -> JSONText) throws {
    do {
      let text = try read()
      guard text.hasChecksum else {
        throw CheckpointError.unreadableResult(file: path, reason: "it has no checksum")
      }
      self = try JSONDecoder().decode(Self.self, from: text.data)
      try check()
    } catch TensorFileError.unreadable(_, let reason) {
      throw CheckpointError.unusable(file: path, reason: "cannot be read: \(reason)")
    } catch let error where error is TensorFileError || error is ContentError {
      throw CheckpointError.unreadableResult(file: path, reason: "\(error)")
    } catch let error as CheckpointError {
      throw error
    } catch {
      throw CheckpointError.unreadableResult(file: path, reason: "it is damaged or of another version")
    }
  }
}

/// The checks, each of which names the key.
enum Check {
  /// As far as counts go; beyond, adding to one could overflow.
  static let most = 1 << 53

  static func number(_ value: Int, _ range: ClosedRange<Int>, _ key: String) throws(ContentError) {
    guard range.contains(value) else {
      throw ContentError(key: key, problem: "\(value) is not from \(range.lowerBound) to \(range.upperBound)")
    }
  }

  static func number(_ value: Double, _ range: ClosedRange<Double>, _ key: String) throws(ContentError) {
    guard range.contains(value) else {
      throw ContentError(key: key, problem: "\(value) is not from \(range.lowerBound) to \(range.upperBound)")
    }
  }

  static func index(_ value: Int, of count: Int, _ key: String) throws(ContentError) {
    guard value >= 0, value < count else {
      throw ContentError(key: key, problem: "\(value) is none of \(count), from 0")
    }
  }

  static func count(_ value: Int, _ key: String) throws(ContentError) { try number(value, 0...most, key) }

  /// A share of something, which rounding may carry a little beyond.
  static func share(_ value: Double?, _ key: String) throws(ContentError) {
    if let value { try number(value, -1e-6...1 + 1e-6, key) }
  }

  /// Something measured, which is no more than a `Float` can hold.
  static func measured(_ value: Double, _ key: String) throws(ContentError) {
    try number(value, -Double(Float.greatestFiniteMagnitude)...Double(Float.greatestFiniteMagnitude), key)
  }

  static func seconds(_ value: Double, _ key: String) throws(ContentError) { try number(value, 0...1e12, key) }

  static func holds(_ condition: Bool, _ key: String, _ problem: @autoclosure () -> String) throws(ContentError) {
    if !condition { throw ContentError(key: key, problem: problem()) }
  }
}

extension Settings {
  /// Holds what a file says to the ranges of the command line.
  func check() throws(ContentError) {
    for option in TrainingOptions.settings(of: command) where !ownParts.contains(option.name) {
      // What says nothing of a single run is empty.
      guard let text = option.spelling(in: values), !text.isEmpty else { continue }
      var unused = Values()
      do throws(InvalidValue) {
        try option.read(text, into: &unused)
      } catch {
        throw ContentError(key: option.name, problem: "\(text) \(error.reason)")
      }
    }
    try Check.holds(self.warmUp < self.epochs, "--warm-up", "\(self.warmUp) is not less than --epochs \(self.epochs)")
    try Check.holds(
      self.headWarmUp < self.epochs, "--head-warm-up", "\(self.headWarmUp) is not less than --epochs \(self.epochs)")
    try Check.holds(
      self.samplesPerClass <= self.batch, "--samples-per-class",
      "\(self.samplesPerClass) is more than --batch \(self.batch)")
    if let reason = self.backbone.objection(toSize: self.imageSize) {
      throw ContentError(
        key: "--image-size", problem: "\(self.imageSize) does not fit \(self.backbone.rawValue): \(reason)")
    }
  }
}

extension Settings {
  /// The options that name parts of the program that wrote the file; what else they name is checked where it is made.
  private var ownParts: Set<String> {
    let (method, course) = (TrainingOptions.method, TrainingOptions.course)
    let hasOwnTransforms = (self.augment ?? []).contains { if case .own = $0 { true } else { false } }
    let parts = [
      (method.backbone.name, self.backbone.isOwn), (course.sampler.name, self.sampler.isOwn),
      (course.optimizer.name, self.optimizer.isOwn), (course.augment.name, hasOwnTransforms),
    ]
    return Set(parts.filter(\.1).map(\.0))
  }
}

extension [Results.Epoch] {
  /// Checks a curve: a point for each epoch from the first.
  func check(_ key: String) throws(ContentError) {
    for (index, point) in enumerated() {
      let key = "\(key)[\(index)]"
      try Check.number(point.epoch, index + 1...index + 1, "\(key).epoch")
      try Check.measured(point.loss, "\(key).loss")
      try Check.number(point.learningRate, 0...Double.greatestFiniteMagnitude, "\(key).learning_rate")
      for value in point.levels { try Check.measured(value, "\(key).levels") }
      for value in point.accuracies ?? [] { try Check.share(value, "\(key).accuracies") }
      for group in point.groups ?? [] {
        try Check.share(group.moved, "\(key).groups.moved")
        try group.agreement?.check("\(key).groups.agreement")
      }
      try Check.share(point.validationMapAtR, "\(key).validation_map_at_r")
      try Check.share(point.validationRecallAt1, "\(key).validation_recall_at_1")
      try Check.share(point.probeMapAtR, "\(key).probe_map_at_r")
      try Check.share(point.probeRecallAt1, "\(key).probe_recall_at_1")
      for norms in (point.norms ?? [:]).values {
        for value in [norms.gradients, norms.weights] {
          try Check.number(value, 0...Double(Float.greatestFiniteMagnitude), "\(key).norms")
        }
      }
      for value in (point.logged ?? [:]).values { try Check.measured(value, "\(key).logged") }
    }
  }
}

extension [EpochCost] {
  func check(_ key: String) throws(ContentError) {
    for cost in self {
      for part in EpochCost.parts { try Check.seconds(cost[keyPath: part.seconds], key) }
      try Check.number(cost.peakMebibytes, 0...1e12, "\(key).peak_mib")
    }
  }
}

extension Results.Agreement {
  func check(_ key: String) throws(ContentError) {
    try Check.share(purity, "\(key).purity")
    try Check.number(adjustedMutualInformation, -1e6...1 + 1e-6, "\(key).ami")
    try Check.count(taxonomyGroups, "\(key).taxonomy_groups")
  }
}

extension Metrics {
  func check(_ key: String) throws(ContentError) {
    try Check.share(precisionAt1, "\(key).precision_at_1")
    for (k, value) in recall {
      try Check.number(k, 1...Check.most, "\(key).recall_at_\(k)")
      try Check.share(value, "\(key).recall_at_\(k)")
    }
    try Check.share(rPrecision, "\(key).r_precision")
    try Check.share(mapAtR, "\(key).map_at_r")
    try Check.share(nmi, "\(key).nmi")
    try Check.share(meanReciprocalRank, "\(key).mean_reciprocal_rank")
    for value in cumulativeMatches ?? [] { try Check.share(value, "\(key).cmc") }
    for (k, value) in precision {
      try Check.number(k, 1...Check.most, "\(key).precision_at_\(k)")
      try Check.share(value, "\(key).precision_at_\(k)")
    }
    guard let hierarchical else { return }
    let inner = "\(key).hierarchical"
    try Check.holds(
      hierarchical.groups.count == hierarchical.mapAtR.count, "\(inner).map_at_r",
      "\(hierarchical.mapAtR.count) numbers for \(hierarchical.groups.count) levels")
    for count in hierarchical.groups { try Check.count(count, "\(inner).groups") }
    for value in hierarchical.mapAtR { try Check.share(value, "\(inner).map_at_r") }
    for value in [
      hierarchical.hierarchicalAP, hierarchical.ndcg, hierarchical.averageSetIntersection,
      hierarchical.firstErrorsWithinParent,
    ] as [Double?] { try Check.share(value, inner) }
  }
}

extension [Results.Level] {
  /// Checks that levels make a hierarchy.
  func check(_ key: String) throws(ContentError) {
    var below = first?.parents.count ?? 0
    for (index, level) in enumerated() {
      let key = "\(key)[\(index)]"
      try Check.holds(!level.parents.isEmpty, "\(key).parents", "there are none")
      try Check.holds(
        level.parents.count == below, "\(key).parents", "\(level.parents.count) for the \(below) groups below")
      for parent in level.parents { try Check.index(parent, of: below, "\(key).parents") }
      let count = level.parents.max()! + 1
      if let names = level.groupNames {
        try Check.holds(names.count == count, "\(key).group_names", "\(names.count) names for \(count) groups")
      }
      try level.agreement?.check("\(key).agreement")
      below = count
    }
  }
}

extension Check {
  /// That measures of one name, of which tables have the mean, are the same ones.
  static func alike(_ all: some Sequence<(String, Metrics)>, _ key: String) throws(ContentError) {
    var first: [String: (index: Int, measured: Set<String>)] = [:]
    for (index, (name, metrics)) in all.enumerated() {
      let own = metrics.measured
      guard let other = first[name] else {
        first[name] = (index, own)
        continue
      }
      let place = "\(key)[\(other.index)], which is of \(name) too"
      if let measure = other.measured.subtracting(own).min() {
        throw ContentError(key: "\(key)[\(index)].metrics", problem: "has no \(measure), unlike \(place)")
      }
      if let measure = own.subtracting(other.measured).min() {
        throw ContentError(key: "\(key)[\(index)].metrics", problem: "has \(measure), unlike \(place)")
      }
    }
  }
}

extension Results.DataSet {
  func check(_ key: String) throws(ContentError) {
    for count in [classesTrain, classesTest, imagesTrain, imagesTest, imagesGallery ?? 0] {
      try Check.count(count, key)
    }
  }
}

extension Results.Swept {
  func check(_ key: String) throws(ContentError) { try Check.number(value, 0...1e15, "\(key).value") }
}

extension Results.Run {
  func check(_ key: String) throws(ContentError) {
    try Check.seconds(seconds, "\(key).seconds")
    try Check.number(imagesPerSecond, 0...1e15, "\(key).images_per_second")
    try metrics.check("\(key).metrics")
    try remeasured?.metrics.check("\(key).remeasured.metrics")
    try Check.count(parameters, "\(key).parameters")
    try Check.count(queriesDropped, "\(key).queries_dropped")
    try swept?.check("\(key).swept")
    try epochs.check("\(key).epochs")
    try costs?.check("\(key).costs")
    try hierarchy.check("\(key).hierarchy")
  }
}

extension Results.Run {
  /// Checks that it is the result of a plan.
  func check(isOf plan: RunPlan) throws(ContentError) {
    try Check.holds(
      method == plan.method.name && seed == plan.seed && swept == plan.swept, "result",
      "it is of another run than \(plan.name)")
  }
}

extension Checkpoint.State: CheckedContent {
  func check() throws(ContentError) {
    try identity.settings.check()
    if let fold { try Check.number(fold, 0...1000, "fold") }
    if let birds {
      try Check.number(birds.species, 1...1_000_000, "birds.species")
      try Check.number(birds.pictures, 1...1_000_000, "birds.pictures")
      try Check.number(birds.likeness, 0...1, "birds.likeness")
    }
    try curve.check("curve")
    try costs?.check("costs")
    try Check.seconds(seconds, "seconds")
    try Check.count(imagesSeen, "imagesSeen")
    try Check.holds(!classNames.isEmpty, "classNames", "there is none")
    try Check.holds(Set(classNames).count == classNames.count, "classNames", "two classes have one name")
  }
}

extension RunFolder.Finished: CheckedContent {
  func check() throws(ContentError) {
    try identity.settings.check()
    try result.check("result")
    try Check.holds(
      [RunFolder.last, RunFolder.best].contains(checkpoint), "checkpoint", "'\(checkpoint)' is none")
    // How many pictures there are is known to whoever has the data: `check(queries:items:)`.
    try check(queries: .max, items: .max)
    try study?.check()
    try projection?.check()
  }

  /// Checks the pictures that it names against the data's.
  func check(queries: Int, items: Int) throws(ContentError) {
    for row in retrievals + (study.map { $0.best + $0.worst } ?? []) {
      try Check.index(row.query, of: queries, "query")
      for index in row.neighbours { try Check.index(index, of: items, "neighbours") }
    }
    for index in projection?.pictures ?? [] { try Check.index(index, of: queries, "projection.pictures") }
  }
}

extension RetrievalStudy {
  fileprivate func check() throws(ContentError) {
    try Check.count(queries, "study.queries")
    for row in confusion ?? [] {
      try Check.holds(
        row.count == confusion!.count, "study.confusion", "\(row.count) columns for \(confusion!.count) rows")
      for count in row { try Check.number(count, 0...1 << 31, "study.confusion") }
    }
  }
}

extension RunProjection {
  fileprivate func check() throws(ContentError) {
    try Check.holds(
      panel.points.count == pictures.count, "projection.panel.points",
      "\(panel.points.count) for \(pictures.count) pictures")
    for point in panel.points {
      for value in [point.x, point.y] { try Check.number(value, -1e9...1e9, "projection.panel.points") }
    }
    guard let clusters else { return }
    try Check.number(clusters.count, 1...1_000_000, "projection.clusters.count")
    try Check.holds(
      clusters.groups.count == pictures.count, "projection.clusters.groups",
      "\(clusters.groups.count) for \(pictures.count) pictures")
    for group in clusters.groups { try Check.index(group, of: clusters.count, "projection.clusters.groups") }
  }
}
