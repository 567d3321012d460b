import Tensor

extension Module {
  /// What `print(model)` shows: a line for each parameter with its name, shape and count, and whether it is trained; then the sums.
  public var description: String {
    let state = state
    let lines = state.map { named in
      let parameter = named.parameter
      let note = parameter.role != .weight ? "\(parameter.role)" : parameter.isFrozen ? "frozen" : ""
      return [named.name, "\(parameter.wholeShape)", "\(parameter.wholeShape.reduce(1, *))", note]
    }
    let count = parameters.reduce(0) { $0 + $1.parameter.wholeShape.reduce(1, *) }
    let end = "\(count) parameters" + (count == parameterCount ? "" : ", \(parameterCount) of them trainable")
    return (["\(Self.self)"] + aligned(lines) + [end]).joined(separator: "\n")
  }

  /// A line for each weight with its name, its shape and the length of its gradient, or that none has arrived.
  public func summary(of gradients: Gradients) -> String {
    let lines = parameters.map { named in
      let gradient = named.parameter.gradient(in: gradients)
      return [named.name, "\(named.parameter.shape)", gradient.map { "norm \($0.norm().item)" } ?? "none"]
    }
    return aligned(lines).joined(separator: "\n")
  }
}

extension Layer {
  /// A line for each layer with what it makes of an example: its path, its type, the shape of its output, the number of its parameters.
  ///
  /// Layers in a `Sequential` have lines of their own. Runs in evaluation, records nothing and leaves everything as it was.
  public func summary(for example: Tensor<Scalar>) -> String {
    var modes: [(mode: Mode, wasTraining: Bool)] = []
    walk(self, path: "") { _, object in
      if let mode = object as? Mode { modes.append((mode, mode.isTraining)) }
    }
    for (mode, _) in modes { mode.isTraining = false }
    defer { for (mode, wasTraining) in modes { mode.isTraining = wasTraining } }
    var lines: [[String]] = [["", "input", "\(example.shape)", ""]]
    let output = withoutRecording { outline(self, "", example, &lines) }
    lines.append(["", "output", "\(output.shape)", "\(parameterCount)"])
    return aligned(lines).joined(separator: "\n")
  }
}

/// The output of a layer, with a line for it, or for each layer of a chain.
private func outline<Scalar: TensorScalar>(
  _ layer: any Layer<Scalar>, _ path: String, _ input: Tensor<Scalar>, _ lines: inout [[String]]
) -> Tensor<Scalar> {
  if let chain = layer as? Sequential<Scalar> {
    return chain.layers.enumerated().reduce(input) { input, part in
      outline(part.element, path.isEmpty ? "\(part.offset)" : "\(path).\(part.offset)", input, &lines)
    }
  }
  let output = layer(input)
  lines.append([path, "\(type(of: layer))", "\(output.shape)", "\(layer.parameterCount)"])
  return output
}

/// Columns of one width, indented; without spaces at the end.
private func aligned(_ lines: [[String]]) -> [String] {
  let widths = (0..<(lines.first?.count ?? 0)).map { column in lines.map { $0[column].count }.max() ?? 0 }
  return lines.map { line in
    let cells = zip(line, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
    return String(("  " + cells.joined(separator: "  ")).reversed().drop { $0 == " " }.reversed())
  }
}
