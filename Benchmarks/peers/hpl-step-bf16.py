from measure import main
from proxy_anchor import SIZES, jax, pytorch

main(
    SIZES,
    {
        "pytorch": lambda size: pytorch(size, bfloat16=True),
        "pytorch compiled": lambda size: pytorch(size, compiled=True, bfloat16=True),
        "jax": lambda size: jax(size, bfloat16=True),
        "jax in float32": jax,
    },
)
