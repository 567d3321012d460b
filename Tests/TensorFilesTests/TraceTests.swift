import Foundation
import Tensor
import TensorFiles
import Testing
import _TestSupport

@Suite struct TraceTests {
  @Test func theTraceIsJSONInOrder() throws {
    let profile = Profile()
    let (x, w) = (Tensor<Float>.ones([8, 4]) * 0.1, (Tensor<Float>.ones([4, 3]) * 0.1).tracked())
    profile.measure {
      Profile.mark("wait")
      let y = tanh(x.matmul(w)).sum()
      _ = y.backward()
    }
    let path = NSTemporaryDirectory() + "trace-\(UUID()).json"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try profile.writeTrace(to: path)
    let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path))) as? [String: Any]
    let events = try #require(json?["traceEvents"] as? [[String: Any]]).filter { $0["ph"] as? String == "X" }
    let names = events.compactMap { $0["name"] as? String }
    expectEqual(names.prefix(4), ["wait", "matmul", "tanh", "sum"])
    let starts = events.compactMap { $0["ts"] as? Double }
    expectEqual(starts, starts.sorted())
    expectEqual(starts.count, events.count)
    #expect(throws: TensorFileError.self) { try profile.writeTrace(to: "/nowhere/trace.json") }
  }
}
