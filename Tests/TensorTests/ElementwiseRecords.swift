import Tensor
import _TestSupport

func elementwiseRecords<S: TensorScalar>(_: S.Type) -> OperationRecords<S> {
  OperationRecords<S> { records in
    records.freeSizes = anySize
    records.add("exp", [signedSample([2, 3])]) { exp($0[0]) }
    records.add("sin", [signedSample([2, 3])]) { sin($0[0]) }
    records.add("cos", [signedSample([2, 3])]) { cos($0[0]) }
    records.add("tanh", [signedSample([2, 3])]) { tanh($0[0]) }
    records.add("sigmoid", [signedSample([2, 3])]) { sigmoid($0[0]) }
    records.add("abs", [signedSample([2, 3])]) { abs($0[0]) * $0[0] }
    records.add("softplus", [signedSample([2, 3])]) { softplus($0[0]) }
    records.add("relu", [signedSample([2, 3])]) { relu($0[0]) * $0[0] }
    records.add("log", [sample([2, 3])]) { log($0[0]) }
    records.add("log1p", [sample([2, 3])]) { log1p($0[0]) }
    records.add("expm1", [signedSample([2, 3])]) { expm1($0[0]) }
    records.add("erf", [signedSample([2, 3])]) { erf($0[0]) }
    records.add("reciprocal", [signedSample([2, 3])]) { reciprocal($0[0]) }
    records.add("sqrt", [sample([2, 3])]) { sqrt($0[0]) }
    records.add("rsqrt", [sample([2, 3])]) { rsqrt($0[0]) }
    records.add("sign", [signedSample([2, 3])], orders: 1) { sign($0[0]) * $0[0] }
    records.add("sigmoid of large numbers", [signedSample([2, 3]) * 5]) { sigmoid($0[0]) }
    records.add("leakyRelu", [signedSample([2, 3])]) { leakyRelu($0[0], slope: 0.2) * $0[0] }
    records.add("elu", [signedSample([2, 3])]) { elu($0[0], alpha: 0.8) * $0[0] }
    records.add("gelu", [signedSample([2, 3])]) { gelu($0[0]) }
    records.add("gelu, approximate", [signedSample([2, 3])]) { gelu($0[0], approximate: true) }
    records.add("silu", [signedSample([2, 3])]) { silu($0[0]) }
    records.add("hardTanh", [signedSample([2, 3])]) { hardTanh($0[0]) * $0[0] }
    records.add("hardSigmoid", [signedSample([2, 3]) * 3.1]) { hardSigmoid($0[0]) * $0[0] }
    records.add("hardSwish", [signedSample([2, 3]) * 3.1]) { hardSwish($0[0]) }
  }
}
