import Dispatch
import Synchronization
import Testing
import _TestSupport

@testable import CubHPL

@Suite struct ProgressLineTests {
  private let state = ProgressState(
    label: "HPL-PA", epoch: 3, epochs: 12, step: 10, steps: 40, loss: 3.21449, imagesPerSecond: 181.6, secondsLeft: 41.2
  )

  @Test func aWideTerminalShowsEverything() {
    let expected =
      "HPL-PA  [#####.......................]  epoch 3/12  step 10/40  loss 3.214  182 images/s  0:42 left"
    expectEqual(ProgressLine.bar(state, width: 120), expected)
  }

  @Test func noWidthIsExceeded() {
    for width in 0...130 { #expect(ProgressLine.bar(state, width: width).count <= width) }
  }

  @Test func aNarrowTerminalKeepsWhatMatters() {
    expectEqual(ProgressLine.bar(state, width: 41), "HPL-PA  epoch 3/12  loss 3.214  0:42 left")
    expectEqual(ProgressLine.bar(state, width: 40), "HPL-PA  epoch 3/12  0:42 left")
    expectEqual(ProgressLine.bar(state, width: 20), "HPL-PA  epoch 3/12")
    expectEqual(ProgressLine.bar(state, width: 4), "HPL-")
    expectEqual(ProgressLine.bar(state, width: -1), "")
  }

  @Test func whatIsUnknownIsLeftOut() {
    let start = ProgressState(label: "HPL-PA", epoch: 1, epochs: 2, step: 0, steps: 4)
    expectEqual(ProgressLine.plain(start), "HPL-PA  epoch 1/2")
    #expect(!ProgressLine.bar(start, width: 100).contains("loss"))
  }

  @Test func plainLinesAlign() {
    expectEqual(ProgressLine.plain(state), "HPL-PA  epoch  3/12  loss 3.2145  182 images/s  0:42 left")
  }

  @Test(arguments: [
    (0, "0:00"), (0.2, "0:01"), (59.5, "1:00"), (61, "1:01"), (3599, "59:59"), (3600, "1:00:00"), (36_061, "10:01:01"),
    (.nan, "–"), (.infinity, "–"), (-1, "–"),
  ])
  func durationsReadAsClocks(seconds: Double, text: String) {
    expectEqual(ProgressLine.duration(seconds), text)
  }
}

@Suite struct ProgressTests {
  /// A clock that the test moves, and everything that was written.
  private final class World {
    var time = 100.0
    var text = ""
  }

  private func progress(_ world: World, _ style: Progress.Style, steps: [Int] = [2, 2]) -> Progress {
    Progress(
      plan: .init(epochs: 2, steps: steps), style: style, clock: { world.time }, width: { 100 },
      write: { world.text += $0 })
  }

  private func train(_ progress: Progress, _ world: World, label: String, steps: Int = 2) {
    progress.begin(label)
    for epoch in 1...2 {
      for step in 1...steps {
        world.time += 1
        progress.step(epoch: epoch, loss: Double(5 - epoch - step), images: 50)
      }
    }
    progress.end()
  }

  @Test func aLogGetsALineAnEpoch() {
    let world = World()
    let progress = progress(world, .lines)
    train(progress, world, label: "A")
    train(progress, world, label: "B")
    progress.finish()
    let expected = """
      A  epoch 1/2  loss 2.5000  50 images/s  0:06 left
      A  epoch 2/2  loss 1.5000  50 images/s  0:04 left
      B  epoch 1/2  loss 2.5000  50 images/s  0:02 left
      B  epoch 2/2  loss 1.5000  50 images/s  0:00 left

      """
    expectEqual(world.text, expected)
  }

  /// The values of a sweep over data have epochs of different length: a line comes at the end of each, and the time left is of all.
  @Test func everyRunHasItsOwnSteps() {
    let world = World()
    let progress = progress(world, .lines, steps: [1, 3])
    train(progress, world, label: "A", steps: 1)
    train(progress, world, label: "B", steps: 3)
    let expected = """
      A  epoch 1/2  loss 3.0000  50 images/s  0:07 left
      A  epoch 2/2  loss 2.0000  50 images/s  0:06 left
      B  epoch 1/2  loss 2.0000  50 images/s  0:03 left
      B  epoch 2/2  loss 1.0000  50 images/s  0:00 left

      """
    expectEqual(world.text, expected)
  }

  @Test func aRunThatStopsEarlyDoesNotSpoilTheNextOne() {
    let world = World()
    let progress = progress(world, .lines)
    progress.begin("A")
    world.time += 1
    progress.step(epoch: 1, loss: 1, images: 50)
    train(progress, world, label: "B")
    #expect(world.text.hasSuffix("B  epoch 2/2  loss 1.5000  50 images/s  0:00 left\n"))
  }

  /// What an earlier process has done is neither to be done nor part of the time that a step takes.
  @Test func aRunThatGoesOnHasTheTimeOfWhatIsLeft() {
    let world = World()
    let progress = Progress(
      plan: .init(epochs: 9, steps: [1, 1]), style: .lines, clock: { world.time }, width: { 100 },
      write: { world.text += $0 })
    progress.begin("A")
    world.time += 2
    progress.step(epoch: 8, loss: 1, images: 50)
    expectEqual(world.text, "A  epoch 8/9  loss 1.0000  25 images/s  0:20 left\n")
  }

  @Test func aTerminalLineIsRedrawnAndReplaced() {
    let world = World()
    let progress = progress(world, .bar, steps: [2])
    train(progress, world, label: "A")
    #expect(!world.text.dropLast().contains("\n"))
    #expect(world.text.hasSuffix("\r\u{1B}[KA: 2 epochs, loss 1.500, 50 images/s, 0:04\n"))
  }

  @Test func drawingIsRare() {
    let world = World()
    let progress = Progress(
      plan: .init(epochs: 1, steps: [1000]), style: .bar, clock: { world.time }, width: { 100 },
      write: { world.text += $0 })
    progress.begin("A")
    for _ in 0..<1000 {
      world.time += 0.001
      progress.step(epoch: 1, loss: 1, images: 1)
    }
    #expect(world.text.filter { $0 == "\r" }.count <= 13)
  }

  @Test func anErrorStartsOnItsOwnLine() {
    let world = World()
    do {
      let progress = progress(world, .bar)
      progress.begin("A")
      progress.finish()
      expectEqual(world.text.last, "\n")
      let length = world.text.count
      progress.finish()
      expectEqual(world.text.count, length)
      progress.begin("B")
    }
    expectEqual(world.text.last, "\n")
  }

  @Test func notesStandAboveTheBar() {
    let world = World()
    let progress = progress(world, .bar)
    progress.begin("A")
    progress.note("careful")
    #expect(world.text.hasSuffix("\r\u{1B}[Kcareful\n"))
  }

  /// Names are from outside; the cursor is moved by the bar alone.
  @Test func namesDoNotMoveTheCursor() {
    let world = World()
    let progress = progress(world, .lines, steps: [2])
    progress.note("\u{1B}[2J\nnote")
    train(progress, world, label: "A\u{9B}\u{202E}")
    #expect(world.text.hasPrefix(#"\u{1B}[2J\nnote"# + "\n" + #"A\u{9B}\u{202E}  epoch 1/2"#))
  }

  @Test func evaluationIsShownAndGoesAway() {
    let world = World()
    let progress = progress(world, .bar)
    train(progress, world, label: "A")
    progress.evaluating(0.1)
    world.time += 1
    progress.evaluating(0.2)
    #expect(world.text.hasSuffix("0:04\n"), "what is short is not told")
    world.time += 2
    progress.evaluating(0.25)
    #expect(world.text.hasSuffix("\nA  evaluating, 25 %, 0:09 left"))
    progress.evaluating(0.26)
    #expect(world.text.hasSuffix("0:09 left"))
    progress.evaluating(1)
    #expect(world.text.hasSuffix("0:09 left\r\u{1B}[K"))
  }

  /// A log has a line now and then, and other work has a time of its own.
  @Test func aLogIsToldOfLongWorkHalfAMinuteApart() {
    var work = LongWork(.lines)
    var lines: [String] = []
    for second in 0..<100 {
      if let line = work.line(Double(second) / 100, "clustering", now: 500 + Double(second), width: 20) {
        lines.append(line)
      }
    }
    expectEqual(
      lines, ["clustering, 30 %, 1:10 left\n", "clustering, 60 %, 0:40 left\n", "clustering, 90 %, 0:10 left\n"])
    expectEqual(work.line(0.1, "other", now: 700, width: 20), nil)
    expectEqual(work.line(1, "other", now: 900, width: 20), nil)
    expectEqual(work.line(0, "other", now: 901, width: 20), nil, "begins anew")
  }

  @Test func workWithoutASharesTellsHowLongItTakes() {
    var work = LongWork(.bar)
    let lines = [0, 1, 2, 5].map { work.line(nil, "reading", now: $0, width: 40) }
    expectEqual(lines, [nil, nil, "reading, 0:02 so far", "reading, 0:05 so far"])
    expectEqual(work.line(1, "reading", now: 6, width: 40), nil)

    let text = Mutex("")
    let time = Mutex(0.0)
    let isTold = DispatchSemaphore(value: 0)
    let meter = Meter(
      .bar,
      clock: {
        time.withLock { time in
          time += 3
          return time
        }
      },
      write: { piece in
        text.withLock { $0 += piece }
        isTold.signal()
      })
    let value = meter.during("reading") {
      _ = isTold.wait(timeout: .now() + 10)
      return 7
    }
    let written = text.withLock { $0 }
    #expect(value == 7 && written.hasPrefix("reading, 0:03 so far") && written.hasSuffix("\r\u{1B}[K"), "\(written)")
    // What is short is not told.
    text.withLock { $0 = "" }
    meter.during("other") {}
    expectEqual(text.withLock { $0 }, "")
  }

  @Test func aMeterClearsItsLine() {
    let text = Mutex("")
    let time = Mutex(0.0)
    let meter = Meter(.bar, clock: { time.withLock { $0 } }, write: { piece in text.withLock { $0 += piece } })
    for (second, share) in [(0.0, 0.0), (1.9, 0.4), (2.5, 0.5), (3, 0.75), (4, 1)] {
      time.withLock { $0 = second }
      meter.tell(share, "checking")
    }
    let (clear, first) = ("\r\u{1B}[K", "checking, 50 %, 0:03 left")
    expectEqual(text.withLock { $0 }, "\(first)\(clear)checking, 75 %, 0:01 left\(clear)")
  }

  @Test func quietIsSilent() {
    let world = World()
    let progress = progress(world, .quiet)
    train(progress, world, label: "A")
    progress.note("x")
    progress.evaluating(0.5)
    progress.finish()
    expectEqual(world.text, "")
  }
}
