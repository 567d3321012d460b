/// A run that needs no more training, with the model that was tested.
struct FinishedRun {
  var result: RunFolder.Finished
  private let trained: TrainedModel?
  private let file: String
  private let methods: MethodList

  /// - Parameter model: the one that this process has trained; nil where it lies in the run's folder alone.
  init(_ result: RunFolder.Finished, in folder: RunFolder, methods: MethodList, model: TrainedModel? = nil) {
    (self.result, self.methods, trained) = (result, methods, model)
    file = folder.file(result.checkpoint)
  }

  /// The model; read from the folder where an earlier process has trained it.
  func model() throws -> TrainedModel { try trained ?? TrainedModel(checkpoint: file, methods: methods) }
}
