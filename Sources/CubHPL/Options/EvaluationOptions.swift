/// How a trained network is measured once more, beside what always is.
struct EvaluationOptions: OptionGroup {
  static let heading = "Evaluation"

  let precisionAt = Option<[Int]?>(
    "--precision-at", "LIST", "measure precision@K too, at each K of a list with commas, such as 5,10",
    default: .none("none"), needs: [.noFolds]
  ) { text throws(InvalidValue) in
    var all: [Int] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let k = try integer(1...100_000)(String(part)) as Int
      if all.contains(k) { throw InvalidValue("\(k) is named twice") }
      all.append(k)
    }
    return all
  }
  let whiten = Option(
    flag: "--whiten",
    "whiten the test embeddings: principal components of equal variance, of the training embeddings", needs: [.noFolds])
  let expandQueries = Option<Int?>(
    "--expand-queries", "N",
    "add to each query its N nearest pictures, weighted by the third power of their cosine (αQE)",
    default: .none("none"), needs: [.noFolds], read: integer(1...100_000))
  let rerank = Option(
    flag: "--rerank", "rank anew by neighbours that are each other's (k-reciprocal, k1 20, k2 6, weight 0.3)",
    needs: [.noFolds])
}
