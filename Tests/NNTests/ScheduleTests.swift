import NN
import Tensor
import Testing
import _TestSupport

/// Learning-rate schedules against PyTorch's rates of epochs 0 to 19.
@Suite struct ScheduleTests {
  static let cases = ((try? Goldens("optimizers").cases) ?? []).filter { $0.roles == ["rates"] }

  @Test(arguments: cases) func agreesWithPyTorch(_ golden: GoldenCase) throws {
    let base: Double = golden.argument("base")
    let schedule = try #require(makeSchedule(golden, base), "no schedule for \(golden.subject)")
    let expected = golden.tensor("rates", as: Double.self).scalars
    expectEqual(expected.count, 20)
    for (epoch, rate) in expected.enumerated() {
      expectLess(abs(base * schedule.factor(at: epoch) - rate), 1e-15, "epoch \(epoch)")
    }
  }

  @Test func everyKindHasCases() {
    expectEqual(
      Set(Self.cases.map(\.subject)),
      [
        "step_lr", "multi_step_lr", "cosine", "warmup_cosine", "exponential", "polynomial", "cosine_restarts",
        "one_cycle",
        "sequential",
      ])
  }

  @Test func cosineStaysAtItsFloor() {
    let schedule = Schedule.cosine(over: 4, floor: 0.25)
    expectEqual(schedule.factor(at: 4), 0.25)
    expectEqual(schedule.factor(at: 100), 0.25)
  }

  @Test func warmUpFollowsAnySchedule() {
    let schedule = Schedule { count in count == 0 ? 1 : 7 }.warmingUp(over: 2, from: 0.5)
    let factors = (0...3).map { schedule.factor(at: $0) }
    expectEqual(factors, [0.5, 0.75, 1, 7])
    expectEqual(Schedule.constant.warmingUp(over: 0).factor(at: 0), 1)
  }

  @Test func theFactorMultipliesEveryGroup() {
    let parameters = [Parameter<Double>(Tensor(1)), Parameter<Double>(Tensor(1))]
    let groups = zip(parameters, [0.1, 0.2]).map {
      ParameterGroup([NamedParameter(name: "x", parameter: $0)], learningRate: $1)
    }
    let optimizer = SGD(groups)
    optimizer.learningRateFactor = Schedule.step(every: 1, factor: 0.5).factor(at: 1)
    optimizer.step { parameters[0].value + parameters[1].value }
    let values = parameters.map(\.value.item)
    expectEqual(values, [1 - 0.1 * 0.5, 1 - 0.2 * 0.5])
  }

  /// After the last count a schedule stays where it is.
  @Test func nothingMovesAfterTheEnd() {
    expectEqual(Schedule.oneCycle(over: 5).factor(at: 100), 1.0 / 250_000)
    expectEqual(Schedule.oneCycle(over: 1).factor(at: 0), 1.0 / 250_000)
    expectEqual(Schedule.polynomial(over: 5).factor(at: 100), 0)
    expectEqual(Schedule.sequential([.constant], milestones: []).factor(at: 7), 1)
  }

  @Test func milestonesThatDoNotFitTrap() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Schedule.sequential([.constant, .constant], milestones: [3, 5])
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("Schedule.sequential: [3, 5] are not the milestones between 2 schedules"))
  }

  @Test func impossiblePeriodsTrap() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Schedule.step(every: 0, factor: 0.5)
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("Schedule.step: a period of 0"))
  }

  private func makeSchedule(_ golden: GoldenCase, _ base: Double) -> Schedule? {
    switch golden.subject {
    case "step_lr": return .step(every: golden.argument("step"), factor: golden.argument("factor"))
    case "multi_step_lr": return .steps(at: golden.argument("milestones"), factor: golden.argument("factor"))
    case "cosine": return .cosine(over: golden.argument("total"), floor: golden.argument("minimum") / base)
    case "warmup_cosine":
      let warmUp: Int = golden.argument("warmUp")
      return .cosine(over: golden.argument("total", as: Int.self) - warmUp)
        .warmingUp(over: warmUp, from: golden.argument("start"))
    case "exponential": return .exponential(factor: golden.argument("factor"))
    case "polynomial": return .polynomial(over: golden.argument("total"), power: golden.argument("power"))
    case "cosine_restarts":
      return .cosineRestarts(
        every: golden.argument("period"), stretch: golden.argument("stretch"), floor: golden.argument("minimum") / base)
    case "one_cycle":
      return .oneCycle(
        over: golden.argument("total"), rise: golden.argument("rise"), start: golden.argument("start"),
        end: golden.argument("end"), curve: golden.argument("curve") == "linear" ? .linear : .cosine,
        isSymmetric: golden.argument("symmetric"))
    case "sequential":
      return .sequential(
        [.constant.warmingUp(over: 4, from: 0.2), .exponential(factor: 0.8), .cosine(over: 8)],
        milestones: golden.argument("milestones"))
    default: return nil
    }
  }
}
