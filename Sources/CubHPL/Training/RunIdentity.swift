import Foundation

/// What must be equal for a run to be taken up where it stopped: the program, the pictures, and every setting that
/// changes the numbers.
struct RunIdentity: Codable, Equatable {
  let version: String
  let data: String
  let splitChecksum: String
  /// Identifies what is in the pictures, as far as they are files.
  let pictures: String?
  /// Identifies the groups of the classes, on which measures depend and some methods, levels and samplers; nil where there are none,
  /// and for the embedded data.
  let groups: String?
  let settings: Settings

  enum CodingKeys: String, CodingKey {
    case version, data, pictures, groups, settings
    case splitChecksum = "split_checksum"
  }

  /// Leaves out which runs there are, where files lie, how many threads work, where proxies lie, what is measured once more, and for a run without levels their warm-up, whose
  /// default follows the epochs.
  init(_ settings: Settings, data: TrainingData, hasLevels: Bool = true) {
    version = Program.version
    self.data = data.title
    splitChecksum = data.splitChecksum
    (pictures, groups) = (data.pictures, data.groupsChecksum)
    var settings = settings.ofOneRun.forgetting(TrainingOptions.evaluation.options)
    (settings.methods, settings.seed, settings.seeds, settings.output) = ([], 0, 1, "")
    // Each rank draws its part of the proxies.
    if settings.samplingRate == 1 { settings.shardProxies = false }
    (settings.threads, settings.workers, settings.quiet, settings.skipBroken) = (1, 1, false, false)
    (settings.data, settings.dataset, settings.classSplit) = (nil, nil, nil)
    if !hasLevels { settings.warmUp = 0 }
    if settings.taxonomy != nil { settings.taxonomy = data.taxonomyChecksum }
    if settings.hierarchy != nil { settings.hierarchy = data.hierarchyChecksum }
    if settings.weights != nil { settings.weights = data.weightsChecksum }
    self.settings = settings
  }

  private init(_ other: RunIdentity, epochs: Int) {
    (version, data, splitChecksum) = (other.version, other.data, other.splitChecksum)
    (pictures, groups) = (other.pictures, other.groups)
    var settings = other.settings
    settings.epochs = epochs
    self.settings = settings
  }

  /// Whether a run can be taken up by another: they are the same, but that the other may have more epochs.
  func isContinued(by other: RunIdentity) -> Bool {
    let epochs = other.settings.epochs
    return settings.epochs <= epochs && RunIdentity(self, epochs: epochs) == other
  }

  /// What differs, such as `epochs (there 20, now 16)`; of the contents of files, checksums.
  func differences(
    from other: RunIdentity, names: (own: String, other: String) = ("there", "now")
  ) throws -> [String] {
    let (own, others) = (try Self.fields(self), try Self.fields(other))
    return Set(own.keys).union(others.keys).sorted().compactMap { key in
      let (there, now) = (own[key] ?? "none", others[key] ?? "none")
      return there == now ? nil : "\(key) (\(names.own) \(there), \(names.other) \(now))"
    }
  }

  private static func fields(_ identity: RunIdentity) throws -> [String: String] {
    let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(identity)) as? [String: Any] ?? [:]
    let settings = object["settings"] as? [String: Any] ?? [:]
    return object.filter { $0.key != "settings" }.merging(settings) { own, _ in own }.mapValues { "\($0)" }
  }
}
