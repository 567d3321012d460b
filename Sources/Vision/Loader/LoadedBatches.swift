/// The batches of one epoch, in order; ends its threads when it is cancelled, fails, ends or goes away.
///
/// For one consumer: not to be shared between threads.
public final class LoadedBatches {
  private let job: LoadingJob

  init(_ job: LoadingJob) {
    self.job = job
    job.start()
  }

  deinit { job.cancel() }

  /// The next batch, or nil after the last one, after an error and after ``cancel()``.
  ///
  /// - Throws: what reading a picture of this batch threw, the first in the batch's order. Later calls give nil.
  public func next() throws -> Batch? {
    do {
      let batch = try job.next()
      if batch == nil { cancel() }
      return batch
    } catch {
      cancel()
      throw error
    }
  }

  /// Stops loading and waits until the threads have ended, at most the time one picture takes.
  public func cancel() { job.cancel() }
}
