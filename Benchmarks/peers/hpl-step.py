from measure import main
from proxy_anchor import SIZES, jax, mlx, pytorch, pytorch_metric_learning

main(
    SIZES,
    {
        "pytorch": pytorch,
        "pytorch compiled": lambda size: pytorch(size, compiled=True),
        "pytorch-metric-learning": pytorch_metric_learning,
        "jax": jax,
        "mlx": mlx,
    },
)
