import Foundation

/// All runs of some experiments, and how they differ.
struct RunIndex {
  /// One run.
  struct Run {
    /// The experiment's folder, from the index's.
    let experiment: String
    /// The address of its report, from the index's page.
    let report: String
    let title: String
    let seed: UInt64
    /// `finished`, or where the experiment stands.
    let state: String
    /// What it was trained with, by the names of the options.
    var parameters: [String: String]
    /// nil where it has not been tested.
    let metrics: Metrics?
    let seconds: Double
    let epochs: [Results.Epoch]
    let costs: [EpochCost]
  }

  /// What the runs of some experiments must be compared with.
  struct Baseline: Equatable {
    let data: String
    let title: String
    let metrics: Metrics
  }

  let runs: [Run]
  let baselines: [Baseline]
  /// The parameters that differ between the runs, with their values.
  let differing: [(name: String, values: [String])]

  /// Paths are relative to the folder of a page.
  init(_ experiments: [RecordedExperiment], beside page: URL) {
    let base = page.deletingLastPathComponent().standardizedFileURL.pathComponents
    var (runs, baselines): ([Run], [Baseline]) = ([], [])
    for experiment in experiments {
      let path = Self.path(URL(fileURLWithPath: experiment.folder).standardizedFileURL.pathComponents, from: base)
      // A browser takes what stands before a colon for a scheme.
      let allowed = CharacterSet.urlPathAllowed.subtracting(CharacterSet(charactersIn: ":"))
      let report = ((path.isEmpty ? "" : path + "/") + ReportPage.name)
        .addingPercentEncoding(withAllowedCharacters: allowed)!
      func add(_ run: Results.Run, fold: Int? = nil, state: String, isTested: Bool) {
        var parameters = Self.parameters(experiment.results, experiment.results.data(of: run.swept))
        parameters[run.swept?.parameter ?? ""] = run.swept?.text
        let title = run.title + (fold.map { ", fold \($0 + 1)" } ?? "")
        runs.append(
          Run(
            experiment: path.isEmpty ? "." : path, report: report, title: title, seed: run.seed, state: state,
            parameters: parameters, metrics: isTested ? run.metrics : nil, seconds: run.seconds, epochs: run.epochs,
            costs: run.costs ?? []))
      }
      for run in experiment.results.runs { add(run, state: "finished", isTested: true) }
      for run in experiment.unfinished {
        let state =
          "\(experiment.state?.ended ?? "running"), \(run.epochs.count) of \(experiment.results.options.epochs)"
        add(run.run, fold: run.fold, state: state, isTested: false)
      }
      for row in Summary(experiment.results).baselines {
        let mean = Baseline(data: experiment.results.subject, title: row.title, metrics: .mean(row.metrics))
        if !baselines.contains(mean) { baselines.append(mean) }
      }
    }
    (self.runs, self.baselines) = (runs, baselines)
    let names = Set(runs.flatMap(\.parameters.keys)).sorted()
    let all = runs
    differing = names.compactMap { name -> (name: String, values: [String])? in
      let values = Set(all.map { $0.parameters[name] ?? "–" })
      return values.count > 1 ? (name, values.sorted { $0.compare($1, options: .numeric) == .orderedAscending }) : nil
    }
  }

  /// Every option that changes what a run computes, and what it is of.
  private static func parameters(_ results: Results, _ data: Results.DataSet) -> [String: String] {
    let settings = results.options.ofOneRun
    let others = [
      TrainingOptions.method.methods.name, TrainingOptions.run.seed.name, TrainingOptions.run.seeds.name,
      TrainingOptions.run.output.name, TrainingOptions.data.data.name, TrainingOptions.compute.workers.name,
      TrainingOptions.compute.quiet.name, TrainingOptions.compute.threads.name,
    ]
    var parameters = ["data": data.name, "split checksum": data.splitChecksum ?? "–"]
    for option in TrainingOptions.settings(of: settings.command) where !others.contains(option.name) {
      parameters[String(option.name.dropFirst(2))] = option.spelling(in: settings.values).flatMap {
        $0.isEmpty ? nil : $0
      }
    }
    return parameters
  }

  /// A folder from another one, both absolute.
  private static func path(_ folder: [String], from base: [String]) -> String {
    let common = zip(folder, base).prefix { $0 == $1 }.count
    return (base.dropFirst(common).map { _ in ".." } + folder.dropFirst(common)).joined(separator: "/")
  }
}
