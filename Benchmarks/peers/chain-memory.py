from measure import Work, main


def pytorch(size):
    import torch

    x = (0.1 + 0.9 * torch.rand(1000, 1000)).requires_grad_()
    w = (0.1 + 0.9 * torch.rand(1000, 1000)).requires_grad_()

    def run():
        y = x
        for _ in range(50):
            y = y * w + x if size == "arithmetic" else torch.tanh(torch.relu(y))
        return torch.autograd.grad(y.sum(), [x, w] if size == "arithmetic" else [x])

    return Work(run)


main(["arithmetic", "activations"], {"pytorch": pytorch})
