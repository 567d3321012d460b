"""Goldens for layers with parameters under PyTorch's names, and activations: outputs and gradients of inputs and parameters.

Images are channels-last in the file; sequences are as the case's `batch_first` says.
"""

import torch
from torch import nn
from torch.nn.utils import parametrizations

from fixture import Fixture, distinct, leaf, normal

fixture = Fixture("modules", ["torch"])


def case(name, module, inputs, call=None, masks={}, images=False, **arguments):
    """Fills the module's parameters, and records `call(module, *inputs)`, a tensor or several, with all gradients."""
    module = module.double()
    module.zero_grad()
    for key, parameter in module.named_parameters():
        parameter.data = normal(f"{name}/{key}", *parameter.shape) / 2
    leaves = [leaf(x) if x.is_floating_point() else x for x in inputs]
    seen = [x.movedim(-1, 1) if images else x for x in leaves]
    outputs = (call or (lambda m, *x: m(*x)))(module, *seen)
    outputs = [outputs] if isinstance(outputs, torch.Tensor) else list(outputs)
    if images:
        outputs = [x.movedim(1, -1) for x in outputs]
    total = 0
    for i, output in enumerate(outputs):
        cotangent = normal(f"{name}/cotangent{i}", *output.shape)
        total = total + (output * cotangent).sum()
        fixture.add(f"{name}/output{i}", output)
        fixture.add(f"{name}/cotangent{i}", cotangent)
    total.backward()
    for i, x in enumerate(leaves):
        fixture.add(f"{name}/input{i}", x)
        if x.is_floating_point():
            fixture.add(f"{name}/gradient{i}", x.grad)
    for key, parameter in module.named_parameters():
        fixture.add(f"{name}/parameter.{key}", parameter)
        fixture.add(f"{name}/gradient.{key}", parameter.grad)
    for key, mask in masks.items():
        fixture.add(f"{name}/{key}", mask.long())
    fixture.describe(name, **arguments)


def activations():
    x = 2 * normal("activations", 3, 4)
    for label, module in {
        "relu": nn.ReLU(), "relu6": nn.ReLU6(), "leaky_relu": nn.LeakyReLU(0.2), "elu": nn.ELU(0.7),
        "selu": nn.SELU(), "celu": nn.CELU(0.5), "gelu": nn.GELU(), "gelu_tanh": nn.GELU("tanh"), "silu": nn.SiLU(),
        "mish": nn.Mish(), "sigmoid": nn.Sigmoid(), "log_sigmoid": nn.LogSigmoid(), "tanh": nn.Tanh(),
        "softplus": nn.Softplus(2.0), "softsign": nn.Softsign(), "hard_tanh": nn.Hardtanh(),
        "hard_sigmoid": nn.Hardsigmoid(), "hard_swish": nn.Hardswish(), "softmax": nn.Softmax(-1),
        "log_softmax": nn.LogSoftmax(0), "glu": nn.GLU(), "prelu": nn.PReLU(), "flatten": nn.Flatten(0),
    }.items():
        case(f"activation/{label}", module, [4 * x if label == "relu6" else x])
    case("activation/prelu_channels", nn.PReLU(3), [normal("prelu", 2, 2, 2, 3)], images=True)


def normalizations():
    case("normalization/instance", nn.InstanceNorm2d(3), [normal("instance", 2, 3, 4, 3)], images=True)
    case("normalization/instance_affine", nn.InstanceNorm2d(3, affine=True, eps=1e-3), [normal("instance", 2, 3, 4, 3)],
         images=True)
    case("normalization/rms", nn.RMSNorm(4), [normal("rms", 2, 3, 4)])
    case("normalization/rms_two", nn.RMSNorm([3, 4], eps=1e-3), [normal("rms", 2, 3, 4)])
    case("upsample/nearest", nn.Upsample(scale_factor=2), [normal("upsample", 1, 2, 3, 2)], images=True)
    case("upsample/bilinear", nn.Upsample(size=(5, 4), mode="bilinear"), [normal("upsample", 1, 2, 3, 2)], images=True)
    case("embedding/padding", nn.Embedding(5, 3, padding_idx=1), [torch.tensor([[4, 1, 0], [1, 1, 4]])])


def attentions():
    causal = torch.triu(torch.ones(4, 4), 1).bool()
    padding = torch.tensor([[0, 0, 0, 1], [0, 0, 0, 0]]).bool()
    cross = torch.tensor([[0, 1, 0], [0, 0, 1], [1, 0, 0], [0, 0, 0]]).bool()
    for first in (True, False):
        def sequence(name, length):
            return normal(name, *((2, length) if first else (length, 2)), 6)

        def attend(label, inputs, masks={}, bias=True):
            def call(m, *x):
                q, k, v = x if len(x) == 3 else x * 3
                return m(q, k, v, need_weights=False, attn_mask=masks.get("mask"), key_padding_mask=masks.get("padding"))[0]

            case(f"attention/{label}-{'batch' if first else 'length'}", nn.MultiheadAttention(
                6, 3, bias=bias, batch_first=first), inputs, call, masks, batch_first=first, bias=bias)

        attend("self", [sequence("attention/x", 4)])
        attend("unbiased", [sequence("attention/x", 4)], bias=False)
        attend("causal", [sequence("attention/x", 4)], dict(mask=causal))
        attend("padded", [sequence("attention/x", 4)], dict(mask=causal, padding=padding))
        attend("cross", [sequence("attention/q", 4), sequence("attention/k", 3), sequence("attention/v", 3)],
               dict(mask=cross))


def transformers():
    causal, padding = torch.triu(torch.ones(4, 4), 1).bool(), torch.tensor([[0, 0, 0, 1], [0, 0, 0, 0]]).bool()
    hidden = torch.tensor([[0, 0, 1], [0, 0, 0]]).bool()
    for pre in (False, True):
        for first in (True, False):
            end = f"{'pre' if pre else 'post'}-{'batch' if first else 'length'}"

            def sequence(name, length):
                return normal(name, *((2, length) if first else (length, 2)), 6)

            options = dict(dim_feedforward=5, dropout=0.0, norm_first=pre, batch_first=first,
                           activation="gelu" if pre else "relu")
            said = dict(norm_first=pre, batch_first=first)
            x, memory = sequence("transformer/x", 4), sequence("transformer/memory", 3)
            encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(6, 2, **options), 2,
                                            nn.LayerNorm(6) if pre else None, enable_nested_tensor=False)
            case(f"encoder/{end}", encoder, [x], **said)
            case(f"encoder/{end}-masked", encoder, [x], lambda m, x: m(x, mask=causal, src_key_padding_mask=padding),
                 dict(mask=causal, padding=padding), **said)
            decoder = nn.TransformerDecoder(nn.TransformerDecoderLayer(6, 2, **options), 2,
                                            nn.LayerNorm(6) if pre else None)
            case(f"decoder/{end}", decoder, [x, memory],
                 lambda m, x, y: m(x, y, tgt_mask=causal, memory_key_padding_mask=hidden),
                 dict(mask=causal, memory_padding=hidden), **said)
            whole = nn.Transformer(6, 2, 1, 1, **options)
            case(f"transformer/{end}", whole, [memory, x], **said)


def recurrences():
    for kind, module in (("rnn", nn.RNN), ("gru", nn.GRU), ("lstm", nn.LSTM)):
        for label, options in {
            "plain": {}, "batch_first": dict(batch_first=True), "two": dict(num_layers=2),
            "both": dict(num_layers=2, bidirectional=True, batch_first=True), "unbiased": dict(bias=False),
            "relu": dict(nonlinearity="relu"),
        }.items():
            if label == "relu" and kind != "rnn":
                continue
            name = f"{kind}/{label}"
            states = options.get("num_layers", 1) * (2 if options.get("bidirectional") else 1)
            x = normal(f"{name}/x", *((2, 3) if options.get("batch_first") else (3, 2)), 4)
            inputs = [x] + [normal(f"{name}/state{i}", states, 2, 3) for i in range(2 if kind == "lstm" else 1)]

            def call(m, x, *state):
                output, last = m(x, state[0] if len(state) == 1 else state)
                return [output, last] if isinstance(last, torch.Tensor) else [output, *last]

            case(name, module(4, 3, **options), inputs, call, layers=options.get("num_layers", 1),
                 bidirectional="bidirectional" in options, batch_first="batch_first" in options,
                 bias=options.get("bias", True))


def windows():
    sizes = {1: [7], 2: [6, 5], 3: [4, 4, 5]}

    def image(name, axes, channels=4):
        return normal(name, 2 if axes < 3 else 1, *sizes[axes], channels)

    for axes, kind in ((1, nn.Conv1d), (2, nn.Conv2d), (3, nn.Conv3d)):
        def last(values):
            return values[-axes:]

        for label, options in {
            "plain": dict(kernel_size=[3] * axes),
            "uneven": dict(kernel_size=last([2, 3, 2]), stride=last([2, 1, 3]), padding=last([1, 0, 2])),
            "dilated": dict(kernel_size=last([2, 2, 3]), dilation=last([2, 3, 2]), stride=last([1, 2, 2])),
            "same": dict(kernel_size=last([3, 2, 4]), padding="same", dilation=last([1, 2, 1])),
            "valid": dict(kernel_size=last([3, 2, 2]), padding="valid", bias=False),
            "groups": dict(kernel_size=last([2, 3, 2]), groups=2, padding=last([0, 1, 1])),
        }.items():
            case(f"convolution/{axes}d-{label}", kind(4, 6, **options), [image(f"conv/{axes}", axes)], images=True,
                 axes=axes, **options)
    for axes, kind in ((1, nn.ConvTranspose1d), (2, nn.ConvTranspose2d), (3, nn.ConvTranspose3d)):
        def last(values):
            return values[-axes:]

        for label, options in {
            "plain": dict(kernel_size=[3] * axes),
            "uneven": dict(kernel_size=last([2, 3, 2]), stride=last([2, 1, 3]), padding=last([1, 0, 1]),
                           output_padding=last([1, 0, 2])),
            "dilated": dict(kernel_size=last([2, 2, 3]), dilation=last([2, 3, 2]), stride=last([1, 2, 2]), bias=False),
            "groups": dict(kernel_size=last([2, 3, 2]), groups=2, stride=last([1, 2, 2]), padding=last([0, 1, 1])),
        }.items():
            case(f"transposed/{axes}d-{label}", kind(4, 6, **options), [image(f"transposed/{axes}", axes)[:, :3]],
                 images=True, axes=axes, **options)
    kinds = {"max": (nn.MaxPool1d, nn.MaxPool2d, nn.MaxPool3d), "mean": (nn.AvgPool1d, nn.AvgPool2d, nn.AvgPool3d)}
    for kind, modules in kinds.items():
        for axes in (1, 2, 3):
            for label, options in {
                "plain": dict(kernel_size=2),
                "uneven": dict(kernel_size=[2, 3, 2][-axes:], stride=[1, 2, 1][-axes:], padding=[1, 0, 1][-axes:]),
            }.items():
                case(f"pooling/{kind}-{axes}d-{label}", modules[axes - 1](**options),
                     [distinct(f"pool/{axes}", 1, *sizes[axes], 2)], images=True, axes=axes, kind=kind, **options)


def normalized_weights():
    x, images = normal("weights/x", 5, 4), normal("weights/images", 1, 4, 4, 4)
    case("weight_norm/linear", parametrizations.weight_norm(nn.Linear(4, 3)), [x])
    case("weight_norm/convolution", parametrizations.weight_norm(nn.Conv2d(4, 3, 2)), [images], images=True)
    for label, kind, inputs in (("linear", lambda: nn.Linear(4, 3), x), ("convolution", lambda: nn.Conv2d(4, 3, 2), images),
                                ("transposed", lambda: nn.ConvTranspose2d(4, 3, 2), images)):
        for training in (True, False):
            name = f"spectral_norm/{label}-{'training' if training else 'evaluation'}"
            normed = parametrizations.spectral_norm(kind()).double()
            vectors = {"u": normed.parametrizations.weight[0]._u, "v": normed.parametrizations.weight[0]._v}
            for key, vector in vectors.items():
                vector.data = nn.functional.normalize(normal(f"{name}/{key}", *vector.shape), dim=0)
                fixture.add(f"{name}/before.{key}", vector)
            normed.train(training)
            case(name, normed, [inputs], images=label != "linear", training=training)
            for key, vector in vectors.items():
                fixture.add(f"{name}/after.{key}", vector)


def main():
    for family in (activations, normalizations, attentions, transformers, recurrences, windows, normalized_weights):
        family()
    fixture.save()


if __name__ == "__main__":
    main()
