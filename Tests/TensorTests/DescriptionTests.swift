import Foundation
import Tensor
import Testing
import _TestSupport

/// Printed tensors against NumPy's texts in `Tests/Goldens/files/printed.json`.
@Suite struct DescriptionTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let type: String
    let shape: [Int]
    let values: [String]?
    let scale: Double?
    let text: String

    var testDescription: String { "\(type) \(shape) \(text.prefix(40))" }
  }

  static let cases = (try? JSONDecoder().decode([Case].self, from: Data(contentsOf: goldenFile("printed.json")))) ?? []

  @Test func thereAreCases() { #expect(Self.cases.count > 150) }

  @Test(arguments: cases) func textsAreNumPys(_ printed: Case) {
    let text: String
    switch printed.type {
    case "float32": text = tensor(printed) { Float($0) }.description
    case "float64": text = tensor(printed) { $0 }.description
    case "int64" where printed.scale == nil:
      text = Labels(printed.values!.map { Int($0)! }, shape: printed.shape).description
    case "int64": text = tensor(printed) { Int($0) }.description
    case "uint8": text = tensor(printed) { UInt8($0) }.description
    default: text = Tensor(printed.values!.map { $0 == "true" }, shape: printed.shape).description
    }
    let names = ["float32": "Float", "float64": "Double", "int64": "Int"]
    let isCut = printed.shape.reduce(1, *) > 1000
    let end = isCut ? " shape \(printed.shape) \(names[printed.type]!)" : ""
    expectEqual(text, (printed.type == "bool" ? printed.text.lowercased() : printed.text) + end)
  }

  private func tensor<Scalar>(_ printed: Case, _ scalar: (Double) -> Scalar) -> Tensor<Scalar> {
    let numbers =
      printed.values?.map { Double($0)! }
      ?? (0..<printed.shape.reduce(1, *)).map { Double($0) * printed.scale! }
    return Tensor(numbers.map(scalar), shape: printed.shape)
  }

  @Test func numbersAndEmptyTensorsSayWhatTheyAre() {
    expectEqual("\(Tensor<Float>(2.5))", "2.5")
    expectEqual("\(Tensor<Bool>(true))", "true")
    expectEqual("\(Tensor<Double>([]))", "[] shape [0] Double")
    expectEqual("\(Tensor<Int>([], shape: [2, 0]))", "[] shape [2, 0] Int")
  }

  @Test func viewsArePrintedInTheirOrder() {
    let x = Labels.range(6).reshaped([2, 3])
    expectEqual("\(x.transposed())", "[[0 3]\n [1 4]\n [2 5]]")
    expectEqual("\(x.flipped(along: 1))", "[[2 1 0]\n [5 4 3]]")
    expectEqual("\(Tensor<Float>.ones([2, 2]))", "[[1. 1.]\n [1. 1.]]")
  }

  @Test func aDebuggerIsNotFlooded() {
    let x = Tensor<Float>.zeros([1000, 1000])
    expectLess(x.description.count, 200)
    expectEqual(Mirror(reflecting: x).children.map { $0.label }, ["shape", "scalar", "isTracked"])
    var dumped = ""
    dump(x, to: &dumped)
    expectLess(dumped.count, 400)
    expectEqual(String(reflecting: Tensor<Float>([1, 2])), "Tensor<Float>([1. 2.], shape: [2])")
    expectEqual(String(reflecting: Tensor<Float>([])), "Tensor<Float>([], shape: [0])")
  }

  @Test func aHugeViewIsPrintedAtOnce() {
    #expect("\(Tensor<Float>.full([1 << 30, 1 << 20], 1))".hasPrefix("[[1. 1. 1. ... 1. 1. 1.]\n"))
  }
}
