import Foundation
import Tensor

/// A position or direction in the plane, x to the right and y up.
struct Point {
  var x: Double
  var y: Double

  init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }

  /// The direction at an angle in radians, counter-clockwise from the right.
  init(angle: Double) { self.init(cos(angle), sin(angle)) }

  static func + (a: Point, b: Point) -> Point { Point(a.x + b.x, a.y + b.y) }
  static func - (a: Point, b: Point) -> Point { Point(a.x - b.x, a.y - b.y) }
  static func * (a: Point, b: Double) -> Point { Point(a.x * b, a.y * b) }

  func dot(_ other: Point) -> Double { x * other.x + y * other.y }

  var length: Double { (x * x + y * y).squareRoot() }
  /// The direction a quarter turn to the left.
  var left: Point { Point(-y, x) }
  var normalized: Point { self * (1 / max(length, 1e-9)) }

  func rotated(by angle: Double, around center: Point = Point(0, 0)) -> Point {
    let (offset, direction) = (self - center, Point(angle: angle))
    return center + direction * offset.x + direction.left * offset.y
  }

  func mixed(with other: Point, _ share: Double) -> Point { self * (1 - share) + other * share }
}

/// An angle in radians from one in degrees.
func degrees(_ angle: Double) -> Double { angle * .pi / 180 }
