import NN
import Tensor
import Testing
import _TestSupport

/// What `print(model)` and `summary(for:)` show.
@Suite struct SummaryTests {
  private var generator = RandomGenerator(seed: 1)

  private mutating func model() -> Sequential<Float> {
    Sequential {
      Conv2D(3, 4, kernel: 3, using: &generator)
      BatchNorm(4)
      Sequential<Float> {
        Flatten<Float>()
        Linear<Float>(16, 2, using: &generator)
      }
    }
  }

  @Test mutating func parametersWithShapesAndNotes() {
    let model = model()
    model.setFrozen(true) { $0 == "0.weight" }
    expectEqual(
      "\(model)",
      """
      Sequential<Float>
        0.weight        [4, 3, 3, 3]  108  frozen
        0.bias          [4]           4
        1.weight        [4]           4
        1.bias          [4]           4
        1.running_mean  [4]           4    statistic
        1.running_var   [4]           4    statistic
        2.1.weight      [2, 16]       32
        2.1.bias        [2]           2
      154 parameters, 46 of them trainable
      """)
    expectEqual("\(ReLU<Float>())", "ReLU<Float>\n0 parameters")
  }

  @Test mutating func outputsForAnExample() {
    let model = model()
    let before = model.state.map(\.parameter.value.scalars)
    expectEqual(
      model.summary(for: .ones([5, 4, 4, 3])),
      """
             input             [5, 4, 4, 3]
        0    Conv2D<Float>     [5, 2, 2, 4]  112
        1    BatchNorm<Float>  [5, 2, 2, 4]  8
        2.0  Flatten<Float>    [5, 16]       0
        2.1  Linear<Float>     [5, 2]        34
             output            [5, 2]        154
      """)
    expectEqual(model.state.map(\.parameter.value.scalars), before)
  }

  /// Gradients by the names of the parameters that they are for.
  @Test func gradientsByName() {
    var generator = RandomGenerator(seed: 1)
    let linear = Linear<Float>(2, 1, using: &generator)
    let unused = Linear<Float>(2, 1, hasBias: false, using: &generator)
    let gradients = linear(Tensor([[3, 4]])).sum().backward()
    expectEqual(
      Sequential<Float>(linear, unused).summary(of: gradients),
      """
        0.weight  [1, 2]  norm 5.0
        0.bias    [1]     norm 1.0
        1.weight  [1, 2]  none
      """)
  }
}
