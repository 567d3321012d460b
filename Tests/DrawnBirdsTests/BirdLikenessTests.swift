import Testing
import Vision
import _TestSupport

@testable import DrawnBirds

/// Any number of species, more or less like the others of their family.
@Suite struct BirdLikenessTests {
  @Test func theUsualNumbersGiveTheUsualSpecies() {
    let (usual, counted) = (BirdAtlas(seed: 7), BirdAtlas(seed: 7, species: 48))
    expectEqual(usual.species.map(\.name), counted.species.map(\.name))
    expectEqual(BirdAtlas(seed: 7, species: 50).species.prefix(48).map(\.name), usual.species.map(\.name))
  }

  @Test func thereIsNoFamilyWithoutASpecies() throws {
    let birds = ImageDataset.birds(species: 8, picturesPerSpecies: 2, size: 24)
    expectEqual(birds.taxonomy?.levels[0].groups.count, 8)
    let (train, test) = try birds.zeroShotSplit()
    expectEqual([train.classCount, test.classCount, train.count, test.count], [4, 4, 8, 8])
  }

  @Test func speciesOfAFamilyAreAlikeAsAsked() {
    func spread(_ likeness: Double) -> Double {
      let species = BirdAtlas(seed: 7, families: 2, species: 40, likeness: likeness).species
      let family = species.filter { $0.family == 0 }.map(\.plumage)
      let distances = family.indices.flatMap { i in family[..<i].map { $0.distance(to: family[i]) } }
      return distances.reduce(0, +) / Double(distances.count)
    }
    let spreads = [0.1, 0.7, 0.95].map(spread)
    #expect(spreads[0] > spreads[1] && spreads[1] > spreads[2], "\(spreads)")
  }

  @Test func nonsenseTraps() async {
    await #expect(processExitsWith: .failure) { _ = BirdAtlas(species: 0) }
    await #expect(processExitsWith: .failure) { _ = BirdAtlas(species: 8, likeness: 1.5) }
  }
}
