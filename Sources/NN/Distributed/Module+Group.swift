import Collectives
import Tensor

/// A layer that can normalise over the batches of several ranks together.
protocol SynchronizedLayer {
  /// The ranks that it normalises with.
  var group: Group { get }
  func synchronize(over group: Group)
}

extension BatchNorm: SynchronizedLayer {
  func synchronize(over group: Group) { self.group = group }
}

extension Module {
  /// Gives every rank the parameters of one, statistics and memories included: how all of them start alike.
  ///
  /// Parameters whose rows lie on different ranks stay as they are.
  public func broadcast(over group: Group, from root: Int = 0) { broadcastParameters(over: group, from: root) }

  /// The same, for modules that have more than parameters to give.
  package func broadcastParameters(over group: Group, from root: Int) {
    guard group.size > 1 else { return }
    for named in state where named.parameter.shard == nil {
      named.parameter.update(group.broadcast(named.parameter.value.detached, from: root))
    }
  }

  /// Makes batch-norms normalise over the batches of all ranks together, in training; over their own again with `.alone`.
  ///
  /// Otherwise each rank normalises its part of a batch by itself, as PyTorch's DistributedDataParallel does, and the statistics
  /// differ: see `averageStatistics(over:)`.
  public func synchronizeStatistics(over group: Group) {
    walk(self, path: "") { _, object in (object as? any SynchronizedLayer)?.synchronize(over: group) }
  }

  /// Whether a layer's forward pass needs all ranks of a group.
  var normalizesOverRanks: Bool {
    var result = false
    walk(self, path: "") { _, object in
      if let layer = object as? any SynchronizedLayer, layer.group.size > 1 { result = true }
    }
    return result
  }

  /// Gives every rank the mean of the ranks' running statistics, before a model is evaluated or saved; memories stay each rank's own.
  public func averageStatistics(over group: Group) {
    guard group.size > 1 else { return }
    for named in state where named.parameter.role == .statistic {
      named.parameter.update(group.mean(named.parameter.value))
    }
  }
}

extension Group {
  /// The mean over all ranks; where all have the same, that, to the last bit.
  func mean<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    withoutRecording {
      let first = broadcast(x)
      return first + sum(x - first) / Scalar(size)
    }
  }
}
