import Foundation
import Projection
import Tensor
import Testing
import _TestSupport

@testable import CubHPL

@Suite struct ProjectionTests {
  /// Twelve classes in three clusters, two models.
  private func projections(count: Int = 60, thumbnails: Int = 60) throws -> Projections {
    var generator = RandomGenerator(seed: 1)
    let classes = (0..<count).map { $0 % 12 }
    let centers = Tensor<Float>.normal([12, 16], using: &generator).take(Tensor<Int>(classes))
    let models = ["Proxy-NCA", "HPL-NCA"].map { title in
      (title: title, embeddings: centers + Tensor<Float>.normal([count, 16], deviation: 0.4, using: &generator))
    }
    let colorings = [
      Projections.Coloring(
        title: "coarse cluster", groups: classes.map { $0 % 3 }, names: (1...3).map { "Cluster \($0)" }),
      Projections.Coloring(title: "class", groups: classes, names: (0..<12).map { "Tits & \"jays\" <\($0)>" }),
    ]
    let shown = (0..<thumbnails).map { ($0, Samples.picture($0)) }
    return try Projections(
      title: "Birds & more", models: models, colorings: colorings,
      names: (0..<count).map { "bird_\($0), \"left\".jpg" },
      thumbnails: Dictionary(uniqueKeysWithValues: shown), seed: 1)
  }

  @Test func pictureHasAPanelForEachModelAndColoring() throws {
    let svg = ProjectionPicture(try projections()).svg
    expectEqual(svg.components(separatedBy: "class=\"frame\"").count - 1, 4)
    expectEqual(svg.components(separatedBy: "<title>Cluster 2</title>").count - 1, 2)
    #expect(svg.contains("KL divergence") && svg.contains("Tits &amp; &quot;jays&quot; &lt;3&gt;"))
    // Five points of each class: their circles, squares, … are pieces of one path.
    let path = try #require(svg.firstMatch(of: /d="([^"]*)"><title>Tits &amp; &quot;jays&quot; &lt;3&gt;/)?.1)
    expectEqual(path.count { $0 == "M" }, 5)
  }

  @Test func filesNeedNothingElse() throws {
    let projections = try projections()
    for text in [ProjectionPicture(projections).svg, String(decoding: ProjectionPage.html(projections), as: UTF8.self)]
    {
      let outside = text.replacingOccurrences(of: "http://www.w3.org/2000/svg", with: "")
      #expect(!outside.contains("http") && !outside.contains("<script") && !outside.contains("@import"))
      for url in outside.matches(of: /url\(([^)]{0,10})/) { #expect(url.1.hasPrefix("data:image")) }
    }
  }

  @Test func pageShowsEachPictureInEachPanel() throws {
    let page = String(decoding: ProjectionPage.html(try projections(thumbnails: 20), facts: ["<fact>"]), as: UTF8.self)
    expectEqual(page.matches(of: /name="plane0-0"/).count, 20)
    expectEqual(page.matches(of: /name="plane0-1"/).count, 20)
    #expect(page.contains("20 of the points, spread evenly") && page.contains("&lt;fact&gt;"))
    #expect(page.contains("bird_7, &quot;left&quot;.jpg, Cluster 2"))
    let places = page.matches(of: /left:([\d.]+)%;top:([\d.]+)%/)
    expectEqual(places.count, 40)
    #expect(places.allSatisfy { (0...100).contains(Double($0.1)!) && (0...100).contains(Double($0.2)!) })
  }

  @Test func tableHasALineForEachPicture() throws {
    let lines = try projections().csv.split(separator: "\n")
    expectEqual(lines.count, 61)
    expectEqual(lines[0], "picture,coarse cluster,class,Proxy-NCA x,Proxy-NCA y,HPL-NCA x,HPL-NCA y")
    #expect(lines[4].hasPrefix("\"bird_3, \"\"left\"\".jpg\",Cluster 1,\"Tits & \"\"jays\"\" <3>\","))
  }

  @Test func marksDifferForThirtyTwoGroups() {
    let looks = (0..<32).map { group -> String in
      let mark = ProjectionMark(group: group)
      return "\(mark.color.name) \(mark.path(x: 0, y: 0, radius: 4))"
    }
    expectEqual(Set(looks).count, 32)
  }

  @Test func aFrameHoldsAllPointsTheRightWayUp() {
    let frame = ProjectionFrame([SIMD2(-30, 2), SIMD2(10, 4)])
    expectEqual(frame.place(SIMD2(-10, 3)), SIMD2(0.5, 0.5))
    #expect(frame.place(SIMD2(10, 4)).y < 0.5 && frame.place(SIMD2(10, 4)).x > 0.9)
    expectEqual(ProjectionFrame([SIMD2(1, 1)]).place(SIMD2(1, 1)), SIMD2(0.5, 0.5))
  }

  @Test func filesAppearTogether() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("projections-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try projections().write(to: try OutputFolder(path))
    try expectEqual(
      FileManager.default.contentsOfDirectory(atPath: path).sorted(), ["tsne.csv", "tsne.html", "tsne.svg"])
    #expect(spread(3, atMost: 600) == [0, 1, 2] && spread(6000, atMost: 600)[599] == 5990)
  }

  @Test func refusesTooFewPictures() {
    #expect(throws: TSNEError.self) {
      try Projections(
        title: "", models: [("", Tensor<Float>.ones([3, 2]))], colorings: [], names: ["a", "b", "c"], seed: 1)
    }
  }
}
