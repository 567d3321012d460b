/// What the birds of a family share: silhouette and posture, in units of about half a bird, looking to the right.
struct Anatomy {
  /// How the bird holds itself, and on what.
  enum Posture {
    case perched
    case clinging
    case standing
    case wading
    case swimming
    case flying
  }

  /// An ellipse; its first radius points along `angle` (degrees).
  struct Oval {
    var center: Point
    var radii: Point
    var angle = 0.0

    init(_ x: Double, _ y: Double, _ a: Double, _ b: Double, angle: Double = 0) {
      center = Point(x, y)
      radii = Point(a, b)
      self.angle = angle
    }
  }

  /// A bill, seen from its base at the head's front.
  struct Bill {
    enum Form {
      case cone
      case dagger
      case flat
      case hooked
      case curved
      case huge
    }

    var form: Form
    var length: Double
    var depth: Double
    /// Where it points, relative to the bird (degrees).
    var angle = 0.0
  }

  struct Tail {
    enum Form {
      case square
      case pointed
      case forked
      case fan
    }

    var form: Form
    var base: Point
    var length: Double
    var width: Double
    /// Where it points (degrees).
    var angle: Double
  }

  /// Wings, as the posture shows them.
  enum Wing {
    /// Laid on the body, from the shoulder to the tip.
    case folded(shoulder: Point, tip: Point, upper: Double, lower: Double)
    /// Raised from the shoulder, one behind the other: length, breadth and angle (degrees).
    case raised(shoulder: Point, length: Double, breadth: Double, angle: Double)
    /// Spread to both sides, as seen from below.
    case spread(shoulder: Point, length: Double, breadth: Double, sweep: Double)
  }

  struct Legs {
    var hip: Point
    var length: Double
    var thickness: Double
  }

  var posture: Posture
  var body: Oval
  /// From the body to the head.
  var neck: [Knot]
  var head: Oval
  var bill: Bill
  var tail: Tail
  var wing: Wing
  var legs: Legs?
  /// The eye, relative to the head's centre, and its radius.
  var eye: Point
  var eyeRadius: Double
  /// Whether the face looks at us.
  var isFrontal = false
  /// The middle of the silhouette and its radius.
  var center: Point
  var reach: Double

  /// Where the feet are, or the middle of a bird without legs.
  var foot: Point { legs.map { $0.hip - Point(0, $0.length) } ?? Point(0, 0) }

  /// How far to the right a clinging bird's legs reach.
  var grip: Double { legs.map { $0.hip.x + $0.length - 0.04 } ?? 0 }
}
