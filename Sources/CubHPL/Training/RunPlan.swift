/// One network to be trained: a method from a seed, and where there are such, a fold of classes or a sweep's value.
struct RunPlan {
  let method: Method
  let seed: UInt64
  /// The fold of classes that chooses the epoch, from 0.
  var fold: Int?
  /// What a sweep has set.
  var swept: Results.Swept?
  /// What to train with.
  let settings: Settings

  /// The name of its folder, such as `hpl-pa-seed-0`.
  var name: String {
    let parts = [
      method.name, swept.map { "\($0.parameter)-\($0.text)" }, "seed-\(seed)", fold.map { "fold-\($0 + 1)" },
    ]
    return parts.compactMap { $0 }.joined(separator: "-")
  }

  /// Its name in messages.
  var label: String {
    let parts = [
      method.title, swept.map { "\($0.parameter) \($0.text)" }, settings.seeds > 1 ? "seed \(seed)" : nil,
      fold.map { "fold \($0 + 1)" },
    ]
    return parts.compactMap { $0 }.joined(separator: ", ")
  }
}
