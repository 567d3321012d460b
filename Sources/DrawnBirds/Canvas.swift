import Tensor

/// A picture in the making: soft shapes, painted one over the other.
///
/// Scene coordinates run from −1 to 1 from left to right and from bottom to top. Nothing is computed for single pixels:
/// the edges of all shapes are evaluated at all pixels by one matrix product (an edge is a quadratic function of the
/// pixel's position), and the picture is another one, the colours times how much of each layer is seen.
struct Canvas {
  /// How a layer is broken up within its shape.
  enum Texture {
    /// Bars across the direction of an edge, so many a unit.
    case bars(Edge, frequency: Double)
    /// Round spots on a lattice along two edges, so many a unit.
    case spots(Edge, Edge, frequency: Double)
  }

  /// Refers to a layer, to paint within its shape.
  struct Mask {
    fileprivate let layer: Int
  }

  private struct Layer {
    var color: Color
    var opacity: Double
    /// The edges' rows in the matrix of all edges, piece by piece; empty for a plane.
    var pieces: [Range<Int>]
    var plane: Tensor<Float>?
    var mask: Int?
    var waves: Range<Int>?
  }

  let grid: PixelGrid
  /// Coordinates of what is painted next.
  var frame = Frame.identity
  /// Softness of outlines in pixels.
  var softness = 1.2
  private var edges: [Float] = []
  private var layers: [Layer] = []

  init(grid: PixelGrid) {
    self.grid = grid
    edges.reserveCapacity(1024)
  }

  /// Paints a shape.
  ///
  /// - Parameters:
  ///   - shape: In the coordinates of `frame`.
  ///   - softness: Width of the outline in pixels, instead of the canvas's.
  ///   - mask: The layer whose shape limits this one.
  /// - Returns: A mask to paint within this shape.
  @discardableResult
  mutating func paint(
    _ shape: Shape, _ color: Color, opacity: Double = 1, softness: Double? = nil, within mask: Mask? = nil,
    texture: Texture? = nil
  ) -> Mask {
    let sharpness = frame.scale * grid.pixelsPerUnit / (softness ?? self.softness)
    let pieces = shape.pieces.map { piece -> Range<Int> in
      let start = rows
      for edge in piece { append(edge, scale: sharpness, offset: 0.5) }
      return start..<rows
    }
    let start = rows
    switch texture {
    case .bars(let edge, let frequency): append(edge, scale: frequency * 2 * .pi, offset: 0)
    case .spots(let edge, let other, let frequency):
      append(edge, scale: frequency * 2 * .pi, offset: 0)
      append(other, scale: frequency * 2 * .pi, offset: 0)
    case nil: break
    }
    layers.append(
      Layer(
        color: color, opacity: opacity, pieces: pieces, mask: mask?.layer, waves: texture == nil ? nil : start..<rows))
    return Mask(layer: layers.count - 1)
  }

  /// Paints everywhere, as much as a plane of numbers in 0...1 says at each pixel, shape [pixels].
  mutating func paint(_ plane: Tensor<Float>, _ color: Color) {
    layers.append(Layer(color: color, opacity: 1, pieces: [], plane: plane))
  }

  /// The picture over a ground of one colour, [size, size, 3], each colour passed through `light`.
  func rendered(over ground: Color, light: (Color) -> Color) -> Tensor<UInt8> {
    let fields = Tensor(edges, shape: [rows, 6]).matmul(grid.basis)
    var coverage: [Tensor<Float>] = []
    for layer in layers { coverage.append(self.coverage(of: layer, fields, coverage)) }
    var shown: [Tensor<Float>] = []
    var open = grid.ones
    for mask in coverage.reversed() {
      let seen = mask * open
      shown.append(seen)
      open -= seen
    }
    shown.append(open)
    let colors = (layers.reversed().map(\.color) + [ground]).flatMap { color -> [Float] in
      let lit = light(color)
      return [Float(lit.red * 255), Float(lit.green * 255), Float(lit.blue * 255)]
    }
    let weights = Tensor.stacked(shown).transposed()
    let pixels = weights.matmul(Tensor(colors, shape: [shown.count, 3]))
    return pixels.cast(to: UInt8.self).reshaped([grid.size, grid.size, 3])
  }

  private var rows: Int { edges.count / 6 }

  private mutating func append(_ edge: Edge, scale: Double, offset: Double) {
    let seen = edge.seen(through: frame)
    edges.append(Float(seen.one * scale + offset))
    edges.append(Float(seen.x * scale))
    edges.append(Float(seen.y * scale))
    edges.append(Float(seen.xx * scale))
    edges.append(Float(seen.xy * scale))
    edges.append(Float(seen.yy * scale))
  }

  /// How much of each pixel a layer covers, 0...1, shape [pixels].
  private func coverage(of layer: Layer, _ fields: Tensor<Float>, _ below: [Tensor<Float>]) -> Tensor<Float> {
    if let plane = layer.plane { return plane }
    var field: Tensor<Float>
    if layer.pieces.allSatisfy({ $0.count == 1 }), layer.pieces.count > 1 {
      field = fields[layer.pieces[0].lowerBound..<layer.pieces[layer.pieces.count - 1].upperBound].max(along: 0)
    } else {
      field = inside(layer.pieces[0], fields)
      for piece in layer.pieces.dropFirst() { field = maximum(field, inside(piece, fields)) }
    }
    var result = minimum(relu(field), Tensor(Float(layer.opacity)))
    if let mask = layer.mask { result *= below[mask] }
    if let waves = layer.waves {
      let wave = waves.dropFirst().reduce(sin(fields[waves.lowerBound])) { $0 * sin(fields[$1]) }
      result *= minimum(relu(wave * 4 - 1), Tensor(1))
    }
    return result
  }

  private func inside(_ piece: Range<Int>, _ fields: Tensor<Float>) -> Tensor<Float> {
    switch piece.count {
    case 1: fields[piece.lowerBound]
    case 2: minimum(fields[piece.lowerBound], fields[piece.lowerBound + 1])
    default: fields[piece].min(along: 0)
    }
  }
}
