import Foundation
import Tensor

/// The work of one epoch, shared by the consumer and the worker threads; the condition guards everything that changes.
///
/// Workers take pictures one by one in order, so that all of them work on the batch that is needed next, and never more than
/// `prefetch` batches ahead of the consumer.
final class LoadingJob: @unchecked Sendable {
  private typealias Outcome = Result<Tensor<Float>, any Error>

  /// A batch on which work has begun.
  private struct Pending {
    var outcomes: [Outcome?]
    var missing: Int
  }

  private let loader: Loader
  private let batches: [[Int]]
  private let epoch: Int
  /// The position in the epoch of the first picture that is loaded of each batch.
  private let positions: [Int]

  private let condition = NSCondition()
  private var pending: [Int: Pending] = [:]
  /// The batch and the place in it that the next free worker takes.
  private var (takenBatch, takenSlot) = (0, 0)
  private var consumed = 0
  private var isCancelled = false
  private var runningWorkers = 0

  /// - Parameter share: which places of a batch of so many pictures are loaded.
  init(loader: Loader, batches: [[Int]], epoch: Int, share: (Int) -> Range<Int>) {
    self.loader = loader
    self.epoch = epoch
    var (position, positions): (Int, [Int]) = (0, [])
    self.batches = batches.map { batch in
      let places = share(batch.count)
      positions.append(position + places.lowerBound)
      position += batch.count
      return Array(batch[places])
    }
    self.positions = positions
  }

  /// Starts the worker threads.
  func start() {
    guard !batches.isEmpty else { return }
    runningWorkers = loader.workers
    for number in 0..<loader.workers {
      let thread = Thread { [self] in work() }
      thread.name = "Loader \(number)"
      thread.start()
    }
  }

  /// Makes the workers stop and waits for them.
  func cancel() {
    condition.withLock {
      isCancelled = true
      condition.broadcast()
      while runningWorkers > 0 { condition.wait() }
      pending.removeAll()
    }
  }

  /// Waits for the next batch.
  func next() throws -> Batch? {
    let number = consumed
    guard number < batches.count, !isCancelled else { return nil }
    let images: [Tensor<Float>]
    if loader.workers == 0 {
      images = try batches[number].indices.map { try load(batch: number, slot: $0) }
      consumed += 1
    } else {
      images = try take(number).map { try $0.get() }
    }
    return loader.stack(images, indices: batches[number])
  }

  /// Waits until a batch is complete and takes it out, which lets the workers go one batch further.
  private func take(_ number: Int) -> [Outcome] {
    condition.withLock {
      while pending[number]?.missing != 0 { condition.wait() }
      let complete = pending.removeValue(forKey: number)!
      consumed += 1
      condition.broadcast()
      return complete.outcomes.map { $0! }
    }
  }

  private func work() {
    while let (batch, slot) = takeWork() {
      let outcome = Outcome { try load(batch: batch, slot: slot) }
      condition.withLock {
        pending[batch]?.outcomes[slot] = outcome
        pending[batch]?.missing -= 1
        if pending[batch]?.missing == 0 { condition.broadcast() }
      }
    }
    condition.withLock {
      runningWorkers -= 1
      condition.broadcast()
    }
  }

  /// The next picture to load, nil when there is none; waits while enough batches are ahead.
  private func takeWork() -> (batch: Int, slot: Int)? {
    condition.withLock {
      while !isCancelled, takenBatch < batches.count, takenBatch >= consumed + loader.prefetch { condition.wait() }
      guard !isCancelled, takenBatch < batches.count else { return nil }
      let work = (batch: takenBatch, slot: takenSlot)
      let size = batches[takenBatch].count
      if takenSlot == 0 { pending[takenBatch] = Pending(outcomes: Array(repeating: nil, count: size), missing: size) }
      takenSlot += 1
      if takenSlot == size { (takenBatch, takenSlot) = (takenBatch + 1, 0) }
      return work
    }
  }

  private func load(batch: Int, slot: Int) throws -> Tensor<Float> {
    try loader.sample(batches[batch][slot], epoch: epoch, position: positions[batch] + slot)
  }
}
