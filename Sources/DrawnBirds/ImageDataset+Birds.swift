import ClassTree
import Dispatch
import Synchronization
import Tensor
import Vision

extension ImageDataset {
  /// Draws the embedded data set: pictures of invented birds, with their families as the taxonomy.
  ///
  /// The first half of the species is for training and the second for testing (`zeroShotSplit()`); both have species of
  /// every family. Drawn on all processors; the pictures do not depend on how many there are.
  ///
  /// - Parameters:
  ///   - seed: another seed gives other species and pictures.
  ///   - picturesPerSpecies: pictures of each species, at least 1.
  ///   - size: pixels a side.
  public static func birds(
    seed: UInt64 = 0, families: Int = 12, speciesPerFamily: Int = 4, picturesPerSpecies: Int = 30, size: Int = 72,
    file: StaticString = #fileID, line: UInt = #line
  ) -> ImageDataset {
    let atlas = BirdAtlas(seed: seed, families: families, speciesPerFamily: speciesPerFamily, file: file, line: line)
    return birds(of: atlas, picturesPerSpecies, size, file, line)
  }

  /// Draws a data set of any number of species, which are more or less like the others of their family.
  ///
  /// - Parameters:
  ///   - seed: another seed gives other species and pictures.
  ///   - families: how many families the species are spread over, one of each in turn.
  ///   - species: how many species, at least 1.
  ///   - picturesPerSpecies: pictures of each species, at least 1.
  ///   - likeness: the probability, 0...1, with which a species has a trait of its family.
  ///   - size: pixels a side.
  public static func birds(
    seed: UInt64 = 0, families: Int = 12, species: Int, picturesPerSpecies: Int = 30, likeness: Double = 0.7,
    size: Int = 72, file: StaticString = #fileID, line: UInt = #line
  ) -> ImageDataset {
    let atlas = BirdAtlas(
      seed: seed, families: families, species: species, likeness: likeness, file: file, line: line)
    return birds(of: atlas, picturesPerSpecies, size, file, line)
  }

  private static func birds(
    of atlas: BirdAtlas, _ picturesPerSpecies: Int, _ size: Int, _ file: StaticString, _ line: UInt
  ) -> ImageDataset {
    guard picturesPerSpecies >= 1, size >= 1 else {
      trap("birds: \(picturesPerSpecies) pictures of \(size) pixels a side", file: file, line: line)
    }
    let grid = PixelGrid(size: size)
    let count = atlas.species.count * picturesPerSpecies
    let pictures = Mutex([Image?](repeating: nil, count: count))
    DispatchQueue.concurrentPerform(iterations: count) { index in
      let picture = Image(
        atlas.picture(of: index / picturesPerSpecies, number: index % picturesPerSpecies, on: grid))
      pictures.withLock { $0[index] = picture }
    }
    let samples = pictures.withLock { $0 }.enumerated().map { index, picture in
      let (species, number) = (index / picturesPerSpecies, index % picturesPerSpecies)
      return Sample(
        source: .memory(picture!, name: "\(atlas.species[species].name) \(number + 1)"), label: species)
    }
    let names = atlas.species.map(\.name)
    // The atlas gives each species another name, and each family has some.
    let families = try! ClassHierarchy(
      classes: names,
      levels: [.init(name: "families", groups: atlas.families.map(\.name), parents: atlas.species.map(\.family))])
    return ImageDataset(name: "embedded birds", classNames: names, samples: samples, taxonomy: families)
  }
}
