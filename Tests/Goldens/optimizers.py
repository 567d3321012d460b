"""Goldens for optimisers (five steps on given gradients), gradient clipping and learning-rate schedules."""

import torch
from torch.optim import lr_scheduler as schedules

from fixture import Fixture, leaf, normal, values

fixture = Fixture("optimizers", ["torch"])
STEPS = 5
SHAPES = [[2, 3], [3]]


def optimizer_case(name, optimizer, learning_rates, **options):
    """Two parameters in two groups that differ in learning rate; the gradients do not depend on the values."""
    parameters = [leaf(normal(f"{name}/initial{i}", *shape)) for i, shape in enumerate(SHAPES)]
    gradients = [normal(f"{name}/gradients{i}", STEPS, *shape) for i, shape in enumerate(SHAPES)]
    for i, parameter in enumerate(parameters):
        fixture.add(f"{name}/initial{i}", parameter)
        fixture.add(f"{name}/gradients{i}", gradients[i])
    optimizer = optimizer([{"params": [p], "lr": lr} for p, lr in zip(parameters, learning_rates)], **options)
    history = [[] for _ in parameters]
    for step in range(STEPS):
        for i, parameter in enumerate(parameters):
            parameter.grad = gradients[i][step].clone()
        optimizer.step()
        for i, parameter in enumerate(parameters):
            history[i].append(parameter.detach().clone())
    for i, steps in enumerate(history):
        fixture.add(f"{name}/values{i}", torch.stack(steps))
    fixture.describe(name, learningRates=learning_rates, **options)


def optimizers():
    sgd, adam, adamw = torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW
    rates = [0.1, 0.01]
    optimizer_case("sgd/plain", sgd, rates)
    optimizer_case("sgd/weight-decay", sgd, rates, weight_decay=0.01)
    optimizer_case("sgd/momentum", sgd, rates, momentum=0.9)
    optimizer_case("sgd/momentum-weight-decay", sgd, rates, momentum=0.9, weight_decay=0.01)
    optimizer_case("sgd/nesterov", sgd, rates, momentum=0.9, nesterov=True)
    optimizer_case("sgd/nesterov-weight-decay", sgd, rates, momentum=0.9, nesterov=True, weight_decay=0.01)
    rates = [0.001, 0.1]
    optimizer_case("adam/plain", adam, rates)
    optimizer_case("adam/weight-decay", adam, rates, weight_decay=0.01)
    optimizer_case("adam/betas-epsilon", adam, rates, betas=[0.5, 0.9], eps=1e-3)
    optimizer_case("adamw/weight-decay-1e-4", adamw, rates, weight_decay=1e-4)
    optimizer_case("adamw/weight-decay-1e-2", adamw, rates, weight_decay=1e-2)
    optimizer_case("adamw/no-weight-decay", adamw, rates, weight_decay=0.0)


def clipping():
    scales = {"above": 4.0, "below": 0.125, "zero": 0.0}
    for label, scale in scales.items():
        gradients = [normal(f"clip/{label}/{i}", *shape) * scale for i, shape in enumerate(SHAPES)]
        for name, clip, limit in [
            (f"clip_norm/{label}", torch.nn.utils.clip_grad_norm_, 2.0),
            (f"clip_value/{label}", torch.nn.utils.clip_grad_value_, 0.5),
        ]:
            parameters = [leaf(torch.zeros_like(g)) for g in gradients]
            for i, parameter in enumerate(parameters):
                parameter.grad = gradients[i].clone()
                fixture.add(f"{name}/gradient{i}", gradients[i])
            norm = clip(parameters, limit)
            for i, parameter in enumerate(parameters):
                fixture.add(f"{name}/clipped{i}", parameter.grad)
            if norm is not None:
                fixture.add(f"{name}/norm", norm)
            fixture.describe(name, limit=limit)


def schedule_case(name, schedule, base=0.1, count=20, **arguments):
    """The learning rates used by epochs 0 to 19."""
    optimizer = torch.optim.SGD([leaf(torch.zeros(1))], lr=base)
    schedule = schedule(optimizer)
    rates = []
    for _ in range(count):
        rates.append(schedule.get_last_lr()[0])
        optimizer.step()
        schedule.step()
    fixture.add(f"{name}/rates", values(rates))
    fixture.describe(name, base=base, **arguments)


def learning_rates():
    schedule_case("step_lr/plain", lambda o: schedules.StepLR(o, step_size=5, gamma=0.5), step=5, factor=0.5)
    schedule_case("multi_step_lr/plain", lambda o: schedules.MultiStepLR(o, milestones=[3, 4, 12], gamma=0.25),
                  milestones=[3, 4, 12], factor=0.25)
    schedule_case("cosine/to-zero", lambda o: schedules.CosineAnnealingLR(o, T_max=20), total=20, minimum=0.0)
    schedule_case("cosine/to-minimum", lambda o: schedules.CosineAnnealingLR(o, T_max=19, eta_min=0.001),
                  total=19, minimum=0.001)
    for label, start in {"from-tenth": 0.1, "from-fifth": 0.2}.items():
        schedule_case(f"warmup_cosine/{label}", lambda o: warm_up_then_cosine(o, start, warm_up=5, total=20),
                      start=start, warmUp=5, total=20, minimum=0.0)


def warm_up_then_cosine(optimizer, start, warm_up, total):
    return schedules.SequentialLR(optimizer, milestones=[warm_up], schedulers=[
        schedules.LinearLR(optimizer, start_factor=start, total_iters=warm_up),
        schedules.CosineAnnealingLR(optimizer, T_max=total - warm_up),
    ])


def main():
    for family in (optimizers, clipping, learning_rates):
        family()
    fixture.save()


if __name__ == "__main__":
    main()
