import Tensor

/// Processes that work together, on one machine or on many, each with a number, its rank.
///
/// Every rank runs the same program and makes the same calls of its group in the same order; each call returns when all ranks have
/// made it. Sums are formed in the order of the ranks, so that for the same number of ranks the results are the same bits.
///
/// A value that is the same on all ranks, a loss for example, is *one* value: its gradient counts once. So a loss of the whole
/// batch, computed by every rank from `gathered(_:)` embeddings, has the gradients that one process would have.
///
/// ```swift
/// let group = try Group.launched()
/// model.broadcast(over: group)
/// for batch in batches(for: group.rank, of: group.size) {
///   var (value, gradients) = valueWithGradients {
///     loss(group.gathered(model(batch.images)), labels: group.gathered(batch.labels))
///   }
///   gradients.sum(of: model.parameters, over: group)
///   optimizer.step(gradients)
/// }
/// ```
public final class Group: Sendable {
  let transport: any Transport

  init(_ transport: any Transport) { self.transport = transport }

  /// This process's number, from 0.
  public var rank: Int { transport.rank }

  /// The number of processes.
  public var size: Int { transport.size }

  /// Whether this is rank 0, which prints and writes for all.
  public var isFirst: Bool { rank == 0 }

  /// A process by itself: every call returns what it was given, at once.
  public static let alone = Group(Alone())

  /// Waits until every rank has come here.
  public func barrier() { transport.barrier() }

  /// Takes leave of the other ranks, before the process ends; no call may follow.
  public func finish() { transport.finish() }

  /// Ends the processes of all ranks with a status, where this one cannot go on and the others would wait for it.
  public func abort(status: Int32) { transport.abort(status) }

  /// This rank's share of some things in a row: the shares of all ranks, one after another, are the whole.
  public func share(of count: Int) -> Range<Int> { share(of: count, rank: rank) }

  /// A rank's share of some things in a row.
  public func share(of count: Int, rank: Int) -> Range<Int> { rank * count / size..<(rank + 1) * count / size }
}
