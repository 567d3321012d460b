import Tensor
import Vision

/// A change of training pictures beside the crop and the flip, as `--augment` writes it.
enum Augmentation: Sendable, CustomStringConvertible {
  /// Brightness, contrast and saturation by this strength, hue by a quarter of it.
  case colorJitter(Double)
  /// By as many degrees at most, either way.
  case rotation(Double)
  /// Two operations of this magnitude, of 30.
  case randAugment(Int)
  /// Shrunk to this share of its sides at least, and stretched back.
  case mixedResolution(Double)
  /// So often a rectangle becomes grey.
  case randomErasing(Double)
  /// One of the program that calls this one.
  case own(NamedTransform)

  static let names = ["color-jitter", "rotation", "rand-augment", "mixed-resolution", "random-erasing"]

  static let grammar =
    "color-jitter:STRENGTH (brightness, contrast and saturation, a quarter of it for the hue), rotation:DEGREES, "
    + "rand-augment:MAGNITUDE (0 to 30, two operations), mixed-resolution:LEAST (shrunk to this share of the sides or more, and stretched "
    + "back), random-erasing:SHARE (of the pictures)"

  /// Reads a list with commas, in which each stands once.
  static func list(_ own: [NamedTransform]) -> @Sendable (String) throws(InvalidValue) -> [Augmentation]? {
    { text throws(InvalidValue) in
      var all: [Augmentation] = []
      for part in text.split(separator: ",", omittingEmptySubsequences: false) {
        let augmentation = try Augmentation(String(part), own)
        guard !all.contains(where: { $0.name == augmentation.name }) else {
          throw InvalidValue("\(augmentation.name) is named twice")
        }
        all.append(augmentation)
      }
      return all
    }
  }

  private init(_ text: String, _ own: [NamedTransform]) throws(InvalidValue) {
    let fields = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    if fields.count == 1, let part = own.first(where: { $0.name == text }) {
      self = .own(part)
      return
    }
    let known = Self.names + own.map(\.name)
    guard known.contains(fields[0]) else {
      let hint = nearest(to: fields[0], among: known).map { "; did you mean \($0)?" } ?? ""
      throw InvalidValue("unknown augmentation '\(fields[0])'\(hint) (known: \(known.joined(separator: ", ")))")
    }
    func number(_ range: ClosedRange<Double>) throws(InvalidValue) -> Double {
      guard fields.count == 2, let number = Double(fields[1]), range.contains(number) else {
        throw InvalidValue(
          "'\(text)' needs a number from \(range.lowerBound) to \(range.upperBound), as in \(fields[0]):\(range.upperBound / 5)"
        )
      }
      return number
    }
    switch fields[0] {
    case "color-jitter": self = .colorJitter(try number(0...2))
    case "rotation": self = .rotation(try number(0...180))
    case "rand-augment":
      guard fields.count == 2, let magnitude = Int(fields[1]), (0...30).contains(magnitude) else {
        throw InvalidValue("'\(text)' needs a whole number from 0 to 30, as in rand-augment:9")
      }
      self = .randAugment(magnitude)
    case "mixed-resolution": self = .mixedResolution(try number(0.01...1))
    case "random-erasing": self = .randomErasing(try number(0...1))
    default: throw InvalidValue("'\(text)' takes no number")
    }
  }

  var name: String { String(description.prefix { $0 != ":" }) }

  var description: String {
    switch self {
    case .colorJitter(let strength): "color-jitter:\(strength)"
    case .rotation(let degrees): "rotation:\(degrees)"
    case .randAugment(let magnitude): "rand-augment:\(magnitude)"
    case .mixedResolution(let least): "mixed-resolution:\(least)"
    case .randomErasing(let share): "random-erasing:\(share)"
    case .own(let part): part.name
    }
  }

  /// Whether it comes after the normalisation, where 0 is the mean.
  var followsNormalization: Bool {
    if case .randomErasing = self { true } else { false }
  }

  /// Makes the transform for square pictures of so many pixels a side.
  func makeTransform(imageSize: Int) -> any Transform {
    switch self {
    case .colorJitter(let strength):
      ColorJitter(brightness: strength, contrast: strength, saturation: strength, hue: strength / 4)
    case .rotation(let degrees): RandomRotation(degrees: degrees)
    case .randAugment(let magnitude): RandAugment(magnitude: magnitude)
    case .mixedResolution(let least): RandomResolution(scale: least...1)
    case .randomErasing(let share): RandomErasing(probability: share)
    case .own(let part): part.make!(imageSize)
    }
  }
}

/// Two that are written alike are the same.
extension Augmentation: Equatable {
  static func == (a: Self, b: Self) -> Bool { a.description == b.description }
}

/// Stored as it is written.
extension Augmentation: Codable {
  init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    // A name alone is that of another program.
    self = try text.contains(":") ? Augmentation(text, []) : .own(NamedTransform(unknown: text))
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
