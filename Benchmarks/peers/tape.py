from measure import Work, main


def pytorch(size):
    import torch

    steps = int(size)
    w = torch.full([8], 0.9, requires_grad=True)
    x = torch.full([8], 0.1, requires_grad=True)

    def run():
        y = x
        for _ in range(steps):
            y = y * w + x
        return torch.autograd.grad(y.sum(), [w, x])

    return Work(run, repetitions=2 * steps)


main(["100", "10000"], {"pytorch": pytorch})
