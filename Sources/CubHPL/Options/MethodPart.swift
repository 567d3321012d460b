/// What only some methods have, and some options are about.
enum MethodPart: Sendable {
  case proxies, classProxies, coarseLevels, pairs

  /// Whether a method has it.
  func isFound(in method: Method) -> Bool {
    switch self {
    case .proxies: method.hasProxies
    case .classProxies: !method.comparesSamples
    case .coarseLevels: method.isHierarchical
    case .pairs: method.usesMiner
    }
  }

  /// Why an option does nothing where no method has it.
  var reason: String {
    switch self {
    case .proxies, .classProxies: "is about proxies, and none of the methods has some"
    case .coarseLevels: "is about coarse levels, and none of the methods has some"
    case .pairs: "chooses pairs, and none of the methods compares pairs"
    }
  }
}
