/// The batches of one epoch, in order; ends its threads when it is cancelled, fails, ends or goes away.
///
/// Where no sample can fail it is a sequence, for a `for` loop; otherwise `while let batch = try batches.next()` goes through it. For
/// one consumer, once: not to be shared between threads.
public final class LoadedBatches<Batch, Failure: Error> {
  private let take: () throws(Failure) -> Batch?
  private let stop: () -> Void

  init<Sample>(_ job: LoadingJob<Sample, Batch, Failure>) {
    (take, stop) = (job.next, job.cancel)
    job.start()
  }

  deinit { stop() }

  /// The next batch, or nil after the last one, after an error and after ``cancel()``.
  ///
  /// - Throws: what making a sample of this batch threw, the first in the batch's order. Later calls give nil.
  public func next() throws(Failure) -> Batch? {
    do throws(Failure) {
      let batch = try take()
      if batch == nil { cancel() }
      return batch
    } catch {
      cancel()
      throw error
    }
  }

  /// Stops loading and waits until the threads have ended, at most the time one sample takes.
  public func cancel() { stop() }
}

extension LoadedBatches: Sequence where Failure == Never {
  /// The batches that are left.
  public func makeIterator() -> AnyIterator<Batch> { AnyIterator { self.next() } }
}
