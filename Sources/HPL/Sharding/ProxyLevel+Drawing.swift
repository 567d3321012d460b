import NN
import Tensor

extension ProxyLevel {
  /// Proxies drawn Kaiming-normal (fan-out), of a sharded level those of this rank: the ones that one process would draw.
  func drawnProxies(_ dimensions: Int, using generator: inout RandomGenerator) -> Parameter<Scalar> {
    let (each, rows) = (loss.proxiesPerTarget, count * loss.proxiesPerTarget)
    guard group.size > 1 else {
      return Parameter(.kaimingNormal([rows, dimensions], fan: .out, using: &generator))
    }
    let classes = group.share(of: count)
    let own = classes.lowerBound * each..<classes.upperBound * each
    generator.skipNormals(own.lowerBound * dimensions)
    let deviation = Scalar(2).squareRoot() / Scalar(rows).squareRoot()
    let value = Tensor<Scalar>.normal([own.count, dimensions], deviation: deviation, using: &generator)
    generator.skipNormals((rows - own.upperBound) * dimensions)
    return Parameter(value, shard: ParameterShard(group, rows: own, of: rows))
  }
}
