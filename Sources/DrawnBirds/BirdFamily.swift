/// A group of species that share silhouette and posture; the names are inventions and stand for no real group.
public struct BirdFamily: Sendable {
  /// What the family is called.
  public let name: String
  let anatomy: Anatomy

  /// All families that can be drawn.
  public static let all: [BirdFamily] = [
    BirdFamily(name: "twigling", anatomy: .twigling),
    BirdFamily(name: "reedstalker", anatomy: .reedstalker),
    BirdFamily(name: "puddler", anatomy: .puddler),
    BirdFamily(name: "forkwing", anatomy: .forkwing),
    BirdFamily(name: "moonface", anatomy: .moonface),
    BirdFamily(name: "barkhammer", anatomy: .barkhammer),
    BirdFamily(name: "hoverling", anatomy: .hoverling),
    BirdFamily(name: "cloudsailer", anatomy: .cloudsailer),
    BirdFamily(name: "mudprobe", anatomy: .mudprobe),
    BirdFamily(name: "grandbill", anatomy: .grandbill),
    BirdFamily(name: "hookbill", anatomy: .hookbill),
    BirdFamily(name: "longtrain", anatomy: .longtrain),
  ]
}

extension Anatomy {
  /// Small, round and short-billed, on a twig.
  fileprivate static let twigling = Anatomy(
    posture: .perched, body: Oval(-0.08, -0.08, 0.5, 0.37, angle: 28),
    neck: [Knot(0.12, 0.08, 0.33), Knot(0.33, 0.36, 0.25)], head: Oval(0.34, 0.38, 0.28, 0.26),
    bill: Bill(form: .cone, length: 0.24, depth: 0.19, angle: -4),
    tail: Tail(form: .square, base: Point(-0.4, -0.25), length: 0.62, width: 0.2, angle: 212),
    wing: .folded(shoulder: Point(0.2, 0.12), tip: Point(-0.62, -0.34), upper: 0.12, lower: 0.2),
    legs: Legs(hip: Point(-0.02, -0.4), length: 0.22, thickness: 0.05), eye: Point(0.09, 0.05), eyeRadius: 0.055,
    center: Point(-0.12, -0.02), reach: 0.86)

  /// Tall, long-legged, with a curved neck and a dagger of a bill, in shallow water.
  fileprivate static let reedstalker = Anatomy(
    posture: .wading, body: Oval(-0.2, -0.06, 0.46, 0.23, angle: 24),
    neck: [
      Knot(0.08, 0.04, 0.17), Knot(0.27, 0.12, 0.12), Knot(0.36, 0.28, 0.09), Knot(0.27, 0.46, 0.08),
      Knot(0.2, 0.62, 0.075), Knot(0.26, 0.77, 0.085),
    ], head: Oval(0.33, 0.81, 0.16, 0.1, angle: -4),
    bill: Bill(form: .dagger, length: 0.46, depth: 0.1, angle: -6),
    tail: Tail(form: .square, base: Point(-0.52, -0.2), length: 0.26, width: 0.2, angle: 216),
    wing: .folded(shoulder: Point(0.12, 0.06), tip: Point(-0.72, -0.3), upper: 0.14, lower: 0.2),
    legs: Legs(hip: Point(-0.14, -0.22), length: 0.78, thickness: 0.05), eye: Point(0.05, 0.02), eyeRadius: 0.035,
    center: Point(0.02, -0.05), reach: 0.98)

  /// A boat of a body with a flat bill, swimming.
  fileprivate static let puddler = Anatomy(
    posture: .swimming, body: Oval(-0.1, -0.16, 0.68, 0.32, angle: 5),
    neck: [Knot(0.36, -0.06, 0.23), Knot(0.45, 0.16, 0.16), Knot(0.5, 0.32, 0.18)],
    head: Oval(0.53, 0.38, 0.23, 0.2), bill: Bill(form: .flat, length: 0.32, depth: 0.14, angle: -10),
    tail: Tail(form: .pointed, base: Point(-0.58, -0.1), length: 0.4, width: 0.26, angle: 155),
    wing: .folded(shoulder: Point(0.3, -0.04), tip: Point(-0.74, -0.02), upper: 0.12, lower: 0.26),
    legs: nil, eye: Point(0.07, 0.05), eyeRadius: 0.045, center: Point(0.0, 0.02), reach: 0.96)

  /// Slender, on long narrow wings, with a forked tail.
  fileprivate static let forkwing = Anatomy(
    posture: .flying, body: Oval(0.05, -0.08, 0.48, 0.19, angle: 6),
    neck: [Knot(0.3, -0.04, 0.18), Knot(0.46, 0, 0.17)],
    head: Oval(0.48, 0, 0.19, 0.17), bill: Bill(form: .cone, length: 0.14, depth: 0.09, angle: -4),
    tail: Tail(form: .forked, base: Point(-0.3, -0.12), length: 0.66, width: 0.16, angle: 186),
    wing: .raised(shoulder: Point(0.2, -0.02), length: 1.05, breadth: 0.27, angle: 124), legs: nil,
    eye: Point(0.07, 0.03), eyeRadius: 0.035, center: Point(-0.12, 0.16), reach: 0.9)

  /// Upright and broad, its round face turned to us.
  fileprivate static let moonface = Anatomy(
    posture: .perched, body: Oval(0, -0.2, 0.43, 0.62), neck: [Knot(0, 0.05, 0.4), Knot(0.02, 0.36, 0.38)],
    head: Oval(0.02, 0.44, 0.44, 0.36), bill: Bill(form: .hooked, length: 0.2, depth: 0.13, angle: -90),
    tail: Tail(form: .square, base: Point(-0.02, -0.66), length: 0.44, width: 0.34, angle: 268),
    wing: .folded(shoulder: Point(-0.34, 0.16), tip: Point(-0.2, -0.92), upper: -0.02, lower: 0.22),
    legs: Legs(hip: Point(0.05, -0.72), length: 0.12, thickness: 0.09), eye: Point(0.17, 0.04), eyeRadius: 0.085,
    isFrontal: true, center: Point(0, -0.1), reach: 0.98)

  /// Upright on a trunk, propped on a stiff tail, with a chisel.
  fileprivate static let barkhammer = Anatomy(
    posture: .clinging, body: Oval(-0.04, -0.1, 0.54, 0.25, angle: 66),
    neck: [Knot(0.06, 0.2, 0.22), Knot(0.12, 0.48, 0.19)], head: Oval(0.15, 0.54, 0.24, 0.19, angle: 8),
    bill: Bill(form: .dagger, length: 0.42, depth: 0.13, angle: 4),
    tail: Tail(form: .pointed, base: Point(-0.18, -0.48), length: 0.58, width: 0.2, angle: 280),
    wing: .folded(shoulder: Point(-0.02, 0.26), tip: Point(-0.28, -0.74), upper: -0.02, lower: 0.22),
    legs: Legs(hip: Point(0.08, -0.28), length: 0.3, thickness: 0.06), eye: Point(0.07, 0.04), eyeRadius: 0.042,
    center: Point(0.1, -0.12), reach: 0.98)

  /// Tiny, hovering on raised wings, with a needle of a bill.
  fileprivate static let hoverling = Anatomy(
    posture: .flying, body: Oval(-0.08, -0.12, 0.4, 0.19, angle: 48),
    neck: [Knot(0.08, 0.1, 0.18), Knot(0.2, 0.28, 0.16)],
    head: Oval(0.24, 0.33, 0.19, 0.17), bill: Bill(form: .curved, length: 0.66, depth: 0.06, angle: 6),
    tail: Tail(form: .fan, base: Point(-0.28, -0.38), length: 0.46, width: 0.3, angle: 248),
    wing: .raised(shoulder: Point(-0.04, 0.06), length: 0.92, breadth: 0.3, angle: 142), legs: nil,
    eye: Point(0.05, 0.03), eyeRadius: 0.045, center: Point(0, 0.02), reach: 0.9)

  /// Broad wings spread, seen from below.
  fileprivate static let cloudsailer = Anatomy(
    posture: .flying, body: Oval(0, 0, 0.42, 0.16), neck: [Knot(0.26, 0, 0.14), Knot(0.42, 0, 0.13)],
    head: Oval(0.45, 0, 0.17, 0.13), bill: Bill(form: .hooked, length: 0.15, depth: 0.12),
    tail: Tail(form: .fan, base: Point(-0.3, 0), length: 0.5, width: 0.42, angle: 180),
    wing: .spread(shoulder: Point(0.1, 0), length: 1.0, breadth: 0.44, sweep: -0.1), legs: nil,
    eye: Point(0.06, 0.06), eyeRadius: 0.03, center: Point(-0.02, 0), reach: 1.02)

  /// Level and long-legged, with a very long bent bill, at the water's edge.
  fileprivate static let mudprobe = Anatomy(
    posture: .standing, body: Oval(-0.18, 0.06, 0.46, 0.27, angle: 10),
    neck: [Knot(0.14, 0.14, 0.2), Knot(0.28, 0.34, 0.13), Knot(0.34, 0.44, 0.14)],
    head: Oval(0.37, 0.46, 0.18, 0.16), bill: Bill(form: .curved, length: 0.7, depth: 0.085, angle: -18),
    tail: Tail(form: .pointed, base: Point(-0.52, 0), length: 0.3, width: 0.22, angle: 194),
    wing: .folded(shoulder: Point(0.14, 0.12), tip: Point(-0.78, -0.04), upper: 0.14, lower: 0.18),
    legs: Legs(hip: Point(-0.14, -0.14), length: 0.62, thickness: 0.055), eye: Point(0.05, 0.03), eyeRadius: 0.038,
    center: Point(0.06, -0.06), reach: 0.94)

  /// Upright on a branch behind an enormous bill.
  fileprivate static let grandbill = Anatomy(
    posture: .perched, body: Oval(-0.2, -0.08, 0.46, 0.3, angle: 52),
    neck: [Knot(-0.06, 0.2, 0.26), Knot(0, 0.44, 0.22)], head: Oval(0.02, 0.5, 0.25, 0.22),
    bill: Bill(form: .huge, length: 0.72, depth: 0.3, angle: -4),
    tail: Tail(form: .square, base: Point(-0.42, -0.42), length: 0.62, width: 0.2, angle: 250),
    wing: .folded(shoulder: Point(-0.1, 0.22), tip: Point(-0.54, -0.56), upper: 0.06, lower: 0.2),
    legs: Legs(hip: Point(-0.1, -0.42), length: 0.18, thickness: 0.07), eye: Point(0.08, 0.05), eyeRadius: 0.05,
    center: Point(0.02, -0.05), reach: 0.98)

  /// Large-headed and hook-billed, with a long tail hanging from the branch.
  fileprivate static let hookbill = Anatomy(
    posture: .perched, body: Oval(-0.02, 0.08, 0.46, 0.27, angle: 66),
    neck: [Knot(0.08, 0.34, 0.25), Knot(0.14, 0.54, 0.24)], head: Oval(0.16, 0.58, 0.27, 0.25),
    bill: Bill(form: .hooked, length: 0.23, depth: 0.28, angle: -34),
    tail: Tail(form: .pointed, base: Point(-0.16, -0.24), length: 0.8, width: 0.22, angle: 256),
    wing: .folded(shoulder: Point(0.02, 0.36), tip: Point(-0.28, -0.52), upper: 0.02, lower: 0.2),
    legs: Legs(hip: Point(0.08, -0.28), length: 0.14, thickness: 0.07), eye: Point(0.08, 0.06), eyeRadius: 0.045,
    center: Point(0, -0.08), reach: 0.98)

  /// Round and small-headed, walking, with a train of a tail.
  fileprivate static let longtrain = Anatomy(
    posture: .standing, body: Oval(0.1, -0.08, 0.46, 0.34, angle: 14),
    neck: [Knot(0.36, 0.08, 0.22), Knot(0.46, 0.32, 0.13), Knot(0.48, 0.46, 0.12)],
    head: Oval(0.5, 0.5, 0.16, 0.14), bill: Bill(form: .cone, length: 0.16, depth: 0.1, angle: -12),
    tail: Tail(form: .pointed, base: Point(-0.2, -0.06), length: 1.1, width: 0.24, angle: 168),
    wing: .folded(shoulder: Point(0.34, 0.02), tip: Point(-0.36, -0.16), upper: 0.16, lower: 0.2),
    legs: Legs(hip: Point(0.14, -0.36), length: 0.36, thickness: 0.06), eye: Point(0.05, 0.03), eyeRadius: 0.035,
    center: Point(-0.26, -0.04), reach: 1.06)
}
