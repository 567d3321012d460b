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
  }

  /// What a method learns from.
  enum Loss: Sendable {
    typealias Proxies = @Sendable (Level) -> any ProxyLoss<Float>

    /// One proxy loss on the classes alone; and how its hierarchical counterpart is called.
    case flat(Proxies, levels: Name)
    /// The same kind of loss on every level; and the name of its flat counterpart.
    case levels(Proxies, flat: String)
    /// A loss on the pairs or triplets that a miner chooses; and the miner without `--miner`.
    case pairs(@Sendable (any Miner) -> any PairLoss<Float>, MinerKind)
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
    check(name, file, line)
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
    check(name, file, line)
    return pairs(name, title: title, miner: .all, makeLoss)
  }

  static func pairs(
    _ name: String, title: String, miner: MinerKind,
    _ makeLoss: @escaping @Sendable (_ miner: any Miner) -> any PairLoss<Float>
  ) -> Method {
    Method(name, title, .pairs(makeLoss, miner))
  }

  private static func check(_ name: String, _ file: StaticString, _ line: UInt) {
    require(
      !name.isEmpty && name.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789-+".contains($0) },
      "Method: '\(name)' is no name; take small letters, digits, - and +", file: file, line: line)
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
    if case .pairs = loss { true } else { false }
  }
}
