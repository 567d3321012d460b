/// The report's pictures: each is stored once as a style rule, however often it is shown.
struct ReportPictures {
  private var names: [ReportContent.Thumbnail: String] = [:]
  private var rules: [String] = []

  /// An element that shows the picture.
  mutating func element(_ picture: ReportContent.Thumbnail, label: String, extraClass: String = "") -> String {
    let classes = ["picture", name(of: picture), extraClass].filter { !$0.isEmpty }.joined(separator: " ")
    return
      "<span class=\"\(classes)\" role=\"img\" aria-label=\"\(escaped(label))\" title=\"\(escaped(label))\"></span>"
  }

  /// The same without a label, for a picture beside text that says it all.
  mutating func decoration(_ picture: ReportContent.Thumbnail) -> String {
    "<span class=\"picture \(name(of: picture))\" aria-hidden=\"true\"></span>"
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
