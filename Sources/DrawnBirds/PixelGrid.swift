import Tensor

/// The positions of a square picture's pixels, in the form that canvases need; made once for many pictures.
struct PixelGrid: Sendable {
  /// Pixels a side.
  let size: Int
  /// 1, x, y, x², xy and y² at the centre of each pixel, [6, pixels].
  let basis: Tensor<Float>
  /// Ones, [pixels].
  let ones: Tensor<Float>

  init(size: Int) {
    self.size = size
    let step = 2 / Float(size)
    let line = Tensor<Float>.linspace(from: -1 + step / 2, through: 1 - step / 2, count: size)
    let shape = [size, size]
    let x = line.expanded(to: shape).reshaped([-1])
    let y = (-line).unsqueezed(1).expanded(to: shape).reshaped([-1])
    ones = x * 0 + 1
    basis = Tensor.stacked([ones, x, y, x * x, x * y, y * y])
  }

  /// Pixels in a unit of scene coordinates.
  var pixelsPerUnit: Double { Double(size) / 2 }

  /// Smooth noise, 0...1, shape [pixels]: random numbers on a lattice of `columns` × `rows` (each at least 4), blended in between.
  func noise(columns: Int, rows: Int, using generator: inout RandomGenerator) -> Tensor<Float> {
    var values: [Float] = []
    values.reserveCapacity(columns * rows)
    for _ in 0..<columns * rows { values.append(Float(generator.next() >> 40) * 0x1p-24) }
    let lattice = Tensor(values, shape: [rows, columns])
    let smooth = blend(rows).matmul(lattice).matmul(blend(columns).transposed()).reshaped([-1])
    return minimum(relu((smooth - 0.5) * 1.8 + 0.5), Tensor(1))
  }

  /// How much each of `count` lattice points counts at each pixel of a line, [size, count]: cubic B-splines.
  private func blend(_ count: Int) -> Tensor<Float> {
    let position = Tensor<Float>.linspace(from: 1, through: Float(count - 2), count: size).unsqueezed(1)
    let lattice = Tensor<Float>.linspace(from: 0, through: Float(count - 1), count: count)
    let distance = abs(position - lattice)
    let (wide, narrow) = (relu(2 - distance), relu(1 - distance))
    return (wide * wide * wide - narrow * narrow * narrow * 4) * (1 / 6)
  }
}
