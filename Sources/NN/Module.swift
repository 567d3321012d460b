import Tensor
import TensorFiles

/// Anything that owns parameters: a layer, a network, a loss with proxies.
///
/// Store parameters and other modules in properties (or arrays, tuples, optionals, dictionaries of them) and there is
/// nothing else to do: one walk over the properties, in the order of declaration, finds them and gives them dotted names in
/// snake case (`runningMean` becomes `running_mean`, elements of an array are numbered, those of a dictionary sorted by
/// key). Optimizer groups, freezing, printing and files all use these names.
public protocol Module<Scalar>: CustomStringConvertible {
  /// The scalar type of the parameters.
  associatedtype Scalar: TensorScalar

  /// Adds what the module learned to a set of tensors: every parameter, statistics included, unless it says otherwise.
  func save(into file: inout Safetensors, prefix: String)

  /// Takes from a set of tensors what `save(into:prefix:)` adds, strictly.
  func load(_ file: Safetensors, prefix: String) throws
}

/// A module that makes one tensor from another.
public protocol Layer<Scalar>: Module {
  /// The output for an input.
  func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar>
}

/// A layer that normalises by running statistics in evaluation, such as `BatchNorm`: what `setStatisticsFrozen` is about.
public protocol StatisticsLayer<Scalar>: Module {
  /// Whether the batch's or the running statistics are used.
  var mode: Mode { get }
}

/// Whether the layers of a network behave as in training or as in evaluation; batch-norm and dropout hold one.
public final class Mode {
  /// True at first; `Module.train()` and `Module.evaluate()` set it.
  public internal(set) var isTraining = true
  /// Whether `Module.train()` leaves the layer in evaluation; set by `Module.setStatisticsFrozen`.
  public internal(set) var isFrozen = false

  /// Makes a mode for a layer of your own.
  public init() {}
}

extension Module {
  /// Every parameter with its name, statistics included, in the order of declaration; shared ones appear once.
  ///
  /// Traps where two parameters have one name, because one of them would be lost in a file.
  public var state: [NamedParameter<Scalar>] {
    var found: [NamedParameter<Scalar>] = []
    var seen: Set<ObjectIdentifier> = []
    var names: Set<String> = []
    walk(self, path: "") { path, object in
      if let parameter = object as? Parameter<Scalar>, seen.insert(ObjectIdentifier(parameter)).inserted {
        require(names.insert(path).inserted, "\(Self.self): two parameters are called '\(path)'")
        if path.count > (parameter.path ?? "").count { parameter.path = path }
        found.append(NamedParameter(name: path, parameter: parameter))
      }
    }
    return found
  }

  /// The weights with their names: what an optimizer changes.
  public var parameters: [NamedParameter<Scalar>] { state.filter { $0.parameter.role == .weight } }

  /// The number of trainable numbers.
  public var parameterCount: Int {
    parameters.reduce(0) { $0 + ($1.parameter.isTrainable ? $1.parameter.wholeShape.reduce(1, *) : 0) }
  }

  /// Freezes or unfreezes every weight, or those with certain names.
  ///
  /// What `setStatisticsFrozen` has frozen stays frozen.
  public func setFrozen(_ isFrozen: Bool, where isMeant: (_ name: String) -> Bool = { _ in true }) {
    var kept: Set<ObjectIdentifier> = []
    walk(self, path: "") { _, object in
      guard let layer = object as? any StatisticsLayer<Scalar>, layer.mode.isFrozen else { return }
      kept.formUnion(layer.parameters.map { ObjectIdentifier($0.parameter) })
    }
    for named in parameters where isMeant(named.name) && !kept.contains(ObjectIdentifier(named.parameter)) {
      named.parameter.isFrozen = isFrozen
    }
  }

  /// Freezes or unfreezes every layer with running statistics, such as `BatchNorm`: its weights and these statistics.
  ///
  /// Frozen ones normalise by the running statistics and leave them alone, whatever `train()` says: what fine-tuning with
  /// small batches does to published weights. Unfrozen ones follow the next `train()` or `evaluate()`.
  public func setStatisticsFrozen(_ isFrozen: Bool) {
    walk(self, path: "") { _, object in
      guard let layer = object as? any StatisticsLayer<Scalar> else { return }
      layer.mode.isFrozen = false
      layer.setFrozen(isFrozen)
      layer.mode.isFrozen = isFrozen
      if isFrozen { layer.mode.isTraining = false }
    }
  }

  /// Makes layers use the batch's statistics, unless they are frozen, and dropout drop.
  public func train() { setTraining(true) }

  /// Makes layers use the running statistics and dropout pass everything.
  public func evaluate() { setTraining(false) }

  private func setTraining(_ isTraining: Bool) {
    walk(self, path: "") { _, object in
      if let mode = object as? Mode { mode.isTraining = isTraining && !mode.isFrozen }
    }
  }
}

/// Calls `visit` for everything that a value holds, in the order of declaration.
func walk(_ value: Any, path: String, _ visit: (String, Any) -> Void) {
  var open: Set<ObjectIdentifier> = []

  func step(_ value: Any, _ path: String) {
    visit(path, value)
    if value is any AnyParameter { return }
    var mirror: Mirror? = Mirror(reflecting: value)
    guard mirror!.displayStyle != nil || !mirror!.children.isEmpty else { return }
    let object = mirror!.displayStyle == .class ? ObjectIdentifier(value as AnyObject) : nil
    if let object, !open.insert(object).inserted { return }
    if mirror!.displayStyle == .optional {
      if let child = mirror!.children.first { step(child.value, path) }
      return
    }
    if mirror!.displayStyle == .dictionary {
      let entries = mirror!.children.map { Array(Mirror(reflecting: $0.value).children) }
      for (name, entry) in entries.map({ ("\($0[0].value)", $0[1].value) }).sorted(by: { $0.0 < $1.0 }) {
        step(entry, path.isEmpty ? name : "\(path).\(name)")
      }
      return
    }
    var levels: [Mirror] = []
    while let level = mirror {
      levels.append(level)
      mirror = level.superclassMirror
    }
    for level in levels.reversed() {
      for (index, child) in level.children.enumerated() {
        let label = child.label.map(snakeCase) ?? "\(index)"
        step(child.value, path.isEmpty ? label : "\(path).\(label)")
      }
    }
    if let object { open.remove(object) }
  }

  step(value, path)
}

private protocol AnyParameter {}
extension Parameter: AnyParameter {}

private func snakeCase(_ label: String) -> String {
  var result = ""
  for character in label.drop(while: { $0 == "_" || $0 == "." }) {
    if character.isUppercase {
      if !result.isEmpty { result += "_" }
      result += character.lowercased()
    } else {
      result.append(character)
    }
  }
  return result
}
