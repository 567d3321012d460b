import Foundation

var processorCount: Int { ProcessInfo.processInfo.activeProcessorCount }

func environment(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }
