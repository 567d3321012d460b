import Tensor

/// How one picture shows its bird: drawn anew for every picture, independently of the species.
struct BirdPose {
  var frame: Frame
  /// Turns of the neck, the tail and raised wings from their usual place, in radians.
  var neck: Double
  var tail: Double
  var wing: Double
  /// How far the legs stand apart.
  var stride: Double

  init(of anatomy: Anatomy, using generator: inout RandomGenerator) {
    let scale = generator.number(0.62, 0.92) / anatomy.reach
    let angle = degrees(anatomy.posture == .flying ? generator.number(-32, 32) : generator.number(-11, 11))
    let isMirrored = generator.chance(0.5)
    frame = Frame(
      origin: Point(generator.number(-0.18, 0.18), generator.number(-0.15, 0.15)), scale: scale, angle: angle,
      isMirrored: isMirrored)
    frame.origin = frame.origin - (frame.placed(anatomy.center) - frame.origin)
    neck = degrees(generator.number(-12, 14))
    tail = degrees(generator.number(-9, 9))
    wing = degrees(generator.number(-30, 26))
    stride = generator.number(-0.12, 0.2)
  }
}
