import Foundation
import Testing
import _TestSupport

@testable import Tensor

@Suite struct ProfileTests {
  private func profiled() -> Profile {
    let profile = Profile()
    let (x, w) = (Tensor<Float>.ones([8, 4]) * 0.1, (Tensor<Float>.ones([4, 3]) * 0.1).tracked())
    profile.measure {
      Profile.mark("wait")
      let y = tanh(x.matmul(w)).sum()
      _ = y.backward()
    }
    return profile
  }

  private func row(_ profile: Profile, _ name: String, isBackward: Bool = false) -> Profile.Row? {
    profile.rows.first { $0.operation == name && $0.isBackward == isBackward }
  }

  @Test func operationsAreCountedInTheirDirection() throws {
    let profile = profiled()
    let forward = try #require(row(profile, "matmul"))
    expectEqual(forward.calls, 1)
    expectEqual(forward.operations, Double(2 * 8 * 4 * 3))
    expectEqual(forward.bytes, Double(4 * (8 * 4 + 4 * 3 + 8 * 3)))
    // Of the two products of the backward direction only the tracked weight's is computed.
    expectEqual(row(profile, "matmul", isBackward: true)?.calls, 1)
    expectEqual(row(profile, "tanh")?.operations, 0)
    expectEqual(row(profile, "wait")?.calls, 1)
  }

  @Test func timesAddUpToTheWhole() {
    let profile = Profile()
    let clock = ContinuousClock()
    let elapsed = clock.measure {
      profile.measure {
        usleep(20_000)
        Profile.mark("sleep")
        _ = Tensor<Float>.ones([64, 64]).matmul(.ones([64, 64]))
      }
    }
    let whole = Double(elapsed.components.attoseconds) / 1e18 + Double(elapsed.components.seconds)
    #expect(profile.seconds <= whole)
    #expect((row(profile, "sleep")?.seconds ?? 0) >= 0.02)
    expectLess(abs(profile.rows.reduce(0) { $0 + $1.seconds } - profile.seconds), 1e-9)
  }

  @Test func convolutionsCountTheSameInAllThreeDirections() throws {
    let profile = Profile()
    let (x, w) = (Tensor<Float>.ones([2, 6, 6, 4]).tracked(), Tensor<Float>.ones([8, 4, 3, 3]).tracked())
    profile.measure { _ = x.conv2d(w, padding: 1).sum().backward() }
    let expected = Double(2 * (2 * 6 * 6 * 8) * (4 * 3 * 3))
    expectEqual(row(profile, "conv2d")?.operations, expected)
    expectEqual(row(profile, "conv2dInputGradient", isBackward: true)?.operations, expected)
    expectEqual(row(profile, "conv2dWeightGradient", isBackward: true)?.operations, expected)
  }

  @Test func viewsMoveNoBytes() {
    let profile = Profile()
    let x = Tensor<Float>.ones([4, 5]).tracked()
    profile.measure { _ = x.transposed() }
    expectEqual(row(profile, "permute")?.bytes, 0)
  }

  @Test func aFusedPullbackIsOneCall() {
    let profile = Profile()
    let x = Tensor<Float>.ones([6, 4]).tracked()
    let (scale, offset) = (Tensor<Float>.ones([4]).tracked(), Tensor<Float>.zeros([4]).tracked())
    profile.measure { _ = x.batchNormalized(scale: scale, offset: offset).output.sum().backward() }
    expectEqual(row(profile, "batchNorm")?.calls, 1)
  }

  @Test func theTableNamesTheLongestFirst() {
    let text = "\(profiled())"
    #expect(text.hasPrefix("operation"))
    #expect(text.contains("matmul") && text.contains("backward") && text.contains("GFLOP/s"))
  }

  @Test func outsideAMeasurementNothingIsKept() {
    let profile = profiled()
    let calls = profile.calls.count
    Profile.mark("late")
    _ = Tensor<Float>.ones([2]).tracked() * 2
    expectEqual(profile.calls.count, calls)
  }
}
