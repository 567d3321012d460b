import NN
import Tensor

// Shows a small transformer a part of a language, and counts how much of what it then writes itself is grammatical.

// What each symbol may stand for. A verb agrees with its noun, however much stands between them.
let grammar = [
  "SENTENCE": ["ONE DOES", "MANY DO"],
  "ONE": ["a THING", "a THING that DOES"], "MANY": ["the THINGS", "the THINGS that DO"],
  "DOES": ["sleeps", "sees OBJECT", "likes OBJECT"], "DO": ["sleep", "see OBJECT", "like OBJECT"],
  "OBJECT": ["a THING", "the THINGS"], "THING": ["cat", "dog", "bird"], "THINGS": ["cats", "dogs", "birds"],
]

/// Everything that some words and symbols may stand for.
func sentences(_ words: ArraySlice<String>) -> [[String]] {
  guard let first = words.first else { return [[]] }
  let beginnings = grammar[first]?.flatMap { sentences($0.split(separator: " ").map(String.init)[...]) } ?? [[first]]
  let ends = sentences(words.dropFirst())
  return beginnings.flatMap { beginning in ends.map { beginning + $0 } }
}

var generator = RandomGenerator(seed: 0)
let language = sentences(["SENTENCE"]).shuffled(using: &generator)
let shown = language[..<400]

// Words are numbers; 0 ends a sentence, stands before it, and fills up short ones.
let vocabulary = ["."] + Set(language.joined()).sorted()
let numbers = Dictionary(uniqueKeysWithValues: zip(vocabulary, 0...))
let length = language.map(\.count).max()! + 1
let texts = Tensor(
  shown.map { sentence in
    [0] + sentence.map { numbers[$0]! } + Array(repeating: 0, count: length - sentence.count)
  })

/// For each place of a text the scores of the words that may come next: `[batch, length]` gives `[batch, length, words]`.
struct LanguageModel: Module {
  typealias Scalar = Float
  let words, places: Embedding<Float>
  let encoder: TransformerEncoder<Float>
  let output: Linear<Float>

  func callAsFunction(_ texts: Tensor<Int>) -> Tensor<Float> {
    let input = words(texts) + places(.range(texts.shape[1]))
    return output(encoder(input, mask: nil, isCausal: true))
  }
}

let options = TransformerOptions<Float>(feedforward: 64, dropout: 0, normFirst: true, batchFirst: true)
let model = LanguageModel(
  words: Embedding(vocabulary.count, dimensions: 32, using: &generator),
  places: Embedding(length, dimensions: 32, using: &generator),
  encoder: TransformerEncoder(32, heads: 4, depth: 2, options: options, normLast: true, using: &generator),
  output: Linear(32, vocabulary.count, using: &generator))
let optimizer = AdamW(model.parameters, learningRate: 3e-3)
for step in 1...300 {
  let batch = texts[Tensor<Int>.uniform([64], in: 0..<shown.count, using: &generator)]
  let loss = optimizer.step { crossEntropy(model(batch[.all, ..<(-1)]), batch[.all, 1...]) }
  if step % 100 == 0 { print("step \(step): loss \(loss.item)") }
}

// 200 sentences of its own, a word at a time, each drawn by the model's probabilities.
var written = Tensor<Int>.zeros([200, 1])
for _ in 0..<length {
  let scores = withoutRecording { model(written)[.all, -1] }
  let next = Tensor.multinomial(scores.softmax(along: 1), count: 1, using: &generator)
  written = Tensor.concatenated([written, next], along: 1)
}
let own = (0..<200).map { row in
  written[row].scalars.dropFirst().prefix { $0 != 0 }.map { vocabulary[$0] }
}
let grammatical = Set(language).intersection(own)
let share = Double(own.count { grammatical.contains($0) }) / 200
for sentence in own.prefix(5) { print("  \(sentence.joined(separator: " "))") }
print("\(language.count) sentences, \(shown.count) shown; of 200 written \(share * 100) % are grammatical,")
print("and \(grammatical.subtracting(shown).count) different ones were never shown")
guard share > 0.9 else { fatalError("the transformer has not learned the grammar") }
