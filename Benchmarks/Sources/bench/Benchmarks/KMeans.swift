import Clustering
import Tensor

/// 25 rounds of Lloyd's k-means of 512-dimensional points from given centres, the first of the points.
///
/// The size is points/clusters: SOP's classes. Points are normal in 8 dimensions with noise in all, so that 25
/// rounds are not enough for any of them to stand still: normal ones of 512 dimensions would, and end early.
let kMeans = Benchmark("kmeans", sizes: ["11318/200"]) { size in
  let counts = size.split(separator: "/").map { Int($0)! }
  var generator = RandomGenerator(seed: 1)
  let plane = Tensor<Float>.normal([8, 512], using: &generator)
  let noise = Tensor<Float>.normal([counts[0], 512], using: &generator) * 0.3
  let points = Tensor<Float>.normal([counts[0], 8], using: &generator).matmul(plane) + noise
  let centers = points[0..<counts[1]]
  let kMeans = KMeans(clusters: counts[1], restarts: 1, iterations: 25)
  return Work(flops: 25 * 2 * 512 * Double(counts[0] * counts[1])) {
    let clustering = kMeans.fit(points, from: centers)
    precondition(clustering.iterations == 25, "ended after \(clustering.iterations) rounds")
    keep(clustering)
  }
}
