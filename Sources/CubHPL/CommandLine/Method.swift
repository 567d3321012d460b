/// A loss that the program can train with.
enum Method: String, CaseIterable, Codable, Sendable {
  case proxyNCA = "proxy-nca"
  case hplNCA = "hpl-nca"
  case proxyAnchor = "proxy-anchor"
  case hplPA = "hpl-pa"

  /// The name in tables and reports.
  var title: String {
    switch self {
    case .proxyNCA: "Proxy-NCA"
    case .hplNCA: "HPL-NCA"
    case .proxyAnchor: "Proxy-Anchor"
    case .hplPA: "HPL-PA"
    }
  }

  /// Whether the method trains coarse levels above the class proxies.
  var isHierarchical: Bool { self != flat }

  /// The method with the same proxy loss on the classes alone; itself when there are no coarse levels.
  var flat: Method {
    switch self {
    case .proxyNCA, .hplNCA: .proxyNCA
    case .proxyAnchor, .hplPA: .proxyAnchor
    }
  }

  /// The title of a method named in a result file, or the name itself when this version does not know it.
  static func title(of name: String) -> String { Method(rawValue: name)?.title ?? name }

  /// Reads `proxy-nca,hpl-pa` or `all`.
  static func list(_ text: String) throws(InvalidValue) -> [Method] {
    if text == "all" { return allCases }
    let known = allCases.map(\.rawValue) + ["all"]
    var methods: [Method] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let name = String(part)
      guard let method = Method(rawValue: name) else {
        if name == "all" { throw InvalidValue("'all' stands alone") }
        let hint = nearest(to: name, among: known).map { "; did you mean \($0)?" } ?? ""
        throw InvalidValue("unknown method '\(name)'\(hint) (known: \(known.joined(separator: ", ")))")
      }
      if methods.contains(method) { throw InvalidValue("method '\(name)' is named twice") }
      methods.append(method)
    }
    return methods
  }
}
