import HPL
import NN
import Tensor

/// A loss on the samples of a batch: on their classes, or on these and their groups.
enum SampleLoss {
  case pairs(any PairLoss<Float>)
  case levels(any LevelLoss<Float>)
}

/// A loss on the samples of a batch, as a run minimises it: with what it learns and remembers.
final class SampleObjective: Module {
  typealias Scalar = Float

  private let loss: SampleLoss
  private let miner: RenewedMiner
  /// For each level above the classes, the group of each class.
  private let groups: [[Int]]
  /// Whether what the loss learns learns as proxies do, and not as the network.
  let learnsAsProxies: Bool

  init(_ loss: SampleLoss, _ miner: RenewedMiner, groups: [[Int]], learnsAsProxies: Bool) {
    (self.loss, self.miner, self.groups, self.learnsAsProxies) = (loss, miner, groups, learnsAsProxies)
  }

  /// Makes the miner anew, so that one that draws numbers draws others each epoch.
  func beginEpoch(seed: UInt64, epoch: Int) {
    var generator = RandomGenerator(seed: seed, epoch: epoch)
    miner.renew(using: &generator)
  }

  func value(_ embeddings: Tensor<Float>, _ labels: Labels) -> Tensor<Float> {
    switch loss {
    case .pairs(let loss): loss(embeddings, labels: labels)
    case .levels(let loss):
      loss(embeddings, levels: [labels] + groups.map { groups in Labels(labels.scalars.map { groups[$0] }) })
    }
  }

  /// A miner of a kind, made anew for each epoch; every pair where the loss takes none.
  final class RenewedMiner: Miner {
    private let kind: MinerKind?
    private let dimensions: Int
    private var miner: any Miner = AllMiner()

    init(_ kind: MinerKind?, dimensions: Int) { (self.kind, self.dimensions) = (kind, dimensions) }

    func renew(using generator: inout RandomGenerator) {
      if let kind { miner = kind.makeMiner(dimensions: dimensions, using: &generator) }
    }

    func mine(_ batch: BatchDistances) -> Mined { miner.mine(batch) }
  }
}
