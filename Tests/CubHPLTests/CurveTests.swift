import Foundation
import Testing
import _TestSupport

@testable import CubHPL

@Suite struct CurveTests {
  private let curve = [
    Results.Epoch(epoch: 1, loss: 2.5, learningRate: 0.5, levels: [2.5]),
    Results.Epoch(
      epoch: 2, loss: 1.5, learningRate: 0.25, levels: [1.25, 2.5], validationMapAtR: 0.3, validationRecallAt1: 0.6),
  ]

  @Test func theTableHasALineAnEpoch() {
    expectEqual(
      Curves.csv(curve),
      """
      epoch,learning_rate,loss,loss_level_0,loss_level_1,validation_map_at_r,validation_recall_at_1
      1,0.5,2.5,2.5,,,
      2,0.25,1.5,1.25,2.5,0.3,0.6

      """)
  }

  @Test func whatAnEpochTookAndWasToldStandsBeside() {
    var point = curve[0]
    point.logged = ["=x/level_1": 3]
    point.norms = ["network": .init(gradients: 1.5, weights: 2)]
    let cost = EpochCost(data: 1, forward: 2, backward: 3, step: 4, evaluation: 5, other: 6, peakMebibytes: 7)
    expectEqual(cost.seconds, 21)
    expectEqual(
      Curves.csv([point], [cost]),
      """
      epoch,learning_rate,loss,loss_level_0,gradient_norm_network,weight_norm_network,logged_=x_level_1,seconds_pictures,\
      seconds_forward,seconds_backward,seconds_step,seconds_evaluation,seconds_other,memory_peak_mib
      1,0.5,2.5,2.5,1.5,2.0,3.0,1.0,2.0,3.0,4.0,5.0,6.0,7.0

      """)
  }

  /// Files can have no NaN, and what is read again is no more than a Float can hold.
  @Test func whatIsLoggedIsWritable() throws {
    let most = Double(Float.greatestFiniteMagnitude)
    let values = [1.5, 1e300, -1e300, .infinity, -.infinity, .nan].map(TrainingRun.writable)
    expectEqual(values, [1.5, most, -most, most, most, most])
    var point = curve[0]
    point.logged = ["x": values[2]]
    point.norms = ["network": .init(gradients: values[3], weights: values[5])]
    try expectEqual(JSONDecoder().decode(Results.Epoch.self, from: JSONEncoder().encode(point)), point)
    try [point].check("epochs")
  }

  @Test func theBestEpochIsTheFirstOfEquals() {
    func point(_ epoch: Int, _ value: Double?) -> Results.Epoch {
      .init(epoch: epoch, loss: 1, learningRate: 1, validationMapAtR: value)
    }
    expectEqual([point(1, 0.2), point(2, 0.5), point(3, 0.5), point(4, 0.1)].best?.epoch, 2)
    expectEqual([point(1, 0), point(2, 0)].best?.epoch, 1)
    expectEqual([point(1, nil)].best, nil)
  }

  @Test func checksumsAreCastagnolis() {
    expectEqual(crc32c(Array("123456789".utf8)), 0xE306_9283)
    expectEqual(crc32c([UInt8](repeating: 0, count: 32)), 0x8A91_36AA)
  }

  private struct Golden: Decodable {
    /// Step, value and time of each point, by tag.
    let scalars: [String: [[Double]]]
  }

  /// Byte for byte as an implementation in Python writes it, and what TensorBoard's own reader found there (`Tests/Goldens/events.py`):
  /// the epochs of a run that was stopped, and of where it went on.
  @Test func eventsAreAsTensorBoardReadsThem() throws {
    let folder = NSTemporaryDirectory() + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let starts: [(time: Double, first: Int, values: [(Double, Double)])] = [
      (1_800_000_000.25, 1, [(2.5, 0.25), (1.5, 0.3), (99, 0.1)]), (1_800_000_100.5, 3, [(1.25, 0.375), (1.125, 0.4)]),
    ]
    for (time, first, values) in starts {
      let file = try EventFile(in: folder, goingOnAt: first) { time }
      for (index, value) in values.enumerated() {
        try file.append(
          .init(
            epoch: first + index, loss: value.0, learningRate: 0.001, levels: [value.0], validationMapAtR: value.1))
      }
      try file.close()
      #expect(throws: OutputError.self, "a file that cannot be closed may have lost what was written") {
        try file.close()
      }
    }
    let goldens = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Goldens")
    func files(_ folder: String) throws -> [Data] {
      let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      #expect(names.count == 2 && names[0].hasPrefix("events.out.tfevents.1800000000.cub-hpl."))
      return try names.map { try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($0)")) }
    }
    try expectEqual(files(folder), files(goldens.appendingPathComponent("files/events").path))
    let golden = try JSONDecoder().decode(
      Golden.self, from: Data(contentsOf: goldens.appendingPathComponent("events.json")))
    func points(_ values: [Double]) -> [[Double]] {
      zip(values, [0, 0, 1, 1]).enumerated().map { [Double($0 + 1), Double(Float($1.0)), starts[$1.1].time] }
    }
    let losses = points([2.5, 1.5, 1.25, 1.125])
    expectEqual(
      golden.scalars,
      [
        "learning_rate": points([0.001, 0.001, 0.001, 0.001]), "loss": losses, "loss/level_0": losses,
        "validation/map_at_r": points([0.25, 0.3, 0.375, 0.4]),
      ])
  }
}
