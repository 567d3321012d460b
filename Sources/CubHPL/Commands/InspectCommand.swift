import Clustering
import Foundation
import Models
import Retrieval
import Tensor

/// The command `inspect`: what a checkpoint holds, as text.
enum InspectCommand {
  static func text(_ options: Options, methods: MethodList = .standard) throws -> String {
    let path = try options.checkpoint()
    let model = try TrainedModel(opening: path, methods: methods)
    let parts = [
      facts(model, path), settings(model.settings), curve(model.state.curve), try result(path, model),
      parameters(model),
      try proxies(model), hierarchy(model),
    ]
    return parts.filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  private static func facts(_ model: TrainedModel, _ path: String) -> String {
    let state = model.state
    let fold = state.fold.map { ", fold \($0 + 1)" } ?? ""
    return [
      "\(visible(path)): \(state.title) (\(state.method)), seed \(state.seed)\(fold)",
      "\(Program.name) \(state.identity.version); \(state.identity.data), split checksum \(state.identity.splitChecksum)",
      "\(counted(state.classNames.count, "training class", "training classes")), "
        + "\(counted(state.curve.count, "epoch", "epochs")), \(fixed(state.seconds, 1)) seconds, "
        + "\(counted(state.imagesSeen, "picture", "pictures")) seen",
    ].joined(separator: "\n")
  }

  private static func settings(_ settings: Settings) -> String {
    let recluster = settings.recluster == 0 ? "once" : "\(settings.recluster)"
    let hierarchy = settings.hierarchy.map { "a file with checksum \($0)" } ?? "none"
    let ramp = settings.levelRamp.map { counted($0, "epoch", "epochs") } ?? "none"
    let rows: [(String, String)] = [
      ("backbone", settings.backbone.rawValue), ("dimensions", "\(settings.dimensions)"),
      ("picture size", "\(settings.imageSize)"), ("levels", settings.levels.description),
      ("hierarchy", hierarchy), ("warm-up, recluster", "\(settings.warmUp), \(recluster)"), ("level ramp", ramp),
      ("epochs asked for", "\(settings.epochs)"),
      ("batch", "\(settings.batch) of \(settings.samplesPerClass) a class, \(settings.sampler.rawValue)"),
      ("accumulate", "\(settings.accumulate)"),
      ("learning rate", "\(settings.learningRate), proxies \(settings.proxyLearningRate)"),
      ("schedule", "\(settings.schedule)"), ("moving average", settings.ema.map { "\($0)" } ?? "none"),
      ("validation classes", "\(settings.validation)"),
      ("protocol", settings.recipe?.rawValue ?? "none"),
    ]
    return "Settings\n" + rows.map { "  \($0.0): \($0.1)" }.joined(separator: "\n")
  }

  private static func curve(_ curve: [Results.Epoch]) -> String {
    let levels = curve.map(\.levels.count).max() ?? 0
    let measured = curve.contains { $0.accuracies != nil } ? levels : 0
    let isValidated = curve.contains { $0.validationMapAtR != nil }
    var header = ["Epoch", "learning rate", "loss"]
    header += (0..<levels).map { "level \($0)" }
    header += (0..<measured).map { "accuracy \($0)" }
    if isValidated { header += ["validation MAP@R", "R@1"] }
    var table = Table(header: header)
    for point in curve {
      var cells = ["\(point.epoch)", String(format: "%.3g", point.learningRate), fixed(point.loss, 4)]
      cells += (0..<levels).map { $0 < point.levels.count ? fixed(point.levels[$0], 4) : "–" }
      let accuracies = point.accuracies ?? []
      cells += (0..<measured).map { percent($0 < accuracies.count ? accuracies[$0] : nil) }
      if isValidated { cells += [percent(point.validationMapAtR), percent(point.validationRecallAt1)] }
      table.rows.append(cells)
    }
    return ([table.description] + [groups(curve)].compactMap(\.self)).joined(separator: "\n\n")
  }

  private static func percent(_ share: Double?) -> String { share.map { fixed($0 * 100, 2) } ?? "–" }

  /// How clusters changed while the run trained, in percent; nil where there are none.
  private static func groups(_ curve: [Results.Epoch]) -> String? {
    var table = Table(header: ["Clusters", "moved", "purity", "AMI"])
    for point in curve {
      for (index, level) in (point.groups ?? []).enumerated() where level != .init() {
        table.rows.append([
          "epoch \(point.epoch), level \(index + 1)", percent(level.moved), percent(level.agreement?.purity),
          percent(level.agreement?.adjustedMutualInformation),
        ])
      }
    }
    return table.rows.isEmpty ? nil : "\(table)"
  }

  /// The test's numbers, where the run's folder has them for this file.
  private static func result(_ path: String, _ model: TrainedModel) throws -> String {
    let file = URL(fileURLWithPath: path)
    let beside = file.deletingLastPathComponent().appendingPathComponent("result.json")
    guard let finished = try RunFolder.Finished(contentsOf: beside.path),
      model.state.identity.isContinued(by: finished.identity), finished.checkpoint == file.lastPathComponent
    else { return "" }
    let summary = Summary([finished.result])
    let parts = [
      "Test\n\(Table(summary))\n\(finished.result.tested)", Table.hierarchical(summary), Table.coarseLevels(summary),
    ]
    return parts.compactMap(\.self).joined(separator: "\n\n")
  }

  private static func parameters(_ model: TrainedModel) -> String {
    let groups = [
      ("Network, body", model.network.bodyParameters), ("Network, embedding head", model.network.headParameters),
      ("Proxies", model.loss?.parameters ?? []),
    ]
    return groups.filter { !$0.1.isEmpty }.map { title, parameters in
      let numbers = parameters.reduce(0) { $0 + $1.parameter.value.count }
      var table = Table(header: ["\(title)", "shape", "numbers", "norm"])
      for named in parameters {
        let value = named.parameter.value
        let squares = value.scalars.reduce(0) { $0 + Double($1) * Double($1) }
        table.rows.append([
          named.name, "\(value.shape)", grouped(value.count), String(format: "%.4g", squares.squareRoot()),
        ])
      }
      return "\(table)\n\(counted(parameters.count, "parameter", "parameters")), \(grouped(numbers)) numbers"
    }.joined(separator: "\n\n")
  }

  private static func proxies(_ model: TrainedModel) throws -> String {
    guard let loss = model.loss else { return "No proxies: the loss compares pairs." }
    return try loss.levels.indices.map { level in
      let proxies = ProxyGeometry(loss.proxies(on: level))
      let kind = loss.levels[level].proxies == nil ? "centroids of their children" : "learned"
      var lines = ["Level \(level): \(counted(proxies.count, "proxy", "proxies")), \(kind)"]
      if proxies.count > 1 { lines.append("  mean cosine between two: \(fixed(proxies.meanCosine, 4))") }
      for pair in try proxies.nearestPairs(3) {
        let names = [pair.first, pair.second].map {
          level == 0 ? visible(model.state.classNames[$0]) : "Group \($0 + 1)"
        }
        lines.append("  \(fixed(Double(pair.cosine), 4))  \(names[0]) – \(names[1])")
      }
      return lines.joined(separator: "\n")
    }.joined(separator: "\n")
  }

  private static func hierarchy(_ model: TrainedModel) -> String {
    guard let loss = model.loss, loss.levels.count > 1 else { return "" }
    let levels = loss.levels.dropFirst().map { Results.Level(name: "", parents: $0.parents) }
    let classes = model.state.classNames.map { ReportContent.Node(title: $0) }
    func lines(_ node: ReportContent.Node, _ depth: Int) -> [String] {
      let count = node.children.isEmpty ? "" : " (\(counted(node.classes.count, "class", "classes")))"
      return [String(repeating: "  ", count: depth) + visible(node.title) + count]
        + node.children.flatMap { lines($0, depth + 1) }
    }
    let roots = ReportContent.Node.tree(levels: levels, classes: classes)
    return "Hierarchy\n" + roots.flatMap { lines($0, 1) }.joined(separator: "\n")
  }
}

/// How some proxies lie to one another.
struct ProxyGeometry {
  struct Pair: Equatable {
    let first: Int
    let second: Int
    let cosine: Float
  }

  private let proxies: Tensor<Float>

  /// - Parameter proxies: rows of length 1, `[count, dimensions]`.
  init(_ proxies: Tensor<Float>) { self.proxies = proxies }

  var count: Int { proxies.shape[0] }

  /// The mean over all pairs of two: `(‖Σp‖² − Σ‖p‖²) / (n² − n)`, which needs no matrix; 0 for a single one.
  var meanCosine: Double {
    guard count > 1 else { return 0 }
    let (width, rows) = (proxies.shape[1], proxies.scalars)
    var (sum, own) = ([Double](repeating: 0, count: width), 0.0)
    for (place, value) in rows.enumerated() {
      sum[place % width] += Double(value)
      own += Double(value) * Double(value)
    }
    return (sum.reduce(0) { $0 + $1 * $1 } - own) / Double(count * (count - 1))
  }

  /// The pairs with the largest cosines, the largest first.
  func nearestPairs(_ most: Int) throws -> [Pair] {
    let search = try Search(embeddings: proxies, labels: .zeros([count]))
    let pairs = search.nearest(most).flatMap { found in
      zip(found.items, found.similarities).filter { $0.0 > found.query }
        .map { Pair(first: found.query, second: $0, cosine: $1) }
    }
    return Array(
      pairs.sorted { ($1.cosine, $0.first, $0.second) < ($0.cosine, $1.first, $1.second) }.prefix(most))
  }
}
