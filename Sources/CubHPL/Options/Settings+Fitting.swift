import Vision

/// Defaults that do not fit a small data set.
extension Settings {
  /// Makes defaults that nobody gave fit the data, and fills in what a sweep goes over.
  func fitted(to pictures: ImageDataset, _ given: Given) -> Settings {
    var settings = self
    let course = TrainingOptions.course
    if !given.has(course.samplesPerClass), !given.has(course.batch), [.balanced, .randomClasses].contains(self.sampler)
    {
      settings.batch = min(self.batch, pictures.classCount * self.samplesPerClass)
    }
    if !given.has(TrainingOptions.method.levels) {
      let groups = pictures.taxonomy?.levels.prefix { $0.groups.count > 1 }.count ?? 0
      let most = max(1, pictures.classCount / 2)
      settings.levels.coarse =
        self.hierarchy != nil
        ? Array(repeating: .init(source: .taxonomy, weight: 0.1), count: groups)
        : self.levels.coarse.map { $0.havingClusters(atMost: most) }
    }
    if let sweep, sweep.values.isEmpty {
      settings.sweep = Sweep(
        parameter: sweep.parameter, values: Sweep.values(of: sweep.parameter, classes: pictures.classCount))
    }
    return settings
  }

  /// A line for each default that has become smaller, because it did not fit the data or another option.
  func smallerDefaults(_ given: Given, classes: Int) -> [String] {
    let given = given.followingProtocol()
    let hasLevels = self.methods.contains { given.methods[$0]?.isHierarchical == true }
    let (method, course) = (TrainingOptions.method, TrainingOptions.course)
    func line<Value>(
      _ option: Option<Value>, _ reason: String, where isSmaller: (_ usual: Value) -> Bool
    ) -> String? {
      let usual = given.usual(option)
      guard !given.has(option), isSmaller(usual) else { return nil }
      return "\(option.name) \(self[option].spelling ?? "") instead of \(usual.spelling ?? ""): \(reason)"
    }
    let ofAll = [
      line(course.batch, "\(self.samplesPerClass) pictures of each of \(classes) classes") { self.batch < $0 },
      line(course.samplesPerClass, "--batch \(self.batch) holds no more") { self.samplesPerClass < $0 },
    ]
    let ofLevels = [
      line(method.levels, "half as many clusters as the \(classes) classes") {
        self.hierarchy == nil && sweep?.parameter != .coarse && self.levels != $0
      },
      line(method.warmUp, "there are --epochs \(self.epochs)") { self.warmUp < $0 },
    ]
    return (ofAll + (hasLevels ? ofLevels : [])).compactMap(\.self)
  }
}

extension LevelSpecification.Coarse {
  fileprivate func havingClusters(atMost most: Int) -> Self {
    guard case .clusters(let count) = source else { return self }
    var level = self
    level.source = .clusters(min(count, most))
    return level
  }
}
