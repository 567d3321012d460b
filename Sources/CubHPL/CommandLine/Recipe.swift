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
    case .proxyAnchor: .resNet50
    case .mlrc: hasFolder ? .bnInception : .small
    }
  }

  /// Why a network is not the protocol's, or nil where it is.
  func objection(to backbone: BackboneKind) -> String? {
    guard self == .proxyAnchor, ![.resNet50, .bnInception].contains(backbone) else { return nil }
    return "its numbers are for resnet50 and bn-inception"
  }
}

extension Defaults {
  /// These with what a protocol asks for; of another data set than the large ones, what it asks for on CUB-200-2011.
  func following(
    _ recipe: Recipe, _ backbone: BackboneKind, _ kind: DatasetKind?, hasFolder: Bool, hasWeights: Bool
  ) -> Defaults {
    var defaults = self
    defaults.freezeBatchNorm = hasWeights && backbone.hasBatchNorm
    switch recipe {
    case .proxyAnchor:
      let isResNet = backbone == .resNet50
      defaults.epochs = 60
      defaults.batch = isResNet ? 120 : 180
      defaults.sampler = .shuffled
      switch kind {
      case .sop, .inShop:
        (defaults.learningRate, defaults.schedule) = (6e-4, .step(every: 20, factor: 0.25))
        defaults.freezeBatchNorm = false
      case .cars: defaults.schedule = .step(every: isResNet ? 10 : 20, factor: 0.5)
      case .cub, .folder, nil: defaults.schedule = .step(every: isResNet ? 5 : 10, factor: 0.5)
      }
      defaults.headWarmUp = hasWeights ? (isResNet ? 5 : 1) : 0
      defaults.validation = .share(0.1)
    case .mlrc:
      defaults.dimensions = 128
      defaults.schedule = .constant
      (defaults.batch, defaults.samplesPerClass) = (32, 4)
      if hasFolder { (defaults.epochs, defaults.patience) = (100, 10) }
      if backbone == .bnInception { defaults.imageSize = 227 }
    }
    return defaults
  }
}
