import Collectives
import Foundation
import Retrieval
import Tensor
import Vision

/// The command `search`: the pictures whose embeddings are nearest to a query's.
struct SearchCommand: Command {
  static let word = "search"
  static let summary =
    "find the pictures nearest to --query, in --data, in a --gallery or among those that the model was tested on"
  static let examples = [
    CommandExample(
      arguments: "search --query bird.jpg --data photos --checkpoint last.safetensors",
      meaning: "the pictures of a folder that are nearest to one")
  ]

  /// What to look for.
  struct Query: OptionGroup {
    static let heading = "Search"

    let query = Option<String?>(
      "--query", "FILE", "the picture to look for (JPEG, PNG or WebP)", default: .none("must be given"), read: nonempty)
    let data = Option<String?>(
      "--data", "DIR", "the folder of pictures to look in",
      default: .none("the pictures that the model was tested on"), read: nonempty)
    let top = Option<Int?>(
      "--top", "N", "how many pictures to show", default: .none("10"), read: integer(1...1_000_000))
  }

  /// Where to show it.
  struct Page: OptionGroup {
    static let heading = "Run"

    let output = Option<String?>(
      "--output", "FILE", "a page with the pictures, which ends in .html", default: .none("none"), read: nonempty)
  }

  /// A picture that was found.
  struct Hit {
    let name: String
    /// The cosine of the angle between the two embeddings.
    let similarity: Float
    /// Nil where only the name is known.
    let source: ImageSource?
  }

  private let query: String
  private let folder: String?
  private let gallery: String?
  private let top: Int?
  private let checkpoint: String
  private let page: URL?
  private let skipsBroken: Bool
  private let compute: Compute
  private let methods: MethodList

  private static let broken = BrokenPictureOptions(needs: [
    .data("without it the model's own data are searched, as they were")
  ])

  static func groups(_ methods: MethodList) -> [any OptionGroup] {
    [Query(), GalleryOptions(standard: "none"), broken, CheckpointOptions(), Page(), ComputeOptions()]
  }

  init(_ given: Given) throws(UsageError) {
    let options = Query()
    guard let query = given[options.query] else {
      throw .conflict("search needs --query, a picture to look for")
    }
    (self.query, folder, top) = (query, given[options.data], given[options.top])
    (skipsBroken, compute, methods) = (given.skipBroken, Compute(given), given.methods)
    try given.checkNeeds(of: Self.options(given.methods))
    gallery = given[GalleryOptions().gallery]
    if gallery != nil, folder != nil || given[Page().output] != nil {
      throw .conflict(
        "--gallery does not go with \(folder != nil ? "--data: search in one of them" : "--output: it has no pictures to show")"
      )
    }
    checkpoint = try CheckpointOptions.path(given, for: Self.word)
    page = given[Page().output].map { URL(fileURLWithPath: $0) }
    if let page, page.pathExtension != "html" {
      throw .conflict("--output '\(page.relativePath)': search writes a page that ends in .html")
    }
  }

  func run() throws {
    let (group, say) = try compute.begin()
    let (image, model) = try group.agree {
      if page != nil { try JPEG.requireLibrary() }
      return (
        try Image(contentsOf: URL(fileURLWithPath: query)), try TrainedModel(opening: checkpoint, methods: methods)
      )
    }
    let hits =
      try gallery.map { path in try group.agree { try self.hits(image, model, inGallery: path, note: say) } }
      ?? self.hits(image, model, over: group, note: say)
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
  private func hits(
    _ image: Image, _ model: TrainedModel, over group: Group, note: (String) -> Void
  ) throws -> [Hit] {
    let all =
      try folder.map {
        try NamedPictures(folder: $0, skippingBroken: skipsBroken, over: group, meter: compute.meter, note: note)
      } ?? NamedPictures(testing: model, of: checkpoint, over: group, meter: compute.meter, note: note)
    let found = all.without(URL(fileURLWithPath: query))
    let top = top ?? min(10, found.names.count)
    try Self.check(top, of: found.names.count)
    try found.check(model, over: group)
    note("embedding \(counted(found.names.count, "picture", "pictures"))")
    let search = try Search(
      queries: embedding(image, model),
      gallery: model.embeddings(of: found.pictures, over: group, workers: compute.workers, meter: compute.meter)
    )
    let nearest = search.nearest(top)[0]
    return zip(nearest.items, nearest.similarities).map { index, value in
      Hit(name: found.names[index], similarity: value, source: found.pictures.samples[index].source)
    }
  }

  /// The nearest in the gallery of a file; the class stands before each name, and the query itself is not among them.
  func hits(
    _ image: Image, _ model: TrainedModel, inGallery path: String, note: (String) -> Void
  ) throws -> [Hit] {
    let gallery = try compute.meter.during("reading \(path)") {
      try Gallery(contentsOf: path, model: model.fingerprint())
    }
    // One more, because the query itself may be among them.
    let found = try compute.meter.during("searching among \(counted(gallery.count, "picture", "pictures"))") {
      try gallery.search(embedding(image, model)).nearest((self.top ?? 10) + 1)[0]
    }
    let own = zip(found.items, found.similarities).first { isQuery(gallery.names[$0], similarity: $1) }?.0
    if let own { note("note: \(gallery.names[own]) in the gallery is the query itself, and left out") }
    let count = gallery.count - (own == nil ? 0 : 1)
    let top = top ?? min(10, count)
    try Self.check(top, of: count)
    return zip(found.items, found.similarities).filter { $0.0 != own }.prefix(top).map { item, similarity in
      let name = "\(gallery.classNames[gallery.labels[item]]): \(gallery.names[item])"
      return Hit(name: name, similarity: similarity, source: nil)
    }
  }

  /// Whether an item of a gallery is the query: its path ends in the item's name, and their embeddings are one but for rounding.
  private func isQuery(_ name: String, similarity: Float) -> Bool {
    let path = URL(fileURLWithPath: query).standardizedFileURL.pathComponents
    return similarity > 0.9999
      && path.suffix(name.split(separator: "/").count).elementsEqual(name.split(separator: "/")) {
        $0 == $1
      }
  }

  private func embedding(_ image: Image, _ model: TrainedModel) throws -> Tensor<Float> {
    let single = ImageDataset(
      name: query, classNames: [query], samples: [.init(source: .memory(image, name: query), label: 0)])
    return try model.embeddings(of: single, over: .alone, workers: 0)
  }

  /// Throws `UsageError` where fewer pictures are there than asked for.
  private static func check(_ top: Int, of count: Int) throws {
    guard top <= count, top > 0 else {
      throw UsageError.conflict(
        "--top \(max(top, 1)): there \(count == 1 ? "is 1 picture" : "are \(count) pictures") to find")
    }
  }
}
