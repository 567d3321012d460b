/// Everything that `report.html` shows.
struct ReportContent: Sendable {
  /// The subject in a few words, such as `Embedded birds`.
  var title: String
  var results: Results
  var hierarchies: [Hierarchy] = []
  var retrievals: [Retrievals] = []
  var studies: [Study] = []
  var projections: [Projection] = []
  /// Sentences that a reader must know, such as how many queries were dropped.
  var notes: [String] = []
  /// Runs that have not been tested, while an experiment goes on; without measures.
  var unfinished: [Results.Run] = []
  /// Where an experiment stands that has not finished; nil for one that has.
  var state: ExperimentState?

  /// A small picture.
  struct Thumbnail: Hashable, Sendable {
    /// Three bytes a pixel, row by row from the top.
    var rgb: [UInt8]
    var width: Int
    var height: Int
  }

  /// The hierarchy that one run ended with.
  struct Hierarchy: Sendable {
    /// Method and seed.
    var title: String
    /// The coarsest groups.
    var roots: [Node]
  }

  /// A group of groups, or a class with sample pictures.
  struct Node: Sendable {
    var title: String
    var children: [Node] = []
    var samples: [Thumbnail] = []

    /// The classes below, or the node itself when it is one.
    var classes: [Node] { children.isEmpty ? [self] : children.flatMap(\.classes) }
  }

  /// The test pictures on the plane, by the methods that share a loss.
  struct Projection: Sendable {
    /// The method without a hierarchy.
    var flatMethod: String
    var projections: Projections
  }

  /// Where one trained model goes right and wrong.
  struct Study: Sendable {
    /// The method.
    var title: String
    var queries: Int
    var best: [Retrievals.Row]
    var worst: [Retrievals.Row]
    /// Between the coarse clusters; nil without any.
    var confusion: ReportHeatMap?
  }

  /// Queries with their nearest neighbours, by one trained model.
  struct Retrievals: Sendable {
    /// Method and seed.
    var title: String
    var rows: [Row]

    /// One query.
    struct Row: Sendable {
      var query: Thumbnail
      var queryClass: String
      var queryFile: String
      /// From the nearest.
      var neighbours: [Neighbour]
    }

    /// One retrieved picture.
    struct Neighbour: Sendable {
      var picture: Thumbnail
      var className: String
      var file: String
      var isCorrect: Bool
    }
  }
}

extension ReportContent.Node {
  /// The tree of a run's levels over the classes, the coarsest groups first; groups without a class are left out.
  ///
  /// - Parameters:
  ///   - levels: from the finest, as in `Results.Run.hierarchy`.
  ///   - classes: the leaves, in the order of the first level's `parents`.
  static func tree(levels: [Results.Level], classes: [Self]) -> [Self] {
    var nodes: [Self?] = classes
    for level in levels {
      let count = max((level.parents.max() ?? -1) + 1, level.groupNames?.count ?? 0)
      var groups = [[Self]](repeating: [], count: count)
      for (node, parent) in zip(nodes, level.parents) {
        if let node { groups[parent].append(node) }
      }
      nodes = groups.enumerated().map { index, children in
        children.isEmpty ? nil : Self(title: level.groupNames?[index] ?? "Group \(index + 1)", children: children)
      }
    }
    return nodes.compactMap { $0 }
  }
}
