import Testing
import _TestSupport

@testable import CubHPL

@Suite struct VisibleTextTests {
  @Test(arguments: [
    ("plain – text, ünïcödé 鳥 👩‍👩‍👧", "plain – text, ünïcödé 鳥 👩‍👩‍👧"), ("", ""), ("\u{1B}[31mred", #"\u{1B}[31mred"#),
    ("a\u{0}b\u{7F}\u{80}\u{9F}", #"a\u{0}b\u{7F}\u{80}\u{9F}"#), ("a\nb\tc\r\nd", #"a\nb\tc\u{D}\nd"#),
    ("\u{202E}gnp.exe\u{2066}\u{200F}\u{61C}", #"\u{202E}gnp.exe\u{2066}\u{200F}\u{61C}"#),
    ("\u{2028}\u{2029}", #"\u{2028}\u{2029}"#),
  ])
  func whatMovesTheCursorIsWrittenOut(_ text: String, _ shown: String) {
    expectEqual(visible(text), shown)
    expectEqual(visible(shown), shown)
  }

  @Test func linesOfOurOwnStay() {
    expectEqual(visible("a\nb\u{1B}", keepingLines: true), "a\nb\\u{1B}")
  }

  @Test func aTableStaysInItsColumns() {
    let table = Table(header: ["Name", "x"], rows: [["a\nb", "1"], ["\u{1B}", "2"]])
    let lines = table.description.split(separator: "\n").map(String.init)
    expectEqual(lines, ["Name    x", "──────  ─", #"a\nb    1"#, #"\u{1B}  2"#])
  }

  @Test func theMiddleIsLeftOut() {
    expectEqual(withoutMiddle("0123456789", limit: 10), "0123456789")
    expectEqual(withoutMiddle("0123456789a", limit: 9), "01234…89a")
    expectEqual(withoutMiddle("ééééé", limit: 5), "ééééé", "characters, not bytes")
  }

  @Test func aLineOfAnErrorIsShortAndHarmless() {
    let million = String(repeating: "x", count: 1_000_000)
    let error = OutputError.cannotWrite(file: "/\(million)/\u{1B}c", reason: "No space left on device")
    let line = Failure.line(for: error)
    #expect(line.count < 400 && line.hasPrefix("cub-hpl: cannot write /xxx") && line.contains("…"))
    #expect(line.hasSuffix(#"\u{1B}c: No space left on device"#))
    let words = Failure.line(for: UsageError.conflict(String(repeating: "word ", count: 100_000) + "end"))
    #expect(words.count < 1100 && words.hasSuffix("word end"))
  }

  @Test(arguments: [
    ("bird", "bird"), ("", ""), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("a\nb", "\"a\nb\""),
    ("a\r\nb", "\"a\r\nb\""),
    ("=1+1", "'=1+1"), ("+a", "'+a"), ("-a", "'-a"), ("@a", "'@a"), ("\ta", "'\ta"), ("\ra", "\"'\ra\""),
    ("=A(\"x\")", "\"'=A(\"\"x\"\")\""), ("-0.5", "-0.5"), ("+1e-3", "+1e-3"), ("a=b", "a=b"),
  ])
  func noCellIsAFormula(_ text: String, _ cell: String) {
    expectEqual(csvCell(text), cell)
  }

  @Test func noNameInATableIsAFormula() {
    let projections = Projections(
      title: "", panels: [.init(title: "=1", note: "", points: [[-1, 2]])],
      colorings: [.init(title: "class", groups: [0], names: ["@name"])], names: ["-file"])
    expectEqual(projections.csv, "picture,class,'=1 x,'=1 y\n'-file,'@name,-1.0000,2.0000\n")
  }
}
