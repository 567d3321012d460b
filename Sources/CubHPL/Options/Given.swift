import Foundation
import Tensor

/// What was typed, and what stands where nothing was: a command is made from it.
struct Given: TrainingValues, Sendable {
  /// What was typed, or set in the file of `--config`.
  var values = Values()
  /// What stood in the file of `--config` as a default.
  var kept = Values()
  /// What follows a command that takes it, such as the folder of `embed`.
  var operand: String? {
    get { operands.first }
    set { operands = newValue.map { [$0] } ?? [] }
  }
  /// The same of a command that takes several.
  var operands: [String] = []
  /// The command line, the program's name first.
  var commandLine: [String] = []
  var methods = MethodList.standard
  /// The number of threads without `--threads`.
  var cores = World.threads
  /// Names the output folder without `--output`.
  var now = Date()
  private var protocolValues = Values()

  init(methods: MethodList = .standard, cores: Int = World.threads, now: Date = Date()) {
    (self.methods, self.cores, self.now) = (methods, cores, now)
  }

  /// The value of an option, whether it was given or not.
  subscript<Value>(_ option: Option<Value>) -> Value {
    get { values[option] ?? option.standard.fit(usual(option), self) }
    set { values[option] = newValue }
  }

  /// What stands where an option is not given, before it is made to fit others.
  func usual<Value>(_ option: Option<Value>) -> Value {
    kept[option] ?? protocolValues[option] ?? option.standard.value(self)
  }

  func has(_ option: some AnyOption) -> Bool { values.names.contains(option.name) }

  /// The same with the defaults of `--protocol`, whose numbers are for the form of data that the options name.
  func followingProtocol() -> Given {
    var given = self
    given.protocolValues = Values()
    given.protocolValues = given.recipe?.values(given) ?? Values()
    return given
  }
}
