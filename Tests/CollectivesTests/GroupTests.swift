import Collectives
import Tensor
import Testing
import _TestSupport

/// Ranks as threads: what every transport must do, and the gradients of what is gathered, summed and spread.
@Suite struct GroupTests {
  @Test(arguments: 1...5)
  func sharesAreTheWhole(size: Int) throws {
    for count in [0, 1, 7, 60] {
      let shares = try Group.threads(size) { $0.share(of: count) }
      #expect(shares.flatMap { Array($0) } == Array(0..<count))
    }
  }
}
