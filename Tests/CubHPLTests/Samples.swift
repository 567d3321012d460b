import Foundation

@testable import CubHPL

/// Made-up results that fill every part of the files under test.
enum Samples {
  static let date = Date(timeIntervalSince1970: 1_800_000_000)

  static let machine = Machine(
    cpu: "Example CPU", cores: 4, threads: 2, memoryGibibytes: 16, system: "Linux", swift: "6.3", build: "debug")

  static func metrics(_ base: Double) -> Metrics {
    Metrics(
      precisionAt1: base + 0.4, recall: [1: base + 0.4, 2: base + 0.5, 4: base + 0.56, 8: base + 0.6],
      rPrecision: base + 0.1, mapAtR: base, nmi: base + 0.3)
  }

  static func run(_ name: String, seed: UInt64, base: Double, start: Double = 4, epochs: Int = 12) -> Results.Run {
    let method = MethodList.standard[name]!
    let curve = (1...epochs).map { epoch in
      Results.Epoch(epoch: epoch, loss: 0.4 + start / Double(epoch) + Double(seed) * 0.1, learningRate: 0.001)
    }
    let levels = [Results.Level(name: "clusters:3:0.1", parents: (0..<18).map { $0 * 7 % 5 % 3 })]
    return Results.Run(
      method: name, title: method.title, flatMethod: method.flatName, seed: seed, seconds: 41.24 + Double(seed),
      imagesPerSecond: 181.6,
      metrics: metrics(base), parameters: 412_345, epochs: curve,
      tested: "epoch \(epochs), the last: no validation classes", hierarchy: method.isHierarchical ? levels : [])
  }

  /// Every method over `seeds` seeds.
  static func runs(seeds: Int) -> [Results.Run] {
    (0..<UInt64(seeds)).flatMap { seed -> [Results.Run] in
      let shift = Double(seed) * 0.006
      return [
        run("proxy-nca", seed: seed, base: 0.231 + shift),
        run("hpl-nca", seed: seed, base: 0.238 + shift * 1.5, start: 4.6),
        run("proxy-anchor", seed: seed, base: 0.262 - shift, start: 12),
        run("hpl-pa", seed: seed, base: 0.257 + shift * 0.5, start: 13.5),
      ]
    }
  }

  static func results(
    seeds: Int = 1, of kind: ExperimentKind = .train, className: (Int) -> String = { "Species \($0)" }
  ) throws -> Results {
    let options = ["--seeds", "\(seeds)"] + (kind == .sweep ? ["--over", "w1"] : [])
    let settings = try Settings(Harness.given(options, for: SweepCommand.self), for: kind)
    return Results(
      version: "0.1.0", command: "cub-hpl --seeds \(seeds)", seed: 0, date: "2027-01-15T08:00:00Z",
      data: .init(
        name: "embedded birds", classesTrain: 18, classesTest: 18, imagesTrain: 720, imagesTest: 1720,
        splitChecksum: "5f0c11", classNames: (0..<18).map(className)),
      options: settings, machine: machine, packages: ["OpenBLAS": "0.3.21"],
      runs: runs(seeds: seeds),
      baselines: [Results.Baseline(method: "chance", title: "Chance", metrics: chance)]
        + (0..<UInt64(seeds)).map {
          .init(method: "untrained", title: "Untrained network", seed: $0, metrics: metrics(0.05 + Double($0) / 100))
        })
  }

  /// Without what has no closed form.
  static var chance: Metrics {
    var chance = metrics(0.02)
    chance.nmi = nil
    return chance
  }

  /// A disc before a gradient, in colours that depend on `seed`.
  static func picture(_ seed: Int, side: Int = 48) -> ReportContent.Thumbnail {
    var rgb: [UInt8] = []
    for y in 0..<side {
      for x in 0..<side {
        let (dx, dy) = (x - side / 2 - seed % 7, y - side / 2 + seed % 5)
        let isInside = dx * dx + 2 * dy * dy < side * side / 9
        let disc = [seed * 53 % 200 + 40, seed * 97 % 200 + 20, seed * 31 % 200 + 30]
        let sky = [130 + y, 170 + y / 2 + seed % 20, 210 - y]
        rgb += (isInside ? disc : sky).map { UInt8(clamping: $0) }
      }
    }
    return .init(rgb: rgb, width: side, height: side)
  }

  static func report(seeds: Int = 3, className: (Int) -> String = { "Species \($0)" }) throws -> ReportContent {
    let results = try results(seeds: seeds, className: className)
    let classes = results.data.classNames.enumerated().map { index, name in
      ReportContent.Node(title: name, samples: (0..<4).map { picture(index * 4 + $0) })
    }
    let levels = results.runs[3].hierarchy
    let deeper = levels + [Results.Level(name: "taxonomy:0.1", parents: [0, 1, 0], groupNames: ["Divers", "Singers"])]
    let rows = (0..<5).map { row in
      ReportContent.Retrievals.Row(
        query: picture(row * 4), queryClass: className(row), queryFile: "query \(row).jpg",
        neighbours: (1...5).map { step in
          let other = (step * row) % 3 == 2 ? row + 1 : row
          return .init(
            picture: picture(other * 4 + step % 4), className: className(other), file: className(100 + step),
            isCorrect: other == row)
        })
    }
    return ReportContent(
      title: "Embedded birds", results: results,
      hierarchies: [
        .init(title: "HPL-PA, seed 0", roots: ReportContent.Node.tree(levels: levels, classes: classes)),
        .init(title: "HPL-NCA, seed 0", roots: ReportContent.Node.tree(levels: deeper, classes: classes)),
      ],
      retrievals: [.init(title: "HPL-PA, seed 0", rows: rows), .init(title: "Proxy-Anchor, seed 0", rows: rows)],
      studies: [
        .init(
          title: "HPL-PA", queries: 5, best: rows, worst: rows,
          confusion: ReportHeatMap(counts: [[2, 1, 0], [0, 0, 1], [0, 0, 0]]))
      ],
      projections: [projection("proxy-nca", className), projection("proxy-anchor", className)],
      notes: ["2 queries are alone in their class and count in no metric."])
  }

  /// Twelve pictures of four classes, half of them shown: those of the neighbours above.
  private static func projection(_ method: String, _ className: (Int) -> String) -> ReportContent.Projection {
    let points = (0..<12).map { SIMD2(Double($0 % 4), Double($0 / 4)) }
    let names = ["flat", "hierarchical"].map { "\(MethodList.standard[method]!.title), \($0)" }
    let projections = Projections(
      title: names.joined(separator: " and "),
      panels: names.map { .init(title: $0, note: "KL divergence 0.5", points: points) },
      colorings: [
        .init(title: "coarse cluster", groups: (0..<12).map { $0 % 2 }, names: ["Group 1", "Group 2"]),
        .init(title: "class", groups: (0..<12).map { $0 % 4 }, names: (0..<4).map(className)),
      ],
      names: (0..<12).map { "bird \($0)" },
      thumbnails: Dictionary(uniqueKeysWithValues: stride(from: 0, to: 12, by: 2).map { ($0, picture($0)) }))
    return .init(flatMethod: method, projections: projections)
  }
}

extension ReportPart {
  /// What stands below its heading, as the page has it.
  var text: String { body.map(\.description).joined() }
}
