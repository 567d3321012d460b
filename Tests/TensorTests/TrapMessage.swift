import Testing
import _TestSupport

/// What a process that trapped wrote to standard error.
func trapMessage(_ result: ExitTest.Result?) -> String { text(result?.standardErrorContent) }
