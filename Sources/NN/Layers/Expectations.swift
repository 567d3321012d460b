import Tensor

// What layers say of an input that does not fit: what was found and what was expected, and which layer it is.
extension Parameter {
  /// A layer by its type and, once somebody has asked a model for its parameters, by its path: `Conv2D 'layer1.0.conv1'`.
  func title(_ layer: StaticString) -> String {
    let parts = (path ?? "").split(separator: ".").dropLast()
    return parts.isEmpty ? "\(layer)" : "\(layer) '\(parts.joined(separator: "."))'"
  }

  /// Traps unless the input's last axes have these sizes.
  func requireEnd(_ sizes: [Int], of input: Tensor<Scalar>, _ layer: StaticString) {
    require(
      input.shape.suffix(sizes.count) == sizes[...],
      "\(title(layer)): found \(input.shape), expected [..., \(sizes.map(String.init).joined(separator: ", "))]")
  }

  /// Traps unless the input is `[batch, …, channels]`; who comes from PyTorch brings channels-first images.
  func requireChannelsLast(_ channels: Int, of input: Tensor<Scalar>, axes: Int, _ layer: StaticString) {
    let names = axes == 1 ? ["length"] : ["depth", "height", "width"].suffix(axes)
    require(
      input.rank == axes + 2 && input.shape[axes + 1] == channels,
      "\(title(layer)): found \(input.shape), expected [batch, \(names.joined(separator: ", ")), \(channels)]: images are "
        + "channels-last here")
  }
}
