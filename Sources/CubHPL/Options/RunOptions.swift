import Foundation

/// What runs there are, and where their files lie.
struct RunOptions: OptionGroup {
  static let heading = "Run"

  let seed = Option<UInt64>(
    "--seed", "N", "first seed; the same seed gives the same run", default: .always(0), read: integer(0...UInt64.max))
  let seeds: Option<Int>
  let output = Option<String>(
    "--output", "DIR", "folder for results.json, report.html and the trained weights",
    default: .said("runs/<time>") { "runs/\(folderName($0.now))" }, read: nonempty)
  let config = Option<String?>(
    "--config", "FILE",
    "start from the settings.json of an experiment; the options beside this one win over those in it",
    default: .none(), isSetting: false, read: nonempty)
  let profile = Option(
    flag: "--profile", "print what each operation took, and write the first ones to profile.json for chrome://tracing",
    isSetting: false)

  init(of kind: ExperimentKind = .train) {
    seeds = Option(
      "--seeds", "N", "train with this many seeds and report mean and deviation",
      // Intervals need several.
      default: .always(kind == .train ? 1 : 3), read: integer(1...1000))
  }
}

/// How a command computes, and what it says meanwhile.
struct ComputeOptions: OptionGroup {
  static let heading = "Run"

  let threads = Option<Int>(
    "--threads", "N", "threads that compute", default: .said("all cores", \.cores), read: integer(1...1024))
  let workers = Option<Int>(
    "--workers", "N", "threads that load pictures", default: .always(2), read: integer(1...256))
  let quiet = Option(flag: "--quiet", "no progress, only the result")
}

/// What `sweep` goes over.
struct SweepOptions: OptionGroup {
  static let heading = "Sweep"

  let over = Option<Sweep.Parameter?>(
    "--over", "NAME",
    "what sweep changes: the weight w1 of the first coarse level, or coarse, its number of proxies; or the drawn birds: classes, the "
      + "number of species, pictures-per-class, or likeness, how much the species of a family have in common",
    default: .none("must be given"), key: "sweep.parameter", read: choice(called: "parameter"))
  /// Empty until the data is known, where none are given.
  let values = Option<[Double]>(
    "--values", "LIST", "the values, with commas between",
    default: .said(
      "w1: 0 to 1; coarse: a twentieth to a half of the training classes; classes: 24 to 180; pictures-per-class: 8 to 60; "
        + "likeness: 0.3 to 0.9"
    ) { _ in [] },
    key: "sweep.values", read: Sweep.values)
  let pictures = Option<Int>(
    "--pictures", "N", "drawn pictures in all, at each value of a sweep over the drawn birds", default: .always(1440),
    key: "sweep.pictures", needs: [.sweepOverData], read: integer(16...10_000_000))
}

/// The local time as `2026-01-31-235959`.
private func folderName(_ date: Date) -> String {
  let parts = Calendar(identifier: .gregorian).dateComponents(
    [.year, .month, .day, .hour, .minute, .second], from: date)
  let day = String(format: "%04d-%02d-%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
  return day + String(format: "-%02d%02d%02d", parts.hour ?? 0, parts.minute ?? 0, parts.second ?? 0)
}
