import ClassTree
import Dispatch
import DrawnBirds
import Synchronization
import Tensor
import Testing
import Vision
import _TestSupport

@Suite struct BirdAtlasTests {
  static let atlas = BirdAtlas(seed: 7)

  @Test func halvesHoldOtherSpeciesOfTheSameFamilies() {
    let atlas = Self.atlas
    expectEqual(atlas.species.count, 48)
    expectEqual(atlas.families.count, 12)
    let families = atlas.species.map(\.family)
    for half in [families.prefix(24), families.suffix(24)] {
      for family in 0..<12 { expectEqual(half.filter { $0 == family }.count, 2) }
    }
  }

  @Test func namesAreUniqueAndNameTheFamily() {
    let atlas = BirdAtlas(seed: 1, speciesPerFamily: 40)
    expectEqual(Set(atlas.species.map(\.name)).count, 480)
    for species in atlas.species { #expect(species.name.contains(atlas.families[species.family].name)) }
  }

  @Test(arguments: [1, 2, 33, 72, 100])
  func picturesAreSquareAndColoured(size: Int) {
    expectEqual(Self.atlas.picture(of: 5, number: 3, size: size).shape, [size, size, 3])
  }

  @Test func everyFamilyIsDrawnAtEverySeed() {
    for seed in 0..<3 as Range<UInt64> {
      let atlas = BirdAtlas(seed: seed, speciesPerFamily: 2)
      for index in atlas.species.indices {
        let pixels = atlas.picture(of: index, number: Int(seed), size: 48).cast(to: Double.self)
        let spread = (pixels - pixels.mean()).raised(to: 2).mean().item
        #expect(spread > 25, "\(atlas.species[index].name) of seed \(seed)")
      }
    }
  }

  @Test func aPictureDependsOnSeedSpeciesAndNumberOnly() {
    let again = BirdAtlas(seed: 7)
    let other = BirdAtlas(seed: 8)
    let picture = Self.atlas.picture(of: 9, number: 2).scalars
    expectEqual(again.picture(of: 9, number: 2).scalars, picture)
    expectEqual(BirdAtlas(seed: 7, speciesPerFamily: 1).picture(of: 9, number: 2).scalars, picture)
    #expect(Self.atlas.picture(of: 9, number: 3).scalars != picture)
    #expect(Self.atlas.picture(of: 10, number: 2).scalars != picture)
    #expect(other.picture(of: 9, number: 2).scalars != picture)
  }

  @Test func threadsDrawTheSamePictures() {
    let atlas = Self.atlas
    let serial = (0..<24).map { atlas.picture(of: $0, number: 0).scalars }
    let parallel = Mutex([[UInt8]](repeating: [], count: serial.count))
    DispatchQueue.concurrentPerform(iterations: serial.count) { index in
      let picture = atlas.picture(of: index, number: 0).scalars
      parallel.withLock { $0[index] = picture }
    }
    expectEqual(parallel.withLock { $0 }, serial)
  }

  @Test func neighboursInColourAloneDoNotTellTheSpecies() {
    let dataset = ImageDataset.birds(seed: 3, picturesPerSpecies: 8, size: 36)
    let colors = Tensor.stacked(
      dataset.samples.indices.map { index in
        (try? dataset.image(at: index).unitPixels.mean(along: 0, 1)) ?? .zeros([3])
      })
    let differences = colors.unsqueezed(1) - colors.unsqueezed(0)
    let distances = (differences * differences).sum(along: 2) + Tensor<Float>.eye(dataset.count) * 1e3
    let nearest = (-distances).argmax(along: 1).scalars
    let hits = zip(dataset.labels, nearest).filter { $0 == dataset.labels[$1] }.count
    expectLess(Double(hits) / Double(dataset.count), 0.12)
  }

  @Test func dataSetHasLabelsNamesAndTaxonomy() throws {
    let dataset = ImageDataset.birds(seed: 7, families: 3, speciesPerFamily: 2, picturesPerSpecies: 2, size: 24)
    let atlas = BirdAtlas(seed: 7, families: 3, speciesPerFamily: 2)
    expectEqual(dataset.labels, [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5])
    expectEqual(dataset.classNames, atlas.species.map(\.name))
    let families = ClassHierarchy.Level(
      name: "families", groups: atlas.families.map(\.name), parents: [0, 1, 2, 0, 1, 2])
    expectEqual(dataset.taxonomy?.classes, dataset.classNames)
    expectEqual(dataset.taxonomy?.levels, [families])
    try expectEqual(dataset.image(at: 7).pixels.scalars, atlas.picture(of: 3, number: 1, size: 24).scalars)
    let (train, test) = try dataset.zeroShotSplit()
    expectEqual(train.taxonomy?.levels[0].groups, test.taxonomy?.levels[0].groups)
    #expect(Set(train.classNames).isDisjoint(with: test.classNames))
  }

  @Test func impossibleAtlasesTrap() async {
    await #expect(processExitsWith: .failure) { _ = BirdAtlas(families: 0) }
    await #expect(processExitsWith: .failure) { _ = BirdAtlas(families: 99) }
    await #expect(processExitsWith: .failure) { _ = BirdAtlas(speciesPerFamily: 0) }
    await #expect(processExitsWith: .failure) { _ = ImageDataset.birds(picturesPerSpecies: 0) }
  }
}
