import Tensor

/// The colours that plumage comes in.
enum Palette {
  /// A colour and the word that names use for it.
  struct Entry {
    var word: String
    var color: Color
  }

  static let plumage: [Entry] = [
    Entry(word: "ink", color: Color(hex: 0x22252B)),
    Entry(word: "slate", color: Color(hex: 0x59636E)),
    Entry(word: "ash", color: Color(hex: 0x9DA3A6)),
    Entry(word: "snow", color: Color(hex: 0xF4F3EC)),
    Entry(word: "sand", color: Color(hex: 0xD8BF92)),
    Entry(word: "ochre", color: Color(hex: 0xC58A35)),
    Entry(word: "rust", color: Color(hex: 0xB5502A)),
    Entry(word: "chestnut", color: Color(hex: 0x6E3B26)),
    Entry(word: "umber", color: Color(hex: 0x5E4B3C)),
    Entry(word: "olive", color: Color(hex: 0x737A3B)),
    Entry(word: "moss", color: Color(hex: 0x3F7A48)),
    Entry(word: "teal", color: Color(hex: 0x1F7F86)),
    Entry(word: "azure", color: Color(hex: 0x3F86CC)),
    Entry(word: "indigo", color: Color(hex: 0x35418F)),
    Entry(word: "plum", color: Color(hex: 0x7A3C78)),
    Entry(word: "rose", color: Color(hex: 0xD9788A)),
    Entry(word: "crimson", color: Color(hex: 0xBC2433)),
    Entry(word: "amber", color: Color(hex: 0xEBA02B)),
    Entry(word: "lemon", color: Color(hex: 0xF0D848)),
  ]

  static let bills: [Color] = [
    Color(hex: 0x2B2B2E), Color(hex: 0x6B6F73), Color(hex: 0xE8C23A), Color(hex: 0xE07B28), Color(hex: 0xC93A2B),
    Color(hex: 0xE9DCC0), Color(hex: 0x5C7E9B),
  ]

  static let legs: [Color] = [
    Color(hex: 0x3A3634), Color(hex: 0xD9902F), Color(hex: 0xC2473C), Color(hex: 0x8C8F77), Color(hex: 0xB99A7C),
  ]

  /// Draws an entry that differs visibly from some colours.
  static func draw(unlike others: [Color] = [], using generator: inout RandomGenerator) -> Entry {
    var best = plumage[0]
    var distance = -1.0
    for _ in 0..<8 {
      let entry = plumage[Int(generator.uniform() * Double(plumage.count))]
      let nearest = others.map { $0.distance(to: entry.color) }.min() ?? 1
      if nearest > 0.3 { return entry }
      if nearest > distance { (best, distance) = (entry, nearest) }
    }
    return best
  }
}

extension RandomGenerator {
  mutating func number(_ low: Double, _ high: Double) -> Double { low + (high - low) * uniform() }

  mutating func chance(_ probability: Double) -> Bool { uniform() < probability }

  mutating func element<Element>(_ elements: [Element]) -> Element {
    elements[Int(uniform() * Double(elements.count))]
  }
}

extension Color {
  /// A colour close by.
  func varied(using generator: inout RandomGenerator) -> Color {
    let shift = generator.number(-0.08, 0.08)
    func moved(_ part: Double) -> Double { max(0, min(1, part + shift + generator.number(-0.04, 0.04))) }
    return Color(moved(red), moved(green), moved(blue))
  }
}
