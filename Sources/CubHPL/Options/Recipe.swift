import Vision

/// A protocol of the field that `--protocol` takes its defaults from; an option that is given wins over it.
enum Recipe: String, CaseIterable, Codable, Sendable {
  /// The training of Proxy-Anchor (Kim et al., CVPR 2020), as its authors' code has it for each data set.
  case proxyAnchor = "proxy-anchor"
  /// A Metric Learning Reality Check (Musgrave et al., ECCV 2020): four folds of classes, four networks.
  case mlrc

  /// The number of networks whose embeddings are put together; each chooses its epoch on its own fold of classes.
  var folds: Int? { self == .mlrc ? 4 : nil }

  /// The network without `--backbone`.
  func backbone(hasFolder: Bool) -> BackboneKind {
    switch self {
    case .proxyAnchor: .published(.resNet50)
    case .mlrc: hasFolder ? .published(.bnInception) : .small
    }
  }

  /// Why a network is not the protocol's, or nil where it is.
  func objection(to backbone: BackboneKind) -> String? {
    guard self == .proxyAnchor, ![.published(.resNet50), .published(.bnInception)].contains(backbone) else {
      return nil
    }
    return "its numbers are for resnet50 and bn-inception"
  }
}

extension Recipe {
  /// What it says where no option does; of another data set than the large ones, what it says of CUB-200-2011.
  func values(_ given: Given) -> Values {
    let (method, course) = (TrainingOptions.method, TrainingOptions.course)
    let (backbone, hasWeights) = (given.backbone, given.weights != nil)
    var values = Values()
    values[method.freezeBatchNorm] = hasWeights && backbone.hasBatchNorm
    switch self {
    case .proxyAnchor:
      let isResNet = backbone == .published(.resNet50)
      values[course.epochs] = 60
      values[course.batch] = isResNet ? 120 : 180
      values[course.sampler] = .shuffled
      switch given.dataset {
      case .sop, .inShop, .iNaturalist, .dyML:
        (values[course.learningRate], values[course.schedule]) = (6e-4, .step(every: 20, factor: 0.25))
        values[method.freezeBatchNorm] = false
      case .cars: values[course.schedule] = .step(every: isResNet ? 10 : 20, factor: 0.5)
      case .cub, .list, .folder, nil: values[course.schedule] = .step(every: isResNet ? 5 : 10, factor: 0.5)
      }
      values[method.headWarmUp] = hasWeights ? (isResNet ? 5 : 1) : 0
      values[course.validation] = .share(0.1)
    case .mlrc:
      values[method.dimensions] = 128
      values[course.schedule] = .constant
      (values[course.batch], values[course.samplesPerClass]) = (32, 4)
      if given.data != nil { (values[course.epochs], values[course.patience]) = (100, 10) }
      if backbone == .published(.bnInception) { values[method.imageSize] = 227 }
    }
    return values
  }
}
