import Foundation
import Tensor
import Testing
import _TestSupport

@testable import TensorFiles

/// `.mat` files against those that `Tests/Goldens/files/make_mat_files.py` made.
@Suite struct MATFileTests {
  private func file(_ name: String) throws -> MATFile { try MATFile(contentsOf: goldenFile("\(name).mat").path) }

  private func reason(of body: () throws -> Void) -> String {
    do {
      try body()
    } catch let error as TensorFileError {
      return error.description
    } catch {
      Issue.record("not a TensorFileError: \(error)")
    }
    return "nothing was thrown"
  }

  @Test(arguments: ["values", "values-deflated"]) func everyTypeIsRead(_ name: String) throws {
    let file = try file(name)
    func expect(_ name: String, _ shape: [Int], _ scalars: [Double], location: SourceLocation = #_sourceLocation) throws
    {
      guard case .numbers(let numbers) = try file.value(name) else {
        Issue.record("\(name) holds no numbers", sourceLocation: location)
        return
      }
      #expect(numbers.shape == shape && numbers.scalars == scalars, "\(name)", sourceLocation: location)
    }
    for type in ["int8", "int16", "int32", "int64"] {
      try expect(type, [2, 3], [-2, -1, 0, 1, 2, 3])
      try expect("u" + type, [2, 3], [0, 1, 2, 3, 4, 5])
    }
    for type in ["single", "double"] { try expect(type, [2, 3], [-3, -1.5, 0, 1.5, 3, 4.5]) }
    try expect("logical", [2, 3], [0, 0, 0, 1, 1, 1])
    try expect("cube", [2, 3, 4], (0..<24).map { Double($0) })
    try expect("empty", [0, 3], [])
    try expect("large", [1, 2], [0x1p53, -0x1p53])
    try expectEqual(file.value("number").number, 2.5)
    #expect(try file.value("double").number == nil && file.value("double").string == nil)
    #expect(try file.names.count == 20 && file.names.prefix(2) == ["int8", "uint8"])
  }

  @Test(arguments: ["values", "values-deflated"]) func textCellsAndStructuresAreRead(_ name: String) throws {
    let file = try file(name)
    try expectEqual(file.value("text").string, "größer als a")
    try expectEqual(file.value("nothing").string, "")
    guard case .text(let rows) = try file.value("rows"), case .cells(let cells, [2, 2]) = try file.value("cells"),
      case .structures(let fields, [1, 1]) = try file.value("structure"), case .numbers(let pair) = cells[1],
      case .cells(let deep, [1, 1]) = cells[3], case .structures(let inner, [1, 1]) = fields["inner"]![0]
    else {
      Issue.record("a value has another kind")
      return
    }
    expectEqual(rows, ["ab", "cd", "ef"])
    #expect(cells[0].number == 1 && cells[2].string == "two")
    expectEqual(pair.shape, [1, 2])
    expectEqual(pair.scalars, [3, 4])
    expectEqual(deep[0].string, "deep")
    #expect(fields["name"]![0].string == "gull" && fields["size"]![0].number == 5 && inner["x"]![0].number == 1)
  }

  @Test(arguments: ["cars", "cars-deflated"]) func filesOfMATLABAreRead(_ name: String) throws {
    let file = try file(name)
    try expectEqual(file.names, ["annotations", "class_names"])
    guard case .structures(let fields, [1, 8]) = try file.value("annotations"),
      case .cells(let names, [1, 4]) = try file.value("class_names")
    else {
      Issue.record("a variable has another kind")
      return
    }
    #expect(fields.count == 7 && fields["relative_im_path"]![7].string == "car_ims/000008.jpg")
    expectEqual(fields["class"]!.map(\.number), [1, 1, 2, 2, 3, 3, 4, 4])
    expectEqual(fields["bbox_y2"]!.map(\.number), [8, 8, 8, 300, 8, 8, 8, 8])
    expectEqual(names.last?.string, "Ram C/V Cargo Van Minivan 2012")
  }

  @Test func whatCannotBeReadIsNamed() throws {
    let strange = try file("strange")
    try expectEqual(strange.value("good").number, 1)
    let complex = reason { _ = try strange.value("complex") }
    #expect(complex.hasSuffix("'complex': holds complex numbers, which are not read"))
    #expect(reason { _ = try strange.value("sparse") }.hasSuffix("'sparse': holds a sparse matrix, which is not read"))
    let missing = reason { _ = try strange.value("better") }
    #expect(missing.hasSuffix("strange.mat: has no variable 'better', only 'good', 'complex', 'sparse'"))
  }

  @Test func otherVersionsSayWhatToDo() throws {
    let good = try Data(contentsOf: goldenFile("values.mat"))
    func opening(_ change: (inout Data) -> Void) -> String {
      var data = good
      change(&data)
      return reason { _ = try MATFile(data: data, source: "a.mat") }
    }
    let hdf5: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
    let v73 =
      "a.mat: is a MATLAB file of version 7.3 (HDF5), which is not read; load it in MATLAB and save it again with -v7"
    expectEqual(opening { $0.replaceSubrange(124..<126, with: [0, 2]) }, v73)
    expectEqual(opening { $0 = Data(hdf5 + [0, 0]) }, v73)
    expectEqual(opening { $0 = $0.prefix(128) + Data(count: 384) + Data(hdf5) }, v73)
    #expect(opening { $0.replaceSubrange(124..<128, with: [1, 0, 0x4D, 0x49]) }.contains("big-endian"))
    #expect(opening { $0 = Data("image_id class_id".utf8) }.contains("17 bytes of the header's 128"))
    #expect(opening { $0 = Data(count: 200) }.contains("is no MATLAB file of version 5"))
  }

  /// Every prefix is refused, but for those that end between two variables.
  @Test(arguments: ["values", "cars", "cars-deflated", "strange"]) func filesCutShortAreRefused(_ name: String) throws {
    let whole = try Data(contentsOf: goldenFile("\(name).mat"))
    let all = try MATFile(data: whole).names
    var accepted = 0
    for length in whole.indices {
      do {
        let file = try MATFile(data: whole.prefix(length))
        let names = try file.names
        for name in names { _ = try file.value(name) }
        #expect(names.count < all.count && names == Array(all.prefix(names.count)), "\(length) bytes")
        accepted += 1
      } catch {
        #expect(error is TensorFileError, "\(length) bytes: \(error)")
      }
    }
    #expect(accepted >= 1)
  }

  /// A cell in a cell in a cell, deeper than any stack.
  @Test func nestingWithoutEndIsRefused() throws {
    func number(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    let depth = 20_000
    var bytes: [UInt8] = []
    for level in 0..<depth {
      let inside = (depth - level) * 48 - 8
      bytes += number(14) + number(inside) + number(6) + number(8) + number(1) + number(0)
      bytes += number(5) + number(8) + number(1) + number(1) + number(1) + number(0)
    }
    let header = try Data(contentsOf: goldenFile("values.mat")).prefix(128)
    let file = try MATFile(data: header + bytes)
    #expect(reason { _ = try file.value("") }.contains("more than 64 cells or structures deep"))
  }
}
