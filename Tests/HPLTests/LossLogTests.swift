import HPL
import Tensor
import Testing
import _TestSupport

@Suite struct LossLogTests {
  private struct Telling: ProxyLoss {
    func callAsFunction(_ similarities: Tensor<Double>, targets: Labels) -> Tensor<Double> {
      logNumber("proxies", Double(similarities.shape[1]))
      let loss = log(exp(similarities).sum(along: 1)).mean()
      logNumber("loss", loss)
      return loss
    }
  }

  @Test func numbersAreAveraged() {
    let log = LossLog()
    logNumber("nobody", 1.0)
    let result = log.collecting {
      logNumber("a", 1.0)
      logNumber("a", Float(2))
      logNumber("b", Tensor<Float>(4))
      return 7
    }
    log.collecting { logNumber("a", Tensor<Double>([[6]])) }
    expectEqual(result, 7)
    expectEqual(log.means, ["a": 3, "b": 4])
    #expect(log.notFinite.isEmpty)
    log.reset()
    #expect(log.means.isEmpty)
  }

  @Test func whatIsNoNumberIsNamedAndLeftOut() {
    let log = LossLog()
    log.collecting {
      for value in [1, .nan, 3, .infinity] as [Double] { logNumber("a", value) }
      logNumber("b", Double.nan)
    }
    expectEqual(log.means, ["a": 2])
    expectEqual(log.notFinite, ["a", "b"])
  }

  @Test func everyLogAroundTakesTheNumbersOnce() {
    let (outer, inner) = (LossLog(), LossLog())
    outer.collecting {
      inner.collecting { outer.collecting { logNumber("a", 1.0) } }
      logNumber("a", 4.0)
      logNumber("a", 4.0)
      logNumber("b", 2.0)
    }
    expectEqual(outer.means, ["a": 3, "b": 2])
    expectEqual(inner.means, ["a": 1])
  }

  /// A loss within a hierarchy may collect for itself: its own log has the plain names.
  @Test func aLogWithinALevelHasThePlainNames() {
    struct Collecting: ProxyLoss {
      let own: LossLog
      func callAsFunction(_ similarities: Tensor<Double>, targets: Labels) -> Tensor<Double> {
        own.collecting { Telling()(similarities, targets: targets) }
      }
    }
    var generator = RandomGenerator(seed: 1)
    let (outer, own) = (LossLog(), LossLog())
    let loss = HierarchicalProxyLoss<Double>(
      dimensions: 4, levels: [.classes(6, loss: ProxyAnchor()), .clusters(2, weight: 1, loss: Collecting(own: own))],
      using: &generator)
    _ = outer.collecting { loss(.ones([2, 4]), labels: Labels([0, 1])) }
    expectEqual(own.means["proxies"], 2)
    expectEqual(outer.means["proxies/level_1"], 2)
    expectEqual(outer.means.count, 2)
  }

  /// The backward pass runs the block again, within the same log.
  @Test func aCheckpointedBlockTellsOnce() {
    let (log, x) = (LossLog(), Tensor<Double>([1, 2]))
    var told = 0.0
    log.collecting {
      _ = gradient(at: x) { x in
        checkpointed {
          told += 1
          logNumber("told", told)
          return (x * x).sum()
        }
      }
    }
    expectEqual(told, 2)
    expectEqual(log.means, ["told": 1])
  }

  /// Each level of a hierarchy has numbers of its own, in a loss that takes logarithms too.
  @Test func levelsAreTold() {
    var generator = RandomGenerator(seed: 1)
    let loss = HierarchicalProxyLoss<Double>(
      dimensions: 4, levels: [.classes(6, loss: Telling()), .clusters(2, weight: 0.5, loss: Telling())],
      using: &generator)
    let log = LossLog()
    let embeddings = Tensor<Double>.normal([5, 4], using: &generator)
    let values = log.collecting { loss.values(embeddings, labels: Labels([0, 1, 2, 3, 4])) }
    expectEqual(
      log.means, ["proxies": 6, "proxies/level_1": 2, "loss": values[0].item, "loss/level_1": values[1].item])
  }

  @Test func severalNumbersAtOnceTrap() async {
    await #expect(processExitsWith: .failure) { logNumber("a", Tensor<Float>([1, 2])) }
  }
}
