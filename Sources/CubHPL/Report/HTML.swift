/// A text made safe for the content and the quoted attributes of HTML and SVG.
///
/// Control characters other than tab and newline, which no HTML file may contain, become the replacement character.
func escaped(_ text: String) -> String {
  var output = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": output += "&amp;"
    case "<": output += "&lt;"
    case ">": output += "&gt;"
    case "\"": output += "&quot;"
    case "'": output += "&#39;"
    case "\t", "\n": output.unicodeScalars.append(scalar)
    case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}": output += "\u{FFFD}"
    default: output.unicodeScalars.append(scalar)
    }
  }
  return output
}

/// The singular or the plural with its number: `1 class`, `5,864 classes`.
func counted(_ number: Int, _ singular: String, _ plural: String) -> String {
  "\(grouped(number)) \(number == 1 ? singular : plural)"
}

/// A whole page around a body: for light and dark, any width, with the program's style and nothing from elsewhere.
func htmlPage(title: String, styles: [String] = [], body: String) -> String {
  """
  <!DOCTYPE html>
  <html lang="en">
  <head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>\(escaped(title)) – \(Program.name)</title>
  <style>
  \(([ReportPage.style] + styles).joined(separator: "\n"))
  </style>
  </head>
  <body>
  <main>
  \(body)
  </main>
  </body>
  </html>

  """
}
