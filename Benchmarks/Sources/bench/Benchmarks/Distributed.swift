@_spi(Benchmarks) import Collectives
import HPL
import Models
import NN
import Tensor

/// What several ranks do together, started by a launcher, or one process alone: see `Benchmarks/distributed`.
///
/// - `sum`: 25 million numbers, about ResNet-50's gradients; `mpi-sum`: the same by `MPI_Allreduce`.
/// - `resnet50`: a training step without the optimiser on 16 pictures of 224 × 224, each rank its share of them: embeddings, the
///   loss of all with the proxies of 100 classes, which each rank has, all gradients, summed.
/// - `proxies/N`: a step of AdamW on 180 embeddings of 512 dimensions, with the proxies of N classes spread over the ranks, of which
///   a tenth takes part.
let distributed = Benchmark(
  "distributed", measuresMemory: true, isDistributed: true,
  sizes: ["sum", "mpi-sum", "resnet50", "proxies/100000", "proxies/300000", "proxies/1000000"]
) { size in
  // It has been started before, or this would not have been called.
  let group = (try? Group.launched()) ?? .alone
  var generator = RandomGenerator(seed: 1)
  if size == "resnet50" { return trainingStep(over: group, using: &generator) }
  if let classes = size.split(separator: "/").last.flatMap({ Int($0) }) {
    return proxyStep(classes, over: group, using: &generator)
  }
  let numbers = Tensor<Float>.normal([25_000_000], using: &generator)
  return Work {
    if size == "sum" { keep(group.sum(numbers)) } else { keep(group.librarySum(numbers)) }
  }
}

private func trainingStep(over group: Group, using generator: inout RandomGenerator) -> Work {
  let own = group.share(of: 16).count
  let model = ResNet<Float>(.resNet50, classes: 512, using: &generator)
  let loss = HierarchicalProxyLoss<Float>(
    dimensions: 512, levels: [.classes(100, loss: NormSoftmax())], using: &generator)
  let images = Tensor<Float>.normal([own, 224, 224, 3], using: &generator)
  let labels = Labels((0..<own).map { ($0 + group.rank * own) * 31 % 100 })
  return Work {
    var gradients = valueWithGradients {
      loss(group.gathered(model(images)), labels: group.gathered(labels))
    }.gradients
    gradients.sum(of: model.parameters, over: group)
    keep(gradients)
  }
}

private func proxyStep(_ classes: Int, over group: Group, using generator: inout RandomGenerator) -> Work {
  let all = Tensor<Float>.normal([180, 512], using: &generator)
  let embeddings = all[group.share(of: 180)].tracked()
  let labels = Labels((0..<180).map { _ in Int(generator.uniform() * Double(classes)) })[group.share(of: 180)]
  let loss = HierarchicalProxyLoss<Float>(
    dimensions: 512, levels: [.classes(classes, loss: CosFace(), shardedOver: group, samplingRate: 0.1)],
    using: &generator)
  let optimizer = AdamW(loss.parameters, learningRate: 1e-3)
  return Work {
    let gradients = valueWithGradients {
      loss(group.gathered(embeddings), labels: group.gathered(labels))
    }.gradients
    optimizer.step(gradients)
    keep(gradients[embeddings])
  }
}
