import HPL
import Tensor

/// The methods that the program knows, in the order of the help: its own, then those of the program that calls it.
struct MethodList: Sendable {
  let all: [Method]
  /// The names that `compare` takes without `--method`.
  let compared: [String]

  /// What `all` means to `--method`: the paper's main comparison.
  static let main = ["proxy-nca", "hpl-nca", "proxy-anchor", "hpl-pa"]

  /// The losses of the library.
  static let standard = MethodList()

  /// Makes the list; traps where two methods have one name.
  init(adding own: [Method] = []) {
    let ownLevels = own.flatMap { [$0] + [$0.hierarchical].compactMap { $0 } }
    all = Self.library.flatMap { [$0] + [$0.hierarchical].compactMap { $0 } } + ownLevels
    compared =
      all.filter { !$0.isHierarchical || Self.main.contains($0.name) }.map(\.name).filter { name in
        !ownLevels.contains { $0.name == name }
      } + ownLevels.map(\.name)
    for (index, method) in all.enumerated() where all[..<index].contains(where: { $0.name == method.name }) {
      trap("MethodList: two methods are called '\(method.name)'", file: #fileID, line: #line)
    }
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
}
