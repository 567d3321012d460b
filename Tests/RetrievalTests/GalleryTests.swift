import Foundation
import Tensor
import TensorFiles
import Testing
import _TestSupport

@testable import Retrieval

@Suite struct GalleryTests {
  /// Two classes around two axes.
  private func birds() throws -> Gallery {
    var gallery = Gallery(model: "small-1", dimensions: 3)
    try gallery.add(
      Tensor([[2, 0, 0], [1, 0.1, 0], [0, 3, 0]]), classes: ["gull", "gull", "tern"], names: ["a", "b", "c"])
    return gallery
  }

  private func withFile(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).gallery").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  @Test func classesComeAndGo() throws {
    var gallery = try birds()
    expectEqual(gallery.classNames, ["gull", "tern"])
    expectEqual(gallery.labels, [0, 0, 1])
    expectEqual(gallery.classSizes, [2, 1])
    expectLess(abs((gallery.embeddings[0] * gallery.embeddings[0]).sum().item - 1), 1e-6)
    try gallery.add(Tensor([[0, 0, 1], [1, 0, 0.1]]), classes: ["wren", "gull"], names: ["d", "e"])
    expectEqual(gallery.labels, [0, 0, 1, 2, 0])
    expectEqual(gallery.count, 5)
    try expectEqual(gallery.remove(className: "gull"), 3)
    expectEqual(gallery.classNames, ["tern", "wren"])
    expectEqual(gallery.labels, [0, 1])
    expectEqual(gallery.names, ["c", "d"])
    expectEqual(gallery.embeddings.shape, [2, 3])
    expectEqual(gallery.embeddings.scalars, [0, 1, 0, 0, 0, 1])
    try gallery.remove(className: "tern")
    try gallery.remove(className: "wren")
    expectEqual(gallery.count, 0)
    expectEqual(gallery.dimensions, 3)
    try expectEqual(gallery.classify(.ones([2, 3])), [nil, nil])
  }

  @Test func mistakesLeaveItAsItWas() throws {
    var gallery = try birds()
    #expect(throws: GalleryError.itemTwice("b")) {
      try gallery.add(.ones([2, 3]), classes: ["wren", "wren"], names: ["z", "b"])
    }
    #expect(throws: RetrievalError.notFinite("embedding", row: 0)) {
      try gallery.add(Tensor([[.nan, 0, 0]]), classes: ["wren"], names: ["z"])
    }
    #expect(throws: GalleryError.noClass("wren", known: ["gull", "tern"])) { try gallery.remove(className: "wren") }
    try expectEqual(gallery, birds())
  }

  @Test func theNearestItemsNameTheClass() throws {
    let gallery = try birds()
    let queries = Tensor<Float>([[1, 0.6, 0], [0.5, 1, 0], [0.1, 0.1, 5]])
    let found = try gallery.classify(queries)
    expectEqual(found.map { $0?.label }, [0, 1, 0])
    try expectEqual(gallery.search(queries).nearest(1).map(\.items), [[1], [2], [1]])
    // Two gulls together are nearer to the second query than the one tern.
    try expectEqual(gallery.classify(queries, neighbors: 3)[1]?.label, 0)
    try expectEqual(gallery.classify(queries, threshold: 0.5).map { $0?.label }, [0, 1, nil])
    expectLess(abs(found[1]!.similarity - 1 / Float(1.25).squareRoot()), 1e-6)
  }

  @Test func aFileHoldsItAll() throws {
    try withFile { path in
      let gallery = try birds()
      try gallery.write(to: path)
      #expect(try Gallery(contentsOf: path) == gallery && Gallery(contentsOf: path, model: "small-1") == gallery)
      let error = #expect(throws: GalleryError.self) { try Gallery(contentsOf: path, model: "small-2") }
      expectEqual(error, .otherModel(file: path, model: "small-1", wanted: "small-2"))
      expectEqual(error?.description.contains("\n"), false)
    }
  }

  @Test func filesAreChecked() throws {
    let content = #"{"format":1,"model":"m","class_names":["x"],"names":["a","b"]}"#
    func expectProblem(_ problem: String, _ content: String, _ rows: Tensor<Float>, _ labels: [Int]) throws {
      try withFile { path in
        var file = Safetensors(metadata: ["hpl.gallery": content])
        file.set(rows, for: "embeddings")
        file.set(Tensor<Int>(labels), for: "labels")
        try file.write(to: path, withChecksum: true)
        let error = #expect(throws: GalleryError.self) { try Gallery(contentsOf: path) }
        expectEqual(error?.description.contains(problem), true, "\(String(describing: error))")
      }
    }
    let rows = Tensor<Float>([[1, 0], [0, 1]])
    try expectProblem("the label 1 is none of 1 classes", content, rows, [0, 1])
    try expectProblem("are not those of 2 names", content, rows, [0])
    try expectProblem("embedding 1 has the length", content, Tensor([[1, 0], [0, 2]]), [0, 0])
    try expectProblem("embedding 0 has the length nan", content, Tensor([[.nan, 0], [0, 1]]), [0, 0])
    try expectProblem("a name stands there twice", content.replacing("\"b\"", with: "\"a\""), rows, [0, 0])
    try expectProblem("it has the format 2", content.replacing("1,", with: "2,"), rows, [0, 0])
    try expectProblem("cannot be read", "{", rows, [0, 0])
    try withFile { path in
      try Safetensors().write(to: path)
      #expect(throws: GalleryError.malformed(file: path, problem: "it was not written as one")) {
        try Gallery(contentsOf: path)
      }
    }
  }
}
