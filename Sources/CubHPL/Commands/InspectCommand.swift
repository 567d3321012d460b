import Clustering
import Foundation
import Models
import Retrieval
import Tensor

/// The command `inspect`: what a checkpoint holds, as text.
struct InspectCommand: Command {
  static let word = "inspect"
  static let summary = "print what a checkpoint holds: settings, curve, parameters, proxies and hierarchy"
  static let examples = [
    CommandExample(arguments: "inspect --checkpoint last.safetensors", meaning: "what is in a checkpoint")
  ]

  private let checkpoint: String
  private let methods: MethodList

  static func groups(_ methods: MethodList) -> [any OptionGroup] { [CheckpointOptions()] }

  init(_ given: Given) throws(UsageError) {
    (checkpoint, methods) = (try CheckpointOptions.path(given, for: Self.word), given.methods)
  }

  func run() throws {
    if World.speaks { try StandardOutput.print(text()) }
  }

  private func text() throws -> String {
    let model = try TrainedModel(opening: checkpoint, methods: methods)
    return try Inspection.text(of: model, at: checkpoint)
  }
}

/// What is in a trained model, in words and tables.
enum Inspection {
  static func text(of model: TrainedModel, at path: String) throws -> String {
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
      "\(data(state)); \(counted(state.classNames.count, "training class", "training classes")), "
        + "\(counted(state.curve.count, "epoch", "epochs")), \(fixed(state.seconds, 1)) seconds, "
        + "\(counted(state.imagesSeen, "picture", "pictures")) seen",
    ].joined(separator: "\n")
  }

  /// Where the pictures lay, and whether they are there.
  private static func data(_ state: Checkpoint.State) -> String {
    guard let source = state.source else { return "trained on \(state.place)" }
    let isThere = FileManager.default.fileExists(atPath: source.path)
    return "trained on \(visible(source.path)) (\(source.kind.title))\(isThere ? "" : ", which is not there any more")"
  }

  /// Every option that a run depends on.
  private static func settings(_ settings: Settings) -> String {
    let options = TrainingOptions.method.options.dropFirst() + TrainingOptions.course.options
    let rows = options.map { option in
      let value = option.spelling(in: settings.values)
      // Of what is in a file, the settings of a run have the checksum.
      let text = option.placeholder == "FILE" ? value.map { "a file with checksum \($0)" } : value
      return "  \(option.name.dropFirst(2)): \(text ?? "none")"
    }
    return "Settings\n" + rows.joined(separator: "\n")
  }

  private static func curve(_ curve: [Results.Epoch]) -> String {
    let levels = curve.map(\.levels.count).max() ?? 0
    let measured = curve.contains { $0.accuracies != nil } ? levels : 0
    let isValidated = curve.contains { $0.validationMapAtR != nil }
    let isProbed = curve.contains { $0.probeMapAtR != nil }
    var header = ["Epoch", "learning rate", "loss"]
    header += (0..<levels).map { "level \($0)" }
    header += (0..<measured).map { "accuracy \($0)" }
    if isValidated { header += ["validation MAP@R", "R@1"] }
    if isProbed { header += ["MAP@R on training classes", "R@1"] }
    var table = Table(header: header)
    for point in curve {
      var cells = ["\(point.epoch)", String(format: "%.3g", point.learningRate), fixed(point.loss, 4)]
      cells += (0..<levels).map { $0 < point.levels.count ? fixed(point.levels[$0], 4) : "–" }
      let accuracies = point.accuracies ?? []
      cells += (0..<measured).map { percent($0 < accuracies.count ? accuracies[$0] : nil) }
      if isValidated { cells += [percent(point.validationMapAtR), percent(point.validationRecallAt1)] }
      if isProbed { cells += [percent(point.probeMapAtR), percent(point.probeRecallAt1)] }
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
    guard let loss = model.loss else {
      return model.method == nil
        ? "No proxies: this program does not know the method '\(model.state.method)', and the file's program does."
        : "No proxies: the loss compares pairs."
    }
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
