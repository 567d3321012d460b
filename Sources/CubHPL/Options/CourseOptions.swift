import Tensor

/// How a network is trained.
struct CourseOptions: OptionGroup {
  static let heading = "Training"

  let recipe = Option<Recipe?>(
    "--protocol", "NAME",
    "take the defaults of a protocol: proxy-anchor (its training on the data set, for resnet50 or bn-inception), hyp (for vit-s16 or "
      + "dino-vit-s16), hier (for these or resnet50) or mlrc (four folds of classes, four networks of 128 dimensions, tested one by one "
      + "and put together)",
    default: .none("none"), read: choice(called: "protocol"))
  let epochs = Option<Int>(
    "--epochs", "N", "passes over the training pictures", default: .by(embedded: 16, folder: 40),
    read: integer(1...100_000))
  let batch = Option<Int>(
    "--batch", "N", "pictures in a step", default: .by(embedded: 60, folder: 120), read: integer(2...65_536))
  let samplesPerClass = Option<Int>(
    "--samples-per-class", "N", "pictures of one class in a batch",
    default: .always(4).fitting { min($0, $1.batch) }, needs: [.classesInBatches], read: integer(1...65_536))
  let learningRate = Option<Double>(
    "--lr", "X", "learning rate of the network", default: .by(embedded: 3e-3, folder: 1e-3, published: 1e-4),
    key: "learning_rate", read: positive)
  /// Proxies learn a hundred times faster than the network, as in Proxy-Anchor's recipe.
  let proxyLearningRate = Option<Double>(
    "--proxy-lr", "X", "learning rate of the proxies", default: .said("100 times --lr") { $0.learningRate * 100 },
    key: "proxy_learning_rate", needs: [.proxies], read: positive)
  let schedule = Option<ScheduleSpecification>(
    "--schedule", "SPEC", "learning rate over the epochs: \(ScheduleSpecification.grammar)", default: .always(.cosine),
    read: ScheduleSpecification.init)
  let sampler: Option<SamplerKind>
  let augment: Option<[Augmentation]?>
  let optimizer: Option<OptimizerKind>
  let weightDecay = Option<Double>(
    "--weight-decay", "X", "share of the learning rate by which weights shrink in a step", default: .always(1e-4)
  ) { text throws(InvalidValue) in
    guard let number = Double(text), number.isFinite, number >= 0 else {
      throw InvalidValue("must be a number of at least 0")
    }
    return number
  }
  let clipValues = Option<Double?>(
    "--clip-values", "X", "clamp every element of the gradients to ±X before a step", default: .none("none"),
    read: { text throws(InvalidValue) in try positive(text) })
  let clipNorm = Option<Double?>(
    "--clip-norm", "X", "scale the gradients of the network down to a joint norm of X before a step",
    default: .none("none"),
    read: { text throws(InvalidValue) in try positive(text) })
  let precision = Option<Precision>(
    "--precision", "NAME",
    "float32, or bfloat16: the network multiplies and keeps numbers of half the bits, and the loss all of them; auto is bfloat16 "
      + "where the processor multiplies it itself",
    default: .always(.float32)
  ) { text throws(InvalidValue) in
    let named: PrecisionName = try choice(called: "precision")(text)
    return switch named {
    case .float32: .float32
    case .bfloat16: .bfloat16
    case .auto: Precision.bfloat16.isAccelerated ? .bfloat16 : .float32
    }
  }
  let accumulate = Option<Int>(
    "--accumulate", "N",
    "batches whose gradients are added up for one step; each loss, and each batch-norm, still sees its own batch only",
    default: .always(1), read: integer(1...65_536))
  let piecesOf = Option<Int?>(
    "--pieces-of", "N",
    "pictures that the network computes and stores at once: the loss sees the whole batch, in the memory of a piece, for about a third "
      + "more time; each batch-norm sees a piece",
    default: .none("the batch"), read: integer(1...65_536))
  let ema = Option<Double?>(
    "--ema", "X", "keep a moving average of the weights, such as 0.999 of the old at each step, and evaluate that",
    default: .none("none")
  ) { text throws(InvalidValue) in
    guard let decay = Double(text), decay > 0, decay < 1 else { throw InvalidValue("must be between 0 and 1") }
    return decay
  }
  let validation = Option<ValidationClasses>(
    "--validation-classes", "X",
    "training classes to hold out, a number or a share such as 0.1, spread evenly; the epoch with the best MAP@R on them "
      + "is tested, and without any the last",
    default: .always(.none), needs: [.noFolds], read: ValidationClasses.init)
  let patience = Option<Int?>(
    "--patience", "N", "end a run after this many epochs without a better validation", default: .none("never"),
    needs: [.validation, .laterEpochs], read: integer(1...100_000))

  init(_ known: MethodList = .standard) {
    let parts = known.parts
    func further(_ names: [String]) -> String { names.isEmpty ? "" : "; or \(names.joined(separator: ", "))" }
    sampler = Option(
      "--sampler", "NAME",
      "balanced batches, of --samples-per-class pictures of a class; shuffled ones; random-classes, with pictures that may repeat; or "
        + "hierarchical, of two super classes each" + further(parts.samplers.map(\.name)),
      default: .always(.balanced), read: choice(called: "sampler", adding: parts.samplers.map(SamplerKind.own)))
    augment = Option(
      "--augment", "LIST",
      "what else is done to training pictures after crop and flip, with commas between: \(Augmentation.grammar)"
        + further(parts.transforms.map(\.name)), default: .none("none"), read: Augmentation.list(parts.transforms))
    let optimizers = parts.optimizers.map(OptimizerKind.own)
    optimizer = Option(
      "--optimizer", "NAME",
      "what moves the weights: \(names(OptimizerKind.self, adding: optimizers)); sgd has Nesterov's momentum of 0.9",
      default: .always(.adamW), read: choice(called: "optimizer", adding: optimizers))
  }
}

/// What `--precision` may be called.
private enum PrecisionName: String, CaseIterable {
  case float32, bfloat16, auto
}
