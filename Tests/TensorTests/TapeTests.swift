import Foundation
import Tensor
import Testing
import _TestSupport

/// The recorded graph: deep, wide, shared between threads, and gone when nobody needs it.
@Suite struct TapeTests {
  @Test func aMillionOperationsAreDifferentiatedAndFreedOnASmallStack() async {
    let slope = await onThread(stack: 512 << 10) {
      let x = Tensor<Float>(0).tracked()
      var y = x
      for _ in 0..<1_000_001 { y = -y }
      return y.backward()[x].item  // and here the graph is freed
    }
    expectEqual(slope, -1)
  }

  /// Pullbacks that capture their inputs or their output, and conversions, hold the graph in other ways.
  @Test func chainsOfEveryKindAreFreedOnASmallStack() async {
    let slopes = await onThread(stack: 512 << 10) {
      let x = Tensor<Double>(1).tracked()
      let one = Tensor<Double>(1).tracked()
      var (products, roots, joined, converted) = (x, x, x.reshaped([1]), x)
      for _ in 0..<20_000 {
        products = products * one
        roots = sqrt(roots)
        joined = Tensor.concatenated([joined, x.reshaped([1])], along: 0)[1..<2]
        converted = converted.cast(to: Float.self).cast(to: Double.self)
      }
      return [products, joined.sum(), converted].map { $0.backward()[x].item } + [roots.item]
    }
    expectEqual(slopes, [1, 1, 1, 1])
  }

  @Test func aLoopThatUsesOneGraphTwiceIsLinear() {
    // Forty diamonds in a row have 2⁴⁰ paths, but only 80 operations.
    let x = Tensor<Double>(1).tracked()
    var y = x
    for _ in 0..<40 { y = (y + y) * 0.5 }
    expectEqual(y.backward()[x].item, 1)
  }

  @Test func diamondsAccumulate() {
    let x = Tensor<Double>([2, 3]).tracked()
    let (left, right) = (x * x, x * 5)
    let y = (left * right + x).sum()
    expectEqual(y.backward()[x].scalars, [61, 136])  // (5x³ + x)′ = 15x² + 1
  }

  @Test func gradientsFlowThroughViews() {
    let x = Tensor<Double>([[1, 2, 3], [4, 5, 6]]).tracked()
    let view = x.transposed()[1..<3].flipped(along: 1).reshaped([4])  // 5, 2, 6, 3
    expectEqual((view * Tensor([1, 10, 100, 1000])).sum().backward()[x].scalars, [0, 10, 1000, 0, 1, 100])
    let repeated = x[0].unsqueezed(0).expanded(to: [4, 3])
    expectEqual(repeated.sum().backward()[x].scalars, [4, 4, 4, 0, 0, 0])
  }

  @Test func gradientsOfOneResultAreKeyedByLeaf() {
    let (a, b) = (Tensor<Double>([1, 2]).tracked(), Tensor<Double>([1, 2]).tracked())
    let gradients = (a * 3 + b * a).sum().backward()
    expectEqual(gradients.count, 2)
    expectEqual(gradients[a].scalars, [4, 5])
    expectEqual(gradients[b].scalars, [1, 2])
    #expect(gradients[ifPresent: Tensor<Double>(0).tracked()] == nil)
  }

  @Test func resultsThatAreNotTrackedHaveNoGradientsWhereThatIsAllowed() {
    expectEqual(Tensor<Double>([3]).sum().backward(allowsUntracked: true).count, 0)
    let x = Tensor<Double>(2).tracked()
    expectEqual((x.detached * 3).backward(allowsUntracked: true).count, 0)
    expectEqual((x.detached * x).backward()[x].item, 2)
  }

  @Test func withoutRecordingNothingIsTracked() {
    let x = Tensor<Double>(2).tracked()
    let constant = withoutRecording { x * x }
    #expect(!constant.isTracked && constant.item == 4)
    expectEqual((constant * x).backward()[x].item, 4)
    // A gradient inside still works, but is itself a constant.
    let slope = withoutRecording { gradient(at: x) { $0 * $0 } }
    #expect(slope.item == 4 && !slope.isTracked)
  }

  @Test func recordingResumesAfterAnError() {
    struct Failure: Error {}
    let x = Tensor<Double>(2).tracked()
    #expect(throws: Failure.self) { try withoutRecording { throw Failure() } }
    #expect((x * x).isTracked)
  }

  @Test func recordingIsSuspendedForOneThreadOnly() async {
    let isTracked = await withoutRecording {
      Task.detached { (Tensor<Double>(2).tracked() * 2).isTracked }
    }.value
    #expect(isTracked)
  }

  @Test func conversionsPassGradients() {
    let x = Tensor<Float>([1, 2]).tracked()
    let y = x.cast(to: Double.self)
    let gradients = (y * y).sum().backward()
    expectEqual(gradients[x].scalars, [2, 4])
    let mixed = (y.cast(to: Float.self) * x).sum()  // both paths arrive
    expectEqual(mixed.backward()[x].scalars, [2, 4])
    let curvature = gradient(at: x) { x in
      gradient(at: x) { cubed($0.cast(to: Double.self)).sum() }.sum()
    }
    expectEqual(curvature.scalars, [6, 12])
  }

  @Test func oneGraphServesSeveralThreads() async {
    let x = Tensor<Double>.linspace(from: 0.5, through: 1.5, count: 1000).tracked()
    let shared = exp(x) * sin(x)
    let expected = (shared * shared).sum().backward()[x].scalars
    let results = await withTaskGroup(of: [Double].self) { group in
      for _ in 0..<8 {
        group.addTask { (0..<20).map { _ in (shared * shared).sum().backward()[x].scalars }.last! }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    expectEqual(results, Array(repeating: expected, count: 8))
  }

  /// In a process of its own, where no other test takes memory meanwhile.
  @Test func aTrainingLoopDoesNotGrow() async {
    await #expect(processExitsWith: .success) {
      var generator = RandomGenerator(seed: 1)
      let data = Tensor<Float>.normal([8, 16], using: &generator)
      var weight = Tensor<Float>.normal([16, 4], using: &generator)
      func train(steps: Int) {
        for _ in 0..<steps {
          let leaf = weight.tracked()
          let loss = tanh(data.matmul(leaf)).logSumExp(along: 1).mean()
          weight = weight - loss.backward()[leaf] * 0.01
        }
      }
      train(steps: 1000)
      let before = try residentBytes()
      train(steps: 10_000)
      let growth = try residentBytes() - before
      expectLess(growth, 8 << 20)
    }
  }

  /// Runs `body` on a thread of its own with a stack of so many bytes.
  private func onThread<Result: Sendable>(stack: Int, _ body: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
      let thread = Thread { continuation.resume(returning: body()) }
      thread.stackSize = stack
      thread.start()
    }
  }
}

/// The memory that this process holds, from the kernel's books.
private func residentBytes() throws -> Int {
  let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")[1]
  return Int(pages)! * sysconf(Int32(_SC_PAGESIZE))
}
