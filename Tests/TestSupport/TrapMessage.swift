/// What a process wrote before it ended, for tests that expect a trap: `text(result?.standardErrorContent)`.
package func text(_ bytes: [UInt8]?) -> String { String(decoding: bytes ?? [], as: UTF8.self) }
