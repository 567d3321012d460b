import Testing
import _TestSupport

/// `Scripts/paper` finds the places that it writes to.
@Suite struct PaperTests {
  @Test func everyPartHasItsPlace() {
    let text = ["Documentation/paper.md", "README.md"].flatMap(readLines).joined(separator: "\n")
    let places = text.matches(of: /<!-- paper: ([\w-]+) -->\n(?:(?!<!--)[\s\S])*<!-- end paper -->/).map {
      String($0.1)
    }
    expectEqual(places.count, text.matches(of: /<!-- (end )?paper/).count / 2, "each place begins and ends")
    let script = readLines("Scripts/paper").joined(separator: "\n")
    let parts = script.matches(of: /"([\w-]+)": [a-z_]+\(/).map { String($0.1) }
    #expect(!places.isEmpty && Set(parts) == Set(places) && parts.count == places.count)
  }
}
