import Foundation
import Testing
import _TestSupport

@testable import CubHPL

@Suite struct PNGTests {
  @Test(arguments: [(48, 48, 1), (1, 1, 0), (3, 1, 5), (1, 9, 2), (200, 200, 3)])
  func aPictureReadsBack(width: Int, height: Int, seed: Int) throws {
    let side = max(width, height)
    let rgb = Array(Samples.picture(seed, side: side).rgb.prefix(width * height * 3))
    let file = [UInt8](PNG.encoded(rgb: rgb, width: width, height: height))
    let decoded = try PNGReader.decoded(file)
    expectEqual(decoded.width, width)
    expectEqual(decoded.height, height)
    expectEqual(decoded.rgb, rgb)
  }

  @Test func withoutZlibThePixelsAreStored() throws {
    var state: UInt64 = 1
    let noise = (0..<150 * 160 * 3).map { _ -> UInt8 in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 56)
    }
    let file = [UInt8](PNG.encoded(rgb: noise, width: 150, height: 160, zlib: nil))
    expectLess(file.count, noise.count + 400)
    try expectEqual(PNGReader.decoded(file).rgb, noise)
    try expectEqual(PNGReader.decoded([UInt8](PNG.encoded(rgb: noise, width: 150, height: 160))).rgb, noise)
  }

  @Test func aFlatPictureIsTiny() throws {
    let rgb = [UInt8](repeating: 77, count: 64 * 64 * 3)
    let file = [UInt8](PNG.encoded(rgb: rgb, width: 64, height: 64))
    expectLess(file.count, 400)
    try expectEqual(PNGReader.decoded(file).rgb, rgb)
  }
}

@Suite struct ReportAxisTests {
  @Test func linearTicksAreRound() {
    let axis = AxisScale.linear([23.1, 26.3], count: 4)
    expectEqual(axis.ticks.map(axis.label), ["23", "24", "25", "26", "27"])
    expectEqual(axis.position(23), 0)
    expectEqual(axis.position(27), 1)
  }

  @Test func fineTicksHaveDecimals() {
    let axis = AxisScale.linear([0.101, 0.118], count: 4)
    expectEqual(axis.ticks.map(axis.label), ["0.100", "0.105", "0.110", "0.115", "0.120"])
    let shifted = AxisScale.linear([60.001, 60.03], count: 4)
    expectEqual(shifted.ticks.map(shifted.label), ["60.00", "60.01", "60.02", "60.03"])
  }

  @Test(arguments: [[5.0, 5.0], [0, 0], [-3, -3], [1e9, 1e9], [], [-1, 1]])
  func everyRangeHasAScale(values: [Double]) {
    let axis = AxisScale.linear(values, count: 4)
    #expect(axis.upper > axis.lower)
    #expect((2...12).contains(axis.ticks.count))
    for value in values { #expect((0...1).contains(axis.position(value))) }
  }

  @Test func logarithmicTicksFollowTheDecades() {
    let axis = AxisScale.logarithmic([0.3, 45])
    expectEqual(axis.ticks.map(axis.label), ["0.2", "0.5", "1", "2", "5", "10", "20", "50"])
    expectEqual(axis.position(axis.lower), 0)
    expectLess(abs(axis.position(axis.upper) - 1), 1e-12)
    expectEqual(AxisScale.logarithmic([1e-5, 1e4]).ticks.count, 10)
  }
}

@Suite struct ReportTests {
  private func text(_ content: ReportContent) -> String { String(decoding: ReportPage.html(content), as: UTF8.self) }

  @Test func namesFromFoldersAreHarmless() throws {
    let evil = "<script>alert(1)</script> & \"q\" 'a' \u{7}"
    var content = try Samples.report { _ in evil }
    content.title = evil
    content.notes = [evil]
    content.results.command = evil
    content.results.data.name = evil
    content.results.data.skippedFiles = [evil]
    content.results.machine.cpu = evil
    content.results.packages = [evil: evil]
    content.results.runs[0].method = evil
    content.hierarchies[0].title = evil
    content.retrievals[0].title = evil
    let html = text(content)
    #expect(!html.contains("<script"))
    #expect(!html.contains("\"q\""))
    #expect(!html.contains("\u{7}"))
    #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;q&quot; &#39;a&#39; \u{FFFD}"))
  }

  @Test func escapingKeepsOrdinaryText() {
    expectEqual("\(Markup.text("Émeu à queue – 鳥\n"))", "Émeu à queue – 鳥\n")
  }

  @Test func nothingIsLoadedFromElsewhere() throws {
    let html = text(try Samples.report())
    for marker in ["http:", "https:", "src=", "<link", "@import", "<script", "//fonts"] {
      #expect(!html.contains(marker), "\(marker)")
    }
    for url in html.matches(of: /url\(([^)]{0,40})/) { #expect(url.1.hasPrefix("data:image/png;base64,")) }
  }

  @Test(arguments: [1, 3]) func tagsAreBalanced(seeds: Int) throws {
    let html = text(try Samples.report(seeds: seeds))
    var open: [Substring] = []
    for tag in html.matches(of: /<(\/?)([a-z][a-z0-9]*)[^>]*?(\/?)>/) {
      let name = tag.2
      if ["meta", "br", "input"].contains(name) || !tag.3.isEmpty { continue }
      if tag.1.isEmpty {
        open.append(name)
      } else {
        expectEqual(open.popLast(), name)
      }
    }
    #expect(open.isEmpty)
  }

  @Test func everyPartIsThere() throws {
    let html = text(try Samples.report()).replacing(/base64,[^)]*/, with: "")
    for id in ["results", "charts", "losses", "levels", "tsne", "hierarchy", "neighbours", "errors", "again"] {
      #expect(html.contains("<h2 id=\"\(id)\">"), "\(id)")
    }
    #expect(html.contains("<tbody class=\"baselines\">\n<tr><th scope=\"row\">Chance</th><td>2.00</td>"))
    for file in ["query 3.jpg", "bird 4<br>", "5: Species 105"] { #expect(html.contains(file), "\(file)") }
    #expect(html.contains("cub-hpl --seeds 3"))
    #expect(html.contains("Example CPU"))
    #expect(html.contains("5f0c11"))
    #expect(!html.contains("nan"))
    #expect(!html.contains("Optional("))
  }

  /// Each link leads to one place, and what a label or a heading is called by is there once.
  @Test func theNavigationLeadsToEveryPart() throws {
    let html = text(try Samples.report())
    let ids = html.matches(of: /\sid="([^"]+)"/).map(\.1)
    expectEqual(Set(ids).count, ids.count)
    let links = html.matches(of: /<a href="#([^"]+)">/).map(\.1)
    expectEqual(
      links,
      [
        "results", "charts", "losses", "levels", "tsne", "hierarchy-inside", "neighbours-inside", "errors-inside",
        "again",
      ])
    let labels = html.matches(of: /(for|aria-labelledby)="([^"]+)"/).map(\.2)
    #expect(Set(links + labels).subtracting(ids).isEmpty)
  }

  @Test func theTestPicturesLieSideBySide() throws {
    let html = text(try Samples.report())
    #expect(html.contains("t-SNE of 12, spread evenly, of the 1,720 test pictures"))
    #expect(html.contains("6 of the points, spread evenly, show their pictures"))
    for plane in ["plane0-0", "plane0-1", "plane1-0", "plane1-1"] {
      expectEqual(html.matches(of: try Regex("type=\"radio\" name=\"\(plane)\"")).count, 6)
    }
    // Pictures 0, 4, 8 and so on are query pictures too: they are in the file once.
    let rules = html.matches(of: /\n\.p\d+ \{ background-image/).count
    expectEqual(rules, Set((0..<72).map { Samples.picture($0) }).count)
  }

  @Test func aSmallRunNeedsNoPictures() throws {
    var results = try Samples.results()
    results.runs = [Samples.run("proxy-nca", seed: 0, base: 0.2, epochs: 1)]
    let html = text(ReportContent(title: "One", results: results))
    #expect(html.contains("MAP@R: Proxy-NCA"))
    #expect(!html.contains("<h2 id=\"hierarchy\">"))
    #expect(!html.contains("nan"))
    results.runs = []
    #expect(text(ReportContent(title: "None", results: results)).contains("</html>"))
  }

  @Test func aPictureIsStoredOnce() throws {
    var pictures = ReportPictures()
    let first = pictures.element(Samples.picture(1), label: "a")
    _ = pictures.decoration(Samples.picture(2))
    let again = pictures.element(Samples.picture(1), label: "a")
    expectEqual("\(again)", "\(first)")
    expectEqual(pictures.styles.split(separator: "\n").count, 2)
  }

  @Test func verdictsCompareSeedBySeed() throws {
    let verdicts = ReportVerdict.all(Summary(Samples.runs(seeds: 3)))
    expectEqual(
      verdicts.map(\.title), ["Best MAP@R: HPL-PA", "HPL-NCA against Proxy-NCA", "HPL-PA against Proxy-Anchor"])
    expectEqual(verdicts.map(\.number), ["26.00 ± 0.30", "+1.00 ± 0.30", "+0.40 ± 0.90"])
    expectEqual(
      verdicts[1].explanation, "points of MAP@R; 95 % interval 0.25…1.75, higher in 3 of 3 seeds")
    expectEqual(
      verdicts[2].explanation, "points of MAP@R; no clear difference: 95 % interval −1.84…2.64, higher in 2 of 3 seeds")
    let single = ReportVerdict.all(Summary(Samples.runs(seeds: 1)))
    expectEqual(single[2].number, "−0.50")
    expectEqual(single[2].explanation, "points of MAP@R; from one seed only")
  }

  @Test func treesFollowTheLevels() {
    let classes = (0..<5).map { ReportContent.Node(title: "c\($0)") }
    let levels = [
      Results.Level(name: "clusters:4:0.1", parents: [0, 3, 0, 1, 3]),
      Results.Level(name: "taxonomy:0.1", parents: [1, 0, 1, 0], groupNames: ["low", "high"]),
    ]
    let roots = ReportContent.Node.tree(levels: levels, classes: classes)
    expectEqual(roots.map(\.title), ["low", "high"])
    expectEqual(roots[0].classes.map(\.title), ["c3", "c1", "c4"])
    expectEqual(roots[1].classes.map(\.title), ["c0", "c2"])
    expectEqual(roots[1].children.map(\.title), ["Group 1"])
  }
}
