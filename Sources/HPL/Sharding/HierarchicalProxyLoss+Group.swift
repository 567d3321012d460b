import Collectives
import NN
import Tensor

extension HierarchicalProxyLoss {
  /// Gives every rank the proxies and groups of one; proxies of a sharded level stay where they are.
  public func broadcast(over group: Group, from root: Int = 0) {
    guard group.size > 1 else { return }
    broadcastParameters(over: group, from: root)
    for level in levels.dropFirst() {
      level.parents = group.broadcast(Tensor<Int>(level.parents), from: root).scalars
      level.placed = level.placed.map { group.broadcast($0, from: root) }
    }
  }
}
