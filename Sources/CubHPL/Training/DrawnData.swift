import DrawnBirds
import Vision

/// Which birds are drawn: other ones than the embedded data set, which has the numbers that stand here.
struct DrawnData: Codable, Equatable, Sendable {
  /// One of each family in turn; the first half of them is for training.
  var species = 48
  /// Pictures of each species.
  var pictures = 30
  /// The probability with which a species has a trait of its family.
  var likeness = 0.7

  var title: String { "Drawn birds, \(species) species × \(pictures) pictures, likeness \(likeness)" }

  /// Draws them.
  func drawn() -> ImageDataset {
    .birds(seed: 0, species: species, picturesPerSpecies: pictures, likeness: likeness)
  }
}
