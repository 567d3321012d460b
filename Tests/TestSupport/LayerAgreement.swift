import NN
import Tensor
import Testing

/// Gives a layer the golden's parameters, runs it forward and backward, and compares everything that the golden has.
package func expectAgreement(
  of layer: some Layer<Double>, with golden: GoldenCase, tolerance: Double = 1e-12,
  at location: SourceLocation = #_sourceLocation, renaming: (String) -> String = { $0 }
) {
  func named(_ prefix: String) -> [(role: String, parameter: Parameter<Double>)] {
    golden.roles.filter { $0.hasPrefix(prefix) && $0 != "gradient.input" }
      .map { ($0, layer.parameter(renaming(String($0.dropFirst(prefix.count))))) }
  }
  for (role, parameter) in named("parameter.") + named("before.") { parameter.update(golden.tensor(role)) }
  #expect(layer.parameters.count == named("gradient.").count, sourceLocation: location)

  let input = golden.tensor("input", as: Double.self).tracked()
  let output = layer(input)
  let gradients = (output * golden.tensor("cotangent")).sum().backward()

  var found = [("output", output), ("gradient.input", gradients[input])]
  found += named("gradient.").map { ($0.role, gradients[$0.parameter.value]) }
  found += named("after.").map { ($0.role, $0.parameter.value) }
  for (role, tensor) in found {
    #expect(difference(tensor, golden.tensor(role)) < tolerance, "\(role)", sourceLocation: location)
  }
}
