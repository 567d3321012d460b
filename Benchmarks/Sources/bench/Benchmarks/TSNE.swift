import Projection
import Tensor

/// t-SNE with default settings of 512-dimensional embeddings of length 1: 100 classes in 20 groups, noise around a
/// class's centre and those around a group's.
let tsne = Benchmark("tsne", sizes: [2000, 8000]) { (count: Int) in
  let dimensions = 512
  var generator = RandomGenerator(seed: 1)
  func normal(_ count: Int) -> Tensor<Float> { .normal([count, dimensions], using: &generator) }
  let groups = normal(20).take(Tensor<Int>((0..<100).map { $0 % 20 }))
  let classes = (groups + normal(100)).take(Tensor<Int>((0..<count).map { $0 % 100 }))
  let embeddings = (classes + 1.5 * normal(count)).normalized(along: 1)
  return Work {
    var generator = RandomGenerator(seed: 1)
    keep(try! TSNE()(embeddings, using: &generator))
  }
}
