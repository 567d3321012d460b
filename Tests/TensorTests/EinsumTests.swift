import Tensor
import Testing
import _TestSupport

@Suite struct EinsumTests {
  let a = sample([2, 3])
  let b = sample([3, 4], seed: 2)

  @Test func equalsTheOperationsItStandsFor() {
    expectLess(difference(einsum("ij,jk->ik", a, b), a.matmul(b)), 1e-15)
    expectLess(difference(einsum(" i j , j k ", a, b), a.matmul(b)), 1e-15)
    expectLess(difference(einsum("ji,jk", a.transposed(), b), a.matmul(b)), 1e-15, "j is summed wherever it stands")
    expectEqual(difference(einsum("ij->ji", a), a.transposed()), 0)
    expectEqual(difference(einsum("ba", a), a.transposed()), 0, "the implicit output is alphabetical")
    expectLess(difference(einsum("ij->", a), a.sum()), 1e-15)
    expectEqual(difference(einsum("ij,ij->ij", a, a), a * a), 0)
  }

  @Test func singleNumbersAndEmptyTensors() {
    expectEqual(einsum(",ij->ij", Tensor<Double>(2), a).scalars, (a * 2).scalars)
    expectEqual(einsum("->", Tensor<Double>(2)).item, 2)
    expectEqual(einsum(",", Tensor<Double>(2), Tensor<Double>(3)).item, 6)
    let nothing = einsum("ij,jk->ik", Tensor<Double>.zeros([2, 0]), .zeros([0, 3]))
    #expect(nothing.shape == [2, 3] && nothing.scalars.allSatisfy { $0 == 0 })
    expectEqual(einsum("ij,jk->ik", Tensor<Double>.zeros([0, 2]), .zeros([2, 3])).shape, [0, 3])
  }

  @Test func wrongLettersTrap() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = einsum("ij,jk->il", Tensor<Double>.zeros([2, 3]), .zeros([3, 4]))
    }
    let message = trapMessage(result)
    #expect(message.contains(#"einsum: "ij,jk->il" with [[2, 3], [3, 4]]: no operand has the output's l"#))
    #expect(message.contains("EinsumTests.swift"))
  }

  @Test func differentSizesTrap() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = einsum("ij,jk->ik", Tensor<Double>.zeros([2, 3]), .zeros([4, 5]))
    }
    #expect(trapMessage(result).contains("j has sizes 3 and 4"))
  }

  @Test func lettersThatDoNotFitTheShapeTrap() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = einsum("i,jk->ik", Tensor<Double>.zeros([2, 3]), .zeros([4, 5]))
    }
    #expect(trapMessage(result).contains("i does not name each axis of [2, 3] once"))
  }

  @Test func aMissingOperandTraps() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = einsum("ij,jk->ik", Tensor<Double>.zeros([2, 3]))
    }
    #expect(trapMessage(result).contains("2 groups of letters for 1 tensors"))
  }

  @Test func ellipsesStandForAnyAxes() {
    let (x, y) = (sample([2, 3, 4]), sample([5, 2, 4, 2], seed: 2))
    expectEqual(difference(einsum("...ij->...ji", x), x.transposed()), 0)
    expectEqual(difference(einsum("i...->...i", x), x.permuted([1, 2, 0])), 0)
    expectLess(difference(einsum("...ij,...jk->...ik", x, y), x.matmul(y)), 1e-15)
    expectLess(difference(einsum("...j,...j", a, a), (a * a).sum(along: -1)), 1e-15)
    expectLess(difference(einsum("...j,jk", x, sample([4, 2])), x.matmul(sample([4, 2]))), 1e-15)
    expectEqual(difference(einsum("...,...", a, a), a * a), 0)
    expectLess(difference(einsum("...ij->...", x), x.sum(along: 1, 2)), 1e-15)
    expectLess(difference(einsum("i...->i", x), x.sum(along: 1, 2)), 1e-15)
    expectEqual(difference(einsum("ij...->ij", a), a), 0)
  }

  @Test(arguments: ["..ij->ij", "......ij->ij", "i1->i", "i.j->ij"]) func otherCharactersTrap(
    _ equation: String
  ) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [equation] in
      _ = einsum(equation, Tensor<Double>.zeros([2, 3]))
    }
    #expect(trapMessage(result).contains("einsum: \"\(equation)\" with [[2, 3]]: "))
  }

  @Test func aRepeatedOutputTraps() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = einsum("i->ii", Tensor<Double>.zeros([2]))
    }
    #expect(trapMessage(result).contains("the output repeats a letter"))
  }

  @Test(arguments: ["ij->i->j", "ij>i"]) func wrongArrowsTrap(_ equation: String) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [equation] in
      _ = einsum(equation, Tensor<Double>.zeros([2, 3]))
    }
    #expect(trapMessage(result).contains("einsum:"))
  }

  @Test func dotAndOuterNeedVectors() async {
    let dot = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Double>.zeros([2]).dot(.zeros([3]))
    }
    #expect(trapMessage(dot).contains("dot: [2] and [3] are not two vectors of one length"))
    let outer = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Double>.zeros([2, 2]).outer(.zeros([3]))
    }
    #expect(trapMessage(outer).contains("outer: [2, 2] and [3] are not two vectors"))
  }
}
