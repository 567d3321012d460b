import Foundation

// Plain numbers, no tensors: nothing here shares code with what it checks.

func unit(_ x: [Double]) -> [Double] {
  let length = x.reduce(0) { $0 + $1 * $1 }.squareRoot()
  return x.map { $0 / length }
}

/// `log(1 + Σ exp(term))`.
func logOnePlusExp(_ terms: [Double]) -> Double { log(1 + terms.reduce(0) { $0 + exp($1) }) }

func cosine(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }

func proxyAnchor(
  _ samples: [[Double]], _ proxies: [[Double]], _ targets: [Int], _ scale: Double, _ margin: Double
) -> Double {
  var (pull, push, present) = (0.0, 0.0, 0.0)
  for (index, proxy) in proxies.enumerated() {
    let own = samples.indices.filter { targets[$0] == index }
    let others = samples.indices.filter { targets[$0] != index }
    if !own.isEmpty {
      present += 1
      pull += logOnePlusExp(own.map { -scale * (cosine(samples[$0], proxy) - margin) })
    }
    push += logOnePlusExp(others.map { scale * (cosine(samples[$0], proxy) + margin) })
  }
  return pull / present + push / Double(proxies.count)
}

func proxyNCA(_ samples: [[Double]], _ proxies: [[Double]], _ targets: [Int], _ scale: Double) -> Double {
  var total = 0.0
  for (sample, target) in zip(samples, targets) {
    func similarity(_ proxy: Int) -> Double { exp(-scale * (2 - 2 * cosine(sample, proxies[proxy]))) }
    let others = proxies.indices.filter { $0 != target }.reduce(0) { $0 + similarity($1) }
    total -= log(similarity(target) / others)
  }
  return total / Double(samples.count)
}
