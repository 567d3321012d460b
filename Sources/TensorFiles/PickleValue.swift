import Tensor

/// What a restricted pickle can hold: containers, text, numbers, and PyTorch's tensors.
enum PickleValue {
  case none
  case bool(Bool)
  case int(Int)
  case float(Double)
  case text(String)
  case tuple(PickleList)
  case list(PickleList)
  case dictionary(PickleDictionary)
  /// The name of a function or class that is known; naming it runs nothing.
  case global(PickleGlobal)
  case storage(PickleStorage)
  case tensor(PickleTensor)
}

/// A list, which others may hold before it is filled, or a tuple: an object, so that nesting without end is freed without
/// recursion.
final class PickleList {
  var items: [PickleValue] = []
}

/// A dictionary in the order of its entries, which others may hold before it is filled.
final class PickleDictionary {
  var entries: [(key: PickleValue, value: PickleValue)] = []
}

/// Memory that tensors share, named by a key; the bytes lie elsewhere in the file.
struct PickleStorage {
  let key: String
  let type: ElementType
  /// The number of elements.
  let count: Int
}

/// A view of a storage, in elements.
struct PickleTensor {
  let storage: PickleStorage
  let offset: Int
  let shape: [Int]
  let strides: [Int]
}

/// The functions and classes that a file of weights needs; every other name is refused.
enum PickleGlobal: Hashable {
  case orderedDictionary, size
  case rebuildTensor, rebuildTensorV2, rebuildParameter
  case storage(ElementType)

  /// The global of a name as pickles write it, or nil for one that is not known.
  init?(module: String, name: String) {
    guard let global = PickleGlobal.known["\(module).\(name)"] else { return nil }
    self = global
  }

  private static let known: [String: PickleGlobal] = [
    "collections.OrderedDict": .orderedDictionary, "torch.Size": .size,
    "torch._utils._rebuild_tensor": .rebuildTensor, "torch._utils._rebuild_tensor_v2": .rebuildTensorV2,
    "torch._utils._rebuild_parameter": .rebuildParameter,
    "torch.HalfStorage": .storage(.float16), "torch.BFloat16Storage": .storage(.bfloat16),
    "torch.FloatStorage": .storage(.float32), "torch.DoubleStorage": .storage(.float64),
    "torch.IntStorage": .storage(.int32), "torch.LongStorage": .storage(.int64),
    "torch.ByteStorage": .storage(.uint8), "torch.BoolStorage": .storage(.bool),
  ]
}

extension PickleValue {
  var asInt: Int? { if case .int(let value) = self { value } else { nil } }
  var asText: String? { if case .text(let value) = self { value } else { nil } }
  var asTuple: [PickleValue]? { if case .tuple(let value) = self { value.items } else { nil } }
  var asDictionary: PickleDictionary? { if case .dictionary(let value) = self { value } else { nil } }

  /// A tuple of integers.
  var asSizes: [Int]? {
    guard let items = asTuple else { return nil }
    let sizes = items.compactMap(\.asInt)
    return sizes.count == items.count ? sizes : nil
  }
}
