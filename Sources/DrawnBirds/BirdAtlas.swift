import Tensor

/// A species that nobody has seen: its pictures are drawn, its name is made up.
public struct BirdSpecies: Sendable {
  /// What the species is called, for example "rust-capped reedstalker".
  public let name: String
  /// The index of its family in the atlas.
  public let family: Int
  let plumage: Plumage
}

/// A book of invented birds: families that share silhouette and posture, species that differ in plumage and bill.
///
/// The species of a family descend from one ancestor, of whose plumage each keeps some traits, and every picture shows
/// another individual, whose colours are a little off.
///
/// Every picture depends on nothing but the seed, the species and its number, so that pictures may be drawn in any order
/// and on any thread. Pose, scale, light, background and what stands before the bird are drawn for each picture without
/// regard to the species.
public struct BirdAtlas: Sendable {
  /// The families, in the order of the taxonomy.
  public let families: [BirdFamily]

  /// The species, one of each family in turn: each run of `families.count` species has one of every family.
  ///
  /// So the first and the second half hold different species of the same families; no whole family is held out.
  public let species: [BirdSpecies]

  private let seed: UInt64

  /// Invents the species.
  ///
  /// - Parameters:
  ///   - seed: Another seed gives other species and other pictures.
  ///   - families: How many families, at most `BirdFamily.all.count`; others trap.
  ///   - speciesPerFamily: At least 1; others trap.
  public init(
    seed: UInt64 = 0, families: Int = 12, speciesPerFamily: Int = 4, file: StaticString = #fileID, line: UInt = #line
  ) {
    guard (1...BirdFamily.all.count).contains(families), speciesPerFamily >= 1 else {
      trap(
        "BirdAtlas: \(families) families of \(speciesPerFamily) species; 1...\(BirdFamily.all.count) of at least 1 can be drawn",
        file: file, line: line)
    }
    self.init(seed: seed, families: families, species: families * speciesPerFamily)
  }

  /// Invents any number of species, which are spread over the families: one of each in turn.
  ///
  /// - Parameters:
  ///   - seed: Another seed gives other species and other pictures.
  ///   - families: How many families, at most `BirdFamily.all.count`; others trap. There are no more than species.
  ///   - species: At least 1; others trap.
  ///   - likeness: The probability, 0...1, with which a species has a trait of its family; others trap.
  public init(
    seed: UInt64 = 0, families: Int = 12, species count: Int, likeness: Double = 0.7, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    guard (1...BirdFamily.all.count).contains(families), count >= 1, (0...1).contains(likeness) else {
      trap(
        "BirdAtlas: \(count) species in \(families) families, likeness \(likeness); at least 1 in 1...\(BirdFamily.all.count) can be "
          + "drawn, 0...1 alike", file: file, line: line)
    }
    // A family without a species is none.
    let families = min(families, count)
    self.seed = seed
    self.families = Array(BirdFamily.all.prefix(families))
    var generator = RandomGenerator(seed: seed)
    let ancestors = self.families.map { _ in Plumage(using: &generator) }
    var species: [BirdSpecies] = []
    var relatives = ancestors.map { _ in [Plumage]() }
    var names = Names()
    for index in 0..<count {
      let family = index % families
      let plumage = Self.descendant(of: ancestors[family], likeness, unlike: relatives[family], using: &generator)
      relatives[family].append(plumage)
      let name = names.take(plumage.epithets, of: BirdFamily.all[family])
      species.append(BirdSpecies(name: name, family: family, plumage: plumage))
    }
    self.species = species
  }

  /// Draws a plumage that keeps some of the ancestor's traits and can be told from those of the relatives.
  private static func descendant(
    of ancestor: Plumage, _ likeness: Double, unlike relatives: [Plumage], using generator: inout RandomGenerator
  ) -> Plumage {
    var best = ancestor
    var distance = -1.0
    for _ in 0..<12 where distance < 0.4 {
      let candidate = Plumage(using: &generator).inheriting(from: ancestor, share: likeness, using: &generator)
      var nearest = Double.infinity
      for relative in relatives {
        nearest = min(nearest, relative.distance(to: candidate))
        // It is not to be the best any more.
        if nearest <= distance { break }
      }
      if nearest > distance { (best, distance) = (candidate, nearest) }
    }
    return best
  }

  /// The names that are taken.
  private struct Names {
    private var taken = Set<String>()
    /// The greatest number behind a name.
    private var numbers: [String: Int] = [:]

    /// A name from what a plumage shows; numbered where all of those are taken.
    mutating func take(_ epithets: [String], of family: BirdFamily) -> String {
      let names = epithets.map { "\($0) \(family.name)" }
      let free = names.first { !taken.contains($0) }
      let name = free ?? "\(names[0]) \(numbers[names[0], default: 1] + 1)"
      if free == nil { numbers[names[0], default: 1] += 1 }
      taken.insert(name)
      return name
    }
  }

  /// Draws a picture, [size, size, 3], red first.
  ///
  /// The same numbers give the same picture on every thread. Between builds and processors a channel may differ by one
  /// where rounding tips the other way.
  ///
  /// - Parameters:
  ///   - species: An index into `species`.
  ///   - number: Any number; another one gives another picture of the species.
  ///   - size: Pixels a side.
  public func picture(of species: Int, number: Int, size: Int = 72) -> Tensor<UInt8> {
    picture(of: species, number: number, on: PixelGrid(size: size))
  }

  func picture(of index: Int, number: Int, on grid: PixelGrid) -> Tensor<UInt8> {
    let bird = species[index]
    let anatomy = families[bird.family].anatomy
    var seeds = RandomGenerator(seed: seed ^ 0x6269_7264)
    var generator = RandomGenerator(
      seed: seeds.next() &+ UInt64(bitPattern: Int64(index)) &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(
        bitPattern: Int64(number))
        &* 0xD1B5_4A32_D192_ED03)
    let light = Light(using: &generator)
    let pose = BirdPose(of: anatomy, using: &generator)
    let plumage = bird.plumage.individual(using: &generator)
    let backdrop = Backdrop(using: &generator)
    var canvas = Canvas(grid: grid)
    backdrop.paint(on: &canvas, using: &generator)
    canvas.softness = generator.chance(0.25) ? generator.number(1.6, 2.6) : generator.number(1, 1.5)
    backdrop.paintSupport(of: anatomy, pose, on: &canvas, using: &generator)
    BirdPainter(anatomy: anatomy, plumage: plumage, pose: pose).paint(on: &canvas)
    backdrop.paintForeground(of: anatomy, pose, on: &canvas, using: &generator)
    return canvas.rendered(over: backdrop.ground) { light($0) }
  }
}
