"""The networks of Examples in PyTorch, as Sources/bench/Benchmarks/SmallNetworks.swift has them: training steps by AdamW in its fused form."""

from measure import Work
from networks import require_compiler


def step(make, compiled=False):
    """From a batch's size to the work of a training step; `make` gives a model, its input and the targets."""

    def work(size):
        import torch

        model, inputs, targets = make(int(size))
        optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, fused=True)
        if compiled:
            require_compiler()
            model = torch.compile(model)

        def run():
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(model(inputs).flatten(0, -2), targets.flatten())
            loss.backward()
            optimizer.step()
            return loss.item()

        return Work(run)

    return work


def classifier(batch):
    import torch
    from torch import nn

    model = nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3, padding=1),
        nn.BatchNorm2d(16), nn.ReLU(), nn.Flatten(), nn.Linear(7 * 7 * 16, 10))
    return model, torch.randn(batch, 1, 14, 14), torch.arange(batch) % 10


def transformer(batch):
    import torch
    from torch import nn

    words, length = 20, 12

    class LanguageModel(nn.Module):
        def __init__(self):
            super().__init__()
            self.words, self.places = nn.Embedding(words, 32), nn.Embedding(length, 32)
            layer = nn.TransformerEncoderLayer(32, 4, 64, dropout=0, norm_first=True, batch_first=True)
            self.encoder = nn.TransformerEncoder(layer, 2, nn.LayerNorm(32), enable_nested_tensor=False)
            self.output = nn.Linear(32, words)
            self.register_buffer("mask", nn.Transformer.generate_square_subsequent_mask(length))

        def forward(self, texts):
            x = self.words(texts) + self.places(torch.arange(length))
            return self.output(self.encoder(x, mask=self.mask, is_causal=True))

    texts = torch.randint(words, (batch, length + 1))
    return LanguageModel(), texts[:, :-1].contiguous(), texts[:, 1:].contiguous()
