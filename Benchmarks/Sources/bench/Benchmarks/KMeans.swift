import HPL
import Tensor

/// 25 rounds of Lloyd's k-means of 512-dimensional points from given centres, the first of the points.
///
/// The size is points/clusters: SOP's classes, and fewer. Points are normal, so that no peer ends early.
let kMeans = Benchmark("kmeans", sizes: ["998/50", "11318/200"]) { size in
  let counts = size.split(separator: "/").map { Int($0)! }
  var generator = RandomGenerator(seed: 1)
  let points = Tensor<Float>.normal([counts[0], 512], using: &generator)
  let centers = points[0..<counts[1]]
  let kMeans = KMeans(clusters: counts[1], restarts: 1, iterations: 25)
  return Work(flops: 25 * 2 * 512 * Double(counts[0] * counts[1])) { keep(kMeans.fit(points, from: centers)) }
}
