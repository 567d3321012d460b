import Foundation
import Testing

@testable import CubHPL

@Suite struct CurveTests {
  private let curve = [
    Results.Epoch(epoch: 1, loss: 2.5, learningRate: 0.5, levels: [2.5]),
    Results.Epoch(
      epoch: 2, loss: 1.5, learningRate: 0.25, levels: [1.25, 2.5], validationMapAtR: 0.3, validationRecallAt1: 0.6),
  ]

  @Test func theTableHasALineAnEpoch() {
    #expect(
      Curves.csv(curve) == """
        epoch,learning_rate,loss,loss_level_0,loss_level_1,validation_map_at_r,validation_recall_at_1
        1,0.5,2.5,2.5,,,
        2,0.25,1.5,1.25,2.5,0.3,0.6

        """)
  }

  @Test func theBestEpochIsTheFirstOfEquals() {
    func point(_ epoch: Int, _ value: Double?) -> Results.Epoch {
      .init(epoch: epoch, loss: 1, learningRate: 1, validationMapAtR: value)
    }
    #expect([point(1, 0.2), point(2, 0.5), point(3, 0.5), point(4, 0.1)].best?.epoch == 2)
    #expect([point(1, 0), point(2, 0)].best?.epoch == 1)
    #expect([point(1, nil)].best == nil)
  }

  @Test func checksumsAreCastagnolis() {
    #expect(crc32c(Array("123456789".utf8)) == 0xE306_9283)
    #expect(crc32c([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
  }

  /// Byte for byte as an implementation in Python writes it (Fixtures/events.py).
  @Test func eventsAreAsTensorBoardReadsThem() throws {
    let folder = NSTemporaryDirectory() + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = try EventFile(in: folder, goingOnAt: 300) { 1_800_000_000.25 }
    var point = curve[1]
    (point.epoch, point.learningRate) = (300, 0.001)
    try file.append(point)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(names.count == 1 && names[0].hasPrefix("events.out.tfevents.1800000000."))
    let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/events.tfevents")
    #expect(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(names[0])")) == Data(contentsOf: fixture))
  }
}
