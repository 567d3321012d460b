import NN
import Tensor
import Testing
import _TestSupport

/// The cases of `modules.safetensors` about a subject.
func moduleCases(_ subject: String) -> [GoldenCase] {
  ((try? Goldens("modules").cases) ?? []).filter { $0.subject == subject }
}

/// Gives a module PyTorch's parameters by their names, and compares what it makes of the inputs, and all gradients.
func expectModuleAgreement(
  of module: some Module<Double>, with golden: GoldenCase, tolerance: Double = 1e-12,
  at location: SourceLocation = #_sourceLocation, renaming: (String) -> String = { $0 },
  call: ([Tensor<Double>]) -> [Tensor<Double>]
) {
  func roles(_ prefix: String) -> [String] { golden.roles.filter { $0.hasPrefix(prefix) } }
  let named = roles("parameter.").map { (name: renaming(String($0.dropFirst(10))), role: $0) }
  #expect(module.parameters.map(\.name).sorted() == named.map(\.name).sorted(), sourceLocation: location)
  for (name, role) in named { module.parameter(name).update(golden.tensor(role)) }

  let inputs = roles("input").filter { !golden.isInteger($0) }.map { golden.tensor($0, as: Double.self).tracked() }
  let outputs = call(inputs)
  #expect(outputs.count == roles("output").count, sourceLocation: location)
  var total = Tensor<Double>(0)
  for (index, output) in outputs.enumerated() {
    #expect(
      difference(output, golden.tensor("output\(index)")) < tolerance, "output \(index)", sourceLocation: location)
    total = total + (output * golden.tensor("cotangent\(index)")).sum()
  }
  let gradients = total.backward()
  for (index, input) in inputs.enumerated() {
    let expected = golden.tensor("gradient\(index)", as: Double.self)
    #expect(difference(gradients[input], expected) < tolerance, "gradient \(index)", sourceLocation: location)
  }
  for (name, role) in named {
    let expected = golden.tensor("gradient." + role.dropFirst(10), as: Double.self)
    #expect(
      difference(gradients[module.parameter(name).value], expected) < tolerance, "\(name)", sourceLocation: location)
  }
}
