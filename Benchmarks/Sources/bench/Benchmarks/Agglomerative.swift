import Clustering
import Tensor

/// Ward clustering of 512-dimensional points of length 1, such as normalised proxies, into clusters.
///
/// The size is points/clusters: SOP's classes, and fewer.
let agglomerative = Benchmark("agglomerative", measuresMemory: true, sizes: ["998/50", "11318/200"]) { size in
  let counts = size.split(separator: "/").map { Int($0)! }
  var generator = RandomGenerator(seed: 1)
  let points = Tensor<Float>.normal([counts[0], 512], using: &generator).normalized(along: 1)
  return Work { keep(AgglomerativeClustering(.ward).fit(points).clusters(counts[1])) }
}
