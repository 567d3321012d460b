import Foundation
import Testing
import _TestSupport

@testable import CubHPL

/// Charts whose data is longer, wider or more alike than usual.
@Suite struct ReportChartTests {
  private func run(_ name: String, seed: UInt64 = 0, base: Double, epochs: Int) -> Results.Run {
    var run = Samples.run(name, seed: seed, base: base)
    run.epochs = (1...epochs).map { epoch in
      Results.Epoch(
        epoch: epoch, loss: 3 + sin(Double(epoch)) + (epoch == epochs / 3 ? 40 : 0), learningRate: 0.1, levels: [1, 2],
        validationMapAtR: 0.3 + 0.1 * cos(Double(epoch)))
    }
    return run
  }

  /// The time must be linear in the epochs, and the size must not depend on them.
  @Test func manyEpochsTakeLittleTimeAndRoom() throws {
    func page(epochs: Int) throws -> (size: Int, seconds: Double) {
      var results = try Samples.results()
      results.runs = [run("proxy-nca", base: 0.2, epochs: epochs), run("hpl-nca", base: 0.3, epochs: epochs)]
      let content = ReportContent(title: "Long", results: results)
      let clock = ContinuousClock.now
      let size = ReportPage.html(content).count
      return (size, (ContinuousClock.now - clock) / .seconds(1))
    }
    let (short, long) = (try page(epochs: 500), try page(epochs: 5000))
    #expect(long.seconds < 10 || long.seconds < 30 * short.seconds, "\(short.seconds) s, then \(long.seconds) s")
    expectLess(long.size, 2 * short.size, "\(short.size) bytes, then \(long.size)")
    let chart = ReportCurveChart.losses(Summary([run("hpl-nca", base: 0.3, epochs: 10_000)]))[0].chart.drawing.markup
      .description
    expectLess(chart.utf8.count, 25_000, "\(chart.utf8.count)")
  }

  @Test func ofManyPointsTheExtremesStay() {
    var points = (0..<1000).map { SIMD2(Double($0) / 100, Double($0 % 7)) }
    (points[512].y, points[517].y) = (-50, 70)
    let thinned = ReportCurveChart.thinned(points)
    #expect(thinned.count <= 40 && thinned.contains(points[512]) && thinned.contains(points[517]))
    #expect(thinned.first == points.first && thinned.last == points.last)
    #expect(zip(thinned, thinned.dropFirst()).allSatisfy { $0.x < $1.x })
    let few = stride(from: 0, to: 1000, by: 100).map { points[$0] }
    expectEqual(ReportCurveChart.thinned(few), few)
  }

  private func sweep(_ bases: [[Double]], methods: [String] = ["hpl-nca", "hpl-pa"]) -> [SweepCurve] {
    SweepCurve.all(
      methods.flatMap { name in
        bases.enumerated().flatMap { index, seeds in
          seeds.enumerated().map { seed, base in
            var run = run(name, seed: UInt64(seed), base: base, epochs: 5)
            run.swept = .init(parameter: "w1", value: Double(index) / 10)
            return run
          }
        }
      })
  }

  /// −79…143 would draw everything else as one line.
  @Test func anIntervalDoesNotStretchTheScaleOfASweep() throws {
    let chart = ReportSweepChart(curves: sweep([[0.30, 0.34], [0.31, 0.33]])).drawing.markup.description
    let ticks = chart.matches(of: /text-anchor="end">([^<]+)</).compactMap { Double($0.1) }
    expectEqual(ticks.min(), 30, "\(ticks)")
    expectEqual(ticks.max(), 34, "\(ticks)")
    #expect(chart.contains("l4 5l4 -5") && chart.contains("l4 -5l4 5"), "arrows say that the bars go on")
    let numbers = chart.matches(of: /\d\.?\d* (-?\d+\.\d)/).compactMap { Double($0.1) }
    #expect(numbers.allSatisfy { $0 >= 0 })
  }

  /// Seed by seed at each value, on a scale with 0; of levels alone there is nothing to compare.
  @Test func whatAHierarchyChangesHasAChart() throws {
    expectEqual(ReportSweepChart(changesOf: sweep([[0.3], [0.31]], methods: ["proxy-nca", "hpl-nca"])) == nil, true)
    func curve(_ method: String, _ shares: [[Double]]) throws -> SweepCurve {
      let runs = shares.enumerated().flatMap { index, seeds in
        seeds.enumerated().map { seed, share in
          var run = run(method, seed: UInt64(seed), base: 0.2, epochs: 1)
          run.swept = .init(parameter: "classes", value: [24, 48][index])
          run.metrics.mapAtR = share
          return run
        }
      }
      return try #require(SweepCurve.all(runs).first)
    }
    let curves = [
      try curve("proxy-nca", [[0.30, 0.36], [0.2, 0.2]]), try curve("hpl-nca", [[0.31, 0.38], [0.2, 0.19]]),
      try curve("csl", [[0.5, 0.5], [0.5, 0.5]]),
    ]
    let chart = try #require(ReportSweepChart(changesOf: curves)).drawing.markup.description
    #expect(chart.contains("What the hierarchy changes, points of MAP@R by number of species: "))
    #expect(chart.contains(">HPL-NCA at 24: +1.50, −4.85…+7.85 points<"))
    #expect(chart.contains(">HPL-NCA at 48: −0.50, −6.85…+5.85 points<"))
    #expect(!chart.contains("Proxy-NCA at") && !chart.contains("CSL"))
    expectEqual(chart.matches(of: /class="curve seed/).count, 2)
    let ticks = chart.matches(of: /text-anchor="end">([^<]+)</).compactMap { Double($0.1) }
    #expect(ticks.contains(0) && ticks.max()! >= 2 && ticks.min()! <= -1)
    expectEqual(ReportSweepChart(changesOf: [curves[0], curves[2]]) == nil, true)
  }

  /// While a sweep goes on, a method may lack a value that another one has.
  @Test func pointsOfASweepStandAtTheirValues() {
    var curves = sweep([[0.3], [0.32]])
    curves[1] = SweepCurve(
      parameter: "w1", title: curves[1].title, method: curves[1].method, points: [curves[1].points[1]])
    for curves in [curves, curves.reversed()] {
      let chart = ReportSweepChart(curves: curves).drawing.markup.description
      let places = chart.matches(of: /cx="([0-9.]+)" cy="[0-9.]+" r="4"><title>[^<]* at ([0-9.]+):/)
      let byValue = Dictionary(grouping: places, by: \.2).mapValues { $0.compactMap { Double($0.1) } }
      #expect(byValue["0"]?.count == 1 && byValue["0.1"]?.count == 2, "\(byValue)")
      #expect(byValue["0"]!.max()! < 228 && byValue["0.1"]!.min()! > 228, "the middle is 228")
    }
  }

  /// What a sweep's runs are without validation classes, and what their losses log.
  @Test func aSweepShowsProbeAndLoggedNumbers() throws {
    var results = try Samples.sweep()
    for run in results.runs.indices {
      results.runs[run].probe = "3 of the 18 classes"
      for epoch in results.runs[run].epochs.indices {
        results.runs[run].epochs[epoch].probeMapAtR = 0.5
        results.runs[run].epochs[epoch].logged = ["margin": 0.25]
      }
    }
    let page = ReportPage(ReportContent(title: "x", results: results))
    let curves = page.sweptCurves?.text ?? ""
    #expect(curves.contains("HPL-PA, MAP@R on a part of the training classes, percent"))
    #expect(curves.contains("MAP@R on training classes: on 3 of the 18 classes."))
    let numbers = page.numbers?.text ?? ""
    #expect(numbers.contains("HPL-NCA, Logged: margin") && numbers.contains(">w1 0.5<"))
    #expect(String(decoding: ReportPage.html(page.content), as: UTF8.self).contains("<h2 id=\"numbers\">"))
  }

  @Test func methodsOfASweepDifferInColourAndPlace() {
    let curves = sweep(
      [[0.3], [0.31]], methods: ["hpl-nca", "hpl-pa", "hpl-cosface", "hpl-arcface", "hpl-soft-triple"])
    let chart = ReportSweepChart(curves: curves).drawing.markup.description
    let circles = chart.matches(of: /<circle class="(series-.)" cx="([0-9.]+)" cy="[0-9.]+" r="4"><title>/)
    expectEqual(Set(circles.map(\.1)).count, 5)
    expectEqual(Set(circles.map(\.2)).count, 10, "equal numbers lie side by side")
  }

  @Test func valuesOfASweepGoFromDarkToLight() {
    let charts = ReportCurveChart.swept(sweep((0..<5).map { [0.3 + Double($0) / 100] }))
    expectEqual(charts.map(\.method), ["hpl-nca", "hpl-pa", "hpl-nca", "hpl-pa"], "loss, then validation")
    expectEqual(charts[0].chart.curves.map(\.classes), ["value0", "value2", "value4", "value6", "value8"])
    expectEqual(charts[0].chart.curves.map(\.title), ["w1 0", "w1 0.1", "w1 0.2", "w1 0.3", "w1 0.4"])
    #expect(ChartFile.text(charts[0].chart.drawing).contains(".value8 { stroke: #"))
  }

  @Test(arguments: [2, 12, 30]) func theNamesOfManyCurvesStayInside(count: Int) {
    let curves = (0..<count).map { index in
      ReportCurveChart.Curve("c\(index)", classes: "", [run("hpl-pa", base: 0.2, epochs: 3)]) { _ in index == 0 ? 9 : 1
      }
    }
    let chart = ReportCurveChart("x", curves).drawing.markup.description
    let places = chart.matches(of: /class="name" x="[0-9.]+" y="([-0-9.]+)"/).compactMap { Double($0.1) }
    #expect(places.count == count && places.min()! >= 8 && places.max()! <= 222, "\(places)")
    #expect(zip(places, places.dropFirst()).allSatisfy { $1 - $0 > 6 })
  }

  /// Of a thousand queries no more cells than that are drawn, however many groups there are.
  @Test func ofManyGroupsOnlyWhatWasCountedIsDrawn() {
    var counts = [[Int]](repeating: [Int](repeating: 0, count: 300), count: 300)
    for query in 0..<1000 { counts[query % 300][query * 7 % 300] += 1 }
    let svg = ReportHeatMap(counts: counts).drawing.markup.description
    #expect(svg.utf8.count < 300_000 && svg.matches(of: /<rect\s/).count <= 1001)
  }

  @Test func lossesInOneChartHaveColoursOfTheirOwn() {
    let names = ["proxy-nca", "hpl-nca", "soft-triple", "contrastive", "triplet", "multi-similarity"]
    let rows = Summary(names.map { run($0, base: 0.2, epochs: 2) }).rows
    let colors = ReportSeries.distinct(rows).map(\.color)
    expectEqual(colors[0], colors[1])
    expectEqual(Set(colors).count, 5)
  }
}

@Suite struct ConvergenceTests {
  private func run(_ name: String, seed: UInt64, _ curve: [Double]) -> Results.Run {
    var run = Samples.run(name, seed: seed, base: 0.2)
    run.seconds = Double(10 * curve.count)
    run.epochs = curve.enumerated().map { .init(epoch: $0 + 1, loss: 1, learningRate: 1, validationMapAtR: $1) }
    return run
  }

  /// The best mean is (0.5 + 0.3) / 2 after the second epoch of the first method.
  @Test func itIsTheFirstEpochNearTheBestMean() throws {
    let summary = Summary([
      run("proxy-nca", seed: 0, [0.1, 0.5, 0.4]), run("proxy-nca", seed: 1, [0.2, 0.3, 0.37]),
      run("triplet", seed: 0, [0.1, 0.2, 0.2, 0.37]), run("triplet", seed: 1, [0.1, 0.2, 0.2, 0.35]),
      run("contrastive", seed: 0, [0.1]), run("contrastive", seed: 1, [0.1]),
    ])
    let convergence = try #require(Convergence(summary))
    expectLess(abs(convergence.threshold - 0.36), 1e-12)
    expectEqual(
      convergence.cells,
      [
        ["Proxy-NCA", "2.5 ± 0.7", "25.0 ± 7.1", "2 of 2"], ["Triplet", "4.0", "40.0", "1 of 2"],
        ["Contrastive", "–", "–", "0 of 2"],
      ])
    expectEqual(Table.convergence(summary)?.contains("at least 36.00 percent"), true)
    expectEqual(Convergence(Summary(Samples.runs(seeds: 1))), nil, "nothing was validated")
  }
}
