import Tensor
import Testing
import _TestSupport

@testable import DrawnBirds

@Suite struct BirdCanvasTests {
  private let grid = PixelGrid(size: 64)

  /// How many pixels of white a shape covers on black.
  private func area(_ shape: Shape, frame: Frame = .identity, within limit: Shape? = nil) -> Double {
    var canvas = Canvas(grid: grid)
    let mask = limit.map { canvas.paint($0, .black) }
    canvas.frame = frame
    canvas.paint(shape, .white, within: mask)
    let pixels = canvas.rendered(over: .black) { $0 }
    return pixels.cast(to: Double.self).sum().item / (3 * 255)
  }

  /// A pixel's area in scene coordinates.
  private let pixel = 4.0 / (64 * 64)

  private func isNear(_ value: Double, _ expected: Double, _ tolerance: Double = 0.03) -> Bool {
    abs(value - expected) <= tolerance * expected
  }

  @Test func circlesAndEllipsesHaveTheirArea() {
    #expect(isNear(area(.circle(Point(0.2, -0.1), 0.5)) * pixel, .pi * 0.25))
    #expect(isNear(area(.ellipse(Point(0, 0.1), Point(0.7, 0.3), angle: 0.6)) * pixel, .pi * 0.21))
  }

  @Test func polygonsHaveTheirAreaInEitherOrder() {
    let (a, b, c) = (Point(-0.5, -0.5), Point(0.7, -0.3), Point(0, 0.6))
    #expect(isNear(area(.polygon(a, b, c)) * pixel, 0.61))
    #expect(isNear(area(.polygon(c, b, a)) * pixel, 0.61))
    let bulging = area(.polygon(a, b, c, bulges: [0.1, 0, 0]))
    #expect(bulging > area(.polygon(a, b, c)) + 30)
    #expect(isNear(area(.polygon(c, b, a, bulges: [0, 0.1, 0])), bulging))
  }

  @Test func bladesBulgeToTheirSides() {
    let (p, q) = (Point(-0.6, 0), Point(0.6, 0))
    let upper = area(.blade(p, q, left: 0.3, right: 0), within: Shape(.line(Point(0, 0), Point(1, 0))))
    let lower = area(.blade(p, q, left: 0.3, right: 0), within: Shape(.line(Point(1, 0), Point(0, 0))))
    #expect(upper > 200 && lower < 0.1 * upper)
    let crescent = area(.blade(p, q, left: 0.3, right: -0.15))
    expectLess(crescent, 0.6 * upper)
  }

  @Test func framesTurnMirrorAndScale() {
    let shape = Shape.ellipse(Point(0.3, 0.2), Point(0.4, 0.15), angle: 0.3)
    let plain = area(shape)
    #expect(isNear(area(shape, frame: Frame(origin: Point(0.1, 0), scale: 1, angle: 1.1)), plain))
    #expect(isNear(area(shape, frame: Frame(origin: Point(0.1, 0), scale: 1, angle: 0.4, isMirrored: true)), plain))
    #expect(isNear(area(shape, frame: Frame(origin: Point(0.1, 0), scale: 0.7)), 0.49 * plain))
    let frame = Frame(origin: Point(0.2, -0.3), scale: 0.8, angle: 0.5, isMirrored: true)
    let edge = Edge.circle(Point(0.4, 0.1), 0.3).seen(through: frame)
    let center = frame.placed(Point(0.4, 0.1))
    let value = edge.one + edge.x * center.x + edge.y * center.y + edge.xx * center.x * center.x
    expectLess(abs(value + edge.xy * center.x * center.y + edge.yy * center.y * center.y - 0.15), 1e-9)
  }

  @Test func masksLimitAndUnionsCountOnce() {
    let (left, right) = (Shape.circle(Point(-0.2, 0), 0.4), Shape.circle(Point(0.2, 0), 0.4))
    let (one, both) = (area(left), area(left.joined(with: right)))
    let common = area(right, within: left)
    #expect(isNear(both, 2 * one - common))
  }

  @Test func laterLayersHideEarlierOnes() {
    var canvas = Canvas(grid: grid)
    canvas.paint(.circle(Point(0, 0), 3), Color(1, 0, 0))
    canvas.paint(.circle(Point(0, 0), 3), Color(0, 1, 0), opacity: 0.5)
    let pixels = canvas.rendered(over: .white) { $0 }.scalars
    expectEqual(Array(pixels.prefix(3)), [128, 128, 0])
  }

  @Test func noiseStaysWithinBoundsAndVaries() {
    var generator = RandomGenerator(seed: 1)
    let noise = grid.noise(columns: 6, rows: 9, using: &generator)
    expectEqual(noise.shape, [64 * 64])
    #expect(noise.min().item >= 0 && noise.max().item <= 1)
    #expect(noise.max().item - noise.min().item > 0.3)
  }
}
