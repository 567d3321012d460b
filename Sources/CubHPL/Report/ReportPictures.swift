/// The report's pictures: each is stored once as a style rule, however often it is shown.
struct ReportPictures {
  private var names: [ReportContent.Thumbnail: String] = [:]
  private var rules: [String] = []

  /// An element that shows the picture.
  mutating func element(_ picture: ReportContent.Thumbnail, label: String) -> Markup {
    .tag(
      "span", ["class": "picture \(name(of: picture))", "role": "img", "aria-label": label, "title": label])
  }

  /// The same without a label, for a picture beside text that says it all.
  mutating func decoration(_ picture: ReportContent.Thumbnail) -> Markup {
    .tag("span", ["class": "picture \(name(of: picture))", "aria-hidden": "true"])
  }

  /// The style rules of all the pictures used so far.
  var styles: String { rules.joined(separator: "\n") }

  private mutating func name(of picture: ReportContent.Thumbnail) -> String {
    if let name = names[picture] { return name }
    let name = "p\(names.count)"
    let data = PNG.encoded(rgb: picture.rgb, width: picture.width, height: picture.height)
    rules.append(".\(name) { background-image: url(data:image/png;base64,\(data.base64EncodedString())) }")
    names[picture] = name
    return name
  }
}
