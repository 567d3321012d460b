import HPL
import Tensor

/// The methods that the program knows, in the order of the help: its own, then those of the program that calls it.
struct MethodList: Sendable {
  let all: [Method]
  /// The names that `compare` takes without `--method`.
  let compared: [String]

  /// The other parts of the program that calls it.
  let parts: OwnParts

  /// What `all` means to `--method`: the paper's main comparison.
  static let main = ["proxy-nca", "hpl-nca", "proxy-anchor", "hpl-pa"]

  /// The losses of the library.
  static let standard = MethodList()

  /// Makes the list; traps where two methods have one name, or two other parts of a kind.
  init(adding own: [Method] = [], _ parts: OwnParts = OwnParts()) {
    parts.check()
    self.parts = parts
    let library = Self.withLevels(Self.library)
    let own = Self.withLevels(own)
    all = library + Self.withLevels(Self.further) + own
    compared = (library.filter { !$0.isHierarchical || Self.main.contains($0.name) } + own).map(\.name)
    for (index, method) in all.enumerated() where all[..<index].contains(where: { $0.name == method.name }) {
      trap("MethodList: two methods are called '\(method.name)'", file: #fileID, line: #line)
    }
  }

  private static func withLevels(_ methods: [Method]) -> [Method] {
    methods.flatMap { [$0] + [$0.hierarchical].compactMap { $0 } }
  }

  /// The method of that name.
  subscript(_ name: String) -> Method? { all.first { $0.name == name } }

  /// Reads `proxy-nca,hpl-pa` or `all`.
  func names(in text: String) throws(InvalidValue) -> [String] {
    if text == "all" { return Self.main }
    let known = all.map(\.name) + ["all"]
    var names: [String] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let name = String(part)
      if name == "all" { throw InvalidValue("'all' stands alone") }
      guard self[name] != nil else {
        let hint = nearest(to: name, among: known).map { "; did you mean \($0)?" } ?? ""
        throw InvalidValue("unknown method '\(name)'\(hint) (known: \(known.joined(separator: ", ")))")
      }
      if names.contains(name) { throw InvalidValue("method '\(name)' is named twice") }
      names.append(name)
    }
    return names
  }

  /// Those that `compare` takes.
  private static let library: [Method] = [
    .proxies("proxy-nca", title: "Proxy-NCA", levels: .init(name: "hpl-nca", title: "HPL-NCA")) { _ in ProxyNCA() },
    .proxies("proxy-nca++", title: "ProxyNCA++", levels: .init(name: "hpl-nca++", title: "HPL-NCA++")) { _ in
      ProxyNCA.plusPlus
    },
    .proxies("proxy-anchor", title: "Proxy-Anchor", levels: .init(name: "hpl-pa", title: "HPL-PA")) { _ in ProxyAnchor()
    },
    .proxies("norm-softmax", title: "NormSoftmax") { _ in NormSoftmax() },
    .proxies("cosface", title: "CosFace") { _ in CosFace() },
    .proxies("arcface", title: "ArcFace") { _ in ArcFace() },
    .proxies("soft-triple", title: "SoftTriple") { _ in SoftTriple() },
    .pairs("contrastive", title: "Contrastive", miner: .all) { ContrastiveLoss(miner: $0) },
    .pairs("triplet", title: "Triplet", miner: .semiHard) { TripletLoss(margin: Float(MinerKind.margin), miner: $0) },
    .pairs("multi-similarity", title: "Multi-Similarity", miner: .multiSimilarity) { MultiSimilarityLoss(miner: $0) },
  ]

  /// Those that are trained where they are named.
  private static let further: [Method] = [
    .proxies("sub-center-arcface", title: "Sub-centre ArcFace") { _ in SubCenterArcFace() },
    .proxies("csl", title: "CSL") { CSL(groups: $0.groups) },
    .pairs("margin", title: "Margin", miner: .distanceWeighted) { MarginLoss(miner: $0) },
    .pairs("circle", title: "Circle", miner: .all) { CircleLoss(miner: $0) },
    .pairs("sup-con", title: "SupCon", miner: .all) { SupConLoss(miner: $0) },
    .pairs("nt-xent", title: "NT-Xent", miner: .all) { NTXentLoss(miner: $0) },
    .samples("ranked-list", title: "Ranked list") { _, _ in .pairs(RankedListLoss()) },
    .samples("smooth-ap", title: "Smooth-AP") { _, _ in .pairs(SmoothAPLoss()) },
    .samples("recall-at-k", title: "Recall@k") { _, _ in .pairs(RecallAtKLoss()) },
    .samples("xbm", title: "XBM") { samples, _ in
      let pairs = ContrastiveLoss<Float>(positiveMargin: 1, negativeMargin: 0.5, distance: CosineSimilarity())
      return .pairs(CrossBatchMemory(pairs, dimensions: samples.dimensions))
    },
    .samples("happier", title: "HAPPIER", learnsAsProxies: true) { samples, generator in
      .levels(HappierLoss(classes: samples.classes, dimensions: samples.dimensions, using: &generator))
    },
    .samples("hmlc", title: "HMLC") { _, _ in .levels(HMLCLoss()) },
    .samples("hyp", title: "Hyp") { _, _ in .pairs(HypLoss()) },
    .samples("hier", title: "HIER", learnsAsProxies: true) { samples, generator in
      // The authors' 512 from 64 classes on; time grows with their square.
      let hierarchy = HIERLoss<Float>(
        proxies: min(512, 8 * samples.classes), dimensions: samples.dimensions, using: &generator)
      return .pairs(SummedPairLoss((MultiSimilarityLoss(), 1), (hierarchy, 0.5)))
    },
  ]
}
