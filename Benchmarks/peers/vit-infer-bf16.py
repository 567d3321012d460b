from measure import main
from networks import VIT, inference

main(
    ["8"],
    {
        "pytorch": inference(VIT, bfloat16=True),
        "pytorch compiled": inference(VIT, bfloat16=True, compiled=True),
        "pytorch frozen": inference(VIT, bfloat16=True, frozen=True),
    },
    modules=["torchvision.models"],
)
