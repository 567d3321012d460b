import Tensor
import Testing
import Vision
import _TestSupport

/// Examples of Documentation/datasets.md.
@Suite struct DatasetSnippets {
  @Test func transformsMakeAPipeline() {
    // snippet: augmentation
    let augmentation = Pipeline([
      RandomResizedCrop(size: 224), RandomHorizontalFlip(), RandAugment(magnitude: 7), Normalize(),
      RandomErasing(probability: 0.25),
    ])
    // end snippet
    var generator = RandomGenerator(seed: 0)
    let picture = Tensor<Float>.uniform([40, 60, 3], using: &generator)
    expectEqual(augmentation(picture, using: &generator).shape, [224, 224, 3])
  }
}
