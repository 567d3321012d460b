/// A page as DocC's archives hold it, as far as it is shown.
struct RenderNode: Decodable {
  struct Identifier: Decodable { let url: String }
  struct Metadata: Decodable {
    let title: String
    let role: String?
    let roleHeading: String?
  }
  struct Hierarchy: Decodable { let paths: [[String]] }
  /// A list of other pages, such as a group of the topics.
  struct Group: Decodable {
    let title: String?
    let identifiers: [String]
  }

  let identifier: Identifier
  let metadata: Metadata
  let hierarchy: Hierarchy?
  let abstract: [Content]?
  let primaryContentSections: [Section]?
  let topicSections: [Group]?
  let defaultImplementationsSections: [Group]?
  let relationshipsSections: [Group]?
  let references: [String: Reference]
}

/// A part of a page: its declaration, its text, its parameters, or the articles that name it.
struct Section: Decodable {
  struct Declaration: Decodable { let tokens: [Token] }
  struct Parameter: Decodable {
    let name: String
    let content: [Content]
  }

  let kind: String
  let declarations: [Declaration]?
  let content: [Content]?
  let parameters: [Parameter]?
  let mentions: [String]?
}

/// A word of a declaration.
struct Token: Decodable {
  let text: String
  let kind: String
  /// The page of what it names.
  let identifier: String?
}

/// What an identifier stands for.
struct Reference: Decodable {
  let type: String
  let title: String?
  let url: String?
  let role: String?
  let fragments: [Token]?
  let abstract: [Content]?
}

/// A block or a run of text.
struct Content: Decodable {
  struct Item: Decodable { let content: [Content] }
  /// A line of code, or several.
  struct Code: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      text = try (try? container.decode(String.self)) ?? container.decode([String].self).joined(separator: "\n")
    }
  }

  let type: String
  let text: String?
  let code: Code?
  let inlineContent: [Content]?
  let content: [Content]?
  let items: [Item]?
  let rows: [[[Content]]]?
  let identifier: String?
  let anchor: String?
  let level: Int?
  let name: String?
}
