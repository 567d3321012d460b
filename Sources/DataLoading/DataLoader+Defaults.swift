import Tensor

extension DataLoader where Failure == Never {
  /// Makes a loader of the elements as they are, which `collate` makes batches of.
  ///
  /// Traps for a batch size or prefetch less than 1 and for less than 0 workers.
  public init<Samples: RandomAccessCollection & Sendable>(
    _ samples: Samples, batch size: Int = 1, isShuffled: Bool = false, dropsLast: Bool = false, seed: UInt64 = 0,
    workers: Int = 0, prefetch: Int = 2, file: StaticString = #fileID, line: UInt = #line,
    collate: @escaping @Sendable ([Samples.Element]) -> Batch
  ) where Samples.Element: Sendable {
    self.init(
      samples, batch: size, isShuffled: isShuffled, dropsLast: dropsLast, seed: seed, workers: workers,
      prefetch: prefetch, file: file, line: line, transform: { element, _ in element }, collate: collate)
  }

  /// Makes a loader of the elements as they are: tensors are stacked, numbers become a vector.
  ///
  /// Traps for a batch size or prefetch less than 1 and for less than 0 workers.
  public init<Samples: RandomAccessCollection & Sendable>(
    _ samples: Samples, batch size: Int = 1, isShuffled: Bool = false, dropsLast: Bool = false, seed: UInt64 = 0,
    workers: Int = 0, prefetch: Int = 2, file: StaticString = #fileID, line: UInt = #line
  ) where Samples.Element: Collatable, Batch == Samples.Element.Collated {
    self.init(
      samples, batch: size, isShuffled: isShuffled, dropsLast: dropsLast, seed: seed, workers: workers,
      prefetch: prefetch, file: file, line: line, collate: Samples.Element.collated)
  }

  /// Makes a loader of the tuples as they are: a batch is a tuple of what each part becomes, by `collated(_:)`.
  ///
  /// Traps for a batch size or prefetch less than 1 and for less than 0 workers.
  public init<
    Samples: RandomAccessCollection & Sendable, First: Collatable, Second: Collatable, each Further: Collatable
  >(
    _ samples: Samples, batch size: Int = 1, isShuffled: Bool = false, dropsLast: Bool = false, seed: UInt64 = 0,
    workers: Int = 0, prefetch: Int = 2, file: StaticString = #fileID, line: UInt = #line
  )
  where
    Samples.Element == (First, Second, repeat each Further),
    Batch == (First.Collated, Second.Collated, repeat (each Further).Collated)
  {
    self.init(
      samples, batch: size, isShuffled: isShuffled, dropsLast: dropsLast, seed: seed, workers: workers,
      prefetch: prefetch, file: file, line: line, collate: { collated($0) })
  }
}

extension DataLoader {
  /// Makes a loader of what `transform` makes of each element: tensors are stacked, numbers become a vector.
  ///
  /// Traps for a batch size or prefetch less than 1 and for less than 0 workers.
  public init<Samples: RandomAccessCollection & Sendable, Sample: Collatable>(
    _ samples: Samples, batch size: Int = 1, isShuffled: Bool = false, dropsLast: Bool = false, seed: UInt64 = 0,
    workers: Int = 0, prefetch: Int = 2, file: StaticString = #fileID, line: UInt = #line,
    transform: @escaping @Sendable (Samples.Element, inout RandomGenerator) throws(Failure) -> Sample
  ) where Batch == Sample.Collated {
    self.init(
      samples, batch: size, isShuffled: isShuffled, dropsLast: dropsLast, seed: seed, workers: workers,
      prefetch: prefetch, file: file, line: line, transform: transform, collate: Sample.collated)
  }

  /// Makes a loader of the tuples that `transform` makes: a batch is a tuple of what each part becomes, by `collated(_:)`.
  ///
  /// Traps for a batch size or prefetch less than 1 and for less than 0 workers.
  public init<
    Samples: RandomAccessCollection & Sendable, First: Collatable, Second: Collatable, each Further: Collatable
  >(
    _ samples: Samples, batch size: Int = 1, isShuffled: Bool = false, dropsLast: Bool = false, seed: UInt64 = 0,
    workers: Int = 0, prefetch: Int = 2, file: StaticString = #fileID, line: UInt = #line,
    transform:
      @escaping @Sendable (Samples.Element, inout RandomGenerator) throws(Failure) -> (
        First, Second, repeat each Further
      )
  ) where Batch == (First.Collated, Second.Collated, repeat (each Further).Collated) {
    self.init(
      samples, batch: size, isShuffled: isShuffled, dropsLast: dropsLast, seed: seed, workers: workers,
      prefetch: prefetch, file: file, line: line, transform: transform, collate: { collated($0) })
  }
}
