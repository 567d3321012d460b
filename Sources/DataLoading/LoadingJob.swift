import Foundation

/// The work of one epoch, shared by the consumer and the worker threads; the condition guards everything that changes.
///
/// Workers take samples one by one in order, so that all of them work on the batch that is needed next, and never more than
/// `prefetch` batches ahead of the consumer.
final class LoadingJob<Sample: Sendable, Batch, Failure: Error>: @unchecked Sendable {
  private typealias Outcome = Result<Sample, Failure>

  /// A batch on which work has begun.
  private struct Pending {
    var outcomes: [Outcome?]
    var missing: Int
  }

  private let order: LoadingOrder
  private let workers: Int
  private let prefetch: Int
  private let load: (_ index: Int, _ position: Int) throws(Failure) -> Sample
  private let collate: ([Sample]) -> Batch

  private let condition = NSCondition()
  private var pending: [Int: Pending] = [:]
  /// The batch and the place in it that the next free worker takes.
  private var (takenBatch, takenSlot) = (0, 0)
  private var consumed = 0
  private var isCancelled = false
  private var runningWorkers = 0

  /// - Parameters:
  ///   - load: makes a sample from its index and its position in the epoch; called on any thread.
  ///   - collate: makes a batch of them; called where it is asked for.
  init(
    _ order: LoadingOrder, workers: Int, prefetch: Int,
    load: @escaping @Sendable (_ index: Int, _ position: Int) throws(Failure) -> Sample,
    collate: @escaping @Sendable ([Sample]) -> Batch
  ) {
    (self.order, self.workers, self.prefetch) = (order, workers, prefetch)
    (self.load, self.collate) = (load, collate)
  }

  /// Starts the worker threads.
  func start() {
    guard !order.batches.isEmpty else { return }
    runningWorkers = workers
    for number in 0..<workers {
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
  func next() throws(Failure) -> Batch? {
    let number = consumed
    guard number < order.batches.count, !isCancelled else { return nil }
    var samples: [Sample] = []
    if workers == 0 {
      for slot in order.batches[number].indices { samples.append(try load(batch: number, slot: slot)) }
      consumed += 1
    } else {
      for outcome in take(number) { samples.append(try outcome.get()) }
    }
    return collate(samples)
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
      let outcome = Outcome { () throws(Failure) in try load(batch: batch, slot: slot) }
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

  /// The next sample to make, nil when there is none; waits while enough batches are ahead.
  private func takeWork() -> (batch: Int, slot: Int)? {
    condition.withLock {
      let batches = order.batches
      while !isCancelled, takenBatch < batches.count, takenBatch >= consumed + prefetch { condition.wait() }
      guard !isCancelled, takenBatch < batches.count else { return nil }
      let work = (batch: takenBatch, slot: takenSlot)
      let size = batches[takenBatch].count
      if takenSlot == 0 { pending[takenBatch] = Pending(outcomes: Array(repeating: nil, count: size), missing: size) }
      takenSlot += 1
      if takenSlot == size { (takenBatch, takenSlot) = (takenBatch + 1, 0) }
      return work
    }
  }

  private func load(batch: Int, slot: Int) throws(Failure) -> Sample {
    try load(order.batches[batch][slot], order.positions[batch] + slot)
  }
}
