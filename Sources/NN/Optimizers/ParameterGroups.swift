import Tensor

extension Module {
  /// Groups of all parameters by the beginnings of their names, each with its learning rate.
  ///
  /// A name goes to the longest beginning that fits it, and to the group `others` where none does. Groups are in the
  /// order given and called by their beginnings. Traps where a beginning fits no name, where one is given twice, or where
  /// a parameter fits none and there is no rate for others: it would never be trained.
  ///
  /// ```swift
  /// let groups = model.parameterGroups(["head.": 1e-3, "layer4.": 1e-4], others: 1e-5)
  /// ```
  public func parameterGroups(
    _ learningRates: KeyValuePairs<String, Double>, others: Double? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) -> [ParameterGroup<Scalar>] {
    var members = [[NamedParameter<Scalar>]](repeating: [], count: learningRates.count)
    var rest: [NamedParameter<Scalar>] = []
    for named in parameters {
      let fitting = learningRates.indices.filter { named.name.hasPrefix(learningRates[$0].key) }
      if let longest = fitting.max(by: { learningRates[$0].key.count < learningRates[$1].key.count }) {
        members[longest].append(named)
      } else {
        rest.append(named)
      }
    }
    var groups: [ParameterGroup<Scalar>] = []
    for (entry, members) in zip(learningRates, members) {
      if members.isEmpty {
        trap("parameterGroups: no parameter is left for '\(entry.key)'", file: file, line: line)
      }
      groups.append(.init(members, learningRate: entry.value, name: entry.key))
    }
    if let others {
      if !rest.isEmpty { groups.append(.init(rest, learningRate: others, name: "others")) }
    } else if let first = rest.first {
      trap(
        "parameterGroups: no group takes '\(first.name)' and \(rest.count - 1) more; give a learning rate for others",
        file: file, line: line)
    }
    return groups
  }
}
