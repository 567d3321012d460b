import Tensor

/// What tells the species of a family apart.
struct Plumage {
  /// What the head shows besides its colour.
  enum HeadMark: CaseIterable {
    case none
    case cap
    case eyeStripe
    case mask
    case hood
    case cheek
  }

  /// What the breast shows besides its colour.
  enum BreastMark: CaseIterable {
    case plain
    case spots
    case bars
    case bib
    case band
  }

  enum TailMark: CaseIterable {
    case plain
    case tip
    case band
  }

  var back: Palette.Entry
  var belly: Palette.Entry
  var wing: Palette.Entry
  var tail: Palette.Entry
  var headMark: HeadMark
  var headColor: Palette.Entry
  var breastMark: BreastMark
  var breastColor: Palette.Entry
  var wingBars: Int
  var wingBarColor: Palette.Entry
  var tailMark: TailMark
  var tailMarkColor: Palette.Entry
  var eyeRing: Color?
  var hasCrest: Bool
  var bill: Color
  var billTip: Color?
  var billLength: Double
  var tailLength: Double
  var bulk: Double
  var legs: Color

  /// Draws a plumage.
  init(using generator: inout RandomGenerator) {
    back = Palette.draw(using: &generator)
    belly = Palette.draw(unlike: [back.color], using: &generator)
    wing = generator.chance(0.45) ? back : Palette.draw(unlike: [belly.color], using: &generator)
    wing.color = wing.color.darker(generator.number(0, 0.25))
    tail = generator.chance(0.5) ? wing : Palette.draw(using: &generator)
    headMark = generator.element(HeadMark.allCases)
    headColor = Palette.draw(unlike: [back.color], using: &generator)
    breastMark = generator.element(BreastMark.allCases)
    breastColor = Palette.draw(unlike: [belly.color], using: &generator)
    wingBars = generator.element([0, 1, 1, 2])
    wingBarColor = Palette.draw(unlike: [wing.color], using: &generator)
    tailMark = generator.element(TailMark.allCases)
    tailMarkColor = Palette.draw(unlike: [tail.color], using: &generator)
    eyeRing = generator.chance(0.45) ? generator.element(Palette.plumage).color : nil
    hasCrest = generator.chance(0.3)
    bill = generator.element(Palette.bills)
    billTip = generator.chance(0.35) ? generator.element(Palette.bills) : nil
    billLength = generator.number(0.8, 1.25)
    tailLength = generator.number(0.85, 1.2)
    bulk = generator.number(0.93, 1.07)
    legs = generator.element(Palette.legs)
  }

  /// The plumage of a descendant, which keeps a trait of the ancestor's with the probability `share`.
  func inheriting(from ancestor: Plumage, share: Double, using generator: inout RandomGenerator) -> Plumage {
    var result = self
    func keep<Trait>(_ trait: WritableKeyPath<Plumage, Trait>) { result[keyPath: trait] = ancestor[keyPath: trait] }
    if generator.chance(share) { keep(\.back) }
    if generator.chance(share) { keep(\.belly) }
    if generator.chance(share) { keep(\.wing) }
    if generator.chance(share) { keep(\.tail) }
    if generator.chance(share) {
      keep(\.headMark)
      keep(\.headColor)
    }
    if generator.chance(share) {
      keep(\.breastMark)
      keep(\.breastColor)
    }
    if generator.chance(share) {
      keep(\.wingBars)
      keep(\.wingBarColor)
    }
    if generator.chance(share) {
      keep(\.tailMark)
      keep(\.tailMarkColor)
    }
    if generator.chance(share) { keep(\.eyeRing) }
    if generator.chance(share) { keep(\.hasCrest) }
    if generator.chance(share) {
      keep(\.bill)
      keep(\.billTip)
    }
    if generator.chance(share) { keep(\.legs) }
    return result
  }

  /// The plumage of one individual: the same marks, each colour a little off.
  func individual(using generator: inout RandomGenerator) -> Plumage {
    var result = self
    for part in [\Plumage.back, \.belly, \.wing, \.tail, \.headColor, \.breastColor, \.wingBarColor, \.tailMarkColor] {
      result[keyPath: part].color = self[keyPath: part].color.varied(using: &generator)
    }
    result.bill = bill.varied(using: &generator)
    result.billLength *= generator.number(0.93, 1.07)
    result.tailLength *= generator.number(0.93, 1.07)
    result.bulk *= generator.number(0.95, 1.06)
    return result
  }

  /// How different two plumages look: the sum over the parts of how their colours and marks differ.
  func distance(to other: Plumage) -> Double {
    var sum = back.color.distance(to: other.back.color) + belly.color.distance(to: other.belly.color)
    sum += 0.5 * wing.color.distance(to: other.wing.color) + (headMark == other.headMark ? 0 : 0.2)
    sum += (breastMark == other.breastMark ? 0 : 0.2) + 0.3 * headColor.color.distance(to: other.headColor.color)
    return sum + 0.3 * bill.distance(to: other.bill)
  }

  /// Two words for the name, in the order in which they are tried.
  var epithets: [String] {
    var words: [String] = []
    switch headMark {
    case .cap: words.append("\(headColor.word)-capped")
    case .mask: words.append("\(headColor.word)-masked")
    case .hood: words.append("\(headColor.word)-hooded")
    case .eyeStripe: words.append("\(headColor.word)-browed")
    case .cheek: words.append("\(headColor.word)-cheeked")
    case .none: break
    }
    switch breastMark {
    case .spots: words.append("\(breastColor.word)-spotted")
    case .bars: words.append("\(breastColor.word)-barred")
    case .bib: words.append("\(breastColor.word)-bibbed")
    case .band: words.append("\(breastColor.word)-banded")
    case .plain: words.append("\(belly.word)-breasted")
    }
    return words + ["\(back.word)-backed", "\(belly.word)-bellied", "\(tail.word)-tailed"]
  }
}
