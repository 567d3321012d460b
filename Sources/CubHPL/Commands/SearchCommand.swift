import Foundation
import Retrieval
import Tensor
import Vision

/// The command `search`: the pictures whose embeddings are nearest to a query's.
enum SearchCommand {
  /// A picture that was found.
  struct Hit {
    let name: String
    /// The cosine of the angle between the two embeddings.
    let similarity: Float
    let source: ImageSource
  }

  static func run(_ options: Options, methods: MethodList = .standard) throws {
    guard let query = options.query else {
      throw UsageError.conflict("search needs --query, a JPEG file to look for")
    }
    if options.skipBroken, options.data == nil {
      throw UsageError.conflict(
        "--skip-broken needs --data: without it the model's own data are searched, as they were")
    }
    let path = try options.checkpoint()
    let page = options.output.map { URL(fileURLWithPath: $0) }
    if let page, page.pathExtension != "html" {
      throw UsageError.conflict("--output '\(page.relativePath)': search writes a page that ends in .html")
    }
    let say = options.begin()
    let image = try Image(contentsOf: URL(fileURLWithPath: query))
    let model = try TrainedModel(opening: path, methods: methods)
    let hits = try hits(image, options, model, of: path, note: say)
    if let page {
      let html = try SearchPage.html(query: image, name: query, hits: hits, model: model)
      try Interruption.finishing {
        let output = try OutputFolder(page.deletingLastPathComponent().path)
        defer { output.close() }
        try output.write(html, as: page.lastPathComponent)
      }
    }
    let table = Table(
      header: ["Nearest", "similarity"], rows: hits.map { [$0.name, fixed(Double($0.similarity), 4)] })
    try StandardOutput.print("\(table)")
    if let page {
      say("")
      say("page: \(page.relativePath)")
    }
  }

  /// The nearest pictures, the nearest first and of equals the earlier; the query's own file is not looked at.
  private static func hits(
    _ image: Image, _ options: Options, _ model: TrainedModel, of path: String, note: (String) -> Void
  ) throws -> [Hit] {
    let query = options.query ?? ""
    let all =
      try options.data.map { try NamedPictures(folder: $0, skippingBroken: options.skipBroken, note: note) }
      ?? NamedPictures(testing: model, of: path, options, note: note)
    let found = all.without(URL(fileURLWithPath: query))
    let top = options.top ?? min(10, found.names.count)
    guard top <= found.names.count, top > 0 else {
      throw UsageError.conflict(
        "--top \(max(top, 1)): there \(found.names.count == 1 ? "is 1 picture" : "are \(found.names.count) pictures") to find"
      )
    }
    note("embedding \(counted(found.names.count, "picture", "pictures"))")
    let workers = options.workers ?? Defaults.workers
    let single = ImageDataset(
      name: query, classNames: [query], samples: [.init(source: .memory(image, name: query), label: 0)])
    let search = try Search(
      queries: model.embeddings(of: single, workers: 0), gallery: model.embeddings(of: found.pictures, workers: workers)
    )
    let nearest = search.nearest(top)[0]
    return zip(nearest.items, nearest.similarities).map { index, value in
      Hit(name: found.names[index], similarity: value, source: found.pictures.samples[index].source)
    }
  }
}
