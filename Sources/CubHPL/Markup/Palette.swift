/// Every colour of pages and charts, for light and for dark; files for papers take the light ones.
enum Palette {
  struct Color: Sendable {
    /// What style sheets call it.
    let name: String
    let light: String
    let dark: String

    init(_ name: String, _ light: String, _ dark: String) {
      (self.name, self.light, self.dark) = (name, light, dark)
    }

    /// In a style sheet with `variables`.
    var variable: String { "var(--\(name))" }
  }

  static let page = Color("page", "#fbfaf8", "#14171a")
  static let panel = Color("panel", "#ffffff", "#1c2024")
  static let line = Color("line", "#e3e0da", "#343a41")
  static let text = Color("text", "#1f2328", "#e6e8ea")
  static let quiet = Color("quiet", "#5d6570", "#a0a8b1")
  static let accent = Color("accent", "#1a5f9e", "#7db8ee")
  static let note = Color("note", "#b4530a", "#f0a35e")
  static let correct = Color("correct", "#1a7a43", "#5cc98a")
  static let wrong = Color("wrong", "#b3261e", "#ff8a80")
  static let best = Color("best", "#fbf1d9", "#3a3320")

  /// Of losses; the first is Proxy-NCA's, the second Proxy-Anchor's.
  static let series = [
    Color("series-a", "#1a66ab", "#74b3ec"), Color("series-b", "#b4530a", "#f0a35e"),
    Color("series-c", "#6a4fb3", "#b7a3f0"), Color("series-d", "#14746f", "#63c7bf"),
    Color("series-e", "#a3314f", "#f08ba3"), Color("series-f", "#566400", "#b9cc4a"),
    Color("series-g", "#8a3fa0", "#e09af0"), Color("series-h", "#4f5b66", "#b4bec8"),
    Color("series-i", "#2f7d1e", "#8fd67a"), Color("series-j", "#c2187f", "#ff86cd"),
  ]

  /// The values of a sweep from the least to the greatest, dark to light.
  static let values = [
    Color("value0", "#2d1160", "#b63679"), Color("value1", "#4a1079", "#cf4070"), Color("value2", "#671b80", "#e55164"),
    Color("value3", "#842681", "#f4695c"), Color("value4", "#a1307e", "#fb8761"), Color("value5", "#be3a77", "#fea772"),
    Color("value6", "#d8456c", "#fec488"), Color("value7", "#e8555f", "#fde2a3"), Color("value8", "#ee6a52", "#fcfdbf"),
  ]

  /// Of groups of points: eight that most colour-blind people can tell apart (Okabe and Ito, 2008), their yellow and black
  /// replaced where the page is light.
  static let marks = [
    Color("mark0", "#0072b2", "#4ba6e0"), Color("mark1", "#d55e00", "#ff8a4a"), Color("mark2", "#009e73", "#2fcf9e"),
    Color("mark3", "#cc79a7", "#e59cc5"), Color("mark4", "#e69f00", "#f4b73f"), Color("mark5", "#56b4e9", "#a5dcff"),
    Color("mark6", "#7a5c00", "#f0e442"), Color("mark7", "#5b6168", "#b4bbc3"),
  ]

  /// The page's colours as variables.
  static var variables: String {
    let colors = [page, panel, line, text, quiet, accent, note, correct, wrong, best]
    return adapted { color in
      ":root { \(colors.map { "--\($0.name): \(color($0));" }.joined(separator: " ")) }"
    }
  }

  /// A class for each colour with what `rule` says of it, for light and for dark.
  static func classes(_ colors: [Color], _ rule: (String) -> String) -> String {
    adapted { color in colors.map { ".\($0.name) { \(rule(color($0))) }" }.joined(separator: " ") }
  }

  /// The same for a file of its own on a light page.
  static func lightClasses(_ colors: [Color], _ rule: (String) -> String) -> String {
    colors.map { ".\($0.name) { \(rule($0.light)) }" }.joined(separator: "\n")
  }

  private static func adapted(_ rules: ((Color) -> String) -> String) -> String {
    "\(rules(\.light))\n@media (prefers-color-scheme: dark) { \(rules(\.dark)) }"
  }
}
