/// A half of the data set.
enum Split: String, CaseIterable, Sendable {
  case train, test
}
