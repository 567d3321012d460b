import NN
import Tensor

extension Backbone {
  /// Groups of all parameters by depth: the last layer learns at `learningRate`, each part below it at `decay` times the
  /// rate of the one above.
  ///
  /// The parts are `bodyParts`. Traps unless the decay is positive.
  public func layerwiseGroups(
    learningRate: Double, decay: Double, file: StaticString = #fileID, line: UInt = #line
  ) -> [ParameterGroup<Scalar>] {
    if !(decay > 0) { trap("layerwiseGroups: a decay of \(decay) is not positive", file: file, line: line) }
    var rest = parameters
    var groups: [ParameterGroup<Scalar>] = []
    var rate = learningRate * (0..<bodyParts.count).reduce(1) { product, _ in product * decay }
    for part in bodyParts {
      let isMember = { (named: NamedParameter<Scalar>) in part.contains { named.name.hasPrefix($0) } }
      groups.append(.init(rest.filter(isMember), learningRate: rate, name: part[0]))
      rest.removeAll(where: isMember)
      rate /= decay
    }
    groups.append(.init(rest, learningRate: learningRate, name: "last"))
    return groups
  }
}
