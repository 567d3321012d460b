import NN
import Tensor
import Testing
import _TestSupport

/// The names that the walk over a module's properties gives.
@Suite struct NamingTests {
  @Test func propertiesInSnakeCaseAndDeclarationOrder() {
    expectEqual(Statistics().names, ["weight", "running_mean", "b1", "u_r_l"])
  }

  @Test func containersNumberTheirElements() {
    expectEqual(
      Containers().names,
      [
        "blocks.0.weight", "blocks.1.weight", "pair.0.weight", "pair.1.weight", "sides.left.weight",
        "sides.right.weight", "present.weight", "grid.0.0.weight", "grid.0.1.weight", "grid.1.0.weight",
      ])
  }

  /// Swift stores a dictionary in another order in every process; the names must not depend on it.
  @Test func dictionariesAreNamedByTheirKeysInOrder() {
    expectEqual(Experts().names, ["by_name.a.weight", "by_name.b.weight", "by_name.c.weight", "by_name.d.weight"])
  }

  @Test func sequentialNamesByPosition() {
    var generator = RandomGenerator(seed: 1)
    let model = Sequential<Float>(
      Linear(2, 3, using: &generator), ReLU(), Sequential(Linear(3, 1, hasBias: false, using: &generator)))
    expectEqual(model.names, ["0.weight", "0.bias", "2.0.weight"])
  }

  @Test func aSharedParameterAppearsOnceUnderItsFirstName() {
    let model = Shared()
    expectEqual(model.names, ["first.weight"])
    expectEqual(model.parameterCount, 2)
  }

  @Test func theSuperclassComesFirst() {
    expectEqual(Derived().names, ["base", "derived"])
  }

  @Test func modulesThatReferToEachOtherEnd() {
    let (parent, child) = (Parent(), Child())
    parent.child = child
    child.parent = parent
    expectEqual(parent.names, ["child.weight"])
  }

  @Test func statisticsAreStateButNoParameters() {
    let norm = BatchNorm<Float>(3)
    expectEqual(norm.names, ["weight", "bias", "running_mean", "running_var"])
    expectEqual(norm.parameters.map(\.name), ["weight", "bias"])
    expectEqual(norm.parameterCount, 6)
    norm.weight.isFrozen = true
    expectEqual(norm.parameterCount, 3)
  }

  @Test func twoParametersOfOneNameTrap() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Ambiguous().parameters
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("two parameters are called 'weight'"))
  }
}

private func vector() -> Parameter<Float> { Parameter(.zeros([2])) }

private struct Statistics: Module {
  typealias Scalar = Float
  let weight = vector()
  let count = 3
  let runningMean = Parameter<Float>(.zeros([2]), role: .statistic)
  let b1 = vector()
  let uRL = vector()
}

private struct Inner: Module {
  typealias Scalar = Float
  let weight = vector()
}

private struct Containers: Module {
  typealias Scalar = Float
  let blocks = [Inner(), Inner()]
  let pair = (Inner(), Inner())
  let sides = (left: Inner(), right: Inner())
  let absent: Inner? = nil
  let present: Inner? = Inner()
  let grid = [[Inner(), Inner()], [Inner()]]
}

private struct Experts: Module {
  typealias Scalar = Float
  let byName = ["c": Inner(), "a": Inner(), "d": Inner(), "b": Inner()]
}

private struct Shared: Module {
  typealias Scalar = Float
  let first: Inner
  let second: Inner

  init() {
    first = Inner()
    second = first
  }
}

private class Base: Module {
  typealias Scalar = Float
  let base = vector()
}

private final class Derived: Base {
  let derived = vector()
}

private final class Parent: Module {
  typealias Scalar = Float
  var child: Child?
}

private final class Child: Module {
  typealias Scalar = Float
  unowned(unsafe) var parent: Parent?
  let weight = vector()
}

private struct Ambiguous: Module {
  typealias Scalar = Float
  let weight = vector()
  let _weight = vector()
}
