import Vision

/// A protocol of the field that `--protocol` takes its defaults from; an option that is given wins over it.
enum Recipe: String, CaseIterable, Codable, Sendable {
  /// The training of Proxy-Anchor (Kim et al., CVPR 2020), as its authors' code has it for each data set.
  case proxyAnchor = "proxy-anchor"
  /// A Metric Learning Reality Check (Musgrave et al., ECCV 2020): four folds of classes, four networks.
  case mlrc
  /// The training of Hyp (Ermolov et al., CVPR 2022), as its authors' code has it.
  case hyp
  /// The training of HIER (Kim et al., CVPR 2023), as its authors' scripts have it for each data set.
  case hier

  /// The number of networks whose embeddings are put together; each chooses its epoch on its own fold of classes.
  var folds: Int? { self == .mlrc ? 4 : nil }

  /// The network without `--backbone`.
  func backbone(hasFolder: Bool) -> BackboneKind {
    switch self {
    case .proxyAnchor, .hier: .published(.resNet50)
    case .mlrc: hasFolder ? .published(.bnInception) : .small
    case .hyp: .published(.vitS16)
    }
  }

  /// Why a network is not the protocol's, or nil where it is.
  func objection(to backbone: BackboneKind) -> String? {
    let own: [BackboneKind] =
      switch self {
      case .proxyAnchor: [.published(.resNet50), .published(.bnInception)]
      case .hyp: [.published(.vitS16), .published(.dinoS16)]
      case .hier: [.published(.resNet50), .published(.vitS16), .published(.dinoS16)]
      case .mlrc: []
      }
    guard !own.isEmpty, !own.contains(backbone) else { return nil }
    let names = own.map(\.rawValue)
    return "its numbers are for \(names.dropLast().joined(separator: ", ")) and \(names.last!)"
  }
}

extension Recipe {
  /// What it says where no option does; of another data set than the large ones, what it says of CUB-200-2011.
  func values(_ given: Given) -> Values {
    var values = Values()
    values[TrainingOptions.method.freezeBatchNorm] = given.weights != nil && given.backbone.hasBatchNorm
    switch self {
    case .proxyAnchor: setProxyAnchor(&values, given)
    case .mlrc: setMLRC(&values, given)
    case .hyp: setHyp(&values, given)
    case .hier: setHIER(&values, given)
    }
    return values
  }

  private func setProxyAnchor(_ values: inout Values, _ given: Given) {
    let (method, course) = (TrainingOptions.method, TrainingOptions.course)
    let isResNet = given.backbone == .published(.resNet50)
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
    values[method.headWarmUp] = given.weights != nil ? (isResNet ? 5 : 1) : 0
    values[course.validation] = .share(0.1)
  }

  private func setMLRC(_ values: inout Values, _ given: Given) {
    let (method, course) = (TrainingOptions.method, TrainingOptions.course)
    values[method.dimensions] = 128
    values[course.schedule] = .constant
    (values[course.batch], values[course.samplesPerClass]) = (32, 4)
    if given.data != nil { (values[course.epochs], values[course.patience]) = (100, 10) }
    if given.backbone == .published(.bnInception) { values[method.imageSize] = 227 }
  }

  private func setHyp(_ values: inout Values, _ given: Given) {
    let course = TrainingOptions.course
    values[TrainingOptions.method.dimensions] = 128
    values[course.learningRate] = given.backbone == .published(.dinoS16) ? 1e-5 : 3e-5
    (values[course.schedule], values[course.weightDecay], values[course.clipNorm]) = (.constant, 1e-2, 3)
    // All 98 classes that train of Cars-196 are in each batch.
    values[course.batch] = given.dataset == .cars ? 882 : 900
    // The epochs in which the authors' steps (200, 600, 25,000 and 2,200) are done.
    switch given.dataset {
    case .sop, .iNaturalist, .dyML: (values[course.epochs], values[course.samplesPerClass]) = (379, 2)
    case .inShop: (values[course.epochs], values[course.samplesPerClass]) = (79, 2)
    case .cars: (values[course.epochs], values[course.samplesPerClass]) = (67, 9)
    case .cub, .list, .folder, nil: (values[course.epochs], values[course.samplesPerClass]) = (34, 9)
    }
  }

  private func setHIER(_ values: inout Values, _ given: Given) {
    let (method, course) = (TrainingOptions.method, TrainingOptions.course)
    let isResNet = given.backbone == .published(.resNet50)
    values[method.dimensions] = isResNet ? 512 : 128
    (values[course.batch], values[course.sampler], values[course.samplesPerClass]) = (180, .randomClasses, 2)
    values[course.clipValues] = 10
    values[course.schedule] = .constant
    var learningRate = isResNet ? 1e-4 : given.backbone == .published(.dinoS16) ? 5e-6 : 1e-5
    var headEpochs = 1
    switch given.dataset {
    case .sop, .inShop, .iNaturalist, .dyML:
      (values[course.epochs], values[course.weightDecay], headEpochs) = (150, 1e-4, 5)
      values[method.freezeBatchNorm] = false
      if isResNet {
        learningRate = 6e-4
        values[course.schedule] = .step(every: given.dataset == .inShop ? 20 : 25, factor: 0.3)
      }
    case .cars, .cub, .list, .folder, nil:
      (values[course.epochs], values[course.weightDecay]) = (100, 1e-2)
      if isResNet { values[course.schedule] = .step(every: given.dataset == .cars ? 10 : 5, factor: 0.5) }
    }
    values[course.learningRate] = learningRate
    values[course.proxyLearningRate] = 50 * (given.values[course.learningRate] ?? learningRate)
    values[method.headWarmUp] = given.weights != nil ? headEpochs : 0
    values[course.validation] = .share(0.1)
  }
}
