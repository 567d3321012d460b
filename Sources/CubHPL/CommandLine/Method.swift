import HPL
import Tensor

/// A loss that the program can train with, as `--method` names it: on proxies, on proxies in levels, or on pairs.
///
/// A program of your own adds its loss by `CubHPL.main(methods:)`:
///
/// ```swift
/// CubHPL.main(methods: [.proxies("hardest", title: "Hardest proxy") { _ in HardestProxyLoss() }])
/// ```
public struct Method: Sendable {
  /// What the command line, folders and result files call it, such as `proxy-anchor`.
  public let name: String
  /// What tables and reports call it.
  public let title: String

  let loss: Loss

  /// What a loss on proxies is made for: the classes, or a level above them.
  public struct Level: Sendable {
    /// Which level, 0 for the classes.
    public let index: Int
    /// The number of classes or groups, and so of proxies where the loss has one for each.
    public let count: Int
    /// The length of the proxies.
    public let dimensions: Int
    /// For each level of the data's taxonomy above this one, the group of each class or group; none above clusters.
    public let groups: [[Int]]
  }

  /// What a loss on the samples of a batch is made for.
  struct Samples {
    /// The miner of `--miner`, or else the method's own.
    let miner: any Miner
    /// The number of classes.
    let classes: Int
    /// The length of the embeddings.
    let dimensions: Int
  }

  /// What a method learns from.
  enum Loss: Sendable {
    typealias Proxies = @Sendable (Level) -> any ProxyLoss<Float>

    /// One proxy loss on the classes alone; and how its hierarchical counterpart is called.
    case flat(Proxies, levels: Name)
    /// The same kind of loss on every level; and the name of its flat counterpart.
    case levels(Proxies, flat: String)
    /// A loss on the samples of a batch, which may have parameters; the miner without `--miner`, nil where the loss takes none;
    /// and whether its parameters learn as proxies do.
    case samples(MakeSamples, MinerKind?, learnsAsProxies: Bool)

    typealias MakeSamples = @Sendable (Samples, inout RandomGenerator) -> SampleLoss
  }

  /// A name and a title.
  struct Name: Sendable {
    let name: String
    let title: String
  }

  /// A loss on proxies; it is trained on the classes under this name, and as every level of a hierarchy under `hpl-NAME`.
  ///
  /// `makeLoss` is called for each level, which gets a loss of its own: parameters that the loss may have are trained with
  /// the proxies and saved by the level's name. Names consist of small letters, digits, `-` and `+`, because folders are called by them; others trap.
  public static func proxies(
    _ name: String, title: String, file: StaticString = #fileID, line: UInt = #line,
    _ makeLoss: @escaping @Sendable (_ level: Level) -> any ProxyLoss<Float>
  ) -> Method {
    requirePartName(name, "Method", file, line)
    return proxies(name, title: title, levels: Name(name: "hpl-\(name)", title: "HPL-\(title)"), makeLoss)
  }

  static func proxies(_ name: String, title: String, levels: Name, _ makeLoss: @escaping Loss.Proxies) -> Method {
    Method(name, title, .flat(makeLoss, levels: levels))
  }

  /// A loss on the pairs or triplets of a batch; the miner is the one of `--miner`, or else every pair.
  ///
  /// Names consist of small letters, digits, `-` and `+`; others trap.
  public static func pairs(
    _ name: String, title: String, file: StaticString = #fileID, line: UInt = #line,
    _ makeLoss: @escaping @Sendable (_ miner: any Miner) -> any PairLoss<Float>
  ) -> Method {
    requirePartName(name, "Method", file, line)
    return pairs(name, title: title, miner: .all, makeLoss)
  }

  static func pairs(
    _ name: String, title: String, miner: MinerKind,
    _ makeLoss: @escaping @Sendable (_ miner: any Miner) -> any PairLoss<Float>
  ) -> Method {
    samples(name, title: title, miner: miner) { samples, _ in .pairs(makeLoss(samples.miner)) }
  }

  static func samples(
    _ name: String, title: String, miner: MinerKind? = nil, learnsAsProxies: Bool = false,
    _ makeLoss: @escaping Loss.MakeSamples
  ) -> Method {
    Method(name, title, .samples(makeLoss, miner, learnsAsProxies: learnsAsProxies))
  }

  private init(_ name: String, _ title: String, _ loss: Loss) {
    (self.name, self.title, self.loss) = (name, title, loss)
  }

  /// The same loss on every level of a hierarchy; nil for other methods than flat ones on proxies.
  var hierarchical: Method? {
    guard case .flat(let makeLoss, let levels) = loss else { return nil }
    return Method(levels.name, levels.title, .levels(makeLoss, flat: name))
  }

  /// Whether the method trains coarse levels above the class proxies.
  var isHierarchical: Bool {
    if case .levels = loss { true } else { false }
  }

  /// The name of the method with the same loss on the classes alone; its own where there are no levels.
  var flatName: String {
    if case .levels(_, let flat) = loss { flat } else { name }
  }

  /// Whether `--miner` means something to it.
  var usesMiner: Bool {
    if case .samples(_, .some, _) = loss { true } else { false }
  }

  /// Whether it compares the samples of a batch with one another, and has no proxies of classes in levels.
  var comparesSamples: Bool {
    if case .samples = loss { true } else { false }
  }

  /// Whether it has something that learns at `--proxy-lr`.
  var hasProxies: Bool {
    if case .samples(_, _, let learnsAsProxies) = loss { learnsAsProxies } else { true }
  }
}
