"""Goldens for optimisers (five steps on given gradients; L-BFGS on a loss), gradient clipping and learning-rate schedules."""

import torch
from torch.optim import _muon
from torch.optim import lr_scheduler as schedules

from fixture import Fixture, leaf, normal, values

fixture = Fixture("optimizers", ["torch"])
STEPS = 5
SHAPES = [[2, 3], [3]]
MATRICES = [[2, 3], [4, 2]]


def optimizer_case(name, optimizer, learning_rates, shapes=SHAPES, **options):
    """Two parameters in two groups that differ in learning rate; the gradients do not depend on the values."""
    parameters = [leaf(normal(f"{name}/initial{i}", *shape)) for i, shape in enumerate(shapes)]
    gradients = [normal(f"{name}/gradients{i}", STEPS, *shape) for i, shape in enumerate(shapes)]
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


def relatives():
    """PyTorch's other optimisers."""
    optim, rates, betas = torch.optim, [0.01, 0.1], [0.5, 0.9]
    optimizer_case("rmsprop/plain", optim.RMSprop, rates)
    optimizer_case("rmsprop/centered-momentum", optim.RMSprop, rates, alpha=0.9, eps=1e-3, weight_decay=0.1, momentum=0.8,
                   centered=True)
    optimizer_case("rmsprop/momentum", optim.RMSprop, rates, alpha=0.5, momentum=0.5)
    optimizer_case("rmsprop/centered", optim.RMSprop, rates, alpha=0.5, centered=True)
    optimizer_case("adagrad/plain", optim.Adagrad, rates)
    optimizer_case("adagrad/options", optim.Adagrad, rates, lr_decay=0.1, weight_decay=0.1, initial_accumulator_value=0.25,
                   eps=1e-3)
    optimizer_case("adadelta/plain", optim.Adadelta, [1.0, 10.0])
    optimizer_case("adadelta/options", optim.Adadelta, [1.0, 10.0], rho=0.6, eps=1e-2, weight_decay=0.1)
    optimizer_case("adamax/plain", optim.Adamax, rates)
    optimizer_case("adamax/options", optim.Adamax, rates, betas=betas, eps=1e-2, weight_decay=0.1)
    torch.set_default_dtype(torch.float64)  # in which NAdam keeps the product of its momenta
    optimizer_case("nadam/plain", optim.NAdam, rates)
    optimizer_case("nadam/options", optim.NAdam, rates, betas=betas, eps=1e-3, weight_decay=0.1, momentum_decay=0.5)
    optimizer_case("nadam/decoupled", optim.NAdam, rates, weight_decay=0.1, decoupled_weight_decay=True)
    torch.set_default_dtype(torch.float32)
    optimizer_case("radam/plain", optim.RAdam, rates)
    # The rectified steps begin within the five only where the variance forgets fast.
    optimizer_case("radam/options", optim.RAdam, rates, betas=[0.5, 0.99], eps=1e-3, weight_decay=0.1)
    optimizer_case("radam/decoupled", optim.RAdam, rates, betas=[0.8, 0.95], weight_decay=0.1, decoupled_weight_decay=True)


class Written(torch.optim.Optimizer):
    """An optimiser as a paper writes it down, one parameter at a time; what it keeps starts at 0."""

    def __init__(self, params, update, **options):
        self.update = update
        super().__init__(params, options)

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for x in group["params"]:
                state = self.state[x]
                state["t"] = state.get("t", 0) + 1
                x -= self.update(x, x.grad, state, **{k: v for k, v in group.items() if k != "params"})


def lion(x, g, state, lr, betas, weight_decay):
    """Chen et al., Symbolic Discovery of Optimization Algorithms (2023), algorithm 2."""
    m = state.get("m", torch.zeros_like(x))
    c = betas[0] * m + (1 - betas[0]) * g
    state["m"] = betas[1] * m + (1 - betas[1]) * g
    return lr * (torch.sign(c) + weight_decay * x)


def lamb(x, g, state, lr, betas, eps, weight_decay):
    """You et al., Large Batch Optimization for Deep Learning (2020), algorithm 2, with φ(z) = z."""
    m = state["m"] = betas[0] * state.get("m", torch.zeros_like(x)) + (1 - betas[0]) * g
    v = state["v"] = betas[1] * state.get("v", torch.zeros_like(x)) + (1 - betas[1]) * g**2
    m, v = m / (1 - betas[0] ** state["t"]), v / (1 - betas[1] ** state["t"])
    u = m / (torch.sqrt(v) + eps) + weight_decay * x
    return lr * ratio(torch.linalg.norm(x), torch.linalg.norm(u)) * u


def lars(x, g, state, lr, momentum, trust, weight_decay):
    """You et al., Large Batch Training of Convolutional Networks (2017), algorithm 1."""
    length, slope = torch.linalg.norm(x), torch.linalg.norm(g)
    local = trust * length / (slope + weight_decay * length) if length > 0 and slope > 0 else 1.0
    state["v"] = momentum * state.get("v", torch.zeros_like(x)) + lr * local * (g + weight_decay * x)
    return state["v"]


def ratio(a, b):
    return a / b if a > 0 and b > 0 else 1.0


def written():
    def case(name, update, rates, **options):
        optimizer_case(name, lambda groups, **o: Written(groups, update, **o), rates, **options)

    rates = [0.01, 0.1]
    case("lion/plain", lion, rates, betas=[0.9, 0.99], weight_decay=0.0)
    case("lion/options", lion, rates, betas=[0.5, 0.8], weight_decay=0.5)
    case("lamb/plain", lamb, rates, betas=[0.9, 0.999], eps=1e-6, weight_decay=0.01)
    case("lamb/options", lamb, rates, betas=[0.5, 0.8], eps=1e-2, weight_decay=0.5)
    case("lars/plain", lars, [1.0, 10.0], momentum=0.9, trust=0.001, weight_decay=0.0)
    case("lars/options", lars, [1.0, 10.0], momentum=0.5, trust=0.02, weight_decay=0.1)


def orthogonalized(g, coefficients, steps, eps):
    """PyTorch's Newton–Schulz iteration, which it makes in bfloat16, in double precision."""
    a, b, c = coefficients
    x = g.T if g.size(0) > g.size(1) else g
    x = x / x.norm().clamp(min=eps)
    for _ in range(steps):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.T if g.size(0) > g.size(1) else x


def muon():
    own, _muon._zeropower_via_newtonschulz = _muon._zeropower_via_newtonschulz, orthogonalized
    matrix = normal("muon/matrix", 4, 3)
    coefficients = (_muon.DEFAULT_A, _muon.DEFAULT_B, _muon.DEFAULT_C)
    assert torch.allclose(own(matrix, coefficients, 5, 1e-7).double(), orthogonalized(matrix, coefficients, 5, 1e-7), atol=0.03)
    rates = [0.01, 0.1]
    optimizer_case("muon/plain", torch.optim.Muon, rates, MATRICES)
    optimizer_case("muon/options", torch.optim.Muon, rates, MATRICES, weight_decay=0.5, momentum=0.5, nesterov=False,
                   ns_steps=3, adjust_lr_fn="match_rms_adamw")
    optimizer_case("muon/spectral", torch.optim.Muon, rates, MATRICES, adjust_lr_fn="spectral_unclamped")
    _muon._zeropower_via_newtonschulz = own


def lbfgs_case(name, **options):
    """Six steps on a curved valley of x and a well of y; `losses` are those before each step."""
    x, y = leaf(normal(f"{name}/x", 5)), leaf(normal(f"{name}/y", 2, 2))
    fixture.add(f"{name}/x", x)
    fixture.add(f"{name}/y", y)
    optimizer = torch.optim.LBFGS([x, y], **options)
    history = {"losses": [], "xs": [], "ys": []}

    def closure():
        optimizer.zero_grad()
        loss = (4 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum() + ((y - 2) ** 4).sum() + (y[0] * x[:2]).sum() / 8
        loss.backward()
        return loss

    for _ in range(6):
        history["losses"].append(optimizer.step(closure).detach().clone())
        history["xs"].append(x.detach().clone())
        history["ys"].append(y.detach().clone())
    for role, steps in history.items():
        fixture.add(f"{name}/{role}", torch.stack(steps))
    fixture.describe(name, **options)


def lbfgs():
    lbfgs_case("lbfgs/fixed", lr=0.1, max_iter=3)
    lbfgs_case("lbfgs/short-history", lr=0.25, max_iter=4, history_size=2)
    lbfgs_case("lbfgs/strong-wolfe", max_iter=5, line_search_fn="strong_wolfe")
    lbfgs_case("lbfgs/few-evaluations", lr=8.0, max_iter=4, max_eval=6, history_size=3, line_search_fn="strong_wolfe")


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


    exponential = schedules.ExponentialLR
    schedule_case("exponential/plain", lambda o: exponential(o, gamma=0.9), factor=0.9)
    schedule_case("polynomial/linear", lambda o: schedules.PolynomialLR(o, total_iters=7), total=7, power=1.0)
    schedule_case("polynomial/square", lambda o: schedules.PolynomialLR(o, total_iters=15, power=2.5), total=15, power=2.5)
    restarts = schedules.CosineAnnealingWarmRestarts
    schedule_case("cosine_restarts/plain", lambda o: restarts(o, T_0=6), period=6, stretch=1, minimum=0.0)
    schedule_case("cosine_restarts/longer", lambda o: restarts(o, T_0=3, T_mult=2, eta_min=0.01), period=3, stretch=2, minimum=0.01)
    cycle = lambda **options: lambda o: schedules.OneCycleLR(o, max_lr=0.1, total_steps=20, cycle_momentum=False, **options)
    schedule_case("one_cycle/plain", cycle(), total=20, rise=0.3, start=1 / 25, end=1 / 25e4, curve="cosine", symmetric=False)
    schedule_case("one_cycle/linear", cycle(pct_start=0.5, anneal_strategy="linear", div_factor=4.0, final_div_factor=10.0),
                  total=20, rise=0.5, start=0.25, end=0.025, curve="linear", symmetric=False)
    schedule_case("one_cycle/symmetric", cycle(pct_start=0.4, three_phase=True, div_factor=10.0, final_div_factor=100.0),
                  total=20, rise=0.4, start=0.1, end=0.001, curve="cosine", symmetric=True)
    schedule_case("sequential/three", lambda o: schedules.SequentialLR(o, milestones=[4, 11], schedulers=[
        schedules.LinearLR(o, start_factor=0.2, total_iters=4), exponential(o, gamma=0.8),
        schedules.CosineAnnealingLR(o, T_max=8)]), milestones=[4, 11])


MEASURES = [3, 2, 2.5, 2.2, 2.1, 2, 2, 1.9999, 1.5, 1.6, 1.7, 1.8, 1.7, 1.6, 1.6, 1.6, 1.6, 1.6, 1.4, 1.4]


def plateau_case(name, **options):
    """The learning rates after each measure, which are divided by the base."""
    base = 0.1
    optimizer = torch.optim.SGD([leaf(torch.zeros(1))], lr=base)
    schedule = schedules.ReduceLROnPlateau(optimizer, **options)
    rates = []
    for measure in MEASURES:
        schedule.step(-measure if options.get("mode") == "max" else measure)
        rates.append(optimizer.param_groups[0]["lr"] / base)
    fixture.add(f"{name}/measures", -values(MEASURES) if options.get("mode") == "max" else values(MEASURES))
    fixture.add(f"{name}/factors", values(rates))
    fixture.describe(name, base=base, **options)


def plateaus():
    plateau_case("plateau/patient", factor=0.5, patience=3)
    plateau_case("plateau/cooldown", factor=0.5, patience=1, cooldown=3, min_lr=0.03)
    plateau_case("plateau/greatest", mode="max", factor=0.1, patience=0, threshold=0.05, threshold_mode="abs", eps=1e-4)
    plateau_case("plateau/relative", factor=0.25, patience=2, threshold=0.3)


def warm_up_then_cosine(optimizer, start, warm_up, total):
    return schedules.SequentialLR(optimizer, milestones=[warm_up], schedulers=[
        schedules.LinearLR(optimizer, start_factor=start, total_iters=warm_up),
        schedules.CosineAnnealingLR(optimizer, T_max=total - warm_up),
    ])


def main():
    for family in (optimizers, relatives, written, muon, lbfgs, clipping, learning_rates, plateaus):
        family()
    fixture.save()


if __name__ == "__main__":
    main()
