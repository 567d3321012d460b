import Tensor

/// The samples of each class in each group, both in ascending order of their numbers.
func grouped(
  _ labels: Labels, _ groups: [Int], _ name: StaticString, _ file: StaticString, _ line: UInt
) -> [[[Int]]] {
  var members: [Int: [Int: [Int]]] = [:]
  for (index, label) in labels.scalars.enumerated() {
    require(
      groups.indices.contains(label), "\(name): label \(label), and groups of \(groups.count) classes", file: file,
      line: line)
    members[groups[label], default: [:]][label, default: []].append(index)
  }
  return members.sorted { $0.key < $1.key }.map { $0.value.sorted { $0.key < $1.key }.map(\.value) }
}

/// So many elements in random order; where there are fewer, all of them and then any once more.
func drawn<Element>(_ count: Int, from elements: [Element], _ generator: inout RandomGenerator) -> [Element] {
  let order = elements.shuffled(using: &generator)
  return Array(order.prefix(count))
    + (0..<max(0, count - order.count)).map { _ in elements.randomElement(using: &generator)! }
}
