import Testing
import _TestSupport

@testable import Tensor

/// Breaks the pullback of one primitive at a time and expects the operation records to notice.
///
/// Primitives are known by the names under which they are recorded. Each mutation of each one must make the gradient check
/// of at least one record fail; the report says which.
@Suite struct MutationTests {
  enum Mutation: String, CaseIterable {
    case zeroed, flipped, transposed

    func apply<Scalar: TensorScalar>(_ gradient: Tensor<Scalar>) -> Tensor<Scalar> {
      switch self {
      case .zeroed: return gradient * 0
      case .flipped: return -gradient
      case .transposed:
        // A symmetric gradient, such as that of a decomposition, is reversed instead.
        let other = gradient.rank >= 2 ? gradient.transposed().reshaped(gradient.shape) : gradient
        if difference(other, gradient) > 1e-9 { return other }
        return gradient.rank > 0 ? gradient.flipped(along: -1) : gradient * 2
      }
    }
  }

  /// Notes whose pullbacks run, and breaks one of them: always, or only what one call returns for one input.
  final class Mutator: TapeObserver {
    private(set) var names: Set<String> = []
    /// How often the target's pullbacks returned something.
    private(set) var calls = 0
    private let target: String?
    private let mutation: Mutation
    private let onlyCall: Int?

    init(_ target: String? = nil, _ mutation: Mutation = .zeroed, onlyCall: Int? = nil) {
      self.target = target
      self.mutation = mutation
      self.onlyCall = onlyCall
    }

    override func pulledBack<Scalar: TensorElement>(
      _ gradient: Tensor<Scalar>, through name: StaticString
    ) -> Tensor<Scalar> {
      names.insert("\(name)")
      guard "\(name)" == target else { return gradient }
      defer { calls += 1 }
      return onlyCall ?? calls == calls
        ? TapeObserver.unobserved { MutationTests.broken(gradient, by: mutation) } : gradient
    }
  }

  fileprivate static func broken<Scalar>(_ gradient: Tensor<Scalar>, by mutation: Mutation) -> Tensor<Scalar> {
    if let double = gradient as? Tensor<Double> { return mutation.apply(double) as! Tensor<Scalar> }
    return mutation.apply(gradient as! Tensor<Float>) as! Tensor<Scalar>
  }

  private func passes(_ record: OperationRecord<Double>, orders: Int, _ mutator: Mutator) -> Bool {
    mutator.observing {
      (try? gradientCheck(at: record.inputs, orders: orders, of: record.body)) != nil
    }
  }

  /// Whether the gradient of one conversion is right: a record converts there and back, which undoes two wrong signs.
  private func converts(_ mutator: Mutator) -> Bool {
    mutator.observing { gradient(at: Tensor<Float>([1, 2])) { $0.cast(to: Double.self).sum() } }.scalars == [1, 1]
  }

  /// The names whose pullbacks run in a record's gradients of each order up to the given one.
  private func names(in record: OperationRecord<Double>, orders: Int) -> [Set<String>] {
    var function = { (x: [Tensor<Double>]) in record.body(x).sum() }
    return (1...orders).map { _ in
      let observer = Mutator()
      let current = function
      observer.observing { _ = valueWithGradient(at: record.inputs, allowsUnused: true, of: current) }
      function = { x in
        valueWithGradient(at: x, allowsUnused: true, of: current).gradient.map { ($0 * $0).sum() }.reduce(Tensor(0), +)
      }
      return observer.names
    }
  }

  @Test func everyBrokenPullbackIsFound() throws {
    var users: [String: [(record: OperationRecord<Double>, orders: Int)]] = [:]
    let records = OperationTests.records.filter { $0.body($0.inputs).count > 0 }
    for record in records {
      var known: Set<String> = []
      for (index, names) in names(in: record, orders: record.orders).enumerated() {
        for name in names.subtracting(known) { users[name, default: []].append((record, index + 1)) }
        known.formUnion(names)
      }
    }
    let missing = try primitivesInSources().subtracting(users.keys).sorted()
    expectEqual(missing, [], "primitives that no operation record differentiates")

    var report: [String] = []
    for (name, records) in users.sorted(by: { $0.key < $1.key }) {
      let ordered = records.sorted { $0.orders < $1.orders }
      for mutation in Mutation.allCases {
        let record = ordered.first { !passes($0.record, orders: $0.orders, Mutator(name, mutation)) }?.record.name
        let finder = record ?? (converts(Mutator(name, mutation)) ? nil : "a conversion to Double alone")
        report.append("  \(name), \(mutation.rawValue): \(finder.map { "found by \($0)" } ?? "NOT FOUND")")
        #expect(finder != nil, "\(name) with a \(mutation.rawValue) pullback passes all records")
      }
    }
    print("Mutation check: \(users.count) primitives, \(report.count) mutations")
    print(report.joined(separator: "\n"))
  }

  /// A primitive of several inputs has a pullback for each: without one of them alone, too, a record fails.
  @Test func everySinglePullbackIsNeeded() {
    var needed: [String: Int] = [:]
    var useless: [String: String] = [:]
    for record in OperationTests.records where record.body(record.inputs).count > 0 {
      for name in names(in: record, orders: 1)[0] where needed[name, default: 0] < record.inputs.count {
        let counter = Mutator(name, onlyCall: -1)
        #expect(passes(record, orders: 1, counter))
        let missed = (0..<counter.calls).first { passes(record, orders: 1, Mutator(name, onlyCall: $0)) }
        if let missed {
          useless[name] = useless[name] ?? "call \(missed) in \(record.name)"
        } else {
          needed[name] = max(needed[name, default: 0], counter.calls)
        }
      }
    }
    #expect(needed.count > 50)
    for (name, place) in useless where needed[name] == nil {
      Issue.record("\(name): no record needs each of its pullbacks; \(place) is one that nothing misses")
    }
    print(
      "Single pullbacks: \(needed.count) primitives, each of their \(needed.values.reduce(0, +)) gradients is needed")
  }
}
