import NN
import Tensor

extension Module {
  /// The parameter of a name; traps where there is none.
  package func parameter(_ name: String) -> Parameter<Scalar> {
    guard let named = state.first(where: { $0.name == name }) else { fatalError("no parameter \(name)") }
    return named.parameter
  }

  /// The names of all parameters, statistics included.
  package var names: [String] { state.map(\.name) }
}
