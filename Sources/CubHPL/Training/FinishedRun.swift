/// A run that needs no more training, with the model that was tested.
struct FinishedRun {
  var result: RunFolder.Finished
  private let trained: TrainedModel?
  private let folder: RunFolder
  private let methods: MethodList

  /// - Parameter model: the one that this process has trained; nil where it lies in the run's folder alone.
  init(_ result: RunFolder.Finished, in folder: RunFolder, methods: MethodList, model: TrainedModel? = nil) {
    (self.result, self.methods, self.folder, trained) = (result, methods, folder, model)
  }

  /// The model, read from the folder where an earlier process has trained it.
  ///
  /// All ranks must ask for it together.
  func model() throws -> TrainedModel { try trained ?? folder.model(in: result.checkpoint, methods: methods) }
}
