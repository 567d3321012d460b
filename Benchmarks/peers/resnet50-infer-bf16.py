from measure import main
from networks import RESNET50, inference

main(
    ["8"],
    {
        "pytorch": inference(RESNET50, bfloat16=True),
        "pytorch compiled": inference(RESNET50, bfloat16=True, compiled=True),
        "pytorch frozen": inference(RESNET50, bfloat16=True, frozen=True),
    },
    modules=["torchvision.models"],
)
