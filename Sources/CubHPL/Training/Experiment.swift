import Foundation
import HPL
import NN
import Tensor
import Vision

/// Every method with every seed on one data set, and what is written about it.
enum Experiment {
  /// Does what the command line asks for.
  static func run(_ options: Options, command: [String]) throws {
    if let folder = options.export {
      try CUBFolder.write(TrainingData.embedded(), to: URL(fileURLWithPath: folder))
      print("wrote the embedded birds to \(folder)")
      return
    }
    _ = Backend.blas  // set up before any thread starts
    var settings = try Settings(options, cores: Threads.count)
    Threads.count = settings.threads
    let style = Progress.Style.suitable(quiet: settings.quiet)
    let say = { (text: String) in if style != .quiet { Terminal.write(text + "\n") } }
    let data = try TrainingData(settings, note: say)
    settings.fit(to: data.train, given: options)
    for method in settings.methods {
      _ = try method.levels(settings.levels, classes: data.train.classCount, taxonomy: data.train.taxonomy)
    }
    let folder = try OutputFolder(settings.output)
    do {
      let profile = options.profile ? Profile() : nil
      let work = { try train(settings, data, style, command: command) }
      let report = try profile?.measure(work) ?? work()
      let results = report.content.results
      try report.write(to: folder)
      print("\n" + Table.text(for: Summary(results.runs)))
      if let profile {
        try profile.writeTrace(to: folder.file("profile.json"))
        print("\n\(profile)")
      }
      say("\nreport: \(folder.file("report.html"))")
    } catch {
      folder.discardIfEmpty()
      throw error
    }
  }

  private static func train(
    _ settings: Settings, _ data: TrainingData, _ style: Progress.Style, command: [String]
  ) throws -> Report {
    let date = Date().ISO8601Format()
    let steps = try BalancedSampler(
      labels: Labels(data.train.labels), batch: settings.batch, samplesPerClass: settings.samplesPerClass,
      seed: settings.seed
    ).batches(epoch: 0).count
    let runs = settings.allSeeds.count * settings.methods.count
    let progress = Progress(plan: .init(runs: runs, epochs: settings.epochs, steps: steps), style: style)
    defer { progress.finish() }
    progress.note(
      "\(data.title): \(data.train.count) pictures of \(data.train.classCount) classes to train, "
        + "\(data.test.count) of \(data.test.classCount) other classes to test")
    var report = Report(settings, data)
    for seed in settings.allSeeds {
      for method in settings.methods {
        let run = try TrainingRun(method, seed: seed, settings: settings, data: data)
        if seed == settings.seed {
          for line in run.weightNotes + run.learningRates { progress.note("\(method.title)  \(line)") }
        }
        progress.begin(run.label)
        for epoch in 0..<settings.epochs { try run.trainEpoch(epoch, progress: progress) }
        progress.end()
        let embeddings = try run.testEmbeddings()
        let metrics = try RetrievalMetrics(
          embeddings: embeddings, labels: Labels(data.test.labels), progress: progress.evaluating)
        try report.add(run, embeddings, run.result(metrics))
      }
    }
    report.finish(command: command, date: date)
    return report
  }
}

extension TrainingRun {
  /// What each group of parameters learns with, so that nobody can miss one that no optimizer sees.
  var learningRates: [String] {
    optimizer.groups.map { group in
      let count = group.parameters.reduce(0) { $0 + $1.parameter.shape.reduce(1, *) }
      return
        "\(group.name): \(group.parameters.count) parameters, \(count) numbers, learning rate \(group.learningRate)"
    }
  }
}

extension Settings {
  /// Makes defaults that nobody gave fit a small data set.
  mutating func fit(to data: ImageDataset, given options: Options) {
    if options.samplesPerClass == nil, options.batch == nil {
      batch = min(batch, data.classCount * samplesPerClass)
    }
    if options.levels == nil {
      let most = max(1, data.classCount / 2)
      levels.coarse = levels.coarse.map { level in
        guard case .clusters(let count) = level.source else { return level }
        return .init(source: .clusters(min(count, most)), weight: level.weight, proxies: level.proxies)
      }
    }
  }
}
