import NN
import Tensor

// Teaches a small convolutional network to read digits that are drawn by code: shifted, of different strength, in noise.

let drawings = [
  "### # # # # ###", " #  #  #  #  # ", "##   # # #  ###", "##   # #   ### ", "# ## ####  #  #",
  "####  ##   ### ", " ###  #### ####", "###  # #  #  # ", "#### #### #####", "#### ####  ### ",
]
/// The ten digits with 3 × 5 squares of two pixels each: `[10, 10, 6]`.
let glyphs = Tensor(
  drawings.map { drawing in
    (0..<60).map { pixel in
      let square = pixel / 12 * 3 + pixel % 6 / 2
      return Array(drawing)[square] == "#" ? Float(1) : 0
    }
  }
).reshaped([10, 10, 6])

/// Images `[count, 14, 14, 1]` and what they show.
func draw(_ count: Int, using generator: inout RandomGenerator) -> (images: Tensor<Float>, labels: Labels) {
  let labels = Labels((0..<count).map { $0 % 10 })
  let empty = Tensor<Float>.zeros([14, 14])
  let images = (0..<count).map { index in
    let (top, left) = (Int.random(in: 0...4, using: &generator), Int.random(in: 2...6, using: &generator))
    return empty.replacing(at: top..<top + 10, left..<left + 6, with: glyphs[index % 10])
  }
  let strength = Tensor<Float>.uniform([count, 1, 1], in: 0.5..<1, using: &generator)
  let noise = Tensor<Float>.normal([count, 14, 14], deviation: 0.15, using: &generator)
  return ((Tensor.stacked(images) * strength + noise).unsqueezed(3), labels)
}

var generator = RandomGenerator(seed: 0)
let training = draw(3000, using: &generator)
let unseen = draw(500, using: &generator)

let model = Sequential<Float> {
  Conv2D(1, 8, kernel: 3, padding: .same, using: &generator)
  BatchNorm(8)
  ReLU()
  MaxPool2D(2)
  Conv2D(8, 16, kernel: 3, padding: .same, using: &generator)
  BatchNorm(16)
  ReLU()
  Flatten()
  Linear(7 * 7 * 16, 10, using: &generator)
}
print(model.summary(for: unseen.images[..<1]))

/// The share of the images that are read correctly.
func accuracy(of model: Sequential<Float>, on data: (images: Tensor<Float>, labels: Labels)) -> Double {
  model.evaluate()
  defer { model.train() }
  let read = withoutRecording { model(data.images).argmax(along: 1) }
  return Double((read .== data.labels).sum().item) / Double(data.labels.count)
}

let loss = CrossEntropyLoss<Float>()
let optimizer = AdamW(model.parameters, learningRate: 3e-3)
for epoch in 1...6 {
  let order = Labels.permutation(3000, using: &generator)
  var total: Float = 0
  for start in stride(from: 0, to: 3000, by: 50) {
    let batch = order[start..<start + 50]
    total += optimizer.step { loss(model(training.images[batch]), training.labels[batch]) }.item
  }
  print("epoch \(epoch): loss \(total / 60), accuracy on unseen images \(accuracy(of: model, on: unseen))")
}
guard accuracy(of: model, on: unseen) > 0.95 else { fatalError("the network has not learned to read digits") }
